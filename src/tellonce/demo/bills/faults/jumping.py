"""Jumps of what runs from month to month at a price that the record does not know, or of the fee of an area."""

import numpy as np

from tellonce.demo.bills import book as goods
from tellonce.demo.bills.faults.kinds import number_of
from tellonce.demo.bills.faults.picking import Picker, change_amount, is_known, is_monthly, is_service, run_of
from tellonce.demo.bills.frame import Flags, Ints
from tellonce.demo.bills.lines import FEE, Lines
from tellonce.demo.bills.services import CAME_OFF, PROMISED
from tellonce.demo.bills.world import Lacks, Part

_BILLS_BEFORE = 4
_CREEP = 1.45  # too little for one line to stand out


def charge_jumps(picker: Picker, part: Part) -> None:
    """One charge is two to four times as much as before, for one to three bills; or an area's fee is."""
    lines, chance = part.lines, picker.chance
    which = np.flatnonzero(_at_unknown_price(part))
    which = which[picker.pick(lines.account[which], 0.5)]
    of, places = run_of(lines, which, picker.lengths(len(which), 3))
    times = chance.rng.uniform(1.8, 3.5, len(which))
    change_amount(part, "jump", places, (_usual(part, places) * times[of]).astype(np.int64) + 600)
    fees = np.flatnonzero((lines.kind == FEE) & (lines.code == goods.REGION_FEE))
    fees = fees[_has_run_before(lines, fees)]
    fees = fees[picker.pick(lines.account[fees], 0.3)]
    change_amount(part, "jump", fees, lines.amount[fees] * chance.whole(2, 5, len(fees)) + 600)


def bill_jumps(picker: Picker, part: Part) -> None:
    """All services of an account are dearer at once, each by too little to be seen alone: the bill as a whole is."""
    lines, accounts = part.lines, part.accounts
    crept = np.flatnonzero(_at_unknown_price(part))
    more = (_usual(part, crept) * _CREEP).astype(np.int64) - lines.amount[crept]
    gain = (_usual(part, crept) * (_CREEP - 1)).astype(np.int64)
    shape = (len(accounts), accounts.months)
    rises, asked = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    np.add.at(rises, (lines.account[crept], lines.month[crept]), gain)
    np.add.at(asked, (lines.account, lines.month), lines.amount)
    account, month = np.nonzero((rises > 1200) & (rises * 100 > 32 * asked) & (asked > 0))
    chosen = picker.pick(account, 0.4)
    account, month = account[chosen], month[chosen]
    of_bill = np.zeros(shape, dtype=bool)
    of_bill[account, month] = True
    mine = of_bill[lines.account[crept], lines.month[crept]]
    lines.amount[crept[mine]] += more[mine]
    part.lacks.append(Lacks(account, month, np.full(len(account), number_of("jump")), rises[account, month]))


def _at_unknown_price(part: Part) -> Flags:
    """Whole monthly charges of services whose price the record has not, the same on some bills before."""
    lines = part.lines
    fits = is_monthly(lines) & is_service(lines) & ~is_known(part)
    fits &= ~np.isin(part.services.story[lines.service], (CAME_OFF, PROMISED))
    found = np.zeros(len(lines), dtype=bool)
    places = np.flatnonzero(fits)
    found[places[_has_run_before(lines, places)]] = True
    return found


def _has_run_before(lines: Lines, places: Ints) -> Flags:
    first = np.maximum(places - _BILLS_BEFORE, 0)
    there: Flags = (lines.segment[first] == lines.segment[places]) & (lines.account[first] == lines.account[places])
    there &= (lines.code[first] == lines.code[places]) & (lines.kind[first] == lines.kind[places])
    there &= lines.month[first] == lines.month[places] - _BILLS_BEFORE
    return there


def _usual(part: Part, places: Ints) -> Ints:
    """What nobody would wonder at: what was charged before, or the price of the book where that is more."""
    lines = part.lines
    listed = part.book.list_price(lines.code[places], lines.until[places])
    usual: Ints = np.maximum(lines.amount[places], listed)
    return usual
