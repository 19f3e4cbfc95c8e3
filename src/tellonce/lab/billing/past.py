"""The recurring charges that a run must know of: its own, and the earlier ones that bear on them, read once and kept.

All earlier ones would be too many; hardly any shares days with a line of the run.
"""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from tellonce.lab.billing.lines import LOOKS_BACK_DAYS, Run, in_months, lines_on
from tellonce.lab.billing.tables import FOREVER

_MONTH_DAYS = 31
"""How long a period mostly is: so far before the days that are looked back on their lines may begin."""

KEY = ("account", "code", "of_service", "of_device")
"""What two lines have in common that charge for the same; a missing service or device is -1."""


@dataclass(frozen=True, slots=True)
class Past:
    """What a run must know of recurring charges: both have the columns of lines and the key.

    `lines` has every one with days and money that may share days with one of the run of the same account, or with one
    of `ended`. `ended` are earlier lines that stand for days after an end which was not known when they were billed,
    where the run has the first bill that could give them back; None where the run has all bills.
    """

    lines: ir.Table
    ended: ir.Table | None


def keyed(lines: ir.Table) -> ir.Table:
    """The lines with `of_service` and `of_device`: the ids of both, -1 where there is none."""
    return lines.mutate(of_service=lines.service.fill_null(-1), of_device=lines.device.fill_null(-1))


def recurring(lines: ir.Table) -> ir.Table:
    """The recurring lines whose days and amount are known."""
    chosen = (lines.kind == "recurring") & lines.since.notnull() & lines.amount.notnull()
    return keyed(lines.filter(chosen & (lines.until > lines.since)))


def past_of(run: Run, *, rates: ir.Table, blocks: ir.Table) -> Past:
    """The past of a run, its earlier lines kept."""
    own = recurring(run.lines)
    if run.since is None:
        return Past(own, None)
    ends = run.keep(_ends(run, rates=rates, blocks=blocks))
    horizon = run.since - LOOKS_BACK_DAYS - _MONTH_DAYS
    dated = _dated(run)
    reaches = _reaches(own, _accounts_of(run, ends, rates), horizon)
    recent = _earlier(run, _reached(_ending_after(dated, horizon), reaches))
    ended = run.keep(_ended_afterwards(run, recent, ends))
    # Hardly any line goes back further; the accounts of those that do are read in full.
    far = [lines.filter(lines.since < horizon).select(f_account="account") for lines in (own, ended)]
    accounts = run.keep(ibis.union(*far, distinct=True))
    older = dated.filter(charge_until(dated) <= horizon).semi_join(accounts, dated.account == accounts.f_account)
    return Past(ibis.union(own, recent, _earlier(run, older)), ended)


def _dated(run: Run) -> ir.Table:
    """The recurring charges of bills before the run, with a day and money."""
    charges = in_months(run.record.charges, until=run.since)
    return charges.filter((charges.kind == "recurring") & charges.period_from.notnull() & (charges.amount_minor != 0))


def _ending_after(charges: ir.Table, day: int) -> ir.Table:
    """The charges that stand for that day or a later one.

    Asked of one column first: engines ask it while they read the files, and of months long past read no other column.
    """
    may = charges.filter(charges.period_until.fill_null(FOREVER) > day)
    return may.filter(charge_until(may) > day)


def _earlier(run: Run, charges: ir.Table) -> ir.Table:
    """Those of these (few) charges that stand on bills before the run, as lines, kept."""
    before = run.all_bills.filter(run.all_bills.issued < run.since)
    # Kept by themselves first: of no charges no bill is read.
    return run.keep(recurring(lines_on(run.keep(charges), before)))


def _reached(charges: ir.Table, reaches: ir.Table) -> ir.Table:
    """The charges of other bills that end after the day from which on their account's are looked at."""
    joined = charges.inner_join(reaches, charges.account == reaches.of_account)
    # Most that end so late are the run's own: told by their bill's number they need not be laid beside all bills.
    is_other = (joined.bill != joined.own_bill).fill_null(True)
    return joined.filter(is_other & (charge_until(joined) > joined.reach)).select(*charges.columns)


def charge_until(charges: ir.Table) -> ir.IntegerValue:
    """The day after a charge's last one; without an end it stands for one day."""
    return charges.period_until.fill_null(charges.period_from + 1)


def _reaches(own: ir.Table, ended: ir.Table, horizon: int) -> ir.Table:
    """By account the first day that a line of the run stands for, the horizon where something ended; and its bill."""
    days = own.select(of_account="account", reach="since", own_bill="bill").union(
        ended.select("of_account", reach=ibis.literal(horizon, "int64"), own_bill=ibis.null("int64"))
    )
    return days.group_by("of_account").agg(reach=days.reach.min(), own_bill=days.own_bill.min())


def _accounts_of(run: Run, ends: ir.Table, rates: ir.Table) -> ir.Table:
    """The accounts of what ended after they were billed last: what an earlier bill could give back is not asked."""
    bills = _recent_bills(run)
    billed = bills.group_by(b_account=bills.account).agg(last=bills.issued.max())
    owned = ends.inner_join(rates, [ends.what == rates.what, ends.subject == rates.subject])
    late = owned.inner_join(billed, [owned.account == billed.b_account, owned.day > billed.last])
    return late.select(of_account="account").distinct()


def _recent_bills(run: Run) -> ir.Table:
    """The bills before the run on which something may stand that the run must give back."""
    assert run.since is not None
    bills, since = run.all_bills, run.since
    return bills.filter((bills.issued < since) & (bills.issued >= since - LOOKS_BACK_DAYS))


def _ends(run: Run, *, rates: ir.Table, blocks: ir.Table) -> ir.Table:
    """What came to an end lately, or is known to: `what`, `subject`, `day`. None where another term follows."""
    assert run.since is not None
    first = run.since - LOOKS_BACK_DAYS
    late = rates.filter((rates.ends >= first) & (rates.ends < FOREVER)).select(l_what="what", l_subject="subject")
    terms = rates.semi_join(late, [rates.what == late.l_what, rates.subject == late.l_subject])
    # A term that another one of the same code follows has no end that anything is given back for.
    last = terms.group_by("what", "subject", "code").agg(day=terms.ends.max())
    returned = blocks.filter(blocks.cause == "returned_device")
    ended = last.select("what", "subject", "day").union(returned.select("what", "subject", day=returned.known))
    return ended.filter((ended.day >= first) & (ended.day < FOREVER))


def _ended_afterwards(run: Run, earlier: ir.Table, ends: ir.Table) -> ir.Table:
    """Earlier lines that stand for days after an end which was not known when they were billed."""
    assert run.since is not None
    recent = earlier.filter(earlier.issued >= run.since - LOOKS_BACK_DAYS)
    chosen = []
    for what in ("service", "device"):
        of = ends.filter(ends.what == what)
        on = recent.semi_join(of, [recent[what] == of.subject, recent.since <= of.day, recent.until > of.day])
        chosen.append(on)
    return ibis.union(*chosen, distinct=True)
