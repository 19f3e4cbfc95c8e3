"""Money reads as people write it."""

import pytest

from tellonce.kernel.money import Money


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [(5900, "USD", "59.00"), (-5, "EUR", "-0.05"), (1234, "JPY", "1234"), (-1234, "KWD", "-1.234"), (0, "USD", "0.00")],
)
def test_it_is_shown_in_major_units(minor: int, currency: str, shown: str) -> None:
    assert str(Money(minor=minor, currency=currency)) == shown
