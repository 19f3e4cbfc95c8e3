"""Accounts of one part of the world, the periods they are billed for, and which bills they get."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tellonce.demo.bills.book import AREAS
from tellonce.demo.bills.frame import FOREVER, NONE, Calendar, Chance, Flags, Ints

FIRST_ACCOUNT: Final = 10_000_001
FIRST_CUSTOMER: Final = 4_000_001
BILLS_AN_ACCOUNT: Final = 1000  # room in the ids
_DUE_DAYS: Final = 3


@dataclass(frozen=True, slots=True)
class Accounts:
    """Accounts by place from 0; `edges` are the first days of their periods and of the one after the last.

    `exists` and `issued` are by account and bill; `area` is NONE where nobody noted it.
    """

    first: int
    area: Ints
    opened: Ints
    closed: Ints
    currency: Ints
    cycle: Ints
    lag: Ints
    exempt: Flags
    calendar: Calendar
    edges: Ints
    exists: Flags
    issued: Ints

    def __len__(self) -> int:
        return len(self.area)

    @property
    def months(self) -> int:
        """Bills that an account has at most."""
        return self.calendar.months

    def ids(self, places: Ints) -> Ints:
        """What the accounts are called."""
        return FIRST_ACCOUNT + self.first + places

    def bills(self, places: Ints, month: Ints) -> Ints:
        """What their bills are called."""
        return (self.first + places) * BILLS_AN_ACCOUNT + month + 7_000_000_000

    def period_of(self, places: Ints, days: Ints) -> Ints:
        """The number of the period that a day is in; below zero or `months` and more where it is outside."""
        found: Ints = np.searchsorted(self.calendar.firsts, days - (self.cycle[places] - 1), side="right") - 1
        return found

    def snapped(self, places: Ints, days: Ints) -> Ints:
        """The first day of the period of each day."""
        return self.edges[places, np.clip(self.period_of(places, days), 0, self.months)]

    def clear(self, places: Ints, days: Ints) -> Ints:
        """Ends that no bill can have known of: the first day of a period stays, the days until its bill become it."""
        first = self.snapped(places, days)
        return np.where((days >= first) & (days - first <= self.lag[places]), first, days)

    def due_on(self, places: Ints, agreed: Ints) -> Ints:
        """The bill that a credit is due on; `months` where that is still to come."""
        return self.next_bill(places, agreed + _DUE_DAYS)

    def next_bill(self, places: Ints, days: Ints) -> Ints:
        """The first bill that is issued on that day or later; `months` where there is none."""
        fits = self.exists[places] & (self.issued[places] >= days[:, None])
        return np.where(fits.any(axis=1), fits.argmax(axis=1), self.months)


def draw_accounts(chance: Chance, calendar: Calendar, *, first: int, count: int) -> Accounts:
    """So many accounts, most of them older than the first bill."""
    start, end = int(calendar.firsts[0]), int(calendar.firsts[-1])
    cycle = np.where(chance.some(count, 0.35), 1, chance.whole(1, 29, count))
    edges = calendar.firsts[None, :] + (cycle - 1)[:, None]
    opened = start - chance.whole(40, 3000, count)
    newly = chance.some(count, 0.15)
    opened[newly] = chance.whole(start, end - 80, int(newly.sum()))
    closed = np.full(count, FOREVER)
    leaves = np.flatnonzero(chance.odd(count, 0.03 * calendar.months / 12))
    closed[leaves] = chance.whole(np.maximum(opened[leaves] + 70, edges[leaves, 1]), end, len(leaves))
    lag = chance.whole(0, 3, count)
    month = np.searchsorted(calendar.firsts, closed[leaves] - (cycle[leaves] - 1), side="right") - 1
    begins = edges[leaves, np.minimum(month, calendar.months)]
    at_edge = chance.some(len(leaves), 0.4) | (closed[leaves] - begins <= lag[leaves])
    closed[leaves] = np.where(at_edge, begins, closed[leaves])
    area = chance.rng.choice(AREAS, count, p=_sizes())
    return Accounts(
        first=first,
        area=np.where(chance.odd(count, 0.01), NONE, area),
        opened=opened,
        closed=closed,
        currency=np.where(chance.odd(count, 0.02), 1, 0),
        cycle=cycle,
        lag=lag,
        exempt=chance.odd(count, 0.02),
        calendar=calendar,
        edges=edges,
        exists=_existing(edges, opened, closed),
        issued=np.maximum(edges[:, :-1], opened[:, None]) + lag[:, None],
    )


def _sizes() -> NDArray[np.float64]:
    sizes = 1.0 / np.arange(2, AREAS + 2)
    shares: NDArray[np.float64] = sizes / sizes.sum()
    return shares


def _existing(edges: Ints, opened: Ints, closed: Ints) -> Flags:
    """A bill for each period in which the account stands, and a last one that gives back what came after its end."""
    begins, ends = edges[:, :-1], edges[:, 1:]
    stands = (ends > opened[:, None]) & (begins < closed[:, None])
    ended_inside = (begins < closed[:, None]) & (closed[:, None] < ends)
    after = np.zeros_like(stands)
    after[:, 1:] = ended_inside[:, :-1]
    return stands | after
