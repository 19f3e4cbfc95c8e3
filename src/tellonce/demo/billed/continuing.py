"""The bills that an older demo would have had since: made, checked as any that come in, and paid when they were due."""

from datetime import date, datetime, timedelta
from typing import Final

import numpy as np

from tellonce.demo.billed import goods
from tellonce.demo.billed.carrying import carry_over
from tellonce.demo.billed.disputing import Disputing
from tellonce.demo.billed.holding import Holding, day_number, read_holding
from tellonce.demo.billed.keeping import keep_bills
from tellonce.demo.billed.loading import Billed
from tellonce.demo.billed.paying import Disputed, Payable, keep_payments, paid
from tellonce.demo.billed.running import once_lines, running_lines
from tellonce.demo.billed.storied import areas_of, colleagues_of, complaints_of, note_devices, tell_bills
from tellonce.demo.billed.wrong import Wrong, wrong_charges, wrong_lines
from tellonce.demo.bills.frame import FOREVER, Flags, joined, taken
from tellonce.demo.bills.lines import Lines
from tellonce.demo.history import History
from tellonce.demo.households import SOURCE
from tellonce.demo.people import Employed
from tellonce.kernel.errors import DomainError
from tellonce.modules.billing import actions as billing
from tellonce.modules.billing.contracts import DisputeState
from tellonce.modules.billing.contracts.identity import bill_id
from tellonce.modules.billing.queries import lately
from tellonce.modules.billing.queries.pages_disputes import disputes_listed

_TAKES: Final = timedelta(days=12)  # until a dispute is decided
_MOST: Final = 2_000
_PAID_WITHIN: Final = timedelta(days=200)  # a bill that waits for a decision is paid by then
_REASON: Final = "The charge was our mistake."


def continue_bills(history: History, employed: Employed, *, now: datetime) -> int:
    """Everything about bills that happened since the newest of them; returns how many are new.

    A demo of a version without bills stays without.
    """
    last = lately.newest_bill_on(SOURCE)
    if last is None:
        return 0
    _decide(employed, now=now)
    billed = _bills_since(history, last, now=now)
    kept = billed.kept
    _pay(kept.holding, last, now=now)
    carry_over(after=last)
    if not len(kept.names):
        return 0
    tell_bills(kept, now=now)
    note_devices(kept)
    disputing = Disputing(kept, areas=areas_of(history), now=now)
    colleagues = colleagues_of(employed)
    if complaints := complaints_of(billed.wrong, kept, history, employed, colleagues=colleagues):
        disputing.add(complaints)
    billing.check_bills(at=now)
    billing.answer_what_came_back(at=now)
    return len(kept.names)


def _decide(employed: Employed, *, now: datetime) -> None:
    """Disputes that were open then were decided some days after they were raised."""
    colleagues = colleagues_of(employed)
    for row in disputes_listed(show="open", today=now.date(), limit=_MOST):
        at = row.raised_at + _TAKES
        if at >= now:
            continue
        try:
            billing.decide_dispute(
                dispute_id=row.id, verdict=DisputeState.UPHELD, reason=_REASON, by=colleagues[row.id % len(colleagues)],
                at=at, is_approved=True,
            )  # fmt: skip
        except DomainError:
            continue  # a visitor of the demo did something with it that stands in the way


def _bills_since(history: History, last: date, *, now: datetime) -> Billed:
    customers, span = history.ids.customers, history.world.span
    held = read_holding(
        first_customer=customers[0], customers=len(customers), today=now.date(), since=span.first.date()
    )
    rose_on = lately.price_since(goods.GOODS[min(goods.RISING)].code)
    running = running_lines(held, rose_on=day_number(rose_on) if rose_on else held.today - goods.ROSE_DAYS_AGO)
    newest = day_number(last)
    wrong = _on_new_bills(wrong_charges(history, held), held, newest)
    more, wrong = wrong_lines(held, wrong, running)
    lines = joined([running, more, _credits(held, newest)])
    is_new = held.accounts.issued[lines.account, lines.month] > newest
    return Billed(
        keep_bills(held, taken(lines, is_new & ~_stopped(held, lines)), at=now, is_checked=False), wrong, history
    )


def _stopped(held: Holding, lines: Lines) -> Flags:
    """The billing system does not bill what it was asked to stop; what comes back is drawn with the complaints."""
    code_of = {good.code: number for number, good in enumerate(goods.GOODS)}
    many = len(goods.GOODS)
    watched = [
        (customer_id - held.first_customer) * many + code_of[code]
        for customer_id, _account_id, code in lately.watched_codes()
        if code in code_of
    ]
    fits = np.isin(lines.account * many + lines.code, np.array(watched, dtype=np.int64))
    stopped: Flags = fits & (lines.amount > 0) & (lines.fault == 0)
    return stopped


def _on_new_bills(wrong: Wrong, held: Holding, newest: int) -> Wrong:
    """Complaints about bills that are made now: those that were sent before do not change any more."""
    accounts = held.accounts
    is_new = accounts.exists & (accounts.issued > newest)
    first = np.where(is_new.any(axis=1), is_new.argmax(axis=1), accounts.months)
    wrong.bills[:] = np.minimum(wrong.bills, wrong.month - first[wrong.who] + 1)
    return taken(wrong, wrong.bills > 0)


def _credits(held: Holding, newest: int) -> Lines:
    """What was promised before comes with the first of these bills on which it is due."""
    theirs = [each for each in lately.credits_to_come() if 0 <= each.customer_id - held.first_customer < len(held.ids)]
    due = [each for each in theirs if held.ids[each.customer_id - held.first_customer] == each.account_id]
    who = np.array([each.customer_id - held.first_customer for each in due], dtype=np.int64)
    days = np.array([max(day_number(each.due_from), newest + 1) for each in due], dtype=np.int64)
    amount = np.array([each.amount_minor for each in due], dtype=np.int64)
    month = held.accounts.next_bill(who, days)
    comes = month < held.accounts.months
    who, month, amount = who[comes], month[comes], amount[comes]
    return once_lines(held, who, month, good=np.full(len(who), goods.GIVEN_BACK), amount=-amount, tax=0)


def _pay(held: Holding, last: date, *, now: datetime) -> None:
    """What became due since, of the bills of then and of those of now."""
    rows = lately.bills_since(SOURCE, last - _PAID_WITHIN)
    mine = [
        row
        for row in rows
        if 0 <= row.customer_id - held.first_customer < len(held.ids)
        and held.ids[row.customer_id - held.first_customer] == row.account_id
    ]
    names = [row.number for row in mine]
    months = np.array([f"20{name[-4:-2]}-{name[-2:]}" for name in names], dtype="datetime64[M]")
    bills = Payable(
        who=np.array([row.customer_id - held.first_customer for row in mine], dtype=np.int64),
        month_day=months.astype("datetime64[D]").astype(np.int64),
        issued=np.array([day_number(row.issued_on) for row in mine], dtype=np.int64),
        total=np.array([row.total_minor for row in mine], dtype=np.int64),
        number=np.arange(len(mine)),
    )
    keep_payments(
        bills, paid(bills, _disputed(names, since=now - 2 * _PAID_WITHIN)), names=names, ids=held.ids,
        first_customer=held.first_customer, after=day_number(last), until=held.today,
    )  # fmt: skip


def _disputed(names: list[str], *, since: datetime) -> Disputed:
    place = {bill_id(source=SOURCE, number=name): number for number, name in enumerate(names)}
    rows = [row for row in lately.asked_since(since) if row.bill_id in place]
    return Disputed(
        bill=np.array([place[row.bill_id] for row in rows], dtype=np.int64),
        asked=np.array([row.asked_minor for row in rows], dtype=np.int64),
        raised=np.array([day_number(row.raised_at.date()) for row in rows], dtype=np.int64),
        settled=np.array(
            [day_number(row.decided_at.date()) if row.decided_at else FOREVER for row in rows], dtype=np.int64
        ),
    )
