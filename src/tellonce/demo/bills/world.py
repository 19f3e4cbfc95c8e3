"""One part of the world: some thousand accounts with all that the record knows, and the bills that follow from it."""

from dataclasses import dataclass, field

import numpy as np

from tellonce.demo.bills import devices as things
from tellonce.demo.bills import once, services, use
from tellonce.demo.bills.accounts import Accounts, draw_accounts
from tellonce.demo.bills.book import Book
from tellonce.demo.bills.devices import Devices, Events
from tellonce.demo.bills.frame import Calendar, Chance, Flags, Ints, joined
from tellonce.demo.bills.lines import Lines, Segments, discounts_of, laid_out, rents_of, segments_of
from tellonce.demo.bills.once import Once
from tellonce.demo.bills.services import Services, Spans, Terms
from tellonce.demo.bills.use import Traffic


@dataclass(frozen=True, slots=True)
class Lacks:
    """What a bill should have and has not, or a total that is off: the kind, and the money."""

    account: Ints
    month: Ints
    kind: Ints
    gain: Ints


@dataclass(slots=True)
class Part:
    """A part of the world. `lines` are those of the honest bills until faults change, drop (`gone`) or add (`more`)."""

    accounts: Accounts
    book: Book
    services: Services
    terms: Terms
    pauses: Spans
    waivers: Spans
    promotions: Spans
    devices: Devices
    events: Events
    once: Once
    traffic: Traffic
    segments: Segments
    lines: Lines
    gone: Flags
    more: list[Lines] = field(default_factory=list)
    lacks: list[Lacks] = field(default_factory=list)


def draw_part(chance: Chance, calendar: Calendar, book: Book, *, first: int, count: int) -> Part:
    """The honest world of so many accounts; what is odd in it is right all the same."""
    accounts = draw_accounts(chance, calendar, first=first, count=count)
    served = services.draw_services(chance, accounts)
    served, _ = services.came_off(chance, accounts, served)
    served, pauses = services.draw_pauses(chance, accounts, served)
    served, waivers = services.draw_waivers(chance, accounts, served)
    served, promotions = services.draw_promotions(chance, accounts, served)
    terms = services.draw_terms(chance, accounts, served, book)
    devices = things.draw_devices(chance, accounts, served, book)
    events = things.draw_events(chance, accounts, devices)
    sold = once.draw_once(chance, accounts, served, book)
    traffic = use.draw_traffic(chance, accounts, served, pauses)
    runs = [
        segments_of(served, terms, pauses=pauses, waivers=waivers), rents_of(devices),
        discounts_of(served, promotions),
    ]  # fmt: skip
    segments = joined(runs)
    lines = [
        laid_out(accounts, segments), use.charged_by_use(accounts, served, traffic, book),
        once.charged_once(accounts, sold.orders, book), once.given_once(accounts, sold.credits),
        once.regional_fees(accounts, book),
    ]  # fmt: skip
    lines_of_all = joined(lines)
    return Part(
        accounts=accounts, book=book, services=served, terms=terms, pauses=pauses, waivers=waivers,
        promotions=promotions, devices=devices, events=events, once=sold, traffic=traffic,
        segments=segments, lines=lines_of_all, gone=np.zeros(len(lines_of_all), dtype=bool),
    )  # fmt: skip
