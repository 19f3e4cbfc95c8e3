"""Bills and their lines go into the database by COPY, as an import would write them, and are known by their places."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import md5
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tellonce.demo.billed import goods
from tellonce.demo.billed.copying import NULL, blocks, days, text, word
from tellonce.demo.billed.holding import Holding, day_of
from tellonce.demo.billed.paying import DUE_DAYS, Payable
from tellonce.demo.billed.wrong import taxed
from tellonce.demo.bills.frame import FOREVER, Ints, taken
from tellonce.demo.bills.lines import BY_RULE, KINDS, Lines
from tellonce.demo.households import SOURCE
from tellonce.modules.billing.contracts.identity import MARK
from tellonce.modules.billing.models import Bill, Charge
from tellonce.modules.record.copying import copy_blocks, table_of


@dataclass(frozen=True, slots=True)
class Kept:
    """Lines in the order of their bills, with the ids of the marked ones; bills by account and month.

    `payable` are the bills themselves, and `names` what they are called.
    """

    lines: Lines
    tax: Ints
    number: Ints
    charge_ids: dict[int, str]
    holding: Holding
    payable: Payable
    names: Sequence[str]

    def bill_number(self, who: int, month: int) -> str:
        """What a bill is called."""
        return _number(self.holding, who, month)

    def bill_id(self, who: int, month: int) -> str:
        """Its id."""
        return _uuid(f"{SOURCE}{MARK}{self.bill_number(who, month)}")


def keep_bills(held: Holding, lines: Lines, *, at: datetime, is_checked: bool = True) -> Kept:
    """Writes bills and lines; the bills count as checked, or are still to be."""
    service = np.where(lines.service >= 0, lines.service, FOREVER)  # what is of no service comes last
    order = (lines.since, lines.device, lines.code, service, lines.month, lines.account)
    lines = taken(lines, np.lexsort(order))
    tax = np.where(lines.tax == BY_RULE, taxed(lines.code, lines.amount), lines.tax)
    months = held.accounts.months
    key = lines.account * months + lines.month
    bills, first, counts = np.unique(key, return_index=True, return_counts=True)
    number = np.arange(len(lines)) - np.repeat(first, counts) + 1
    who, month = bills // months, bills % months
    names = [_number(held, *place) for place in zip(who.tolist(), month.tolist(), strict=True)]
    ids = [_uuid(f"{SOURCE}{MARK}{name}") for name in names]
    totals = np.add.reduceat(lines.amount + tax, first)
    _copy_bills(held, who, month, names=names, ids=ids, totals=totals, counts=counts, at=at, is_checked=is_checked)
    which = np.repeat(np.arange(len(bills)), counts)
    charge_ids = [
        _uuid(f"{SOURCE}{MARK}{names[bill]}{MARK}{line}")
        for bill, line in zip(which.tolist(), number.tolist(), strict=True)
    ]
    _copy_lines(held, lines, tax, number=number, ids=charge_ids, bill_ids=pa.array(ids).take(pa.array(which)))
    marked = {place: charge_ids[place] for place in np.flatnonzero(lines.fault).tolist()}
    accounts = held.accounts
    payable = Payable(who, accounts.calendar.firsts[month], accounts.issued[who, month], totals, np.arange(len(bills)))
    return Kept(lines, tax, number, marked, held, payable, names)


def _uuid(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()


def _number(held: Holding, who: int, month: int) -> str:
    day = day_of(int(held.accounts.calendar.firsts[month]))
    return f"{held.numbers[who]}-{day:%y%m}"


def _copy_bills(
    held: Holding, who: Ints, month: Ints, *, names: Sequence[str], ids: Sequence[str], totals: Ints, counts: Ints,
    at: datetime, is_checked: bool,
) -> None:  # fmt: skip
    accounts = held.accounts
    issued = accounts.issued[who, month]
    came = text(at.isoformat(), len(who))
    columns = {
        "customer_id": pa.array(held.first_customer + who), "id": pa.array(ids), "account_id": pa.array(held.ids[who]),
        "source": text(SOURCE, len(who)), "number": pa.array(names), "state": text("issued", len(who)),
        "issued_on": days(issued), "due_on": days(issued + DUE_DAYS),
        "period_from": days(accounts.edges[who, month]), "period_until": days(accounts.edges[who, month + 1]),
        "currency": text("USD", len(who)), "total_minor": pa.array(totals),
        "carried_minor": pa.array(np.zeros(len(who), dtype=np.int64)), "lines": pa.array(counts),
        "received_at": came, "checked_at": came if is_checked else text(NULL, len(who)),
    }  # fmt: skip
    copy_blocks(table_of(Bill), tuple(columns), blocks(pa.table(columns)))


def _copy_lines(held: Holding, lines: Lines, tax: Ints, *, number: Ints, ids: Sequence[str], bill_ids: Any) -> None:
    accounts, many = held.accounts, len(lines)
    service_ids, serials = np.append(held.services.id, 0), [*held.devices.serial, ""]
    named = pc.if_else(
        pa.array(lines.service >= 0), pc.cast(pa.array(service_ids[lines.service]), pa.string()), pa.scalar(NULL)
    )
    until = pc.if_else(pa.array(lines.until >= 0), pc.cast(days(np.maximum(lines.until, 0)), pa.string()), NULL)
    columns = {
        "customer_id": pa.array(held.first_customer + lines.account), "id": pa.array(ids), "bill_id": bill_ids,
        "account_id": pa.array(held.ids[lines.account]), "line": pa.array(number),
        "kind": word(KINDS, lines.kind), "code": word([each.code for each in goods.GOODS], lines.code),
        "words": word([each.words for each in goods.GOODS], lines.code),
        "product": word([each.product for each in goods.GOODS], lines.code), "service_id": named,
        "service_ref": text("", many), "device_serial": word(serials, lines.device),
        "period_from": days(lines.since), "period_until": until, "amount_minor": pa.array(lines.amount),
        "tax_minor": pa.array(tax), "currency": text("USD", many),
        "issued_on": days(accounts.issued[lines.account, lines.month]),
    }  # fmt: skip
    copy_blocks(table_of(Charge), tuple(columns), blocks(pa.table(columns)))
