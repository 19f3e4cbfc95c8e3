"""What a bill asks for in all, from what the billing system said of bills and of payments."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import product

from tellonce.modules.billing.contracts.explained import LatestBill
from tellonce.modules.billing.contracts.owed import Owed, PaymentSeen

_MAY_BE_LATER = 5
"""A payment of so many days before a bill may be on it or on the next one."""


def owed(latest: LatestBill, payments: Sequence[PaymentSeen], *, until: date | None = None) -> Owed:
    """The account at the latest bill; `payments` are all that are known of its account, none where nobody said any.

    Those from the day `until` on are of a later bill.
    """
    bill, before = latest.bill, latest.before
    seen = [each for each in payments if each.account_id == bill.account_id and each.currency == bill.currency]
    balance = _plus(before.carried_minor, before.total_minor) if before is not None else None
    first, last = before.issued_on if before is not None else bill.issued_on, bill.issued_on
    if balance is not None and bill.carried_minor is not None:
        first, last = _as_billed(seen, first, last, paid=balance - bill.carried_minor)
    between, since = (
        [each for each in seen if first <= each.on < last],
        [each for each in seen if last <= each.on < (until or date.max)],
    )
    paid_before = _sum(between) if seen and before is not None else None
    return Owed(
        last_balance_minor=balance,
        paid_before_minor=paid_before,
        paid_before_on=max((each.on for each in between), default=None),
        carried_minor=bill.carried_minor,
        charges_minor=bill.total_minor,
        to_pay_minor=_plus(bill.carried_minor, bill.total_minor),
        due_on=bill.due_on,
        paid_since_minor=_sum(since) if seen else None,
        paid_since_on=max((each.on for each in since), default=None),
        unexplained_minor=_unexplained(bill.carried_minor, balance, paid_before),
    )


def _as_billed(seen: Sequence[PaymentSeen], first: date, last: date, *, paid: int) -> tuple[date, date]:
    """From which day until which (not included) the bill has the payments; between the two bills if no days fit."""
    for start, end in sorted(product(range(_MAY_BE_LATER + 1), repeat=2), key=lambda each: (sum(each), each)):
        days = first - timedelta(days=start), last - timedelta(days=end)
        if _sum([each for each in seen if days[0] <= each.on < days[1]]) == paid:
            return days
    return first, last


def _unexplained(carried: int | None, balance: int | None, paid: int | None) -> int | None:
    if carried is None or balance is None or paid is None:
        return None
    return carried - (balance - paid)


def _plus(carried: int | None, total: int) -> int | None:
    return None if carried is None else carried + total


def _sum(payments: Sequence[PaymentSeen]) -> int:
    return sum(each.amount_minor for each in payments)
