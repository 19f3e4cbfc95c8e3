"""Faults against what was agreed: what was waived, not ordered, came off for good, was promised or was to be given."""

from dataclasses import replace

import numpy as np

from tellonce.demo.bills import book as goods
from tellonce.demo.bills.faults.kinds import number_of
from tellonce.demo.bills.faults.picking import (
    Picker,
    add_whole,
    change_amount,
    leave_out,
    next_whole,
    price_at,
    run_of,
    spread,
)
from tellonce.demo.bills.frame import FOREVER, NONE, Flags, Ints, joined
from tellonce.demo.bills.lines import CREDIT, DISCOUNT
from tellonce.demo.bills.once import Orders, fee_lines
from tellonce.demo.bills.world import Part

_LATE = goods.FIRST_ONCE + goods.LATEFEE


def came_back(picker: Picker, part: Part) -> None:
    """What came off for good stands on a later bill: a service, or a fee that was even ordered again."""
    upheld, accounts = part.once.upheld, part.accounts
    which = np.flatnonzero(upheld.service >= 0)
    first = next_whole(part, upheld.account[which], upheld.on[which]) + picker.lengths(len(which), 3)
    which, first = which[first < accounts.months], first[first < accounts.months]
    chosen = picker.pick(upheld.account[which], 0.6)
    which, first = which[chosen], first[chosen]
    place, month = spread(first, picker.lengths(len(which), 3), accounts.months)
    which = which[place]
    service = upheld.service[which]
    price, code = price_at(part, service, upheld.on[which] - 1)
    add_whole(
        part, "came_back", upheld.account[which], month, code=code, service=service,
        device=np.full(len(which), NONE), price=price,
    )  # fmt: skip
    _fee_came_back(picker, part)


def _fee_came_back(picker: Picker, part: Part) -> None:
    upheld, accounts = part.once.upheld, part.accounts
    which = np.flatnonzero(upheld.service < 0)
    month = next_whole(part, upheld.account[which], upheld.on[which]) + picker.lengths(len(which), 3)
    fits = month < accounts.months
    which, month = which[fits], month[fits]
    chosen = picker.pick(upheld.account[which], 0.4)
    account, month = upheld.account[which[chosen]], month[chosen]
    code, nothing, on = np.full(len(account), _LATE), np.full(len(account), NONE), accounts.issued[account, month]
    order = Orders(account, code, nothing, on - 3, on - 1, month)
    part.once = replace(part.once, orders=joined([part.once.orders, order]))
    _add_fees(part, "came_back", account, month, code=code, service=nothing)


def _add_fees(part: Part, kind: str, account: Ints, month: Ints, *, code: Ints, service: Ints) -> None:
    on = part.accounts.issued[account, month] - 1
    fault = number_of(kind)
    lines = fee_lines(part.accounts, part.book, account, month, code=code, service=service, on=on, fault=fault)
    part.more.append(lines)


def waived(picker: Picker, part: Part) -> None:
    """A waived extra is charged, or a waived fee."""
    waivers, accounts = part.waivers, part.accounts
    account = part.services.account[waivers.service]
    first = accounts.period_of(account, waivers.since)
    stop = np.where(waivers.until < FOREVER, accounts.period_of(account, waivers.until), accounts.months)
    which = picker.pick(account, 0.5)
    place, month = spread(first[which], picker.lengths(len(which), 3), stop[which])
    which = which[place]
    service = waivers.service[which]
    price, code = price_at(part, service, accounts.edges[account[which], month])
    add_whole(
        part, "waived", account[which], month, code=code, service=service,
        device=np.full(len(which), NONE), price=price,
    )  # fmt: skip
    _fee_in_spite(picker, part)


def _fee_in_spite(picker: Picker, part: Part) -> None:
    once, accounts = part.once, part.accounts
    begins, stops = np.full(len(accounts), FOREVER), np.full(len(accounts), 0)
    begins[once.fee_waivers.service], stops[once.fee_waivers.service] = once.fee_waivers.since, once.fee_waivers.until
    orders = once.orders
    month = accounts.next_bill(orders.account, orders.on)
    issued = accounts.issued[orders.account, np.minimum(month, accounts.months - 1)]
    fits = (orders.code == _LATE) & (orders.month >= accounts.months) & (month < accounts.months)
    fits &= (orders.agreed >= begins[orders.account]) & (issued < stops[orders.account])
    which = np.flatnonzero(fits)
    which = which[picker.pick(orders.account[which], 0.5)]
    account = orders.account[which]
    nothing = np.full(len(which), NONE)
    _add_fees(part, "waived", account, month[which], code=orders.code[which], service=nothing)


def not_ordered(picker: Picker, part: Part) -> None:
    """Charged once though nothing was ordered, or once more than ordered."""
    accounts, orders = part.accounts, part.once.orders
    free = _without_fees(part)
    account, month = np.nonzero(accounts.exists & free[:, None])
    chosen = picker.pick(account, 0.5)
    account, month = account[chosen], month[chosen]
    code = goods.FIRST_ONCE + picker.chance.whole(goods.EQUIP, goods.VISIT + 1, len(account))
    _add_fees(part, "not_ordered", account, month, code=code, service=np.full(len(account), NONE))
    again = orders.month + picker.lengths(len(orders), 3)
    keys = orders.account * len(goods.CODES) + orders.code
    _, place, often = np.unique(keys, return_inverse=True, return_counts=True)
    fits = (orders.code != _LATE) & (often[place] == 1) & (again < accounts.months)
    fits &= accounts.exists[orders.account, np.minimum(again, accounts.months - 1)]
    which = np.flatnonzero(fits & (accounts.closed[orders.account] == FOREVER))
    which = which[picker.pick(orders.account[which], 0.5)]
    code, service = orders.code[which], orders.service[which]
    _add_fees(part, "not_ordered", orders.account[which], again[which], code=code, service=service)


def _without_fees(part: Part) -> Flags:
    """Accounts that stay, with no order, no waiver of a fee and none that came off."""
    free: Flags = part.accounts.closed == FOREVER
    for taken_part in (part.once.orders.account, part.once.fee_waivers.service, part.once.upheld.account):
        free[taken_part] = False
    return free


def promotion_missing(picker: Picker, part: Part) -> None:
    """A promised discount is not there, or is half of it, for one to three bills."""
    lines = part.lines
    which = np.flatnonzero((lines.kind == DISCOUNT) & (lines.amount < -100))
    which = which[picker.pick(lines.account[which], 1.2)]
    _, places = run_of(lines, which, picker.lengths(len(which), 3))
    _less(picker, part, "promotion_missing", places)


def credit_missing(picker: Picker, part: Part) -> None:
    """An agreed credit is not there, or is less."""
    which = np.flatnonzero(part.lines.kind == CREDIT)
    which = which[picker.pick(part.lines.account[which], 1.6)]
    _less(picker, part, "credit_missing", which)


def _less(picker: Picker, part: Part, kind: str, places: Ints) -> None:
    """Of each bill only one thing is missing: that is how a bill without a line is told from another."""
    less = picker.chance.some(len(places), 0.4)
    leave_out(part, kind, places[~less])
    change_amount(part, kind, places[less], part.lines.amount[places[less]] // 2)
