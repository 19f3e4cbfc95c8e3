"""The columns of each table, as docs/guide/bill-files.md describes them."""

import numpy as np

from tellonce.demo.bills import book as goods
from tellonce.demo.bills.accounts import FIRST_CUSTOMER
from tellonce.demo.bills.book import AREAS, CODES, CURRENCIES, NAMES, UNITS, Book
from tellonce.demo.bills.devices import EVENTS, device_ids
from tellonce.demo.bills.faults.kinds import TRUTHS
from tellonce.demo.bills.files import Days, Files, Numbers, Words
from tellonce.demo.bills.frame import NONE, Calendar, Ints, taken
from tellonce.demo.bills.lines import KINDS
from tellonce.demo.bills.once import FIRST_CREDIT_ID
from tellonce.demo.bills.services import SLOTS, service_ids
from tellonce.demo.bills.settling import Settled, lacks_of
from tellonce.demo.bills.world import Part

AREA_NAMES = tuple(f"area-{number + 1:02d}" for number in range(AREAS))


def write_book(files: Files, book: Book, calendar: Calendar) -> None:
    """What holds for all: prices and taxes."""
    prices, taxes = goods.price_rows(book, calendar), goods.tax_rows(book, calendar)
    files.add(
        "prices",
        {
            "code": Words(CODES, prices.code), "area": Words(AREA_NAMES, prices.area), "amount_minor": prices.amount,
            "unit": Words(UNITS, prices.unit), "valid_from": Days(prices.since), "valid_until": Days(prices.until),
        },
    )  # fmt: skip
    files.add(
        "taxes",
        {
            "area": Words(AREA_NAMES, taxes.area), "code": Words(CODES, taxes.code), "rate_ppm": taxes.rate,
            "valid_from": Days(taxes.since), "valid_until": Days(taxes.until),
        },
    )  # fmt: skip


def write_bills(files: Files, part: Part, settled: Settled) -> int:
    """Bills, lines and payments; says how many lines."""
    accounts = part.accounts
    account, month = np.nonzero(accounts.exists)
    files.add_by_month(
        "bills",
        {
            "account": accounts.ids(account), "bill": accounts.bills(account, month),
            "issued_on": Days(accounts.issued[account, month]),
            "period_from": Days(accounts.edges[account, month]),
            "period_until": Days(accounts.edges[account, month + 1]),
            "currency": Words(CURRENCIES, accounts.currency[account]),
            "total_minor": settled.total[account, month], "carried_minor": settled.carried[account, month],
        },
        accounts.issued[account, month],
    )  # fmt: skip
    paid = settled.payments
    files.add(
        "payments",
        {
            "account": accounts.ids(paid.account), "on": Days(paid.on), "amount_minor": paid.amount,
            "currency": Words(CURRENCIES, accounts.currency[paid.account]),
        },
    )  # fmt: skip
    lines = settled.lines
    return files.add_by_month(
        "charges",
        {
            "account": accounts.ids(lines.account), "bill": accounts.bills(lines.account, lines.month),
            "line": settled.number, "kind": Words(KINDS, lines.kind), "code": Words(CODES, lines.code),
            "product": _product(lines.code), "service": Numbers(service_ids(accounts, part.services, lines.service)),
            "device": Numbers(_devices(part, lines.device)), "period_from": Days(lines.since),
            "period_until": Days(lines.until), "amount_minor": lines.amount, "tax_minor": settled.tax,
            "currency": Words(CURRENCIES, lines.currency),
        },
        accounts.issued[lines.account, lines.month],
    )  # fmt: skip


def write_record(files: Files, part: Part) -> None:
    """What the record knows of the accounts, their services and devices."""
    accounts, services, terms = part.accounts, part.services, part.terms
    who = np.arange(len(accounts))
    files.add(
        "accounts",
        {
            "account": accounts.ids(who), "customer": FIRST_CUSTOMER + accounts.first + who,
            "area": Words(AREA_NAMES, accounts.area), "opened_on": Days(accounts.opened),
            "closed_on": Days(accounts.closed), "currency": Words(CURRENCIES, accounts.currency),
            "cycle_day": accounts.cycle, "is_tax_exempt": accounts.exempt,
        },
    )  # fmt: skip
    terms = taken(terms, np.lexsort((terms.since, terms.service)))
    owner = services.account[terms.service]
    premise = (accounts.first + owner) * SLOTS + terms.premise + 900_000_000
    files.add(
        "services",
        {
            "service": service_ids(accounts, services, terms.service), "account": accounts.ids(owner),
            "premise": Numbers(premise, services.slot[terms.service] > 2), "product": Words(NAMES, terms.product),
            "code": Words(CODES, terms.product), "price_minor": Numbers(terms.price, ~terms.price_known),
            "valid_from": Days(terms.since), "valid_until": Days(terms.until),
        },
    )  # fmt: skip
    _write_spans(files, part)
    _write_devices(files, part)
    _write_traffic(files, part)


def _write_spans(files: Files, part: Part) -> None:
    accounts, services, waivers = part.accounts, part.services, part.once.fee_waivers
    files.add(
        "promotions",
        {
            "service": service_ids(accounts, services, part.promotions.service),
            "code": Words(CODES, part.promotions.code), "discount_minor": part.promotions.amount,
            "valid_from": Days(part.promotions.since), "valid_until": Days(part.promotions.until),
        },
    )  # fmt: skip
    files.add(
        "pauses",
        {
            "service": service_ids(accounts, services, part.pauses.service),
            "valid_from": Days(part.pauses.since), "valid_until": Days(part.pauses.until),
        },
    )  # fmt: skip
    whose = np.concatenate([services.account[part.waivers.service], waivers.service])
    files.add(
        "waivers",
        {
            "account": accounts.ids(whose), "code": Words(CODES, np.concatenate([part.waivers.code, waivers.code])),
            "valid_from": Days(np.concatenate([part.waivers.since, waivers.since])),
            "valid_until": Days(np.concatenate([part.waivers.until, waivers.until])),
        },
    )  # fmt: skip


def _write_devices(files: Files, part: Part) -> None:
    devices, accounts = part.devices, part.accounts
    ids = device_ids(accounts, devices)
    files.add(
        "devices",
        {
            "device": ids, "account": accounts.ids(devices.account),
            "service": Numbers(service_ids(accounts, part.services, devices.service)),
            "code": Words(CODES, devices.code), "rent_minor": Numbers(devices.rent), "is_ours": devices.ours,
            "since": Days(devices.since), "until": Days(devices.until),
        },
    )  # fmt: skip
    events = part.events
    files.add(
        "device_events",
        {"device": ids[events.device], "kind": Words(EVENTS, events.kind), "on": Days(events.on)},
    )


def _write_traffic(files: Files, part: Part) -> None:
    traffic = part.traffic
    which, month = np.nonzero(traffic.known)
    files.add(
        "traffic",
        {
            "service": service_ids(part.accounts, part.services, traffic.service[which]),
            "month": Days(part.accounts.calendar.firsts[month]), "units": traffic.units[which, month],
        },
    )  # fmt: skip


def write_agreed(files: Files, part: Part) -> None:
    """Orders, credits and what came off for good."""
    accounts, services, once = part.accounts, part.services, part.once
    orders, given, upheld = once.orders, once.credits, once.upheld
    files.add(
        "orders",
        {
            "account": accounts.ids(orders.account), "code": Words(CODES, orders.code),
            "service": Numbers(service_ids(accounts, services, orders.service)), "on": Days(orders.agreed),
        },
    )  # fmt: skip
    files.add(
        "credits",
        {
            "credit": FIRST_CREDIT_ID + (accounts.first + given.account) * 4,
            "account": accounts.ids(given.account), "code": Words(CODES, given.code),
            "amount_minor": given.amount, "agreed_on": Days(given.agreed),
        },
    )  # fmt: skip
    nothing = np.full(len(upheld), NONE)
    files.add(
        "upheld",
        {
            "account": accounts.ids(upheld.account), "code": Words(CODES, upheld.code),
            "product": _product(upheld.code),
            "service": Numbers(service_ids(accounts, services, upheld.service)), "device": Numbers(nothing),
            "decided_on": Days(upheld.on),
        },
    )  # fmt: skip


def write_truth(files: Files, part: Part, settled: Settled) -> int:
    """What is wrong, apart from the bills; says how many."""
    accounts, lines = part.accounts, settled.lines
    wrong = np.flatnonzero(lines.fault)
    lacks = lacks_of(part)
    account = np.concatenate([lines.account[wrong], lacks.account])
    month = np.concatenate([lines.month[wrong], lacks.month])
    number = np.concatenate([settled.number[wrong], np.full(len(lacks.account), NONE)])
    return files.add(
        "truth",
        {
            "account": accounts.ids(account), "bill": accounts.bills(account, month), "line": Numbers(number),
            "kind": Words(TRUTHS, np.concatenate([lines.fault[wrong], lacks.kind]) - 1),
            "amount_minor": np.concatenate([lines.gain[wrong], lacks.gain]),
        },
    )  # fmt: skip


def _product(code: Ints) -> Words:
    return Words(NAMES, np.where(code < goods.FIRST_PROMOTION, code, NONE))


def _devices(part: Part, places: Ints) -> Ints:
    ids = np.append(device_ids(part.accounts, part.devices), NONE)
    found: Ints = ids[places]
    return found
