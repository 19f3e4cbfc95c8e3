"""What is wrong on the demo's bills, line by line, and how well findings name it. The checks never see it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import numpy as np

from tellonce.demo.billed import goods
from tellonce.demo.billed.holding import day_of
from tellonce.demo.billed.loading import Billed
from tellonce.demo.bills.lines import FEE, ONE_OFF, RECURRING
from tellonce.modules.billing.contracts.identity import outside_id
from tellonce.modules.billing.queries.watched import watched_whole

Place = tuple[int, int, int | None]
"""An account, a bill's id as the files have it, and a line of it; None for the bill as a whole."""
TWICE, AGAIN, PRICE = "charged twice", "came back", "not at the price of the book"
UNKNOWN: Final = "nothing that is recorded tells"


@dataclass(frozen=True, slots=True)
class Planted:
    """A wrong line: by what it can be known, and the lines that are the same to the letter, which stand for it too."""

    place: Place
    known_by: str
    like: frozenset[Place]


@dataclass
class Score:
    """Of the wrong lines that can be known, how many were found; of the findings, how many name a wrong line.

    The former by what they are known, the latter by the word of the finding.
    """

    known: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)

    @property
    def recall(self) -> float:
        """The share of what can be known that was found; of nothing it is all."""
        return self.found.total() / self.known.total() if self.known else 1.0

    @property
    def precision(self) -> float:
        """The share of findings that are right; of none it is all."""
        return self.right.total() / self.said.total() if self.said else 1.0


def planted(billed: Billed) -> list[Planted]:
    """Every line that asks for money wrongly."""
    kept = billed.kept
    lines = kept.lines
    watches = watched_whole()
    accounts = kept.holding.accounts
    found: list[Planted] = []
    for at in np.flatnonzero((lines.fault > 0) & (lines.amount > 0)).tolist():
        who, month = int(lines.account[at]), int(lines.month[at])
        account = int(kept.holding.ids[who])
        same = _same(billed, at)
        good = goods.GOODS[int(lines.code[at])]
        issued = day_of(int(accounts.issued[who, month]))
        if len(same) > 1 and lines.kind[at] == RECURRING and lines.service[at] >= 0:
            known_by = TWICE
        elif any(since < issued for since in watches.get((account, good.code), ())):
            known_by = AGAIN
        elif lines.kind[at] in {FEE, ONE_OFF} and lines.amount[at] != good.price:
            known_by = PRICE
        else:
            known_by = UNKNOWN
        found.append(Planted(_place(billed, at), known_by, frozenset(_place(billed, each) for each in same)))
    return found


def score(planted: Iterable[Planted], findings: Iterable[Mapping[str, Any]]) -> Score:
    """How findings (account, bill, line, kind) and wrong lines agree. A second finding of one wrong line is wrong."""
    counted, standing, left = Score(), dict[Place, Planted](), set[Place]()
    for each in planted:
        standing |= dict.fromkeys(each.like, each) | {each.place: each}
        left.add(each.place)
        if each.known_by != UNKNOWN:
            counted.known[each.known_by] += 1
    for finding in findings:
        kind, named = str(finding["kind"]), standing.get((finding["account"], finding["bill"], finding["line"]))
        counted.said[kind] += 1
        if named is None or named.place not in left:
            continue
        left.remove(named.place)
        counted.right[kind] += 1
        if named.known_by != UNKNOWN:
            counted.found[named.known_by] += 1
    return counted


def _place(billed: Billed, at: int) -> Place:
    kept = billed.kept
    who, month = int(kept.lines.account[at]), int(kept.lines.month[at])
    bill = outside_id(UUID(kept.bill_id(who, month)))
    return int(kept.holding.ids[who]), bill, int(kept.number[at])


def _same(billed: Billed, at: int) -> list[int]:
    """The places of the lines of its bill that are the same, itself among them."""
    lines = billed.kept.lines
    first, last = np.searchsorted(lines.account, [lines.account[at], lines.account[at] + 1]).tolist()
    same = np.ones(last - first, dtype=bool)
    for column in (lines.month, lines.kind, lines.code, lines.service, lines.device, lines.since, lines.amount):
        same &= column[first:last] == column[at]
    return [first + each for each in np.flatnonzero(same).tolist()]
