"""What somebody may credit alone and as the second person, and what is credited by rule, until somebody says otherwise.

First amounts are whole units of whatever currency an account has: 25 is 25.00 of the one, and 25 of one without coins.
"""

from dataclasses import dataclass
from decimal import Decimal

from tellonce.kernel.money import minor_units
from tellonce.modules.billing.contracts.states import CreditReason
from tellonce.modules.staff.contracts import PermissionSet, Role


@dataclass(frozen=True, slots=True)
class Limits:
    """Amounts in minor units of one currency: what somebody may credit alone, and approve as the second person.

    `together_minor` is what they may approve in all where one correction credits many accounts.
    """

    alone_minor: int = 0
    second_minor: int = 0
    together_minor: int = 0


_FIRST_LIMITS: dict[str, tuple[int, int, int]] = {
    Role.REPRESENTATIVE: (25, 25, 0),
    Role.TECHNICIAN: (25, 25, 0),
    Role.SUPERVISOR: (200, 500, 5_000),
    Role.MANAGER: (500, 100_000, 100_000),
    Role.ADMINISTRATOR: (500, 100_000, 1_000_000),
    PermissionSet.BILLING_CARE: (100, 500, 5_000),
}


def first_limits(who: str, *, currency: str) -> Limits:
    """What a role or permission set may credit in this currency; whoever has several may do what the highest may."""
    return Limits(*(_minor(each, currency) for each in _FIRST_LIMITS.get(who, (0, 0, 0))))


@dataclass(frozen=True, slots=True)
class Rule:
    """What is credited without anybody asking: amounts in minor units, above `granted_minor` a person decides.

    An outage of at least `from_minutes` gives its share of the month's price; a missed visit and a broken promise give
    `flat_minor`.
    """

    is_on: bool = True
    from_minutes: int = 0
    flat_minor: int = 0
    granted_minor: int = 0


RULES = (CreditReason.OUTAGE, CreditReason.MISSED_VISIT, CreditReason.BROKEN_PROMISE)
"""What something is credited for by rule."""
_FIRST_MINUTES = {CreditReason.OUTAGE: 240}
_FIRST_FLAT = {CreditReason.MISSED_VISIT: 20, CreditReason.BROKEN_PROMISE: 5}
_FIRST_GRANTED = {CreditReason.OUTAGE: 25, CreditReason.MISSED_VISIT: 20, CreditReason.BROKEN_PROMISE: 5}


def first_rule(reason: CreditReason, *, currency: str) -> Rule:
    """The rule for credits of this reason in this currency."""
    return Rule(
        from_minutes=_FIRST_MINUTES.get(reason, 0),
        flat_minor=_minor(_FIRST_FLAT.get(reason, 0), currency),
        granted_minor=_minor(_FIRST_GRANTED[reason], currency),
    )


def _minor(units: int, currency: str) -> int:
    return minor_units(Decimal(units), currency)
