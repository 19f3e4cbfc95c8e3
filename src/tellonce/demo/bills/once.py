"""What is charged or given once: orders, fees that were waived, credits, and fees that came off for good."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from tellonce.demo.bills import book as goods
from tellonce.demo.bills.accounts import Accounts
from tellonce.demo.bills.book import Book
from tellonce.demo.bills.frame import FOREVER, NONE, Chance, Flags, Ints, joined, taken
from tellonce.demo.bills.lines import CREDIT, FEE, ONE_OFF, Lines, lines_of
from tellonce.demo.bills.services import CAME_OFF, Services, Spans

FIRST_CREDIT_ID: Final = 80_000_000
_INSTALLS, _FEES = goods.FIRST_ONCE + goods.INSTALL, goods.FIRST_ONCE + goods.LATEFEE


@dataclass(frozen=True, slots=True)
class Orders:
    """What was agreed to be charged once; `on` the day that it was done, `month` its bill (`months` where none)."""

    account: Ints
    code: Ints
    service: Ints
    agreed: Ints
    on: Ints
    month: Ints

    def __len__(self) -> int:
        return len(self.account)


@dataclass(frozen=True, slots=True)
class Credits:
    """What was agreed to be given back; `month` is the bill on which it is due (`months` where that is to come)."""

    account: Ints
    code: Ints
    amount: Ints
    agreed: Ints
    month: Ints

    def __len__(self) -> int:
        return len(self.account)


@dataclass(frozen=True, slots=True)
class Upheld:
    """What came off for good, by whose complaint: a code, perhaps of one service, and the day that it was decided."""

    account: Ints
    code: Ints
    service: Ints
    on: Ints

    def __len__(self) -> int:
        return len(self.account)


@dataclass(frozen=True, slots=True)
class Once:
    """All of it; `fee_waivers` name accounts where `Spans` speak of services."""

    orders: Orders
    waived: Flags
    fee_waivers: Spans
    credits: Credits
    upheld: Upheld


def draw_once(chance: Chance, accounts: Accounts, services: Services, book: Book) -> Once:
    """Orders with the bills that they come on, credits, and what came off."""
    orders = joined([_installations(chance, accounts, services), _fees(chance, accounts)])
    waivers, theirs = _fee_waivers(chance, accounts)
    orders = _each_day_once(joined([orders, theirs]))
    waived = _waived(accounts, orders, waivers)
    off = _fees_off(chance, accounts, orders, waived, waivers)
    charged = np.where(waived | _after_all(accounts, orders, off), accounts.months, orders.month)
    orders = replace(orders, month=charged)
    came = np.flatnonzero(services.story == CAME_OFF)
    upheld = Upheld(services.account[came], services.product[came], came, services.until[came])
    given = _credits(chance, accounts, off, int(book.once[goods.LATEFEE]))
    return Once(orders, waived, waivers, given, joined([upheld, off]))


def _each_day_once(orders: Orders) -> Orders:
    """No two of a kind on one day, but for different services."""
    keys = np.stack([orders.account, orders.code, orders.service, orders.on])
    return taken(orders, np.sort(np.unique(keys, axis=1, return_index=True)[1]))


def _ordered(
    accounts: Accounts, chance: Chance, account: Ints, *, code: Ints | int, service: Ints, agreed: Ints
) -> Orders:
    """Orders are charged on the first bill after they are done, a few of them one to three bills later."""
    many = len(account)
    on = agreed + chance.whole(0, 7, many)
    month = accounts.next_bill(account, on)
    late = month + np.where(chance.odd(many, 0.1), chance.whole(1, 4, many), 0)
    late = np.where(late < accounts.months, late, month)
    there = accounts.exists[account, np.minimum(late, accounts.months - 1)]
    return Orders(account, np.broadcast_to(code, (many,)).copy(), service, agreed, on, np.where(there, late, month))


def _installations(chance: Chance, accounts: Accounts, services: Services) -> Orders:
    start = accounts.edges[services.account, 0]
    new = np.flatnonzero((services.since > start + 5) & (services.slot < 3) & chance.some(len(services), 0.6))
    return _ordered(accounts, chance, services.account[new], code=_INSTALLS, service=new, agreed=services.since[new])


def _fees(chance: Chance, accounts: Accounts) -> Orders:
    parts: list[Orders] = []
    shares = ((goods.LATEFEE, 0.08), (goods.LATEFEE, 0.04), (goods.VISIT, 0.03), (goods.EQUIP, 0.05))
    for what, share in shares:
        who = np.flatnonzero(chance.some(len(accounts), share))
        last = np.minimum(accounts.closed[who], accounts.edges[who, -1]) - 10
        first = np.maximum(accounts.opened[who], accounts.edges[who, 0]) + 1
        agreed = chance.whole(first, last, len(who))
        nothing = np.full(len(who), NONE)
        parts.append(_ordered(accounts, chance, who, code=goods.FIRST_ONCE + what, service=nothing, agreed=agreed))
    return joined(parts)


def _fee_waivers(chance: Chance, accounts: Accounts) -> tuple[Spans, Orders]:
    """Late fees are not charged to some for a while, or any more; what would have been charged in that time."""
    who = np.flatnonzero((accounts.closed == FOREVER) & chance.odd(len(accounts), 0.03))
    low = np.maximum(accounts.opened[who] + 20, accounts.edges[who, 0] + 10)
    fits = low < accounts.edges[who, -1] - 100
    who, low = who[fits], low[fits]
    since = chance.whole(low, accounts.edges[who, -1] - 95, len(who))
    until = np.where(chance.some(len(who), 0.4), FOREVER, since + chance.whole(80, 300, len(who)))
    nothing = np.zeros(len(who), dtype=np.int64)
    agreed = since + chance.whole(1, 30, len(who))
    orders = _ordered(accounts, chance, who, code=_FEES, service=np.full(len(who), NONE), agreed=agreed)
    return Spans(who, np.full(len(who), _FEES), nothing, since, until), orders


def _waived(accounts: Accounts, orders: Orders, waivers: Spans) -> Flags:
    """Orders whose day or bill falls into a waiver: they are not charged at all."""
    since, until = np.full(len(accounts), FOREVER), np.full(len(accounts), FOREVER)
    since[waivers.service], until[waivers.service] = waivers.since, waivers.until
    begins, stops = since[orders.account], until[orders.account]
    issued = accounts.issued[orders.account, np.minimum(orders.month, accounts.months - 1)]
    done = (orders.on >= begins) & (orders.on < stops)
    billed = (issued >= begins) & (issued < stops)
    over = (orders.on < begins) & (issued >= stops)
    waived: Flags = (orders.code == _FEES) & (done | billed | over)
    return waived


def _fees_off(chance: Chance, accounts: Accounts, orders: Orders, waived: Flags, waivers: Spans) -> Upheld:
    """Late fees that a customer was told were wrong, and will not come again."""
    has_waiver = np.zeros(len(accounts), dtype=bool)
    has_waiver[waivers.service] = True
    able = (orders.code == _FEES) & ~waived & (orders.month < accounts.months - 4) & ~has_waiver[orders.account]
    able &= accounts.closed[orders.account] == FOREVER
    which = np.flatnonzero(able & chance.odd(len(orders), 0.3))
    _, firsts = np.unique(orders.account[which], return_index=True)
    which = which[firsts]
    account = orders.account[which]
    on = accounts.issued[account, orders.month[which]] + chance.whole(4, 25, len(which))
    return Upheld(account, orders.code[which], np.full(len(which), NONE), on)


def _after_all(accounts: Accounts, orders: Orders, off: Upheld) -> Flags:
    """Orders of a fee that came off before they were billed."""
    decided = np.full(len(accounts), FOREVER)
    decided[off.account] = off.on
    issued = accounts.issued[orders.account, np.minimum(orders.month, accounts.months - 1)]
    late: Flags = (orders.code == _FEES) & (issued >= decided[orders.account])
    return late


def _credits(chance: Chance, accounts: Accounts, off: Upheld, fee: int) -> Credits:
    """One for each fee that came off, and what is given for outages and as goodwill; one for an account."""
    free = np.ones(len(accounts), dtype=bool)
    free[off.account] = False
    who = np.flatnonzero(free & chance.odd(len(accounts), 0.08))
    low = np.maximum(accounts.opened[who], accounts.edges[who, 0]) + 10
    agreed = chance.whole(low, np.minimum(accounts.closed[who], accounts.edges[who, -1]), len(who))
    code = goods.FIRST_CREDIT + chance.whole(0, 2, len(who))
    account = np.concatenate([off.account, who])
    agreed = np.concatenate([off.on, agreed])
    return Credits(
        account=account,
        code=np.concatenate([np.full(len(off), goods.FIRST_CREDIT + 2), code]),
        amount=np.concatenate([np.full(len(off), fee), 25 * chance.whole(12, 100, len(who))]),
        agreed=agreed,
        month=accounts.due_on(account, agreed),
    )


def charged_once(accounts: Accounts, orders: Orders, book: Book) -> Lines:
    """Lines of orders that have a bill."""
    billed = taken(orders, orders.month < accounts.months)
    return fee_lines(
        accounts, book, billed.account, billed.month, code=billed.code, service=billed.service, on=billed.on
    )


def fee_lines(
    accounts: Accounts, book: Book, account: Ints, month: Ints, *, code: Ints, service: Ints, on: Ints, fault: int = 0
) -> Lines:
    """Lines of what is charged once, at the price of the book."""
    price = book.once[code - goods.FIRST_ONCE]
    kind = np.where(code >= _FEES, FEE, ONE_OFF)
    return lines_of(
        accounts, account, month, kind=kind, code=code, service=service, since=on, until=NONE, amount=price,
        fault=fault, gain=price if fault else 0,
    )  # fmt: skip


def regional_fees(accounts: Accounts, book: Book) -> Lines:
    """The monthly fee of the area on every bill of an account that stands, at the book's price of its first day."""
    begins = np.maximum(accounts.edges[:, :-1], accounts.opened[:, None])
    fee = book.regional_fee(accounts.area[:, None], begins)
    account, month = np.nonzero(accounts.exists & (begins < accounts.closed[:, None]) & (fee > 0))
    return lines_of(
        accounts, account, month, kind=FEE, code=goods.REGION_FEE, since=begins[account, month], until=NONE,
        amount=fee[account, month],
    )  # fmt: skip


def given_once(accounts: Accounts, agreed: Credits) -> Lines:
    """Lines of credits that have a bill."""
    due = taken(agreed, agreed.month < accounts.months)
    on = accounts.issued[due.account, due.month]
    return lines_of(
        accounts, due.account, due.month, kind=CREDIT, code=due.code, since=on, until=NONE, amount=-due.amount
    )
