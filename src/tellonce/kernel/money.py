"""Money as integer minor units with a currency (ISO 4217)."""

from dataclasses import dataclass
from decimal import Decimal

_EXPONENTS = {"JPY": 0, "KRW": 0, "CLP": 0, "ISK": 0, "BHD": 3, "KWD": 3, "OMR": 3, "TND": 3}


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the currency's smallest unit; `minor` may be negative (a credit)."""

    minor: int
    currency: str

    def __str__(self) -> str:
        """The amount in major units without the currency sign, as in '59.00'."""
        decimals = exponent(self.currency)
        sign = "-" if self.minor < 0 else ""
        whole, rest = divmod(abs(self.minor), 10**decimals)
        return f"{sign}{whole}.{rest:0{decimals}d}" if decimals else f"{sign}{whole}"


def exponent(currency: str) -> int:
    """How many decimals an amount in `currency` has: 2 for USD, 0 for JPY, 3 for BHD."""
    return _EXPONENTS.get(currency, 2)


def minor_units(major: Decimal, currency: str) -> int:
    """An amount in the currency's smallest unit; ValueError when it has more decimals than the currency."""
    minor = major.scaleb(exponent(currency))
    if minor != minor.to_integral_value():
        raise ValueError(f"{major} has more decimals than {currency}")
    return int(minor)


def major_units(minor: int, currency: str) -> Decimal:
    """The amount in major units, as people write it."""
    return Decimal(minor).scaleb(-exponent(currency))
