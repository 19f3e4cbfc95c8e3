"""What customers complained of stands on their bills: wrong lines, what is given back, and what comes again."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from tellonce.demo.billed import goods
from tellonce.demo.billed.holding import Holding, day_number
from tellonce.demo.billed.running import once_lines
from tellonce.demo.bills.frame import NONE, Flags, Ints, half_away, joined
from tellonce.demo.bills.lines import RECURRING, Lines, lines_of
from tellonce.demo.calendar import Floats
from tellonce.demo.history import History
from tellonce.demo.reasons import INDEX

UPHELD, PARTLY, NOT_UPHELD, WITHDRAWN, OPEN = range(5)
_TWICE: Final = "billing.wrong.twice"
_NO_LINE: Final = {"billing.credit_missing"}
_LEAD_DAYS: Final = 3
_LATEST_DAYS: Final = 38  # a provider decides late now and then, and leaves nobody for a year
MILLION: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Wrong:
    """One row a complaint, in the order of the problems; months are numbers of bills, times days of the history.

    `place` is that of the contact in which it was said; `decided` is NaN where it is open; `again` is the bill on which
    it came back, `credited` and `credited_again` those that give it back: NONE, or `months` where that is to come.
    """

    who: Ints
    problem: Ints
    place: Ints
    good: Ints
    amount: Ints
    is_twice: Flags
    month: Ints
    bills: Ints
    raised: Floats
    decided: Floats
    verdict: Ints
    credited: Ints
    again: Ints
    credited_again: Ints

    def __len__(self) -> int:
        return len(self.who)


def wrong_charges(history: History, held: Holding) -> Wrong:
    """Every complaint about a wrong charge that somebody heard, and how it went."""
    problem, place, raised, decided = _heard(history)
    who = history.world.problems.who[problem]
    first = day_number(history.world.span.first.date())
    day = first + np.floor(raised).astype(np.int64)
    month = _last_bill(held, who, day)
    keeps = month >= 0
    problem, place, who, month = problem[keeps], place[keeps], who[keeps], month[keeps]
    raised, decided = raised[keeps], decided[keeps]
    said = [_said(history, number) for number in problem.tolist()]
    good, amount = (np.array([each[column] for each in said], dtype=np.int64) for column in (0, 1))
    is_twice = np.array([each[2] for each in said], dtype=np.bool_)
    draw = np.array([history.voice(number).seed >> 3 for number in problem.tolist()], dtype=np.int64)
    verdict = np.array([UPHELD, PARTLY, NOT_UPHELD, WITHDRAWN])[np.searchsorted((78, 87, 96), draw % 100, side="right")]
    verdict = np.where(np.isnan(decided), OPEN, verdict)
    recurring = (goods.KIND_OF[good] == RECURRING) & ~is_twice
    settled = first + np.floor(np.nan_to_num(decided)).astype(np.int64)
    grants = (verdict == UPHELD) | (verdict == PARTLY)
    credited = np.where(grants, held.accounts.next_bill(who, settled + _LEAD_DAYS), NONE)
    again = np.where((verdict == UPHELD) & recurring & (draw // 100 % 12 == 0), credited + 1 + draw // 1200 % 3, NONE)
    comes = (again >= 0) & (again < held.accounts.months)
    comes &= held.accounts.exists[who, np.clip(again, 0, held.accounts.months - 1)]
    again = np.where(comes, again, NONE)
    return Wrong(
        who=who, problem=problem, place=place, good=good, amount=amount,
        is_twice=is_twice, month=month,
        bills=np.where(recurring, 1 + draw // 3000 % 3, 1), raised=raised, decided=decided, verdict=verdict,
        credited=credited, again=again, credited_again=np.where(again >= 0, _after(held, who, again), NONE),
    )  # fmt: skip


def _after(held: Holding, who: Ints, month: Ints) -> Ints:
    """The next bill after these; `months` where it is to come."""
    issued = held.accounts.issued[who, np.maximum(month, 0)]
    return held.accounts.next_bill(who, issued + 1)


def _heard(history: History) -> tuple[Ints, Ints, Floats, Floats]:
    """Problems about a wrong charge: number, place and time of the first contact that was answered, and their end."""
    world, now = history.world, history.world.span.now
    contacts = world.chains.contacts
    about = np.isin(world.problems.reason[contacts.problem], [INDEX["wrong_charge"]])
    about &= np.array([matter not in _NO_LINE for matter in world.matter])[contacts.problem]
    kept = np.zeros(len(contacts.at), dtype=bool)
    kept[[row.place for row in history.rows]] = True
    rows = np.flatnonzero(about & kept & (contacts.answered < now - 0.02))
    rows = rows[np.lexsort((contacts.at[rows], contacts.problem[rows]))]
    problem, firsts = np.unique(contacts.problem[rows], return_index=True)
    lasts = np.append(firsts[1:], len(rows))[: len(firsts)] - 1  # nobody may have complained at all
    last = rows[lasts]
    ended = np.where(contacts.solved[last], contacts.ended[last], contacts.gone[last])
    raised = contacts.answered[rows[firsts]]
    ended = np.fmin(ended, raised + _LATEST_DAYS)
    ended = np.where(ended < now - 0.02, ended, np.nan)
    return problem, rows[firsts], raised, ended


def _last_bill(held: Holding, who: Ints, day: Ints) -> Ints:
    """The last bill that was there on that day; NONE where there was none."""
    there = held.accounts.exists[who] & (held.accounts.issued[who] <= day[:, None])
    last = held.accounts.months - 1 - there[:, ::-1].argmax(axis=1)
    return np.where(there.any(axis=1), last, NONE)


def _said(history: History, problem: int) -> tuple[int, int, bool]:
    """The good that it is about, the amount, and whether it is that something was charged twice."""
    charge, amount = history.voice(problem).charge()
    twice = history.world.matter[problem] == _TWICE
    return goods.CHARGES.get(charge, goods.LATE_FEE), round(float(amount) * 100), twice


def taxed(good: Ints, amount: Ints) -> Ints:
    """The tax of lines."""
    return np.where(goods.IS_TAXED[good], half_away(amount * goods.TAX_PPM, MILLION), 0)


def wrong_lines(held: Holding, wrong: Wrong, running: Lines) -> tuple[Lines, Wrong]:
    """The lines of complaints, marked by their place plus one, credits by less than zero; and what can be told."""
    number, month = _months_of(held, wrong)
    lines = [_charges(held, wrong, number, month, running)]
    come = np.flatnonzero(wrong.again >= 0)
    lines.append(_charges(held, wrong, come, wrong.again[come], running))
    every = joined(lines)
    sums = np.zeros(len(wrong) + 1, dtype=np.int64)
    taxes = np.zeros(len(wrong) + 1, dtype=np.int64)
    first = lines[0]
    np.add.at(sums, first.fault, first.amount)
    np.add.at(taxes, first.fault, taxed(first.code, first.amount))
    back = [every]
    for column, which in ((wrong.credited, wrong.verdict), (wrong.credited_again, None)):
        fits = np.flatnonzero((column >= 0) & (column < held.accounts.months))
        amount, tax = sums[fits + 1], taxes[fits + 1]
        if which is None:
            amount = wrong.amount[fits]
            tax = taxed(wrong.good[fits], amount)
        else:
            part = which[fits] == PARTLY
            amount, tax = np.where(part, amount // 2, amount), np.where(part, tax // 2, tax)
        given = once_lines(
            held, wrong.who[fits], column[fits], good=np.full(len(fits), goods.GIVEN_BACK), amount=-amount, tax=-tax,
            fault=-(fits + 1), gain=-(amount + tax),
        )  # fmt: skip
        back.append(given)
    return joined(back), wrong


def _months_of(held: Holding, wrong: Wrong) -> tuple[Ints, Ints]:
    """Which complaint, and each bill that it is about."""
    number = np.repeat(np.arange(len(wrong)), wrong.bills)
    back = np.arange(len(number)) - np.repeat(np.cumsum(wrong.bills) - wrong.bills, wrong.bills)
    month = wrong.month[number] - back
    fits = (month >= 0) & held.accounts.exists[wrong.who[number], np.maximum(month, 0)]
    return number[fits], month[fits]


def _charges(held: Holding, wrong: Wrong, number: Ints, month: Ints, running: Lines) -> Lines:
    """Recurring ones are of the whole month; what is charged twice is the first plan on the bill."""
    who, good, amount = wrong.who[number], wrong.good[number], wrong.amount[number]
    twice = wrong.is_twice[number]
    key = running.account * held.accounts.months + running.month
    plans = np.flatnonzero((running.kind == RECURRING) & (running.amount > 0) & (running.service >= 0))
    keys, places = np.unique(key[plans], return_index=True)
    at = np.clip(np.searchsorted(keys, who * held.accounts.months + month), 0, len(keys) - 1)
    same = plans[places[at]]
    fits = twice & (keys[at] == who * held.accounts.months + month)
    good = np.where(fits, running.code[same], good)
    amount = np.where(fits, running.amount[same], amount)
    kind = goods.KIND_OF[good]
    until = np.where(kind == RECURRING, held.accounts.edges[who, month + 1], NONE)
    return lines_of(
        held.accounts, who, month, kind=kind, code=good, amount=amount, until=until, fault=number + 1, gain=amount,
        service=np.where(fits, running.service[same], NONE),
    )  # fmt: skip
