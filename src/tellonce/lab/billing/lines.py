"""The lines of the bills that are checked, each with what its bill says."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from tellonce.lab.billing.tables import FOREVER, MONTH, Record

LOOKS_BACK_DAYS = 70
"""How long before the run a bill may be issued on which something was charged that the run's bill must give back."""

Keep = Callable[[ir.Table], ir.Table]
"""Takes a table that several checks use, and gives the same table, perhaps reckoned out and kept."""


def as_it_is(table: ir.Table) -> ir.Table:
    """Keeps nothing: every check reckons the table anew."""
    return table


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the checks: the record, all bills, and the bills and lines that are checked.

    `bills` and `lines` are of the run; `all_bills` of all time. Lines carry `issued`, `bill_since` and `bill_until`
    of their bill, and their own days as `since` and `until` (both null where the files do not say).
    """

    record: Record
    all_bills: ir.Table
    bills: ir.Table
    lines: ir.Table
    since: int | None
    keep: Keep

    def of_accounts(self, some: ir.Table) -> "Run":
        """The same run over those (few) accounts alone that are in a table: all of their bills are read once."""

        def of(table: ir.Table) -> ir.Table:
            return self.keep(table.semi_join(some, table.account == some.account))

        record = replace(self.record, charges=of(self.record.charges))
        return replace(self, record=record, all_bills=of(self.all_bills), bills=of(self.bills), lines=of(self.lines))

    def lines_among(self, charges: ir.Table) -> ir.Table:
        """These rows of the charges as lines with what their bills say."""
        return lines_on(charges, self.all_bills)


def run_of(record: Record, *, since: int | None = None, keep: Keep = as_it_is) -> Run:
    """The run over the bills issued on that day (days since 1970-01-01) or later; without a day over all of them."""
    found = record.bills
    all_bills = found.select(
        account=found.account,
        bill=found.bill,
        issued=found.issued_on,
        bill_since=found.period_from,
        bill_until=found.period_until,
        bill_currency=found.currency,
        total=found.total_minor,
        carried=found.carried_minor,
    )
    if since is None:
        return Run(record, all_bills, all_bills, lines_on(record.charges, all_bills), since, keep)
    bills = keep(all_bills.filter(all_bills.issued >= since))
    lines = keep(lines_on(in_months(record.charges, since=since), bills))
    return Run(record, all_bills, bills, lines, since, keep)


def in_months(charges: ir.Table, *, since: int | None = None, until: int | None = None) -> ir.Table:
    """At least the charges of bills issued within these days, `until` not included.

    Where the files are laid out by month those of other months are not opened; where they are not, it is all charges.
    """
    if MONTH not in charges.columns:
        return charges
    if since is not None:
        charges = charges.filter(charges[MONTH] >= _month(since))
    if until is not None:
        charges = charges.filter(charges[MONTH] <= _month(until - 1))
    return charges


def _month(day: int) -> str:
    return f"{date(1970, 1, 1) + timedelta(days=day):%Y-%m}"


def lines_on(charges: ir.Table, bills: ir.Table) -> ir.Table:
    """The charges that stand on these bills, of the account that the bill is of."""
    on = bills.select("issued", "bill_since", "bill_until", bill_account=bills.account, bill_id=bills.bill)
    joined = charges.inner_join(on, [charges.bill == on.bill_id, charges.account == on.bill_account])
    return joined.select(
        "account", "bill", "line", "kind", "code", "product", "service", "device",
        since=joined.period_from,
        until=joined.period_until.fill_null(joined.period_from + 1),
        amount=joined.amount_minor,
        tax=joined.tax_minor,
        currency=joined.currency,
        issued=joined.issued,
        bill_since=joined.bill_since,
        bill_until=joined.bill_until,
    )  # fmt: skip


def rates(record: Record) -> ir.Table:
    """What each service and device costs a month and when: a row for each term, ended by the account's end.

    Columns: `what` (service, device), `subject` (its id), `account`, `code` (may be null), `price` (may be null),
    `starts`, `ends`.
    """
    services, devices = record.services, record.devices.filter(record.devices.is_ours)
    terms = services.select(
        what=ibis.literal("service"), subject=services.service, account=services.account, code=services.code,
        price=services.price_minor, starts=services.valid_from, ends=services.valid_until,
    )  # fmt: skip
    rents = devices.select(
        what=ibis.literal("device"), subject=devices.device, account=devices.account, code=devices.code,
        price=devices.rent_minor, starts=devices.since, ends=devices.until,
    )  # fmt: skip
    return _ended_with_account(terms.union(rents), record)


def _ended_with_account(terms: ir.Table, record: Record) -> ir.Table:
    accounts = record.accounts.filter(record.accounts.closed_on.notnull())
    closed = accounts.select(of_account=accounts.account, closed=accounts.closed_on)
    joined = terms.left_join(closed, terms.account == closed.of_account)
    ends = ibis.least(joined.ends.fill_null(FOREVER), joined.closed.fill_null(FOREVER))
    return joined.select("what", "subject", "account", "code", "price", "starts", ends=ends)
