"""Wrong amounts: prices, parts of months, use, taxes, totals; and what is paid for and not used."""

import numpy as np

from tellonce.demo.bills import book as goods
from tellonce.demo.bills.faults.kinds import number_of
from tellonce.demo.bills.faults.picking import (
    Picker,
    change_amount,
    is_known,
    is_monthly,
    is_service,
    run_of,
)
from tellonce.demo.bills.frame import FOREVER, NONE, Ints, half_away, taken
from tellonce.demo.bills.lines import USAGE, whole_days
from tellonce.demo.bills.services import PAUSED
from tellonce.demo.bills.settling import MILLION, rule_tax
from tellonce.demo.bills.world import Lacks, Part

_OFF_BY = (119, 249, 377, 499, 750, 1250, -130)


def wrong_price(picker: Picker, part: Part) -> None:
    """Another price than agreed, for one to four bills; mostly more, sometimes less."""
    lines = part.lines
    which = np.flatnonzero(is_monthly(lines) & is_known(part) & (lines.amount > 300))
    which = which[picker.pick(lines.account[which])]
    of, places = run_of(lines, which, picker.lengths(len(which), 4))
    off = picker.chance.one_of(_OFF_BY, len(which))
    change_amount(part, "wrong_price", places, lines.amount[places] + off[of])


def early_rise(picker: Picker, part: Part) -> None:
    """The price after a rise, one or two periods before it."""
    lines, terms, segments = part.lines, part.terms, part.segments
    order = np.lexsort((terms.since, terms.service))
    rises_on, risen_to = np.full(len(terms) + 1, FOREVER), np.zeros(len(terms) + 1, dtype=np.int64)
    here, after = order[:-1], order[1:]
    next_is_rise = (terms.service[here] == terms.service[after]) & terms.risen[after] & terms.price_known[after]
    here, after = here[next_is_rise], after[next_is_rise]
    rises_on[here], risen_to[here] = terms.since[after], terms.price[after]
    term = np.full(len(lines), NONE)
    mine = is_monthly(lines) & is_service(lines) & is_known(part)
    term[mine] = segments.term[lines.segment[mine]]
    soon = rises_on[term] - lines.until
    which = np.flatnonzero((term >= 0) & (soon >= 0) & (soon < 45))
    which = which[picker.pick(lines.account[which])]
    of, places = run_of(lines, which, picker.lengths(len(which), 2))
    early = lines.until[places] <= rises_on[term[which[of]]]
    change_amount(part, "early_rise", places[early], risen_to[term[which[of[early]]]])


def part_month(picker: Picker, part: Part) -> None:
    """A part of a month charged whole, or as some other days."""
    lines = part.lines
    days = lines.until - lines.since
    fits = is_service(lines) & is_known(part) & ~whole_days(lines) & (days > 3) & (days < lines.days - 3)
    fits &= part.services.story[lines.service] != PAUSED
    which = np.flatnonzero(fits)
    which = which[picker.pick(lines.account[which], 1.4)]
    other = days[which] + picker.chance.one_of((-3, -2, 3, 5, 8), len(which))
    other = np.where(picker.chance.some(len(which), 0.5), lines.days[which], np.clip(other, 1, lines.days[which]))
    change_amount(part, "part_month", which, half_away(lines.whole[which] * other, lines.days[which]))


def usage_over(picker: Picker, part: Part) -> None:
    """More units than were measured."""
    lines, traffic = part.lines, part.traffic
    used = np.flatnonzero((lines.kind == USAGE) & (lines.until - lines.since >= 28))
    used = used[traffic.known.ravel()[lines.segment[used]]]
    used = used[(part.accounts.area[lines.account[used]] >= 0) | (lines.code[used] == goods.FIRST_USE + goods.CALLMIN)]
    firsts = part.accounts.calendar.firsts
    full = np.isin(lines.since[used], firsts) & np.isin(lines.until[used], firsts)
    used = used[full]
    used = used[picker.pick(lines.account[used], 1.4)]
    units = traffic.units.ravel()[lines.segment[used]]
    more = units + 2 + (units * picker.chance.rng.uniform(0.05, 0.6, len(used))).astype(np.int64)
    change_amount(part, "usage_over", used, lines.whole[used] * more)


def no_traffic(picker: Picker, part: Part) -> None:
    """A service that stood still for two to five months is charged all the same: the bills are as they always are."""
    lines, traffic, accounts = part.lines, part.traffic, part.accounts
    quiet = ((traffic.units == 0) & traffic.known).any(axis=1)
    row = np.full(len(part.services) + 1, NONE)
    row[traffic.service[(traffic.use < 0) & ~quiet]] = np.flatnonzero((traffic.use < 0) & ~quiet)
    fits = is_monthly(lines) & is_service(lines) & (row[lines.service] >= 0) & (accounts.cycle[lines.account] == 1)
    which = np.flatnonzero(fits & (lines.month < accounts.months - 1))
    which = which[picker.pick(lines.account[which], 1.4)]
    of, places = run_of(lines, which, 1 + picker.lengths(len(which), 4))
    inside = lines.month[places] < accounts.months - 1
    of, places = of[inside], places[inside]
    rows = row[lines.service[places]]
    traffic.units[rows, lines.month[places]] = 0
    traffic.known[rows, lines.month[places]] = True
    later = places[lines.month[places] > lines.month[which[of]]]
    lines.fault[later], lines.gain[later] = number_of("no_traffic"), lines.amount[later]


def wrong_tax(picker: Picker, part: Part) -> None:
    """Tax where none is due, none where it is, or at another rate."""
    lines, accounts = part.lines, part.accounts
    which = np.flatnonzero(is_monthly(lines) & (lines.amount >= 1000) & (accounts.area[lines.account] >= 0))
    which = which[picker.pick(lines.account[which])]
    due = rule_tax(accounts, part.book, taken(lines, which))
    rate = picker.chance.one_of((15_000, 22_500, 40_000), len(which))
    charged = due + np.maximum(half_away(lines.amount[which] * rate, MILLION), 10)
    charged = np.where((due > 0) & picker.chance.some(len(which), 0.25), 0, charged)
    lines.tax[which], lines.gain[which], lines.fault[which] = charged, charged - due, number_of("wrong_tax")


def wrong_total(picker: Picker, part: Part) -> None:
    """A total that is not the sum of its lines."""
    lines = part.lines
    which = np.flatnonzero(is_monthly(lines))
    which = which[picker.pick(lines.account[which])]
    off = picker.chance.whole(1, 60, len(which)) * picker.chance.one_of((50, 50, 50, -50), len(which))
    kind = np.full(len(which), number_of("wrong_total"))
    part.lacks.append(Lacks(lines.account[which], lines.month[which], kind, off))


def other_currency(picker: Picker, part: Part) -> None:
    """A line in a currency that the account does not have."""
    lines = part.lines
    which = np.flatnonzero(is_monthly(lines))
    which = which[picker.pick(lines.account[which])]
    lines.currency[which] = len(goods.CURRENCIES) - 1
    lines.fault[which], lines.gain[which] = number_of("own_other_currency"), lines.amount[which]


def old_plan(picker: Picker, part: Part) -> None:
    """The dear plan goes on after the change to a cheaper one."""
    lines, terms, segments = part.lines, part.terms, part.segments
    order = np.lexsort((terms.since, terms.service))
    before, after = order[:-1], order[1:]
    cheaper = (terms.service[before] == terms.service[after]) & (terms.product[before] != terms.product[after])
    cheaper &= (terms.price[before] > terms.price[after]) & terms.price_known[after] & terms.price_known[before]
    former = np.full(len(terms) + 1, NONE)
    former[after[cheaper]] = before[cheaper]
    term = np.full(len(lines), NONE)
    mine = is_monthly(lines) & is_service(lines)
    term[mine] = segments.term[lines.segment[mine]]
    soon = lines.since - terms.since[term]
    which = np.flatnonzero((former[term] >= 0) & (term >= 0) & (soon >= 0) & (soon < 62))
    which = which[picker.pick(lines.account[which])]
    of, places = run_of(lines, which, picker.lengths(len(which), 3))
    old: Ints = former[term[which[of]]]
    lines.code[places] = terms.product[old]
    change_amount(part, "own_old_plan", places, terms.price[old])
