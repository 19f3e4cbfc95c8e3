"""Work in a process of its own."""

import pytest

from tellonce.datakit.apart import ApartFailedError, work_apart


@pytest.mark.faults
def test_work_that_ends_with_an_error_says_so() -> None:
    with pytest.raises(ApartFailedError, match="ended with 1"):
        work_apart("json:loads", s="no JSON")
