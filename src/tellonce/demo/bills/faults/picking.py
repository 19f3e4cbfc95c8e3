"""Whom a fault befalls, for how many bills, and how it gets into the lines."""

from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from tellonce.demo.bills.faults.kinds import number_of
from tellonce.demo.bills.frame import Chance, Flags, Ints, taken
from tellonce.demo.bills.lines import RECURRING, Lines, lines_of, whole_days
from tellonce.demo.bills.world import Lacks, Part

SHARE: Final = 0.005  # of the accounts, for each kind
_AT_MOST: Final = 0.6  # of those whom it could befall: the others show that the same is right elsewhere
_TERM_ROOM: Final = 1 << 20


@dataclass(slots=True)
class Picker:
    """One fault an account; `faults` says how many more or fewer than usual."""

    chance: Chance
    part: Part
    faults: float = 1.0
    used: Flags = field(init=False)

    def __post_init__(self) -> None:
        self.used = np.zeros(len(self.part.accounts), dtype=bool)

    def pick(self, accounts: Ints, factor: float = 1.0) -> Ints:
        """Some of the candidates, given by their accounts; their accounts are used from now on."""
        rng = self.chance.rng
        order = rng.permutation(len(accounts))
        order = order[~self.used[accounts[order]]]
        _, firsts = np.unique(accounts[order], return_index=True)
        wanted = self.faults * factor * SHARE * len(self.part.accounts)
        many = min(int(wanted + rng.random()), int(np.ceil(_AT_MOST * len(firsts))))
        chosen: Ints = order[np.sort(firsts)[:many]]
        self.used[accounts[chosen]] = True
        return np.sort(chosen)

    def lengths(self, many: int, longest: int) -> Ints:
        """For how many bills each goes on."""
        return self.chance.whole(1, longest + 1, many)


def is_service(lines: Lines) -> Flags:
    """Monthly charges of services."""
    found: Flags = (lines.kind == RECURRING) & (lines.amount > 0) & (lines.device < 0) & (lines.service >= 0)
    return found


def is_monthly(lines: Lines) -> Flags:
    """Monthly charges, of services or devices, for a whole period."""
    found: Flags = (lines.kind == RECURRING) & (lines.amount > 0) & whole_days(lines)
    return found


def is_known(part: Part) -> Flags:
    """Monthly charges whose price the record has; False elsewhere."""
    lines = part.lines
    monthly = lines.kind == RECURRING
    known = np.zeros(len(lines), dtype=bool)
    known[monthly] = part.segments.known[lines.segment[monthly]]
    return known


def run_of(lines: Lines, first: Ints, length: Ints) -> tuple[Ints, Ints]:
    """The lines that follow each of these on the next bills; gives which of them, and the place of the line."""
    whole = whole_days(lines)
    on = np.ones(len(first), dtype=bool)
    which: list[Ints] = []
    places: list[Ints] = []
    for step in range(int(length.max(initial=0))):
        place = np.minimum(first + step, len(lines) - 1)
        on &= (step < length) & (lines.segment[place] == lines.segment[first])
        on &= lines.kind[place] == lines.kind[first]
        on &= (lines.month[place] == lines.month[first] + step) & ((step == 0) | whole[place])
        which.append(np.flatnonzero(on))
        places.append(place[on])
    nothing = np.zeros(0, dtype=np.int64)
    return np.concatenate([nothing, *which]), np.concatenate([nothing, *places])


def spread(first: Ints, length: Ints, stop: Ints | int) -> tuple[Ints, Ints]:
    """Months from `first`, so many, before `stop`; gives which, and the month."""
    which = np.repeat(np.arange(len(first)), length)
    month = first[which] + np.arange(len(which)) - np.repeat(np.cumsum(length) - length, length)
    fits = (month >= 0) & (month < np.broadcast_to(stop, first.shape)[which])
    return which[fits], month[fits]


def add_whole(
    part: Part, kind: str, account: Ints, month: Ints, *, code: Ints, service: Ints, device: Ints, price: Ints
) -> None:
    """Charges for whole periods that should not be there; none where there is no bill."""
    there = part.accounts.exists[account, month] & (price > 0)
    lines = lines_of(
        part.accounts, account[there], month[there], code=code[there], service=service[there],
        device=device[there], amount=price[there], fault=number_of(kind), gain=price[there],
    )  # fmt: skip
    part.more.append(lines)


def add_copies(part: Part, kind: str, places: Ints, month: Ints, **changed: Ints) -> None:
    """Lines again, on the bills of these months; the fault is worth what they charge."""
    copies = replace(taken(part.lines, places), month=month, fault=np.full(len(places), number_of(kind)), **changed)
    part.more.append(replace(copies, gain=copies.amount.copy()))


def change_amount(part: Part, kind: str, places: Ints, amount: Ints) -> None:
    """Lines of another amount; where nothing changes there is no fault."""
    lines = part.lines
    differs = amount != lines.amount[places]
    places, amount = places[differs], amount[differs]
    lines.gain[places] = amount - lines.amount[places]
    lines.amount[places] = amount
    lines.fault[places] = number_of(kind)


def leave_out(part: Part, kind: str, places: Ints) -> None:
    """Lines that are not on the bill."""
    lines = part.lines
    part.gone[places] = True
    lacks = Lacks(
        lines.account[places], lines.month[places], np.full(len(places), number_of(kind)), -lines.amount[places]
    )
    part.lacks.append(lacks)


def price_at(part: Part, service: Ints, day: Ints) -> tuple[Ints, Ints]:
    """Price and charge code of services on a day within their time."""
    terms = part.terms
    keys = terms.service * _TERM_ROOM + terms.since
    order = np.argsort(keys)
    place = order[np.maximum(np.searchsorted(keys[order], service * _TERM_ROOM + day, side="right") - 1, 0)]
    return terms.price[place], terms.product[place]


def next_whole(part: Part, account: Ints, day: Ints) -> Ints:
    """The first period that begins on that day or later."""
    return part.accounts.period_of(account, day - 1) + 1
