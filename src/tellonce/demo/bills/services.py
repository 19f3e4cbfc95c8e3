"""Services with their terms: plan changes, price rises, moves, seasonal stops, promotions, waivers, what came off."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from tellonce.demo.bills import book as goods
from tellonce.demo.bills.accounts import Accounts
from tellonce.demo.bills.book import Book
from tellonce.demo.bills.frame import FOREVER, NONE, Chance, Flags, Ints, joined, taken

SLOTS: Final = 16
FIRST_SERVICE: Final = 300_000_000
PLAIN, MOVED, PAUSED, PROMISED, WAIVED, CAME_OFF, RETIRED = range(7)
_SLOTS: Final = (
    (goods.NET, 0.86), (goods.TV, 0.48), (goods.PHONE, 0.24), (goods.MOBILE, 0.45), (goods.MOBILE, 0.22),
    (goods.MOBILE, 0.08), (goods.EXTRA, 0.26), (goods.EXTRA, 0.1),
)  # fmt: skip
_MOVE_SLOT: Final = len(_SLOTS)


@dataclass(frozen=True, slots=True)
class Services:
    """Services by place: whose, in which slot, the product they began with, and the one story that each has."""

    account: Ints
    slot: Ints
    product: Ints
    since: Ints
    until: Ints
    story: Ints
    premise: Ints

    def __len__(self) -> int:
        return len(self.account)


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of services; `risen` where the term began by a price rise, `price_known` where the record has the price."""

    service: Ints
    product: Ints
    price: Ints
    since: Ints
    until: Ints
    premise: Ints
    price_known: Flags
    risen: Flags

    def __len__(self) -> int:
        return len(self.service)


@dataclass(frozen=True, slots=True)
class Spans:
    """Pauses, promotions or waivers of services: whose, what (a code), how much, from and until."""

    service: Ints
    code: Ints
    amount: Ints
    since: Ints
    until: Ints

    def __len__(self) -> int:
        return len(self.service)


def service_ids(accounts: Accounts, services: Services, places: Ints) -> Ints:
    """What services are called; NONE stays NONE."""
    named = FIRST_SERVICE + (accounts.first + services.account[places]) * SLOTS + services.slot[places]
    return np.where(places >= 0, named, NONE)


def draw_services(chance: Chance, accounts: Accounts) -> Services:
    """What each account has, from when, and until when; every account has something."""
    count = len(accounts)
    has = np.stack([chance.some(count, share) for _, share in _SLOTS])
    has[0] |= ~has[: _MOVE_SLOT - 2].any(axis=0)
    slot, account = np.nonzero(has)
    product = np.zeros(len(slot), dtype=np.int64)
    for number, (group, _) in enumerate(_SLOTS):
        mine = np.flatnonzero(slot == number)
        product[mine] = chance.one_of(np.flatnonzero(group == goods.GROUP).tolist(), len(mine))
    since, until = _stays(chance, accounts, account, slot)
    keeps = (until > accounts.edges[account, 0]) & (until > since)
    zeros = np.zeros(len(slot), dtype=np.int64)
    services = Services(account, slot, product, since, until, zeros, zeros)
    return _with_moves(chance, accounts, taken(services, keeps))


def _stays(chance: Chance, accounts: Accounts, account: Ints, slot: Ints) -> tuple[Ints, Ints]:
    """From when until when; some come later, some are given up, all end with the account."""
    many = len(account)
    last = accounts.edges[account, -1]
    since = accounts.opened[account].copy()
    later = np.flatnonzero(chance.some(many, 0.14) & (slot > 0))
    low = np.maximum(since[later] + 1, accounts.edges[account[later], 0])
    since[later] = chance.whole(low, np.minimum(accounts.closed[account[later]] - 45, last[later]), len(later))
    until = accounts.closed[account].copy()
    gone = np.flatnonzero(chance.odd(many, 0.05) & (slot > 0))
    low = np.maximum(since[gone] + 45, accounts.edges[account[gone], 1])
    ends = chance.whole(low, last[gone], len(gone))
    edge = chance.some(len(gone), 0.35)
    ends = np.where(edge, np.maximum(accounts.snapped(account[gone], ends), since[gone] + 1), ends)
    until[gone] = np.minimum(accounts.clear(account[gone], ends), until[gone])
    return since, until


def _with_moves(chance: Chance, accounts: Accounts, services: Services) -> Services:
    """Some move house: the connection ends there, and another begins here."""
    able = (services.slot == 0) & (services.until == FOREVER)
    moves = np.flatnonzero(able & chance.odd(len(services), 0.03))
    account = services.account[moves]
    first = np.maximum(services.since[moves] + 40, accounts.edges[account, 1])
    fits = first < accounts.edges[account, -1] - 40
    moves, account, first = moves[fits], account[fits], first[fits]
    on = accounts.clear(account, chance.whole(first, accounts.edges[account, -1] - 10, len(moves)))
    new = replace(taken(services, moves), since=on, slot=np.full(len(moves), _MOVE_SLOT), premise=np.ones_like(on))
    until, story = services.until.copy(), services.story.copy()
    until[moves], story[moves] = on, MOVED
    new.story[:] = MOVED
    return joined([replace(services, until=until, story=story), new])


def with_end(services: Services, places: Ints, ends: Ints, story: int) -> Services:
    """The services with these ended on these days, by this story."""
    until, stories = services.until.copy(), services.story.copy()
    until[places], stories[places] = ends, story
    return replace(services, until=until, story=stories)


def came_off(chance: Chance, accounts: Accounts, services: Services) -> tuple[Services, Ints]:
    """Extras that a customer was told come off for good on a day; the services so ended, and their places."""
    able = (goods.GROUP[services.product] == goods.EXTRA) & (services.until == FOREVER) & (services.story == PLAIN)
    places = np.flatnonzero(able & chance.odd(len(services), 0.16))
    account = services.account[places]
    first = np.maximum(services.since[places] + 45, accounts.edges[account, 1])
    fits = first < accounts.edges[account, -1] - 130
    places, account, first = places[fits], account[fits], first[fits]
    on = accounts.clear(account, chance.whole(first, accounts.edges[account, -1] - 125, len(places)))
    snap = np.maximum(accounts.snapped(account, on), services.since[places] + 1)
    ends = np.where(chance.some(len(places), 0.4), snap, on)
    return with_end(services, places, ends, CAME_OFF), places


def draw_terms(chance: Chance, accounts: Accounts, services: Services, book: Book) -> Terms:
    """The terms of all services, in no order."""
    many = len(services)
    began = np.maximum(services.since, goods.LONG_AGO)
    agreed = np.where(chance.odd(many, 0.03), 10 * chance.whole(10, 40, many), 0)  # less than the book says
    price = book.list_price(services.product, began) - np.where(goods.GROUP[services.product] < goods.EXTRA, agreed, 0)
    terms = Terms(
        service=np.arange(many),
        product=services.product,
        price=price,
        since=services.since,
        until=services.until,
        premise=services.premise,
        price_known=~(chance.odd(many, 0.01) | chance.odd(len(accounts), 0.012)[services.account]),  # taken over so
        risen=np.zeros(many, dtype=bool),
    )
    terms = _plans_changed(chance, accounts, services, terms, book)
    terms = _prices_risen(chance, terms, book)
    return _premises_changed(chance, accounts, services, terms)


def _split(terms: Terms, which: Ints, on: Ints) -> tuple[Terms, Terms]:
    """The terms with these ended on a day, and what follows each of them."""
    until = terms.until.copy()
    until[which] = on
    return replace(terms, until=until), replace(taken(terms, which), since=on)


def _plans_changed(chance: Chance, accounts: Accounts, services: Services, terms: Terms, book: Book) -> Terms:
    group = goods.GROUP[terms.product]
    able = np.isin(group, (goods.NET, goods.TV, goods.MOBILE)) & (services.story != MOVED)
    which = np.flatnonzero(able & chance.odd(len(terms), 0.07))
    account = services.account[terms.service[which]]
    low = np.maximum(terms.since[which] + 35, accounts.edges[account, 1])
    high = np.minimum(terms.until[which] - 5, accounts.edges[account, -1])
    fits = low < high
    which, account, low, high = which[fits], account[fits], low[fits], high[fits]
    on = chance.whole(low, high, len(which))
    snap = np.maximum(accounts.snapped(account, on), terms.since[which] + 1)
    on = np.where(chance.some(len(which), 0.5), snap, on)
    old, new = _split(terms, which, on)
    product = new.product + np.where(chance.some(len(which), 0.5), 1, -1)
    wrong = goods.GROUP[np.clip(product, 0, len(goods.GROUP) - 1)] != goods.GROUP[new.product]
    product = np.where(wrong | (product < 0), 2 * new.product - product, product)
    return joined([old, replace(new, product=product, price=book.list_price(product, on))])


def _prices_risen(chance: Chance, terms: Terms, book: Book) -> Terms:
    """The book's price rises, but for those who were promised their price."""
    on = book.rise_on[terms.product]
    which = np.flatnonzero((terms.since < on) & (on < terms.until) & ~chance.odd(len(terms), 0.12))
    old, new = _split(terms, which, on[which])
    risen = replace(new, price=new.price + book.rise[new.product], risen=np.ones(len(which), dtype=bool))
    return joined([old, risen])


def _premises_changed(chance: Chance, accounts: Accounts, services: Services, terms: Terms) -> Terms:
    """Some take their service along: new terms at the same price."""
    account = services.account[terms.service]
    low = np.maximum(terms.since + 10, accounts.edges[account, 1])
    high = np.minimum(terms.until, accounts.edges[account, -1])
    able = (low < high - 10) & (services.story[terms.service] == PLAIN)
    which = np.flatnonzero(able & chance.odd(len(terms), 0.012))
    on = chance.whole(low[which], high[which] - 5, len(which))
    old, new = _split(terms, which, on)
    return joined([old, replace(new, premise=new.premise + 1, risen=np.zeros(len(which), dtype=bool))])


def draw_pauses(chance: Chance, accounts: Accounts, services: Services) -> tuple[Services, Spans]:
    """Seasonal stops of some weeks to half a year; a few have not ended yet."""
    group = goods.GROUP[services.product]
    able = (group != goods.EXTRA) & (services.story == PLAIN) & (services.until == FOREVER)
    which = np.flatnonzero(able & chance.odd(len(services), 0.025))
    account = services.account[which]
    low = np.maximum(services.since[which] + 30, accounts.edges[account, 0] + 5)
    fits = low < accounts.edges[account, -1] - 60
    which, account, low = which[fits], account[fits], low[fits]
    since = chance.whole(low, accounts.edges[account, -1] - 55, len(which))
    since = np.where(chance.some(len(which), 0.3), np.maximum(accounts.snapped(account, since), low), since)
    until = since + chance.whole(20, 190, len(which))
    until = np.where((until > accounts.edges[account, -1]) & chance.some(len(which), 0.5), FOREVER, until)
    return _told(services, which, PAUSED), _spans(which, since, until)


def draw_waivers(chance: Chance, accounts: Accounts, services: Services) -> tuple[Services, Spans]:
    """Extras that are not charged for some periods, or from one on; only where no other service has the same code."""
    able = (goods.GROUP[services.product] == goods.EXTRA) & (services.story == PLAIN) & (services.until == FOREVER)
    key = services.account * len(goods.CODES) + services.product
    _, place, often = np.unique(key, return_inverse=True, return_counts=True)
    which = np.flatnonzero(able & (often[place] == 1) & chance.odd(len(services), 0.08))
    account = services.account[which]
    first = np.maximum(accounts.period_of(account, services.since[which]) + 1, 1)
    fits = first < accounts.months - 4
    which, account, first = which[fits], account[fits], first[fits]
    begins = chance.whole(first, accounts.months - 3, len(which))
    ends = np.minimum(begins + chance.whole(2, 7, len(which)), accounts.months)
    until = np.where(chance.some(len(which), 0.3), FOREVER, accounts.edges[account, ends])
    spans = _spans(which, accounts.edges[account, begins], until, services.product[which])
    return _told(services, which, WAIVED), spans


def draw_promotions(chance: Chance, accounts: Accounts, services: Services) -> tuple[Services, Spans]:
    """Half a year or a year for those who are new, a while for some who stayed; it may outlive its service."""
    many, start = len(services), accounts.edges[services.account, 0]
    group = goods.GROUP[services.product]
    able = (group != goods.EXTRA) & (services.story == PLAIN)
    newly = able & (services.since > start - 300) & chance.some(many, 0.5)
    stayed = able & ~newly & (services.since < start) & chance.some(many, 0.05)
    which = np.flatnonzero(newly | stayed)
    account = services.account[which]
    on = chance.whole(start[which], accounts.edges[account, -1] - 20, len(which))
    on = np.where(chance.some(len(which), 0.5), accounts.snapped(account, on), on)
    since = np.where(newly[which], services.since[which], on)
    until = since + chance.one_of((92, 183, 365, 365), len(which))
    ends = services.until[which]
    at_edge = accounts.snapped(account, ends) == ends
    fits = (since < ends - 3) & ((until <= accounts.snapped(account, ends)) | at_edge | (ends == FOREVER))
    which, since, until = which[fits], since[fits], until[fits]
    code = np.where(newly[which], goods.FIRST_PROMOTION, goods.FIRST_PROMOTION + 1)
    spans = Spans(which, code, 50 * chance.whole(6, 20, len(which)), since, until)
    return _told(services, which, PROMISED), spans


def _spans(which: Ints, since: Ints, until: Ints, code: Ints | None = None) -> Spans:
    nothing = np.zeros(len(which), dtype=np.int64)
    return Spans(which, nothing if code is None else code, nothing, since, until)


def _told(services: Services, which: Ints, story: int) -> Services:
    stories = services.story.copy()
    stories[which] = story
    return replace(services, story=stories)
