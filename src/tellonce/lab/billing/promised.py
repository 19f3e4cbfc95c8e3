"""What was promised to be taken off: discounts, and agreed credits."""

import ibis
import ibis.expr.types as ir

from tellonce.lab.billing.findings import finding
from tellonce.lab.billing.lines import Run
from tellonce.lab.billing.reckoning import rounded, shared_days, summed, whole, with_tax
from tellonce.lab.billing.tables import FOREVER

_CREDIT_DUE_DAYS = 3


def discounts_found(run: Run, rates: ir.Table) -> ir.Table | None:
    """Promised discounts that are missing or too small, and discounts nobody promised. None where none is known."""
    if "promotions" not in run.record.known:
        return None
    wanted = _wanted(run, rates)
    given = _given(run)
    both = wanted.outer_join(
        given,
        [wanted.w_bill == given.g_bill, wanted.w_service == given.g_service, wanted.w_code == given.g_code],
    )
    least, most = both.least.fill_null(0), both.most.fill_null(0)
    actual, month = both.taken_off.fill_null(0), both.month_days.fill_null(1)
    slack = month * both.parts.fill_null(1)
    is_short = 2 * (least - actual * month) > slack
    is_more = 2 * (actual * month - most) > slack
    record = rounded(ibis.ifelse(is_short, least, most), month)
    judged = both.mutate(record=record, actual=actual, is_short=is_short)
    found = judged.filter(is_short | is_more)
    return finding(
        found,
        kind=ibis.ifelse(found.is_short, "promotion_missing", "not_of_record"),
        amount=with_tax(
            found.record - found.actual, found.base_amount.fill_null(found.amount), found.base_tax.fill_null(found.tax)
        ),
        fact="promotion",
        account=found.w_account.fill_null(found.account),
        bill=found.w_bill.fill_null(found.g_bill),
        line=found.line,
        currency=found.w_currency.fill_null(found.currency),
        code=found.w_code.fill_null(found.g_code),
        service=found.w_service.fill_null(found.g_service),
        product=found.w_product,
        device=ibis.null("int64"),
        since=found.w_since,
        until=found.w_until,
        charged_minor=-found.actual,
        record_minor=-found.record,
        fact_day=found.promised_until,
    )


def _charged_services(run: Run, rates: ir.Table) -> ir.Table:
    """The charges of services with a promotion, with the days that the record lets be charged."""
    promotions = run.record.promotions
    lines = run.lines
    plain = lines.filter((lines.kind == "recurring") & (lines.amount > 0) & lines.since.notnull())
    plain = plain.semi_join(promotions, plain.service == promotions.service)
    terms = rates.filter(rates.what == "service")
    spans = terms.group_by(s_service=terms.subject, s_account=terms.account).agg(
        starts=terms.starts.min(), ends=terms.ends.max()
    )
    codes = terms.select(t_service="subject", t_code="code").distinct()
    own = plain.semi_join(codes, [plain.service == codes.t_service, plain.code == codes.t_code])
    return own.inner_join(spans, [own.service == spans.s_service, own.account == spans.s_account])


def _wanted(run: Run, rates: ir.Table) -> ir.Table:
    """By bill, service and code of a promotion: the least and the most that comes off, times the days of the month."""
    promotions = run.record.promotions.rename(
        p_service="service", p_code="code", p_since="valid_from", p_until="valid_until"
    )
    charged = _charged_services(run, rates)
    joined = charged.inner_join(
        promotions,
        [
            charged.service == promotions.p_service,
            charged.since < promotions.p_until,
            charged.until > promotions.p_since,
        ],
    )
    days = shared_days(joined.since, joined.until, joined.p_since, joined.p_until)
    in_period = (joined.since >= joined.bill_since) & (joined.until <= joined.bill_until)
    first = ibis.greatest(joined.since, joined.starts)
    last = ibis.least(joined.until, joined.ends)
    due = ibis.ifelse(in_period, shared_days(first, last, joined.p_since, joined.p_until), 0)
    in_bill = shared_days(
        ibis.greatest(joined.bill_since, joined.starts),
        ibis.least(joined.bill_until, joined.ends),
        joined.p_since,
        joined.p_until,
    )
    paused = _paused(run, joined.mutate(days=days, due=due, in_bill=in_bill))
    each = paused.group_by("account", "bill", "service", "p_code", "currency", "p_since", "p_until").agg(
        due=ibis.least(summed(paused.due), paused.in_bill.max()) * paused.discount_minor.max(),
        most=summed(paused.days) * paused.discount_minor.max(),
        parts=paused.count(),
        is_open=paused.discount_minor.isnull().any(),
        month_days=(paused.bill_until - paused.bill_since).max(),
        base_amount=paused.amount.max(),
        base_tax=paused.tax.max(),
        w_product=paused["product"].max(),
        w_since=paused.since.min(),
        w_until=paused.until.max(),
    )
    by_code = each.group_by(
        w_account=each.account, w_bill=each.bill, w_service=each.service, w_code=each.p_code, w_currency=each.currency
    ).agg(
        is_open=each.is_open.any(),
        least=summed(each.due),
        most=summed(each.most),
        parts=summed(each.parts),
        month_days=each.month_days.max(),
        base_amount=each.base_amount.max(),
        base_tax=each.base_tax.max(),
        w_product=each.w_product.max(),
        w_since=each.w_since.min(),
        w_until=each.w_until.max(),
        promised_until=each.p_until.max(),
    )
    return by_code.filter(~by_code.is_open)


def _paused(run: Run, joined: ir.Table) -> ir.Table:
    """Takes the days due to none, where a line stands for days of a pause: these may have a discount or not."""
    pauses = run.record.pauses.select(p_of="service", starts="valid_from", p_ends=ibis._.valid_until.fill_null(FOREVER))
    paused = joined.semi_join(
        pauses, [joined.service == pauses.p_of, joined.until > pauses.starts, joined.since < pauses.p_ends]
    )
    hit = paused.select(h_bill="bill", h_line="line").distinct()
    marked = joined.left_join(hit, [joined.bill == hit.h_bill, joined.line == hit.h_line])
    due = ibis.ifelse(marked.h_bill.notnull(), 0, marked.due)
    return marked.select(*(name for name in joined.columns if name != "due"), due=due)


def _given(run: Run) -> ir.Table:
    """By bill, service and code: what the discount lines take off.

    One that takes a discount back is none, where the bill gives back days of the same service.
    """
    lines = run.lines
    discounts = lines.filter((lines.kind == "discount") & lines.service.notnull() & lines.amount.notnull())
    discounts = discounts.filter(discounts.since.notnull() | discounts.bill_until.notnull())
    backs = lines.filter((lines.kind == "recurring") & (lines.amount < 0)).select(b_bill="bill", b_service="service")
    takes_back = discounts.filter(discounts.amount > 0)
    explained = takes_back.semi_join(
        backs, [takes_back.bill == backs.b_bill, takes_back.service == backs.b_service]
    ).select(e_bill="bill", e_line="line")
    counted = discounts.anti_join(explained, [discounts.bill == explained.e_bill, discounts.line == explained.e_line])
    counted = _of_known_size(run, counted)
    return counted.group_by(
        "account", "currency", g_bill=counted.bill, g_service=counted.service, g_code=counted.code
    ).agg(
        taken_off=-summed(counted.amount),
        line=counted.line.max(where=counted.amount > 0).fill_null(counted.line.max()),
        amount=counted.amount.min(),
        tax=counted.tax.min(),
    )


def _of_known_size(run: Run, discounts: ir.Table) -> ir.Table:
    """Leaves out the bills' discounts with days on which nobody knows how much was promised."""
    promotions = run.record.promotions
    unknown = promotions.filter(promotions.discount_minor.isnull())
    hit = discounts.semi_join(
        unknown,
        [
            discounts.service == unknown.service,
            discounts.code == unknown.code,
            discounts.since.fill_null(discounts.bill_since) < unknown.valid_until,
            discounts.until.fill_null(discounts.bill_until) > unknown.valid_from,
        ],
    ).select(u_bill="bill", u_service="service", u_code="code")
    return discounts.anti_join(
        hit, [discounts.bill == hit.u_bill, discounts.service == hit.u_service, discounts.code == hit.u_code]
    )


def credits_found(run: Run) -> ir.Table | None:
    """Agreed credits that the bill they were due on lacks, and credits that nobody agreed. None where none is known."""
    if "credits" not in run.record.known:
        return None
    agreed = run.keep(_due(run))
    given = run.keep(_credit_lines(run))
    missing = _missing_credits(run, agreed, given)
    return missing.union(_unagreed(run, agreed, given))


def _due(run: Run) -> ir.Table:
    """Each agreed credit with the bill it is due on: `due_bill`, `due_issued` (null while there is none yet)."""
    agreed, bills = run.record.credits, run.all_bills
    on = bills.select(b_account="account", b_bill="bill", b_issued="issued", b_currency="bill_currency")
    after = agreed.left_join(on, [agreed.account == on.b_account, on.b_issued >= agreed.agreed_on + _CREDIT_DUE_DAYS])
    placed = after.mutate(place=ibis.row_number().over(group_by=after.credit, order_by=[after.b_issued, after.b_bill]))
    first = placed.filter(placed.place == 0)
    return first.select(
        "credit", "account", "code", "amount_minor", "agreed_on", due_bill="b_bill", due_issued="b_issued",
        due_currency="b_currency",
    )  # fmt: skip


def _credit_lines(run: Run) -> ir.Table:
    """The credit lines of all bills of the accounts to which something was agreed or, in the run, given."""
    charges = run.record.charges
    return run.lines_among(charges.filter((charges.kind == "credit") & charges.amount_minor.notnull()))


def _missing_credits(run: Run, agreed: ir.Table, given: ir.Table) -> ir.Table:
    """By account and code: what was due on a bill of the run less what came on it, or on an earlier one, since then."""
    ours = run.bills.select(r_bill="bill")
    due = agreed.semi_join(ours, agreed.due_bill == ours.r_bill)
    owed = due.group_by("account", "code", "due_bill", "due_currency").agg(
        owed=summed(due.amount_minor),
        agreed_on=due.agreed_on.min(),
        due_issued=due.due_issued.max(),
        credit=due.credit.min(),
    )
    came = given.select(
        g_account="account",
        g_code="code",
        g_bill="bill",
        g_line="line",
        g_issued="issued",
        g_amount="amount",
        g_tax="tax",
    )
    joined = owed.left_join(
        came,
        [
            owed.account == came.g_account,
            owed.code == came.g_code,
            came.g_issued >= owed.agreed_on,
            came.g_issued <= owed.due_issued,
        ],
    )
    is_on_bill = joined.g_bill == joined.due_bill
    both = joined.group_by(*(joined[name] for name in owed.columns)).agg(
        came=-summed(joined.g_amount),
        line=joined.g_line.max(where=is_on_bill),
        amount=joined.g_amount.min(where=is_on_bill),
        tax=joined.g_tax.min(where=is_on_bill),
    )
    found = both.filter(both.came < both.owed)
    return finding(
        found,
        kind="credit_missing",
        amount=with_tax(found.owed - found.came, found.amount.fill_null(0), found.tax.fill_null(0)),
        fact="credit",
        bill=found.due_bill,
        currency=found.due_currency,
        charged_minor=-found.came,
        record_minor=-found.owed,
        fact_day=found.agreed_on,
        fact_id=found.credit,
    )


def _unagreed(run: Run, agreed: ir.Table, given: ir.Table) -> ir.Table:
    """Credit lines beyond what had been agreed until their bill: the latest ones are too much."""
    known = agreed.select(a_account="account", a_code="code", a_amount="amount_minor", a_on="agreed_on")
    agreed_before = given.left_join(
        known, [given.account == known.a_account, given.code == known.a_code, known.a_on <= given.issued]
    )
    with_sum = agreed_before.group_by(*(agreed_before[name] for name in given.columns)).agg(
        agreed=summed(agreed_before.a_amount)
    )
    so_far = (
        (-with_sum.amount)
        .sum()
        .over(
            group_by=[with_sum.account, with_sum.code],
            order_by=[with_sum.issued, with_sum.bill, with_sum.line],
            rows=(None, 0),
        )
    )
    counted = with_sum.mutate(over=whole(so_far) - with_sum.agreed)
    most_before = counted.over.max().over(
        group_by=[counted.account, counted.code],
        order_by=[counted.issued, counted.bill, counted.line],
        rows=(None, -1),
    )
    beyond = counted.mutate(before=ibis.greatest(most_before.fill_null(0), 0))
    ours = run.bills.select(r_bill="bill")
    found = beyond.filter((beyond.over > beyond.before) | (beyond.amount > 0))
    found = found.semi_join(ours, found.bill == ours.r_bill)
    too_much = ibis.ifelse(found.amount > 0, found.amount, -(found.over - found.before))
    return finding(
        found,
        kind="not_of_record",
        amount=with_tax(too_much, found.amount, found.tax),
        fact="credit",
        charged_minor=found.amount,
        record_minor=found.amount - too_much,
    )
