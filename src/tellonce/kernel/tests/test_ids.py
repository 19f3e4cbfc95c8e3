"""Identifiers keep the order of time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tellonce.kernel.ids import uuid7

MOMENTS = st.floats(min_value=0, max_value=2e11).map(lambda seconds: datetime.fromtimestamp(seconds, tz=UTC))


@given(at=MOMENTS, random=st.binary(min_size=10, max_size=10))
def test_it_is_a_version_7_of_its_time(at: datetime, random: bytes) -> None:
    made = uuid7(at=at, random=random)
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert made.int >> 80 == int(at.timestamp() * 1000)


@given(at=MOMENTS, low=st.binary(min_size=10, max_size=10), high=st.binary(min_size=10, max_size=10))
def test_a_later_millisecond_sorts_later_whatever_chance_gives(at: datetime, low: bytes, high: bytes) -> None:
    assert uuid7(at=at, random=high) < uuid7(at=at + timedelta(milliseconds=2), random=low)


def test_it_refuses_a_naive_time_and_too_little_chance() -> None:
    with pytest.raises(ValueError, match="aware"):
        uuid7(at=datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None), random=b"0" * 10)
    with pytest.raises(ValueError, match="10 random bytes"):
        uuid7(at=datetime(2026, 1, 1, tzinfo=UTC), random=b"0")
