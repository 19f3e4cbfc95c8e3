"""Bill days from an account's cycle day, until bills themselves are known."""

from calendar import monthrange
from datetime import date, timedelta

_SOON_DAYS = 2
_LATELY_DAYS = 4


def bill_day_in(year: int, month: int, cycle_day: int) -> date:
    """The bill day of a month: the cycle day, or the month's last day where it is shorter."""
    return date(year, month, min(cycle_day, monthrange(year, month)[1]))


def next_bill_day(cycle_day: int, *, today: date) -> date:
    """The bill day that comes next, today included."""
    this = bill_day_in(today.year, today.month, cycle_day)
    if this >= today:
        return this
    after = today.replace(day=1) + timedelta(days=31)
    return bill_day_in(after.year, after.month, cycle_day)


def last_bill_day(cycle_day: int, *, today: date) -> date:
    """The bill day that was last, today included."""
    this = bill_day_in(today.year, today.month, cycle_day)
    if this <= today:
        return this
    before = today.replace(day=1) - timedelta(days=1)
    return bill_day_in(before.year, before.month, cycle_day)


def bill_day_near(cycle_day: int | None, *, today: date) -> date | None:
    """A bill day of the last four days or the next two: people call about bills around then."""
    if cycle_day is None:
        return None
    last, coming = last_bill_day(cycle_day, today=today), next_bill_day(cycle_day, today=today)
    if today - last <= timedelta(days=_LATELY_DAYS):
        return last
    return coming if coming - today <= timedelta(days=_SOON_DAYS) else None
