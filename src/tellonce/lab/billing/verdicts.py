"""From days to findings: what is wrong with a recurring line, and what should have been given back and was not."""

import ibis
import ibis.expr.types as ir

from tellonce.lab.billing.findings import KINDS, finding, rank_of
from tellonce.lab.billing.lines import Run
from tellonce.lab.billing.reckoning import is_part, rounded, summed, with_tax

_OF_DAYS = ("before_start", "after_end", "in_a_pause")


def judged_lines(run: Run, suspects: ir.Table, days: ir.Table, *, rates: ir.Table) -> ir.Table:
    """Each suspect line with the sums over its days, how long its month is, and whether a later term costs as much.

    Adds to the columns of suspects: `n_again`, `n_wrong`, `n_late`, `n_may`, `n_ahead` (days charged again, on days
    without charge, on such days that the bill could not know of, rightly, and after the bill's period), `all_price`,
    `ok_price`, `late_price`, `others_price` (the month's price summed over all days, those that may be charged, the
    late ones, and of the service's other term), `first_price`, `prices` (how many), `n_unknown` (days without known
    price), `cause`, `cause_day`, `late_cause` (places in KINDS), `late_known`, `late_since`, `earlier_bill`,
    `month_days` (of the bill that the days belong to; null: unknown), `own_days` (of its own bill), `is_later_price`.
    """
    summed = _summed(days)
    joined = suspects.inner_join(summed, [suspects.bill == summed.d_bill, suspects.line == summed.d_line])
    lines = run.keep(joined.drop("d_bill", "d_line"))
    bills = run.all_bills.select(b_account="account", b_since="bill_since", b_until="bill_until")
    around = lines.inner_join(
        bills,
        [lines.account == bills.b_account, lines.since >= bills.b_since, lines.until <= bills.b_until],
    )
    months = around.group_by(m_bill=around.bill, m_line=around.line).agg(
        month_days=(around.b_until - around.b_since).min()
    )
    with_month = lines.left_join(months, [lines.bill == months.m_bill, lines.line == months.m_line])
    in_period = (lines.since >= lines.bill_since) & (lines.until <= lines.bill_until)
    month = with_month.select(
        *lines.columns,
        month_days=ibis.ifelse(in_period, lines.bill_until - lines.bill_since, with_month.month_days),
        own_days=lines.bill_until - lines.bill_since,
    )
    return _with_later_terms(run.keep(month), rates)


def _summed(days: ir.Table) -> ir.Table:
    over = days.is_over & ~days.is_late
    wrong, again = over & days.cause.notnull(), over & days.cause.isnull()
    late = days.is_over & days.is_late & days.is_charge
    may = days.cause.isnull() & ~days.is_over
    cause = rank_of(days.cause)
    return days.group_by(d_bill=days.bill, d_line=days.line).agg(
        n_days=days.count(),
        n_again=days.count(where=again),
        n_wrong=days.count(where=wrong),
        n_late=days.count(where=late),
        n_may=days.count(where=may),
        n_ahead=days.count(where=days.is_ahead),
        n_unknown=days.count(where=days.price.isnull()),
        all_price=summed(days.price),
        ok_price=summed(days.price, where=may),
        late_price=summed(days.price, where=late),
        others_price=summed(days.other_price, where=wrong),
        first_price=days.price.argmin(days.day),
        prices=days.price.nunique(),
        cause=cause.min(where=wrong),
        cause_day=days.forbidden_since.max(where=wrong),
        late_cause=cause.min(where=late),
        late_known=days.known.max(where=late),
        late_since=days.day.min(where=late),
        earlier_bill=days.earlier_bill.max(where=again),
    )


def _with_later_terms(lines: ir.Table, rates: ir.Table) -> ir.Table:
    """Adds `is_later_price`: a later term of the same service costs, for these days, what was charged."""
    terms = rates.rename(r_what="what", r_subject="subject", r_account="account", r_code="code")
    beside = lines.inner_join(
        terms,
        [
            lines.what == terms.r_what,
            lines.subject == terms.r_subject,
            lines.account == terms.r_account,
            terms.starts > lines.since,
        ],
    )
    fitting = beside.filter(is_part(beside.amount, beside.price * (beside.until - beside.since), beside.month_days))
    later = fitting.select(l_bill="bill", l_line="line").distinct()
    joined = lines.left_join(later, [lines.bill == later.l_bill, lines.line == later.l_line])
    return joined.select(*lines.columns, is_later_price=joined.l_bill.notnull())


def fits(lines: ir.Table, price_days: ir.Value) -> ir.BooleanValue:
    """Whether the amount is this sum's share of a month: of the month that the days are in, or of the bill's own."""
    amount, prices = lines.amount, ibis.greatest(lines.prices, 1)
    own = is_part(amount, price_days, lines.own_days, prices=prices).fill_null(False)
    return own | is_part(amount, price_days, lines.month_days, prices=prices).fill_null(False)


def charges_found(run: Run, lines: ir.Table) -> ir.Table:
    """The recurring lines of the run that the record does not explain: a finding each."""
    first = run.bills.select(r_bill="bill")
    positive = lines.filter(lines.amount > 0)
    positive = positive.semi_join(first, positive.bill == first.r_bill)
    with_kind = _with_kind(_beside_right(run, positive))
    found = with_kind.filter(with_kind.verdict.notnull())
    return _told(found)


def _beside_right(run: Run, lines: ir.Table) -> ir.Table:
    """Adds `is_beside`: the same bill charges the same service by another code too."""
    others = run.lines.filter((run.lines.kind == "recurring") & (run.lines.amount > 0) & run.lines.device.isnull())
    others = others.select(o_bill="bill", o_service="service", o_code="code").distinct()
    beside = lines.semi_join(
        others, [lines.bill == others.o_bill, lines.service == others.o_service, lines.code != others.o_code]
    ).select(s_bill="bill", s_line="line")
    joined = lines.left_join(beside, [lines.bill == beside.s_bill, lines.line == beside.s_line])
    return joined.select(*lines.columns, is_beside=joined.s_bill.notnull())


def _with_kind(lines: ir.Table) -> ir.Table:
    fits_all = (fits(lines, lines.all_price) & (lines.n_unknown == 0)).fill_null(False)
    fits_ok = (fits(lines, lines.ok_price) & (lines.ok_price > 0)).fill_null(False)
    cause = ibis.cases(*((lines.cause == place, kind) for place, kind in enumerate(KINDS)), else_="not_of_record")
    of_other = cause.isin(("wrong_price", "early_rise")) & lines.is_beside
    cause = ibis.ifelse(of_other, ibis.ifelse(cause == "early_rise", "before_start", "after_end"), cause)
    is_odd = cause.isin(_OF_DAYS) & (lines.n_may > 0) & ~fits_all & (lines.n_unknown == 0)
    same_bill = lines.earlier_bill == lines.bill
    verdict = ibis.cases(
        (lines.n_ahead == lines.until - lines.since, "not_of_record"),
        ((lines.n_again > 0) & ~fits_ok, ibis.ifelse(same_bill, "charged_twice", "billed_again")),
        ((lines.n_wrong > 0) & ~fits_ok, ibis.ifelse(is_odd, "part_month", cause)),
        (lines.n_ahead > 0, "not_of_record"),
        else_=_of_price(lines, is_right=fits_all | fits_ok),
    )
    return lines.mutate(verdict=verdict)


def _of_price(lines: ir.Table, *, is_right: ir.BooleanValue) -> ir.StringValue:
    """What is wrong with an amount whose days are right; null when it is right or nobody knows."""
    days, price = lines.until - lines.since, lines.first_price
    nearest = rounded(lines.amount * lines.month_days, ibis.greatest(price, 1))
    other_part = (
        (nearest >= 1) & (nearest <= lines.month_days) & is_part(lines.amount, price * nearest, lines.month_days)
    )
    is_unknown = (lines.n_unknown > 0) | lines.month_days.isnull() | lines.what.isnull()
    return ibis.cases(
        (is_unknown | is_right | fits(lines, price * days).fill_null(False), ibis.null("string")),
        (lines.is_later_price, "early_rise"),
        ((days < lines.month_days) & other_part, "part_month"),
        else_="wrong_price",
    )


def _told(lines: ir.Table) -> ir.Table:
    """The findings with their money: what was charged less what the record has for the days that may be charged."""
    month = lines.month_days.fill_null(lines.own_days)
    of_price = lines.verdict.isin(("wrong_price", "early_rise", "part_month"))
    is_other = of_price & (lines.n_wrong > 0) & (lines.others_price > 0)
    days_right = of_price & (lines.n_wrong == 0)
    price_days = ibis.cases(
        (is_other, lines.ok_price + lines.others_price), (days_right, lines.all_price), else_=lines.ok_price
    )
    whole = (lines.n_ahead > 0) & (lines.verdict == "not_of_record")
    record = ibis.ifelse(whole, 0, rounded(price_days, month))
    fact = ibis.cases(
        (lines.n_ahead == lines.until - lines.since, "after_the_bill"),
        (lines.verdict.isin(("charged_twice", "billed_again")), "earlier_bill"),
        (whole, "after_the_bill"),
        (lines.n_wrong > 0, "not_to_be_charged"),
        else_="price",
    )
    return finding(
        lines,
        kind=lines.verdict,
        amount=with_tax(lines.amount - record, lines.amount, lines.tax),
        fact=fact,
        charged_minor=lines.amount,
        record_minor=record,
        fact_day=lines.cause_day,
        fact_id=lines.earlier_bill,
    )


def given_back_found(run: Run, lines: ir.Table) -> ir.Table:
    """Negative recurring lines that give back what was rightly charged, or another amount than was charged."""
    first = run.bills.select(r_bill="bill")
    negative = lines.filter(lines.amount < 0)
    negative = negative.semi_join(first, negative.bill == first.r_bill)
    over_days = negative.n_again + negative.n_wrong
    days = negative.until - negative.since
    not_due = over_days > 0
    is_known = (negative.n_unknown == 0) & negative.month_days.notnull() & negative.what.notnull()
    is_wrong = is_known & ~fits(negative, -negative.all_price).fill_null(True)
    record = ibis.ifelse(
        not_due,
        rounded(negative.amount * (days - over_days), days),
        -rounded(negative.all_price, negative.month_days.fill_null(negative.own_days)),
    )
    judged = _not_by_another_code(run, negative.mutate(record=record, is_found=not_due | is_wrong, not_due=not_due))
    found = judged.filter(judged.is_found)
    return finding(
        found,
        kind=ibis.ifelse(found.not_due, "not_of_record", "part_month"),
        amount=with_tax(found.amount - found.record, found.amount, found.tax),
        fact=ibis.ifelse(found.not_due, "not_to_be_given_back", "price"),
        charged_minor=found.amount,
        record_minor=found.record,
    )


def _not_by_another_code(run: Run, lines: ir.Table) -> ir.Table:
    """Leaves out days given back that were charged by another code of the service: what was wrong is the charge."""
    charges = run.record.charges
    others = charges.filter((charges.kind == "recurring") & (charges.amount_minor > 0) & charges.device.isnull())
    # Kept first: where nothing is asked no charge is read.
    asked = run.keep(lines.filter(lines.not_due & (lines.n_wrong > 0) & lines.device.isnull()))
    by_another = asked.semi_join(
        others,
        [
            asked.account == others.account,
            asked.service == others.service,
            asked.code != others.code,
            asked.since < others.period_until,
            asked.until > others.period_from,
        ],
    ).select(x_bill="bill", x_line="line")
    return lines.anti_join(by_another, [lines.bill == by_another.x_bill, lines.line == by_another.x_line])


def not_given_back(run: Run, lines: ir.Table) -> ir.Table:
    """Days after an end that a bill had charged already, and that the next bill does not give back: on that bill."""
    late = lines.filter((lines.n_late > 0) & (lines.amount > 0) & (lines.n_again == 0))
    bills = run.all_bills.select(n_account="account", n_bill="bill", n_issued="issued", n_currency="bill_currency")
    after = late.inner_join(
        bills,
        [late.account == bills.n_account, bills.n_issued > late.issued, bills.n_issued >= late.late_known],
    )
    first = after.mutate(
        place=ibis.row_number().over(group_by=[after.bill, after.line], order_by=[after.n_issued, after.n_bill])
    )
    due = first.filter(first.place == 0)
    ours = run.bills.select(r_bill="bill")
    due = run.keep(due.semi_join(ours, due.n_bill == ours.r_bill))
    owed = rounded(due.late_price, due.month_days.fill_null(due.own_days))
    kind = ibis.cases(*((due.late_cause == place, kind) for place, kind in enumerate(KINDS)), else_="after_end")
    found = due.mutate(owed=owed, late_kind=ibis.ifelse(kind == "wrong_price", "after_end", kind))
    found = found.filter(found.owed > 0)
    return finding(
        found,
        kind=found.late_kind,
        amount=with_tax(found.owed, found.amount, found.tax),
        fact="not_given_back",
        bill=found.n_bill,
        line=ibis.null("int64"),
        currency=found.n_currency,
        since=found.late_since,
        charged_minor=ibis.literal(0),
        record_minor=-found.owed,
        fact_day=found.late_known,
        fact_id=found.bill,
    )
