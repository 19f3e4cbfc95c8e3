"""Lines of bills: what runs from month to month is laid over the periods, the rest comes beside it."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tellonce.demo.bills import devices as things
from tellonce.demo.bills.accounts import Accounts
from tellonce.demo.bills.devices import Devices
from tellonce.demo.bills.frame import FOREVER, NONE, Flags, Ints, half_away, joined, taken
from tellonce.demo.bills.services import Services, Spans, Terms

KINDS: Final = ("recurring", "usage", "one_off", "discount", "credit", "fee", "tax")
RECURRING, USAGE, ONE_OFF, DISCOUNT, CREDIT, FEE, TAX = range(7)
BY_RULE: Final = -(1 << 40)


@dataclass(frozen=True, slots=True)
class Segments:
    """What is charged (or, below zero, taken off) each month from a day until another.

    `ends` where it ends for good, so that the next bill gives back; `known` where the record says the price; `term` is
    the place of the term that it comes from, or NONE.
    """

    account: Ints
    kind: Ints
    code: Ints
    service: Ints
    device: Ints
    price: Ints
    since: Ints
    until: Ints
    ends: Flags
    known: Flags
    term: Ints


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines; `month` is the number of the bill, `whole` the price of a whole month, `days` those of its period.

    `tax` is BY_RULE or what is charged instead, `fault` the kind of what is wrong (0: nothing), `gain` its money.
    """

    account: Ints
    month: Ints
    kind: Ints
    code: Ints
    service: Ints
    device: Ints
    since: Ints
    until: Ints
    amount: Ints
    whole: Ints
    days: Ints
    segment: Ints
    currency: Ints
    tax: Ints
    fault: Ints
    gain: Ints

    def __len__(self) -> int:
        return len(self.account)


def lines_of(accounts: Accounts, account: Ints, month: Ints, **columns: Ints | int) -> Lines:
    """New lines; what is not said is nothing, and a line without days is of the bill's period."""
    many = len(account)

    def column(name: str, usual: Ints | int) -> Ints:
        return np.broadcast_to(np.asarray(columns.get(name, usual), dtype=np.int64), (many,)).copy()

    begins, ends = accounts.edges[account, month], accounts.edges[account, month + 1]
    amount = column("amount", 0)
    return Lines(
        account=account,
        month=month,
        kind=column("kind", RECURRING),
        code=column("code", 0),
        service=column("service", NONE),
        device=column("device", NONE),
        since=column("since", begins),
        until=column("until", ends),
        amount=amount,
        whole=column("whole", amount),
        days=column("days", ends - begins),
        segment=column("segment", NONE),
        currency=accounts.currency[account],
        tax=column("tax", BY_RULE),
        fault=column("fault", 0),
        gain=column("gain", 0),
    )


def segments_of(services: Services, terms: Terms, *, pauses: Spans, waivers: Spans) -> Segments:
    """What services cost, without their pauses and what was waived of them."""
    final = terms.until == services.until[terms.service]
    many = len(terms)
    begins, stops = np.full(len(services), FOREVER), np.full(len(services), FOREVER)
    for spans in (pauses, waivers):
        begins[spans.service], stops[spans.service] = spans.since, spans.until
    whole = Segments(
        account=services.account[terms.service],
        kind=np.full(many, RECURRING),
        code=terms.product,
        service=terms.service,
        device=np.full(many, NONE),
        price=terms.price,
        since=terms.since,
        until=terms.until,
        ends=final & (terms.until < FOREVER),
        known=terms.price_known,
        term=np.arange(many),
    )
    return _without(whole, begins[terms.service], stops[terms.service])


def rents_of(devices: Devices) -> Segments:
    """What devices cost, without the days on which they were known to be broken."""
    paid = np.flatnonzero(devices.ours & (devices.story != things.NEVER))
    mine = taken(devices, paid)
    whole = Segments(
        account=mine.account,
        kind=np.full(len(paid), RECURRING),
        code=mine.code,
        service=mine.service,
        device=paid,
        price=mine.rent,
        since=mine.since,
        until=mine.until,
        ends=mine.until < FOREVER,
        known=np.ones(len(paid), dtype=bool),
        term=np.full(len(paid), NONE),
    )
    return _without(whole, mine.broken, mine.mended)


def discounts_of(services: Services, promotions: Spans) -> Segments:
    """What promotions take off, as long as the service is there."""
    many = len(promotions)
    nothing = np.full(many, NONE)
    return Segments(
        account=services.account[promotions.service],
        kind=np.full(many, DISCOUNT),
        code=promotions.code,
        service=promotions.service,
        device=nothing,
        price=-promotions.amount,
        since=promotions.since,
        until=np.minimum(promotions.until, services.until[promotions.service]),
        ends=np.zeros(many, dtype=bool),
        known=np.ones(many, dtype=bool),
        term=nothing,
    )


def _without(whole: Segments, begins: Ints, stops: Ints) -> Segments:
    """The segments without the days from `begins` until `stops` of each."""
    cut = (begins < whole.until) & (stops > whole.since) & (begins < stops)
    before, after = taken(whole, cut), taken(whole, cut)
    before.until[:] = np.maximum(begins[cut], before.since)
    before.ends[:] = False
    after.since[:] = np.minimum(stops[cut], after.until)
    parts = joined([taken(whole, ~cut), before, after])
    return taken(parts, parts.since < parts.until)


def laid_out(accounts: Accounts, segments: Segments) -> Lines:
    """Each segment on each bill, in the order of segments and months; then what later bills give back."""
    edges = accounts.edges[segments.account]
    begins, stops = edges[:, :-1], edges[:, 1:]
    until = segments.until[:, None]
    inside = segments.ends[:, None] & (until > begins) & (until < stops)
    low = np.maximum(begins, segments.since[:, None])
    high = np.where(inside, stops, np.minimum(stops, until))
    charged = _laid(accounts, segments, np.nonzero((low < high) & accounts.exists[segments.account]), low, high)
    back = np.zeros_like(inside)
    back[:, :-1] = inside[:, :-1] & accounts.exists[segments.account][:, 1:] & (segments.since[:, None] < stops)[:, :-1]
    given = _laid(accounts, segments, np.nonzero(back), np.maximum(low, np.broadcast_to(until, low.shape)), stops)
    given.amount[:] = -given.amount
    given.month[:] += 1
    return joined([charged, given])


def _laid(
    accounts: Accounts, segments: Segments, cells: tuple[NDArray[np.signedinteger[Any]], ...], low: Ints, high: Ints
) -> Lines:
    which, month = cells[0].astype(np.int64), cells[1].astype(np.int64)
    since, until = low[cells], high[cells]
    account = segments.account[which]
    days = accounts.edges[account, month + 1] - accounts.edges[account, month]
    price = segments.price[which]
    return lines_of(
        accounts, account, month,
        kind=segments.kind[which], code=segments.code[which], service=segments.service[which],
        device=segments.device[which], since=since, until=until,
        amount=half_away(price * (until - since), days), whole=price, days=days, segment=which,
    )  # fmt: skip


def whole_days(lines: Lines) -> Flags:
    """Which lines are of a whole period."""
    whole: Flags = lines.until - lines.since == lines.days
    return whole
