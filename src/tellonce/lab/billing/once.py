"""What is charged once: by an order each, at the price of the book; and lines that name nothing of the account."""

import ibis
import ibis.expr.types as ir

from tellonce.lab.billing.findings import finding
from tellonce.lab.billing.lines import Run, in_months
from tellonce.lab.billing.reckoning import with_tax
from tellonce.lab.billing.tables import FOREVER, Record


def not_ordered(run: Run) -> ir.Table | None:
    """Charges of once beyond the orders there are; None where orders are not known.

    Of one account and code, the charges in the order of their bills use up the orders before them. A code that the book
    has by the month needs no order.
    """
    record = run.record
    if "orders" not in record.known:
        return None
    charges = _charged_once(run)
    orders = record.orders
    given = orders.select(o_account="account", o_code="code", o_on="on", o_service="service")
    counted = charges.left_join(given, [charges.account == given.o_account, charges.code == given.o_code])
    before = counted.o_on.notnull() & (counted.o_on <= counted.day)
    with_orders = counted.group_by(*(counted[name] for name in charges.columns)).agg(
        orders=counted.count(where=before),
        is_of_service=(before & (counted.o_service == counted.service)).any().fill_null(False),
    )
    left = _beyond(with_orders)
    ours = run.bills.select(r_bill="bill")
    found = left.semi_join(ours, left.bill == ours.r_bill)
    kind = ibis.ifelse(found.is_twice, "charged_twice", "not_ordered")
    return finding(
        found,
        kind=kind,
        amount=with_tax(found.amount, found.amount, found.tax),
        fact="orders",
        charged_minor=found.amount,
        record_minor=ibis.literal(0),
        fact_id=found.orders,
    )


def _charged_once(run: Run) -> ir.Table:
    """Lines of once of all bills of accounts with such a line in the run, with the day to count from."""
    record = run.record
    charges = record.charges
    once = charges.filter(charges.kind.isin(("one_off", "fee")) & (charges.amount_minor > 0))
    if run.since is not None:
        ours = run.lines.filter(run.lines.kind.isin(("one_off", "fee"))).select(r_account="account", r_code="code")
        once = once.semi_join(ours, [once.account == ours.r_account, once.code == ours.r_code])
    monthly = record.prices.filter(record.prices.unit == "month")
    lines = run.lines_among(once.anti_join(monthly, once.code == monthly.code))
    day = ibis.greatest(lines.issued, lines.since.fill_null(-FOREVER))
    return run.keep(lines.mutate(day=day, until=lines.until))


def _beyond(lines: ir.Table) -> ir.Table:
    """The lines that have no order left: where the charges so far outrun the orders so far further than before.

    Identical lines of one bill come last, so that what stands twice is found as such.
    """
    same_line = [lines[name] for name in ("account", "code", "bill", "service", "since", "until", "amount")]
    copies = lines.mutate(
        copy=ibis.row_number().over(group_by=same_line, order_by=[lines.line]),
    )
    key = [copies.account, copies.code]
    order = [copies.day, copies.issued, copies.bill, copies.copy, (~copies.is_of_service).cast("int64"), copies.line]
    counted = copies.mutate(ahead=ibis.row_number().over(group_by=key, order_by=order) + 1 - copies.orders)
    so_far = counted.ahead.max().over(
        group_by=[counted.account, counted.code],
        order_by=[
            counted.day,
            counted.issued,
            counted.bill,
            counted.copy,
            (~counted.is_of_service).cast("int64"),
            counted.line,
        ],
        rows=(None, -1),
    )
    beyond = counted.mutate(most=ibis.greatest(so_far.fill_null(0), 0))
    return beyond.filter(beyond.ahead > beyond.most).mutate(is_twice=ibis._.copy > 0)


def book_prices(record: Record, unit: str) -> ir.Table:
    """The price book of one unit: `p_code`, `p_area` (null: everywhere), `p_price`, `p_since`, `p_until`."""
    prices = record.prices.filter(record.prices.unit == unit)
    return prices.select(
        p_code=prices.code,
        p_area=prices.area,
        p_price=prices.amount_minor,
        p_since=prices.valid_from,
        p_until=prices.valid_until.fill_null(FOREVER),
    )


def areas(record: Record) -> ir.Table:
    """The area of each account: `a_account`, `a_area` (may be null)."""
    return record.accounts.select(a_account="account", a_area="area")


def with_book_price(lines: ir.Table, record: Record, *, unit: str, since: str, until: str) -> ir.Table:
    """The lines with the lowest and the highest price of the book that held on a day from `since` to `until` (both in).

    Adds `low`, `high` (null where the book has none, or the account's area decides and is unknown). A price for the
    account's area goes before the one for everywhere.
    """
    of = areas(record)
    in_area = lines.inner_join(of, lines.account == of.a_account).select(*lines.columns, "a_area")
    book = book_prices(record, unit)
    joined = in_area.inner_join(
        book,
        [
            in_area.code == book.p_code,
            book.p_area.isnull() | in_area.a_area.isnull() | (in_area.a_area == book.p_area),
            in_area[until] >= book.p_since,
            in_area[since] < book.p_until,
        ],
    )
    is_local = joined.p_area.notnull()
    found = joined.group_by(p_bill=joined.bill, p_line=joined.line).agg(
        local_low=joined.p_price.min(where=is_local),
        local_high=joined.p_price.max(where=is_local),
        low=joined.p_price.min(where=~is_local),
        high=joined.p_price.max(where=~is_local),
        is_open=(is_local & joined.a_area.isnull()).any(),
    )
    priced = lines.left_join(found, [lines.bill == found.p_bill, lines.line == found.p_line])
    nothing = priced.is_open.fill_null(False)
    return priced.select(
        *lines.columns,
        low=ibis.ifelse(nothing, ibis.null("int64"), priced.local_low.fill_null(priced.low)),
        high=ibis.ifelse(nothing, ibis.null("int64"), priced.local_high.fill_null(priced.high)),
    )


def wrong_once(run: Run) -> ir.Table | None:
    """Charges of once that are not at a price that the book had between their order, or their day, and their bill."""
    if "prices" not in run.record.known:
        return None
    lines = run.lines.filter(run.lines.kind.isin(("one_off", "fee")) & (run.lines.amount > 0))
    dated = lines.mutate(last=ibis.greatest(lines.issued, lines.since.fill_null(-FOREVER)))
    orders = run.record.orders.select(o_account="account", o_code="code", o_on="on")
    ordered = dated.left_join(
        orders, [dated.account == orders.o_account, dated.code == orders.o_code, orders.o_on <= dated.last]
    )
    by_order = ordered.group_by(*(ordered[name] for name in dated.columns)).agg(ordered_on=ordered.o_on.max())
    first = ibis.least(by_order.ordered_on.fill_null(FOREVER), by_order.issued, by_order.since.fill_null(FOREVER))
    held = by_order.mutate(first=first)
    priced = with_book_price(held, run.record, unit="once", since="first", until="last")
    found = priced.filter((priced.amount < priced.low) | (priced.amount > priced.high))
    record_minor = ibis.ifelse(found.amount > found.high, found.high, found.low)
    return finding(
        found,
        kind="wrong_price",
        amount=with_tax(found.amount - record_minor, found.amount, found.tax),
        fact="book",
        charged_minor=found.amount,
        record_minor=record_minor,
    )


def unnamed(run: Run, rates: ir.Table) -> ir.Table | None:
    """Recurring lines that name neither service nor device, by a code that neither the account nor the price book has.

    None without a price book: then what else may be charged is unknown.
    """
    if "prices" not in run.record.known:
        return None
    lines = run.lines
    bare = lines.filter(
        (lines.kind == "recurring") & lines.service.isnull() & lines.device.isnull() & (lines.amount > 0)
    )
    monthly = run.record.prices.filter(run.record.prices.unit == "month")
    uncoded = rates.filter(rates.code.isnull())
    of_account = bare.anti_join(rates, [bare.account == rates.account, bare.code == rates.code])
    of_account = of_account.anti_join(uncoded, of_account.account == uncoded.account)
    found = of_account.anti_join(monthly, of_account.code == monthly.code)
    return finding(
        found,
        kind="not_of_record",
        amount=with_tax(found.amount, found.amount, found.tax),
        fact="no_such_service",
        charged_minor=found.amount,
        record_minor=ibis.literal(0),
    )


def strangers(run: Run) -> ir.Table:
    """Lines in another currency than their account's, and lines on a bill of another account."""
    accounts, bills, charges = run.record.accounts, run.bills, in_months(run.record.charges, since=run.since)
    of = accounts.select(c_account="account", c_currency="currency")
    lines = run.lines.inner_join(of, run.lines.account == of.c_account)
    foreign = lines.filter((lines.currency != lines.c_currency) & lines.amount.notnull())
    other_money = finding(
        foreign,
        kind="not_of_record",
        amount=foreign.amount + foreign.tax.fill_null(0),
        fact="currency",
        charged_minor=foreign.amount,
        record_minor=ibis.null("int64"),
    )
    on = bills.select(b_bill="bill", b_account="account")
    joined = charges.inner_join(on, [charges.bill == on.b_bill, charges.account != on.b_account])
    joined = joined.filter(joined.amount_minor.notnull())
    others = finding(
        joined,
        kind="not_of_record",
        amount=joined.amount_minor + joined.tax_minor.fill_null(0),
        fact="other_account",
        account=joined.b_account,
        since=joined.period_from,
        until=joined.period_until,
        charged_minor=joined.amount_minor,
        record_minor=ibis.literal(0),
        fact_id=joined.account,
    )
    return other_money.union(others)
