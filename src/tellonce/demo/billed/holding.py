"""What customers hold, as the record has it by now: accounts, services and devices as columns."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Final

import numpy as np

from tellonce.demo.billed.goods import PLAN_OF
from tellonce.demo.bills.accounts import Accounts
from tellonce.demo.bills.frame import FOREVER, NONE, Calendar, Flags, Ints
from tellonce.modules.record.queries.held import AccountHeld, accounts_from, devices_from, services_from

_EPOCH: Final = date(1970, 1, 1).toordinal()


def day_number(day: date | None) -> int:
    """Days since 1970; FOREVER for none."""
    return FOREVER if day is None else day.toordinal() - _EPOCH


def day_of(number: int) -> date:
    """The day with this number."""
    return date.fromordinal(_EPOCH + number)


@dataclass(frozen=True, slots=True)
class Held:
    """Columns by service or device; `who` is the customer's place. `promotion` is what comes off until `promoted`."""

    who: Ints
    id: Ints
    good: Ints
    price: Ints
    promotion: Ints
    promoted: Ints
    since: Ints
    until: Ints
    serial: list[str]


@dataclass(frozen=True, slots=True)
class Holding:
    """Everything that bills are made of; `numbers` and `ids` are the accounts' by the customer's place."""

    accounts: Accounts
    ids: Ints
    numbers: list[str]
    first_customer: int
    services: Held
    devices: Held
    today: int


def read_holding(*, first_customer: int, customers: int, today: date, since: date) -> Holding:
    """Of so many customers from `first_customer` on, each by its first account; bills of whole months after `since`.

    Whoever was added later, by a visitor of the demo, gets no bills.
    """
    accounts = _first_accounts(first_customer, customers)
    services = taken_of(_services(first_customer), customers)
    now = day_number(today)
    opened = np.array([day_number(row.opened_on) for row in accounts])
    return Holding(
        accounts=_accounts(
            cycle=np.array([row.cycle_day or 1 for row in accounts]),
            opened=opened,
            closed=np.array([day_number(row.closed_on) for row in accounts]),
            since=since,
            today=now,
        ),
        ids=np.array([row.id for row in accounts]),
        numbers=[row.number for row in accounts],
        first_customer=first_customer,
        services=services,
        devices=taken_of(_devices(first_customer), customers),
        today=now,
    )


def _first_accounts(first_customer: int, customers: int) -> list[AccountHeld]:
    found: dict[int, AccountHeld] = {}
    for row in accounts_from(first_customer):
        found.setdefault(row.customer_id - first_customer, row)
    nobody = AccountHeld(0, 0, "", 1, None, None)  # opened never, so that no bill is made of it
    return [found.get(who, nobody) for who in range(customers)]


def taken_of(held: Held, customers: int) -> Held:
    """What these customers hold."""
    places = np.flatnonzero(held.who < customers)
    columns = {each.name: getattr(held, each.name) for each in fields(held)}
    serials = [held.serial[place] for place in places.tolist()]
    return Held(**{name: column[places] for name, column in columns.items() if name != "serial"}, serial=serials)


def _accounts(*, cycle: Ints, opened: Ints, closed: Ints, since: date, today: int) -> Accounts:
    first = np.datetime64(since, "M") + 1
    months = int((np.datetime64(day_of(today), "M") - first).astype(int)) + 1
    calendar = Calendar((first + np.arange(months + 1)).astype("datetime64[D]").astype(np.int64))
    edges = calendar.firsts[None, :] + (cycle - 1)[:, None]
    issued = np.maximum(edges[:, :-1], opened[:, None])
    stands = (edges[:, 1:] > opened[:, None]) & (edges[:, :-1] < closed[:, None])
    after = np.zeros_like(stands)
    after[:, 1:] = ((edges[:, :-1] < closed[:, None]) & (closed[:, None] < edges[:, 1:]))[:, :-1]
    many = len(cycle)
    nothing, no = np.zeros(many, dtype=np.int64), np.zeros(many, dtype=bool)
    return Accounts(
        first=0, area=nothing, opened=opened, closed=closed, currency=nothing, cycle=cycle, lag=nothing, exempt=no,
        calendar=calendar, edges=edges, exists=(stands | after) & (issued <= today), issued=issued,
    )  # fmt: skip


def _services(first_customer: int) -> Held:
    found = [row for row in services_from(first_customer) if row.plan in PLAN_OF]
    full = np.array([row.price_after_minor or row.price_minor or 0 for row in found])
    good = np.array([PLAN_OF[row.plan] for row in found])
    # the record names the promotion's last day, here it is the first day after
    promoted = np.array([day_number(row.promotion_ends_on) + 1 if row.promotion_ends_on else NONE for row in found])
    return Held(
        who=np.array([row.customer_id for row in found]) - first_customer,
        id=np.array([row.id for row in found]),
        good=good,
        price=full,
        promotion=full,
        promoted=promoted,
        since=np.array([day_number(row.since) for row in found]),
        until=np.array([day_number(row.until) for row in found]),
        serial=[""] * len(found),
    )


def _devices(first_customer: int) -> Held:
    found = devices_from(first_customer, kinds=_KINDS)
    ours = np.array([row.is_ours for row in found])
    nothing = np.zeros(len(found), dtype=np.int64)
    return Held(
        who=np.array([row.customer_id for row in found]) - first_customer,
        id=np.array([row.id for row in found]),
        good=np.where(ours, np.array([_KINDS.index(row.kind) for row in found]), NONE),
        price=nothing,
        promotion=nothing,
        promoted=nothing,
        since=np.array([day_number(row.since) for row in found]),
        until=np.array([day_number(row.until) for row in found]),
        serial=[row.serial for row in found],
    )


_KINDS: Final = ("modem", "ont", "box", "router")
MODEM, TERMINAL, BOX, ROUTER = range(4)


def has_own_router(holding: Holding) -> Flags:
    """Which customers bring their own."""
    found = np.zeros(len(holding.accounts), dtype=bool)
    found[holding.devices.who[holding.devices.good == NONE]] = True
    return found
