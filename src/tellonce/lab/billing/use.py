"""Charges by use: what was measured times the price of the book; and services charged that nobody used."""

import ibis
import ibis.expr.types as ir

from tellonce.lab.billing.findings import finding
from tellonce.lab.billing.lines import Run
from tellonce.lab.billing.once import book_prices, with_book_price
from tellonce.lab.billing.reckoning import shared_days, summed, with_tax
from tellonce.lab.billing.tables import FOREVER


def monthly_use(traffic: ir.Table) -> ir.Table:
    """What each service used in each month: `t_service`, `t_since`, `t_until` (the month's days), `t_units`.

    A month of which one part is unknown is unknown: it has no row.
    """
    by_month = traffic.group_by(t_service=traffic.service, t_since=traffic.month, t_until=traffic.month_until).agg(
        t_units=_use(traffic.units), gaps=traffic.count(where=traffic.units.isnull())
    )
    return by_month.filter(by_month.gaps == 0).drop("gaps")


def _use(units: ir.Value) -> ir.Value:
    """The sum of what was used: of whole numbers a whole one."""
    return summed(units) if units.type().is_integer() else units.sum()


def usage_found(run: Run) -> ir.Table | None:
    """Charges for use that are not what was measured at the book's price; charged twice, or off the service's days."""
    lines = run.lines.filter((run.lines.kind == "usage") & run.lines.since.notnull() & (run.lines.amount > 0))
    found = [_again(run, lines), _out_of_terms(run, lines)]
    if {"traffic", "prices"} <= run.record.known:
        found.append(_measured(run, lines))
    return ibis.union(*found)


def _measured(run: Run, lines: ir.Table) -> ir.Table:
    dated = lines.mutate(last=lines.until - 1)
    priced = with_book_price(dated, run.record, unit="use", since="since", until="last")
    one_price = priced.filter(priced.low.notnull() & priced.service.notnull())
    traffic = run.record.traffic
    billed = one_price.select("service", "since").distinct()
    use = monthly_use(traffic.semi_join(billed, [traffic.service == billed.service, traffic.month == billed.since]))
    one_month = one_price.inner_join(
        use,
        [one_price.service == use.t_service, one_price.since == use.t_since, one_price.until == use.t_until],
    )
    expected = one_month.mutate(
        least=(one_month.t_units * one_month.low).round().cast("int64"),
        most=(one_month.t_units * one_month.high).round().cast("int64"),
    )
    wrong = expected.filter((expected.amount > expected.most) | (expected.amount < expected.least))
    other = book_prices(run.record, "use")
    at_other = wrong.semi_join(
        other,
        [
            wrong.code == other.p_code,
            wrong.amount == (wrong.t_units * other.p_price).round().cast("int64"),
            wrong.t_units > 0,
        ],
    ).select(o_bill="bill", o_line="line")
    marked = wrong.left_join(at_other, [wrong.bill == at_other.o_bill, wrong.line == at_other.o_line])
    record = ibis.ifelse(marked.amount > marked.most, marked.most, marked.least)
    kind = ibis.cases(
        (marked.o_bill.notnull(), "wrong_price"), (marked.amount > marked.most, "usage_over"), else_="not_of_record"
    )
    return finding(
        marked,
        kind=kind,
        amount=with_tax(marked.amount - record, marked.amount, marked.tax),
        fact="use",
        charged_minor=marked.amount,
        record_minor=record,
        fact_day=marked.since,
        fact_id=marked.t_units.cast("int64"),
    )


def _again(run: Run, lines: ir.Table) -> ir.Table:
    """The same days of use by the same code, charged again on the same bill or a later one."""
    charges = run.record.charges
    near = charges.filter((charges.kind == "usage") & (charges.amount_minor > 0))
    if run.since is not None:
        near = near.semi_join(
            lines,
            [near.account == lines.account, near.code == lines.code, near.period_from == lines.since],
        )
    each = run.lines_among(near)
    same = [each.account, each.code, each.service.fill_null(-1), each.device.fill_null(-1), each.since, each.until]
    order = [each.issued, each.bill, each.line]
    placed = each.mutate(
        place=ibis.row_number().over(group_by=same, order_by=order),
        earlier=each.bill.lag().over(group_by=same, order_by=order),
    )
    ours = run.bills.select(r_bill="bill")
    again = placed.filter(placed.place > 0)
    again = again.semi_join(ours, again.bill == ours.r_bill)
    return finding(
        again,
        kind=ibis.ifelse(again.earlier == again.bill, "charged_twice", "billed_again"),
        amount=with_tax(again.amount, again.amount, again.tax),
        fact="earlier_bill",
        charged_minor=again.amount,
        record_minor=ibis.literal(0),
        fact_id=again.earlier,
    )


def _out_of_terms(run: Run, lines: ir.Table) -> ir.Table:
    """Use charged for days when the account had no such service."""
    services, accounts = run.record.services, run.record.accounts
    closed = accounts.select(c_account="account", c_closed=accounts.closed_on.fill_null(FOREVER))
    terms = services.group_by(s_service=services.service, s_account=services.account).agg(
        starts=services.valid_from.min(), ends=services.valid_until.fill_null(FOREVER).max()
    )
    named = lines.filter(lines.service.notnull())
    known = named.inner_join(closed, named.account == closed.c_account)
    joined = known.left_join(terms, [known.service == terms.s_service, known.account == terms.s_account])
    ends = ibis.least(joined.ends, joined.c_closed)
    kind = ibis.cases(
        (joined.s_service.isnull(), "not_of_record"),
        (joined.since >= ends, "after_end"),
        (joined.until <= joined.starts, "before_start"),
        else_=ibis.null("string"),
    )
    judged = joined.mutate(verdict=kind, ends=ends)
    found = judged.filter(judged.verdict.notnull())
    return finding(
        found,
        kind=found.verdict,
        amount=with_tax(found.amount, found.amount, found.tax),
        fact=ibis.ifelse(found.verdict == "not_of_record", "no_such_service", "not_to_be_charged"),
        charged_minor=found.amount,
        record_minor=ibis.literal(0),
        fact_day=ibis.ifelse(found.verdict == "before_start", found.starts, found.ends),
    )


def no_traffic(run: Run) -> ir.Table:
    """Services charged for a whole period and the period before, of both of which it is known that nothing was used."""
    traffic = run.record.traffic
    nothing = traffic.filter(traffic.units == 0)  # a month may have several rows: all of them are looked at
    quiet = traffic.semi_join(nothing, [traffic.service == nothing.service, traffic.month == nothing.month])
    use = monthly_use(quiet)
    silent = run.keep(use.filter(use.t_units == 0))
    lines = _whole(run.lines, silent)
    near = run.record.charges
    near = near.filter((near.kind == "recurring") & near.device.isnull())
    near = near.semi_join(
        lines,
        [near.account == lines.account, near.service == lines.service, near.period_until == lines.since],
    )
    before = _whole(run.lines_among(near), silent).select(
        b_account="account", b_service="service", b_code="code", b_since="since", b_until="until"
    )
    pairs = lines.inner_join(
        before,
        [
            lines.account == before.b_account,
            lines.service == before.b_service,
            lines.code == before.b_code,
            lines.since == before.b_until,
        ],
    )
    months = pairs.inner_join(
        silent,
        [pairs.service == silent.t_service, silent.t_until > pairs.b_since, silent.t_since < pairs.until],
    )
    days = shared_days(months.t_since, months.t_until, months.b_since, months.until)
    counted = months.group_by(*(months[name] for name in (*lines.columns, "b_since"))).agg(silent_days=summed(days))
    found = counted.filter(counted.silent_days == counted.until - counted.b_since)
    return finding(
        found,
        kind="no_traffic",
        amount=with_tax(found.amount, found.amount, found.tax),
        fact="no_use_since",
        charged_minor=found.amount,
        record_minor=ibis.null("int64"),
        fact_day=found.b_since,
    )


def _whole(lines: ir.Table, silent: ir.Table) -> ir.Table:
    """Charges of whole periods for services that were silent in some month."""
    of = silent.select("t_service").distinct()
    chosen = (lines.kind == "recurring") & (lines.amount > 0) & lines.device.isnull()
    whole = lines.filter(chosen & (lines.since == lines.bill_since) & (lines.until == lines.bill_until))
    return whole.semi_join(of, whole.service == of.t_service)
