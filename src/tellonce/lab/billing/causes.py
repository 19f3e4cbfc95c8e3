"""What findings, or disputes, have in common: the groups that one cause may be behind."""

import ibis
import ibis.expr.types as ir

from tellonce.lab.billing.lines import Run
from tellonce.lab.billing.reckoning import summed

_SAME = ("kind", "code", "product", "area", "currency")
_ALIKE = ("code", "product", "currency", "first_on", "price_changed_on")


def causes(run: Run, found: ir.Table) -> ir.Table:
    """The findings grouped by kind, code, product, area and currency, those with most accounts first.

    Columns: these five (code, product and area may be null), `first_issued` (the day of the first bill with it),
    `price_changed` (the last day until then on which the price book or the terms of this code changed; null: none
    known), `accounts`, `findings`, `amount_minor` (their money together).
    """
    area = run.record.accounts.select(a_account="account", area="area")
    bills = run.all_bills.select(b_bill="bill", b_issued="issued")
    with_area = found.left_join(area, found.account == area.a_account).select(*found.columns, "area")
    dated = with_area.left_join(bills, with_area.bill == bills.b_bill).select(*with_area.columns, "b_issued")
    groups = dated.group_by(*_SAME).agg(
        first_issued=dated.b_issued.min(),
        accounts=dated.account.nunique(),
        findings=dated.count(),
        amount_minor=summed(dated.amount_minor),
    )
    return _with_price_change(run, groups).order_by(
        ibis.desc("accounts"), ibis.desc("findings"), *(name for name in _SAME)
    )


def _with_price_change(run: Run, groups: ir.Table) -> ir.Table:
    """Adds the last change of the code's price before the first bill: in the book, or by a later term of a service."""
    prices, services = run.record.prices, run.record.services
    book = prices.select(c_code=prices.code, c_on=prices.valid_from)
    first = services.group_by(f_service=services.service).agg(first=services.valid_from.min())
    later = services.inner_join(first, services.service == first.f_service)
    later = later.filter(later.valid_from > later.first).select(c_code="code", c_on="valid_from")
    changes = book.union(later, distinct=True)
    before = groups.inner_join(changes, [groups.code == changes.c_code, groups.first_issued >= changes.c_on])
    last = before.group_by(
        **{f"l_{name}": before[name].fill_null("") for name in _SAME},
    ).agg(price_changed=before.c_on.max())
    joined = groups.left_join(last, [groups[name].fill_null("") == last[f"l_{name}"] for name in _SAME])
    return joined.select(
        *_SAME, "first_issued", "accounts", "findings", "amount_minor", price_changed=joined.price_changed
    )


def alike(disputes: ir.Table, *, least: int) -> ir.Table:
    """Disputes grouped by code, product, currency, first month and change of price: those of most accounts first.

    `disputes` has `dispute` and `account` (ids), `code`, `product`, `currency`, `area` (an id, may be null), `first_on`
    (a date), `price_changed_on` (a date, may be null), `is_open` and `asked_minor`. Groups of fewer than `least`
    accounts are left out. Columns: the five (`first_on` is the first day of its month), `area` (where all are in one,
    else null), `areas` (how many known ones), `disputes`, `accounts`, `open_disputes`, `asked_minor` (together),
    `first_dispute` (the lowest id).
    """
    monthly = disputes.mutate(first_on=disputes.first_on.truncate("M").cast("date"))
    groups = monthly.group_by(*_ALIKE).agg(
        places=monthly.area.fill_null(0).nunique(),
        any_area=monthly.area.min(),
        areas=monthly.area.nunique(),
        disputes=monthly.count(),
        accounts=monthly.account.nunique(),
        open_disputes=monthly.count(where=monthly.is_open),
        asked_minor=summed(monthly.asked_minor),
        first_dispute=monthly.dispute.min(),
    )
    many = groups.filter(groups.accounts >= least)
    found = many.mutate(area=ibis.ifelse(many.places == 1, many.any_area, ibis.null("int64")))
    return found.drop("places", "any_area").order_by(
        ibis.desc("accounts"), ibis.desc("asked_minor"), "first_dispute", *_ALIKE
    )
