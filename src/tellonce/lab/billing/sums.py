"""What a bill reckons: the tax of its lines, its total, and what it carries over from before."""

import ibis
import ibis.expr.types as ir

from tellonce.lab.billing.findings import finding
from tellonce.lab.billing.lines import LOOKS_BACK_DAYS, Run
from tellonce.lab.billing.reckoning import rounded, summed, whole
from tellonce.lab.billing.tables import FOREVER, Record

MILLION = 1_000_000
_ALL, _NOWHERE = "*", ""
_BOOKED_DAYS = 5
"""A payment of the last days before a bill may be on it or on the next."""


def wrong_tax(run: Run) -> ir.Table | None:
    """Lines whose tax is neither their rate's on the day of the bill nor on their own first day. None without rates."""
    record = run.record
    if "taxes" not in record.known:
        return None
    accounts = record.accounts.select(a_account="account", a_area="area", a_exempt="is_tax_exempt")
    lines = run.lines.inner_join(accounts, run.lines.account == accounts.a_account)
    lines = lines.filter(
        lines.amount.notnull() & lines.tax.notnull() & lines.a_exempt.notnull() & (lines.kind != "tax")
    )
    lines = lines.mutate(first=lines.since.fill_null(lines.issued))
    rates = run.keep(_rates(lines, record))
    on_bill = rates.select(i_area="r_area", i_code="r_code", i_day="r_day", issue_rate="rate")
    on_day = rates.select(d_area="r_area", d_code="r_code", d_day="r_day", day_rate="rate")
    area = lines.a_area.fill_null(_NOWHERE)
    rated = lines.left_join(
        on_bill, [area == on_bill.i_area, lines.code == on_bill.i_code, lines.issued == on_bill.i_day]
    ).select(*lines.columns, "issue_rate")
    rated = rated.left_join(
        on_day,
        [rated.a_area.fill_null(_NOWHERE) == on_day.d_area, rated.code == on_day.d_code, rated.first == on_day.d_day],
    ).select(*rated.columns, "day_rate")
    issue_rate = ibis.ifelse(rated.a_exempt, 0, rated.issue_rate)
    day_rate = ibis.ifelse(rated.a_exempt, 0, rated.day_rate)
    found = rated.mutate(rate=issue_rate).filter(_is_off(rated, issue_rate) & _is_off(rated, day_rate))
    record_minor = rounded(found.amount * found.rate, ibis.literal(MILLION))
    return finding(
        found,
        kind="wrong_tax",
        amount=found.tax - record_minor,
        fact=ibis.ifelse(found.a_exempt, "tax_exempt", "tax_rate"),
        charged_minor=found.tax,
        record_minor=record_minor,
        fact_id=found.rate,
    )


def _is_off(lines: ir.Table, rate: ir.Value) -> ir.BooleanValue:
    return (2 * (lines.tax * MILLION - lines.amount * rate)).abs() > MILLION


def _rates(lines: ir.Table, record: Record) -> ir.Table:
    """The rate for each area, code and day that occurs: the code's own before the others', the area's before all's.

    A row of the code for everywhere goes before one of the area for every code. Where the account's area is unknown and
    would decide, there is none.
    """
    asked = [
        lines.select(r_area=lines.a_area.fill_null(_NOWHERE), r_code=lines.code, r_day=day)
        for day in (lines.issued, lines.first)
    ]
    wanted = ibis.union(*asked, distinct=True)
    anywhere = wanted.mutate(ask_area=ibis.literal(_ALL), ask_code=wanted.r_code, place=ibis.literal(1))
    probes = [
        wanted.mutate(ask_area=wanted.r_area, ask_code=wanted.r_code, place=ibis.literal(0)),
        anywhere,
        wanted.mutate(ask_area=wanted.r_area, ask_code=ibis.literal(_ALL), place=ibis.literal(2)),
        anywhere.mutate(ask_code=ibis.literal(_ALL), place=ibis.literal(3)),
    ]
    asked_for = ibis.union(*probes)
    taxes = record.taxes.select(
        x_area=ibis._.area.fill_null(_ALL),
        x_code=ibis._.code.fill_null(_ALL),
        x_rate="rate_ppm",
        x_since="valid_from",
        x_until=ibis._.valid_until.fill_null(FOREVER),
    )
    found = asked_for.inner_join(
        taxes,
        [
            asked_for.ask_area == taxes.x_area,
            asked_for.ask_code == taxes.x_code,
            asked_for.r_day >= taxes.x_since,
            asked_for.r_day < taxes.x_until,
        ],
    )
    rates = found.group_by("r_area", "r_code", "r_day").agg(rate=found.x_rate.argmin(found.place))
    return _without_open(rates, taxes)


def _without_open(rates: ir.Table, taxes: ir.Table) -> ir.Table:
    """Leaves out codes of accounts without a known area that are taxed by area somewhere."""
    local = taxes.filter(taxes.x_area != _ALL).select(l_area=ibis.literal(_NOWHERE), l_code="x_code").distinct()
    other = local.filter(local.l_code == _ALL)
    left = rates.anti_join(local, [rates.r_area == local.l_area, rates.r_code == local.l_code])
    return left.anti_join(other, [left.r_area == other.l_area])


def line_sums(lines: ir.Table) -> ir.Table:
    """What the lines of each bill come to with their tax: `s_bill`, `sum` (null where a part is unknown)."""
    gaps = lines.count(where=lines.amount.isnull() | lines.tax.isnull())
    by_bill = lines.group_by(s_bill=lines.bill).agg(known=summed(lines.amount) + summed(lines.tax), gaps=gaps)
    return by_bill.select("s_bill", sum=ibis.ifelse(by_bill.gaps == 0, by_bill.known, ibis.null("int64")))


def wrong_total(run: Run) -> ir.Table:
    """Bills whose total is not the sum of their lines and the tax of these."""
    sums = line_sums(run.lines)
    joined = run.bills.left_join(sums, run.bills.bill == sums.s_bill)
    total = ibis.ifelse(joined.s_bill.isnull(), 0, joined["sum"])
    found = joined.mutate(right=total).filter(joined.total != total)
    return finding(
        found,
        kind="wrong_total",
        amount=found.total - found.right,
        fact="sum_of_lines",
        currency=found.bill_currency,
        since=found.bill_since,
        until=found.bill_until,
        charged_minor=found.total,
        record_minor=found.right,
    )


def wrong_carried(run: Run) -> ir.Table | None:
    """Bills that carry over another sum than the bill before left open after the payments since. None without payments.

    A payment of the last days before the bill may be on it or not. A bill is right, too, when it agrees with all bills
    and payments since the first one here: then the one before was not.
    """
    if "payments" not in run.record.known:
        return None
    doubtful = run.keep(_doubtful(run))
    paid = _balances(run, doubtful)
    ours = run.bills.select(r_bill="bill")
    judged = paid.semi_join(ours, paid.bill == ours.r_bill)
    found = judged.filter(judged.is_off)
    return finding(
        found,
        kind="not_of_record",
        amount=found.carried - found.record,
        fact="carried",
        line=ibis.null("int64"),
        currency=found.bill_currency,
        since=found.bill_since,
        until=found.bill_until,
        charged_minor=found.carried,
        record_minor=found.record,
        fact_id=found.before,
    )


def _doubtful(run: Run) -> ir.Table:
    """The accounts with a bill that does not carry over exactly the bill before less the payments since: `d_account`.

    Most bills do: bills and payments in one row of time say so without a join of all payments with all bills. A bill of
    the run whose bill before is older than the run looks back is in doubt too.
    """
    bills, payments = run.all_bills, run.record.payments
    if run.since is not None:
        bills = bills.filter(bills.issued >= run.since - LOOKS_BACK_DAYS)
        payments = payments.filter(payments.on >= run.since - LOOKS_BACK_DAYS)
    nothing = ibis.null("int64")
    events = bills.select(
        "account", day=bills.issued, is_bill=ibis.literal(1), bill=bills.bill, currency=bills.bill_currency,
        carried=bills.carried, total=bills.total, paid=ibis.literal(0, "int64"),
    ).union(
        payments.select(
            "account", day=payments.on, is_bill=ibis.literal(0), bill=nothing, currency=payments.currency,
            carried=nothing, total=nothing, paid=payments.amount_minor,
        )
    )  # fmt: skip
    of = {"group_by": [events.account, events.currency]}
    order = [events.day, events.is_bill, events.bill]
    so_far = events.mutate(paid=whole(events.paid.sum().over(**of, order_by=order, rows=(None, 0))))
    only = so_far.filter(so_far.is_bill == 1)
    of = {"group_by": [only.account, only.currency], "order_by": [only.day, only.bill]}
    stepped = only.mutate(due=(only.carried + only.total).lag().over(**of), paid_before=only.paid.lag().over(**of))
    is_right = stepped.carried == stepped.due - (stepped.paid - stepped.paid_before)
    wanted = stepped if run.since is None else stepped.filter(stepped.day >= run.since)
    odd = wanted.filter(~is_right.fill_null(run.since is None))
    return odd.select(d_account="account").distinct()


def _balances(run: Run, doubtful: ir.Table) -> ir.Table:
    """Each bill of these accounts but their first: what it should carry over, and whether it carries something else."""
    bills = run.all_bills.semi_join(doubtful, run.all_bills.account == doubtful.d_account)
    payments = run.record.payments.select(
        p_account="account", p_on="on", p_amount="amount_minor", p_currency="currency"
    )
    payments = payments.semi_join(doubtful, payments.p_account == doubtful.d_account)
    joined = bills.left_join(
        payments,
        [
            bills.account == payments.p_account,
            bills.bill_currency == payments.p_currency,
            payments.p_on <= bills.issued,
        ],
    )
    paid = joined.group_by(*(joined[name] for name in bills.columns)).agg(
        until_bill=summed(joined.p_amount),
        before_bill=summed(joined.p_amount, where=joined.p_on < joined.issued),
        surely=summed(joined.p_amount, where=joined.p_on < joined.issued - _BOOKED_DAYS),
    )
    of = {"group_by": [paid.account, paid.bill_currency], "order_by": [paid.issued, paid.bill]}
    ran = paid.mutate(
        billed=whole(paid.total.sum().over(**of, rows=(None, -1))),
        first_carried=paid.carried.first().over(**of, rows=(None, 0)),
        before=paid.bill.lag().over(**of),
        **{
            f"last_{name}": paid[name].lag().over(**of)
            for name in ("total", "carried", "until_bill", "before_bill", "surely")
        },
        **{
            f"first_{name}": paid[name].first().over(**of, rows=(None, 0))
            for name in ("until_bill", "before_bill", "surely")
        },
    )
    booked = ("until_bill", "before_bill", "surely")
    is_right = ibis.literal(value=False)
    for here in booked:
        for there in booked:
            step = ran.last_carried + ran.last_total - (ran[here] - ran[f"last_{there}"])
            since_first = ran.first_carried + ran.billed - (ran[here] - ran[f"first_{there}"])
            is_right = is_right | (ran.carried == step) | (ran.carried == since_first)
    record = ran.last_carried + ran.last_total - (ran.until_bill - ran.last_until_bill)
    return ran.filter(ran.before.notnull()).mutate(record=record, is_off=~is_right)
