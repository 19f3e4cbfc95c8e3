"""Lines of two bills that are about the same thing, side by side."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tellonce.modules.billing.contracts import ChargeKind
from tellonce.modules.billing.contracts.explained import BilledBill, BilledLine

ONCE = frozenset({ChargeKind.ONE_OFF.value, ChargeKind.FEE.value, ChargeKind.CREDIT.value})
_Key = tuple[str | int | None, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """What one thing costs now and cost last time; each side may be empty, or several lines."""

    now: tuple[BilledLine, ...]
    before: tuple[BilledLine, ...]

    @property
    def first(self) -> BilledLine:
        """A line that stands for the thing."""
        return (self.now or self.before)[0]

    @property
    def change_minor(self) -> int:
        """How much more it is than last time, with tax."""
        return whole(self.now) - whole(self.before)


def whole(lines: Sequence[BilledLine]) -> int:
    """What lines come to with their tax."""
    return sum(line.whole_minor for line in lines)


def amount(lines: Sequence[BilledLine]) -> int:
    """What lines come to without tax."""
    return sum(line.amount_minor for line in lines)


def pairs(bill: BilledBill, before: BilledBill | None) -> list[Pair]:
    """Every thing on one of the two bills, in the order of the new bill; what stood only on the old one comes last.

    What is given back (a recurring line below zero) is a thing of its own, and what is charged once is never the same
    thing as last time.
    """
    now, then = _by_thing(bill, 0), _by_thing(before, 1) if before else {}
    return [Pair(tuple(now.get(key, ())), tuple(then.get(key, ()))) for key in dict.fromkeys((*now, *then))]


def _by_thing(bill: BilledBill, side: int) -> dict[_Key, list[BilledLine]]:
    things: dict[_Key, list[BilledLine]] = defaultdict(list)
    for line in bill.lines:
        key: _Key = (line.kind, line.code, line.product, line.service_ref, line.service_id, line.device_serial)
        if line.kind in ONCE or is_given_back(line):
            key = (*key, side, line.line)
        things[key].append(line)
    return things


def is_given_back(line: BilledLine) -> bool:
    """Whether it gives back what an earlier bill charged in advance."""
    return line.kind == ChargeKind.RECURRING and line.amount_minor < 0


def days(since: date | None, until: date | None) -> int:
    """How many days a period has; 0 where it is not known."""
    return (until - since).days if since is not None and until is not None else 0


def part_of(lines: Sequence[BilledLine], bill: BilledBill) -> tuple[int, int] | None:
    """Of how many days of the bill's period lines are, and how many it has; None for all of them, or not known."""
    of_bill = days(bill.period_from, bill.period_until)
    of_lines = sum(days(line.period_from, line.period_until) for line in lines)
    return (of_lines, of_bill) if 0 < of_lines < of_bill else None


def same_service(one: BilledLine, other: BilledLine) -> bool:
    """Whether both are of one service of the customer."""
    if one.service_id is not None or other.service_id is not None:
        return one.service_id == other.service_id
    return one.service_ref != "" and one.service_ref == other.service_ref
