"""What was used: traffic of services by month, and the lines of those that are charged by it."""

from dataclasses import dataclass

import numpy as np

from tellonce.demo.bills import book as goods
from tellonce.demo.bills.accounts import Accounts
from tellonce.demo.bills.book import Book
from tellonce.demo.bills.frame import Chance, Flags, Ints
from tellonce.demo.bills.lines import USAGE, Lines, lines_of
from tellonce.demo.bills.services import PAUSED, Services, Spans


@dataclass(frozen=True, slots=True)
class Traffic:
    """Units by service (rows) and month of the calendar; `known` where the record has them; `use` is NONE or its kind.

    `service` holds the places of the services.
    """

    service: Ints
    units: Ints
    known: Flags
    use: Ints


def draw_traffic(chance: Chance, accounts: Accounts, services: Services, pauses: Spans) -> Traffic:
    """Internet is measured for some, telephone and small mobile plans for all: they pay by it."""
    group, many = goods.GROUP[services.product], len(services)
    by_use = (group == goods.PHONE) | ((group == goods.MOBILE) & (services.slot == 3) & (services.product == 8))
    watched = (group == goods.NET) & chance.some(many, 0.6)
    which = np.flatnonzero(by_use | watched)
    use = np.where(group == goods.PHONE, goods.CALLMIN, np.where(by_use, goods.DATAGB, -1))[which]
    firsts = accounts.calendar.firsts
    shape = (len(which), accounts.months)
    top = np.where(use == goods.CALLMIN, 300, np.where(use == goods.DATAGB, 9, 800))[:, None]
    units = chance.rng.integers(1, np.broadcast_to(top, shape), shape, dtype=np.int64)
    quiet = np.flatnonzero((use < 0) & (services.story[which] != PAUSED) & chance.odd(len(which), 0.06))
    units[quiet, chance.whole(0, accounts.months, len(quiet))] = 0  # a month away from home
    busy = np.flatnonzero((use >= 0) & chance.odd(len(which), 0.08))
    units[busy, chance.whole(0, accounts.months, len(busy))] *= chance.whole(4, 12, len(busy))  # somebody called a lot
    since, until = services.since[which][:, None], services.until[which][:, None]
    there = (since < firsts[None, 1:]) & (until > firsts[None, :-1])
    units *= there
    begins, stops = np.full(many, firsts[-1]), np.full(many, firsts[-1])
    begins[pauses.service], stops[pauses.service] = pauses.since, pauses.until
    still = (firsts[None, :-1] >= begins[which][:, None]) & (firsts[None, 1:] <= stops[which][:, None])
    units[still] = 0
    known = there & ~(chance.rng.random(shape) < min(0.5, 0.04 * chance.oddities))
    known[:, -1] = False  # that month is not over yet
    return Traffic(which, units, known, use)


def charged_by_use(accounts: Accounts, services: Services, traffic: Traffic, book: Book) -> Lines:
    """Each month's use on the bill after its end."""
    billed = (traffic.units > 0) & (traffic.use >= 0)[:, None]
    billed[:, -1] = False
    which, month = np.nonzero(billed)
    account = services.account[traffic.service[which]]
    there = accounts.exists[account, month + 1]
    which, month, account = which[there], month[there], account[there]
    use = traffic.use[which]
    price = book.use[use, np.maximum(accounts.area[account], 0), month]
    firsts = accounts.calendar.firsts
    return lines_of(
        accounts, account, month + 1,
        kind=USAGE, code=goods.FIRST_USE + use, service=traffic.service[which],
        since=np.maximum(firsts[month], services.since[traffic.service[which]]),
        until=np.minimum(firsts[month + 1], services.until[traffic.service[which]]),
        amount=price * traffic.units[which, month], whole=price, segment=which * accounts.months + month,
    )  # fmt: skip
