"""The weeks that a contract allows: which days are worked, each with which type of shift."""

from itertools import product

from tellonce.lab.rostering.errors import RosterInputError
from tellonce.lab.rostering.terms import DAYS, Contract

OFF = -1
MOST_WEEKS = 5_000
Week = tuple[int, ...]
"""For each day the place of its type in the contract's shift types, or OFF."""


def weeks_of(contract: Contract) -> list[Week]:
    """All weeks that keep the contract's days, hours and days off together.

    Raises:
        RosterInputError: no week keeps them (the nearest hours are said), or more than 5,000 do.
    """
    choices = range(OFF, len(contract.shift_types))
    worked = [
        week
        for week in product(choices, repeat=DAYS)
        if contract.fewest_days <= DAYS - week.count(OFF) <= contract.most_days
        and longest_off(week) >= min(contract.days_off_together, DAYS)
    ]
    kept = [week for week in worked if contract.least_paid_min <= paid_min(contract, week) <= contract.most_paid_min]
    if not kept:
        raise RosterInputError("contract", _why_none(contract, worked))
    if len(kept) > MOST_WEEKS:
        text = f"{contract.name} allows {len(kept):,} different weeks; fix its days or hours so that fewer are left."
        raise RosterInputError("contract", text)
    return kept


def paid_min(contract: Contract, week: Week) -> int:
    """Paid minutes of a week."""
    return sum(contract.shift_types[kind].paid_min for kind in week if kind != OFF)


def longest_off(week: Week) -> int:
    """The most days off that follow each other, the week taken as a circle."""
    if all(kind == OFF for kind in week):
        return DAYS
    best = run = 0
    for kind in week + week:
        run = run + 1 if kind == OFF else 0
        best = max(best, run)
    return best


def _why_none(contract: Contract, worked: list[Week]) -> str:
    asked = f"{_hours(contract.least_paid_min)} to {_hours(contract.most_paid_min)} paid hours"
    if not worked:
        together = contract.days_off_together
        return (
            f"{contract.name} has no week with its days at work and {together} days off together; change one of them."
        )
    paid = {paid_min(contract, week) for week in worked}
    middle = (contract.least_paid_min + contract.most_paid_min) / 2
    near = min(paid, key=lambda each: (abs(each - middle), each))
    return f"{contract.name} cannot have {asked} a week: its days and shifts come nearest with {_hours(near)}."


def _hours(minutes: int) -> str:
    return f"{minutes / 60:g}"
