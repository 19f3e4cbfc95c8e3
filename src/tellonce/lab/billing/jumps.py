"""Sudden jumps: a monthly charge, or a whole bill, that is much more than before, and nothing on record explains it.

Where the record has the price, the price says what is wrong, and these checks are silent. They are for what runs from
month to month at a price that the record does not know: there the account's own earlier bills say what is usual.
"""

from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from tellonce.lab.billing.before import LOOKS_BACK_DAYS, OF_A_BILL, OF_A_CHARGE, with_before
from tellonce.lab.billing.explained import with_explained
from tellonce.lab.billing.findings import finding
from tellonce.lab.billing.lines import LOOKS_BACK_DAYS as IN_ARREARS_DAYS
from tellonce.lab.billing.lines import Run
from tellonce.lab.billing.once import with_book_price
from tellonce.lab.billing.past import keyed
from tellonce.lab.billing.reckoning import rounded, summed, with_tax
from tellonce.lab.billing.sums import line_sums
from tellonce.lab.billing.suspects import with_subject
from tellonce.lab.billing.tables import FOREVER

_SAME = ("account", "kind", "code", "of_service", "of_device", "currency")
_CREPT_PERCENT = 105
"""Less than a twentieth more is what rounding parts of months makes; it is no part of a jump."""


def jumps(run: Run, *, rates: ir.Table, judged_of: Callable[[Run], ir.Table]) -> ir.Table | None:
    """Charges that jumped, each on every bill while it stands, and bills that did; None without a price book.

    On a bill with a charge that jumped the bill as a whole is not told too. `judged_of` gives at least the judged lines
    of a run.
    """
    if "prices" not in run.record.known:
        return None
    above = run.keep(_above_the_book(run, _of_unknown_price(run, rates=rates)))
    few = run.of_accounts(above)
    unknown = run.keep(_not_named(above, judged_of(few)))
    earlier = run.keep(_earlier(few, unknown))
    moved = run.keep(_moved(unknown, earlier))
    leapt = run.keep(_leapt(few, moved, earlier, rates=rates))
    crept = _beyond(few, moved, earlier, rates=rates, percent=_CREPT_PERCENT)
    return _charges_told(leapt).union(_bills_told(few, crept.anti_join(leapt, crept.bill == leapt.bill)))


def _monthly(lines: ir.Table) -> ir.Table:
    """What may run from month to month."""
    chosen = lines.kind.isin(("recurring", "fee")) & (lines.amount > 0) & lines.since.notnull()
    return keyed(lines.filter(chosen))


def _with_rates(lines: ir.Table) -> ir.Table:
    """Adds `rate` (what a whole month would cost, so that parts compare), `days` of the line, `month` of its bill."""
    days, month = lines.until - lines.since, lines.bill_until - lines.bill_since
    is_monthly = (lines.kind == "recurring") & (days > 0) & (month > 0)
    rate = ibis.ifelse(is_monthly, rounded(lines.amount * month, ibis.greatest(days, 1)), lines.amount)
    return lines.mutate(rate=rate, days=days, month=month)


def _of_unknown_price(run: Run, *, rates: ir.Table) -> ir.Table:
    """The lines whose price the record does not know, with `starts`: from when on their terms hold.

    Not what was waived, or taken off for good: other checks name it.
    """
    lines = _monthly(run.lines)
    return _with_rates(_not_settled(run, _of_terms(lines, rates).union(_of_the_book(run, lines))))


def _not_named(lines: ir.Table, judged: ir.Table) -> ir.Table:
    """Without what another check names: charged again, ahead, or when nothing may be."""
    named = judged.filter((judged.n_again > 0) | (judged.n_wrong > 0) | (judged.n_ahead > 0))
    return lines.anti_join(named, [lines.bill == named.bill, lines.line == named.line])


def _above_the_book(run: Run, lines: ir.Table) -> ir.Table:
    """Those that are more than the book has for them today, or that it has not: adds `now_high`, its price a month.

    What was before can only explain more than that, so that of all others no earlier bill need be read.
    """
    dated = lines.mutate(last_day=lines.until - 1)
    priced = with_book_price(dated, run.record, unit="month", since="since", until="last_day")
    above = priced.filter(priced.high.isnull() | (priced.amount > _for_its_days(priced, priced.high)))
    return above.select(*lines.columns, now_high=above.high)


def _for_its_days(lines: ir.Table, a_month: ir.Value) -> ir.IntegerValue:
    """What a line may cost for its days, by what a whole month may."""
    is_part = (lines.kind == "recurring") & (lines.days > 0) & (lines.month > 0)
    return ibis.ifelse(is_part, rounded(a_month * lines.days, ibis.greatest(lines.month, 1)), a_month)


def _of_terms(lines: ir.Table, rates: ir.Table) -> ir.Table:
    """Lines that a term without a price covers; beyond the last one's end too, which the bill may not have known."""
    last = rates.group_by(l_what=rates.what, l_subject=rates.subject).agg(last_end=rates.ends.max())
    terms = rates.filter(rates.price.isnull())
    terms = terms.inner_join(last, [terms.what == last.l_what, terms.subject == last.l_subject])
    unknown = terms.select(
        "starts",
        "ends",
        reach=ibis.ifelse(terms.ends == terms.last_end, FOREVER, terms.ends),
        u_what=terms.what,
        u_subject=terms.subject,
        u_account=terms.account,
        u_code=terms.code,
    )
    services, devices = (unknown.filter(unknown.u_what == what) for what in ("service", "device"))
    recurring = lines.filter(lines.kind == "recurring")
    near = recurring.filter(recurring.service.isin(services.u_subject) | recurring.device.isin(devices.u_subject))
    of = with_subject(near, rates)
    joined = of.inner_join(
        unknown,
        [
            of.what == unknown.u_what,
            of.subject == unknown.u_subject,
            of.account == unknown.u_account,
            of.since >= unknown.starts,
            of.since < unknown.ends,
            of.until <= unknown.reach,
        ],
    )
    fits = joined.filter(joined.u_code.isnull() | (joined.u_code == joined.code))
    return fits.group_by(*(fits[name] for name in lines.columns)).agg(starts=fits.starts.max())


def _of_the_book(run: Run, lines: ir.Table) -> ir.Table:
    """Lines that name neither service nor device, by a code that the book has by the month."""
    prices = run.record.prices
    monthly = prices.filter(prices.unit == "month")
    bare = lines.filter(lines.service.isnull() & lines.device.isnull())
    found = bare.semi_join(monthly, bare.code == monthly.code)
    return found.mutate(starts=ibis.literal(-FOREVER, "int64"))


def _not_settled(run: Run, lines: ir.Table) -> ir.Table:
    """Without what was waived or taken off for good: the checks of these name it."""
    waivers, upheld = run.record.waivers, run.record.upheld
    left = lines.anti_join(
        waivers,
        [
            lines.account == waivers.account,
            lines.code == waivers.code,
            lines.until > waivers.valid_from,
            lines.since < waivers.valid_until.fill_null(FOREVER),
        ],
    )
    named = upheld.select("decided_on", u_account="account", u_code="code", u_service="service", u_device="device")
    hit = left.inner_join(named, [left.account == named.u_account, left.code == named.u_code])
    is_meant = (
        (hit.issued > hit.decided_on)
        & (hit.u_service.isnull() | (hit.service == hit.u_service))
        & (hit.u_device.isnull() | (hit.device == hit.u_device))
    )
    off = hit.filter(is_meant.fill_null(False)).select(o_bill="bill", o_line="line")
    return left.anti_join(off, [left.bill == off.o_bill, left.line == off.o_line])


def _earlier(run: Run, lines: ir.Table) -> ir.Table:
    """The lines of all bills for the same as one of these, as far back as they count."""
    charges = run.record.charges
    if run.since is not None:
        charges = charges.filter(charges.period_from >= run.since - LOOKS_BACK_DAYS - IN_ARREARS_DAYS)
    may = charges.filter(charges.kind.isin(("recurring", "fee")) & (charges.amount_minor > 0))
    asked = lines.select(*(lines[name].name(f"k_{name}") for name in _SAME)).distinct()
    same = may.semi_join(
        asked,
        [
            may.account == asked.k_account,
            may.kind == asked.k_kind,
            may.code == asked.k_code,
            may.service.fill_null(-1) == asked.k_of_service,
            may.device.fill_null(-1) == asked.k_of_device,
            may.currency == asked.k_currency,
        ],
    )
    return _with_rates(_monthly(run.lines_among(same))).select(*_SAME, "bill", "issued", "since", "rate")


def _moved(lines: ir.Table, earlier: ir.Table) -> ir.Table:
    """Those that are not the same all the time: only these are laid beside every earlier bill."""
    spread = earlier.group_by(*(earlier[name].name(f"s_{name}") for name in _SAME)).agg(least=earlier.rate.min())
    joined = lines.inner_join(spread, [lines[name] == spread[f"s_{name}"] for name in _SAME])
    return joined.filter(joined.least * _CREPT_PERCENT <= joined.rate * 100).select(*lines.columns)


def _beyond(run: Run, lines: ir.Table, earlier: ir.Table, *, rates: ir.Table, percent: int) -> ir.Table:
    """The lines with `explained` (a month, at most), `right` (for their days) and `over` (beyond it, above zero)."""
    known = with_explained(
        run, run.keep(with_before(lines, earlier, same=_SAME, percent=percent)), rates=rates, same=_SAME
    )
    with_right = known.mutate(right=_for_its_days(known, known.explained))
    found = with_right.mutate(over=with_right.amount - with_right.right)
    return found.filter(found.over > 0)


def _leapt(run: Run, lines: ir.Table, earlier: ir.Table, *, rates: ir.Table) -> ir.Table:
    found = _beyond(run, lines, earlier, rates=rates, percent=OF_A_CHARGE.percent)
    return found.filter(
        (found.rate * 100 >= found.explained * OF_A_CHARGE.percent) & (found.over >= OF_A_CHARGE.least_minor)
    )


def _charges_told(lines: ir.Table) -> ir.Table:
    return finding(
        lines,
        kind="jump",
        amount=with_tax(lines.over, lines.amount, lines.tax),
        fact="leaps",
        charged_minor=lines.amount,
        record_minor=lines.right,
        fact_day=lines.from_on,
        fact_id=lines.bills,
    )


def _bills_told(run: Run, lines: ir.Table) -> ir.Table:
    """Bills that are much more than they were by charges each of which alone is not: told without a line.

    Not where the total is not even the sum of its lines: that says more.
    """
    money = with_tax(lines.over, lines.amount, lines.tax)
    by_bill = lines.group_by(l_bill=lines.bill).agg(
        over=summed(money), crept=lines.count(), from_on=lines.from_on.min()
    )
    sums = line_sums(run.lines)
    bills = run.bills.inner_join(by_bill, run.bills.bill == by_bill.l_bill)
    bills = bills.inner_join(sums, [bills.bill == sums.s_bill, bills.total == sums["sum"]])
    leapt = bills.filter(
        (bills.over >= OF_A_BILL.least_minor) & (bills.total * 100 >= (bills.total - bills.over) * OF_A_BILL.percent)
    )
    found = _with_totals(run, leapt)
    return finding(
        found,
        kind="jump",
        amount=found.over,
        fact="total_leaps",
        line=ibis.null("int64"),
        currency=found.bill_currency,
        since=found.bill_since,
        until=found.bill_until,
        charged_minor=found.total,
        record_minor=found.total - found.over,
        fact_day=found.from_on,
        fact_id=found.crept,
    )


def _with_totals(run: Run, bills: ir.Table) -> ir.Table:
    """Adds `earlier`: the totals of the account's earlier bills."""
    past = run.all_bills.select(p_account="account", p_issued="issued", p_currency="bill_currency", p_total="total")
    joined = bills.inner_join(past, [bills.account == past.p_account, bills.bill_currency == past.p_currency])
    joined = joined.filter((joined.p_issued < joined.issued) & (joined.p_issued >= joined.issued - LOOKS_BACK_DAYS))
    said = joined.p_issued.cast("string") + ":" + joined.p_total.cast("string")
    told = joined.group_by(t_bill=joined.bill).agg(earlier=said.collect().unique().sort().join(","))
    with_told = bills.inner_join(told, bills.bill == told.t_bill)
    return with_told.select(*bills.columns, "earlier")
