"""Makes the demo's bills, from what the record holds and what its customers complained of."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from django.db import connection

from tellonce.demo.billed import goods
from tellonce.demo.billed.carrying import carry_over
from tellonce.demo.billed.holding import day_number, read_holding
from tellonce.demo.billed.keeping import Kept, keep_bills
from tellonce.demo.billed.paying import Disputed, keep_payments, paid
from tellonce.demo.billed.running import running_lines
from tellonce.demo.billed.spread import spread_errors
from tellonce.demo.billed.wrong import Wrong, wrong_charges, wrong_lines
from tellonce.demo.bills.frame import FOREVER, joined
from tellonce.demo.history import History

_JUST_FILLED: Final = (
    "billing_bill", "billing_charge", "billing_payment", "record_account", "record_area", "record_customer",
    "record_device", "record_occupancy", "record_premise", "record_service",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Billed:
    """The bills that are kept, and the complaints about them."""

    kept: Kept
    wrong: Wrong
    history: History


def load_bills(history: History, *, now: datetime) -> Billed:
    """Bills of two years and what was paid of them, in the database; the customers must be there already."""
    span = history.world.span
    customers = history.ids.customers
    held = read_holding(
        first_customer=customers[0], customers=len(customers), today=now.date(), since=span.first.date()
    )
    running = running_lines(held, rose_on=held.today - goods.ROSE_DAYS_AGO)
    wrong = wrong_charges(history, held)
    more, wrong = wrong_lines(held, wrong, running)
    world = history.world
    town = world.places.node_town[world.customers.node]
    lines = spread_errors(held, joined([running, more]), town, world.places.town_names)
    kept = keep_bills(held, lines, at=now)
    _pay(kept, wrong, first_day=day_number(span.first.date()))
    _measure()
    carry_over()
    return Billed(kept, wrong, history)


def _measure() -> None:
    """Tells the planner how big the tables are that were empty a moment ago."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(_JUST_FILLED)}")


def _pay(kept: Kept, wrong: Wrong, *, first_day: int) -> None:
    held = kept.holding
    made = paid(kept.payable, _disputed(kept, wrong, first_day=first_day))
    keep_payments(
        kept.payable, made, names=kept.names, ids=held.ids, first_customer=held.first_customer, after=0,
        until=held.today,
    )  # fmt: skip


def _disputed(kept: Kept, wrong: Wrong, *, first_day: int) -> Disputed:
    """The lines that were disputed, but for those that came back; times are days of the history."""
    lines, months = kept.lines, kept.holding.accounts.months
    marked = np.flatnonzero((lines.fault > 0) & (lines.fault <= len(wrong)))
    number = lines.fault[marked] - 1
    keeps = lines.month[marked] != wrong.again[number]
    marked, number = marked[keeps], number[keeps]
    keys = np.unique(lines.account * months + lines.month)  # the bills, in the order in which they are kept
    decided = first_day + np.floor(np.nan_to_num(wrong.decided[number])).astype(np.int64)
    return Disputed(
        bill=np.searchsorted(keys, lines.account[marked] * months + lines.month[marked]),
        asked=lines.amount[marked] + kept.tax[marked],
        raised=first_day + np.floor(wrong.raised[number]).astype(np.int64),
        settled=np.where(np.isnan(wrong.decided[number]), FOREVER, decided),
    )
