"""What was settled and must stay so: charges that were taken off for good, and charges that were waived."""

import ibis
import ibis.expr.types as ir

from tellonce.lab.billing.findings import finding
from tellonce.lab.billing.lines import Run
from tellonce.lab.billing.reckoning import rounded, shared_days, summed, with_tax
from tellonce.lab.billing.tables import FOREVER


def came_back(run: Run, rates: ir.Table) -> ir.Table:
    """Charges that an upheld dispute took off, on bills issued after its decision.

    None where the customer took the same anew since: a service or device that begins after the decision.
    """
    upheld = run.record.upheld.rename(
        u_account="account",
        u_code="code",
        u_product="product",
        u_service="service",
        u_device="device",
        u_on="decided_on",
    )
    lines = run.lines.filter(run.lines.amount > 0)
    hit = lines.inner_join(
        upheld,
        [
            lines.account == upheld.u_account,
            lines.code == upheld.u_code,
            lines.issued > upheld.u_on,
            upheld.u_product.isnull() | (lines["product"] == upheld.u_product),
            upheld.u_service.isnull() | (lines.service == upheld.u_service),
            upheld.u_device.isnull() | (lines.device == upheld.u_device),
        ],
    )
    each = hit.group_by(*(hit[name] for name in lines.columns)).agg(decided=hit.u_on.min())
    found = _not_anew(each, rates)
    return finding(
        found,
        kind="came_back",
        amount=with_tax(found.amount, found.amount, found.tax),
        fact="upheld",
        charged_minor=found.amount,
        record_minor=ibis.literal(0),
        fact_day=found.decided,
    )


def _not_anew(lines: ir.Table, rates: ir.Table) -> ir.Table:
    starts = rates.group_by(s_what=rates.what, s_subject=rates.subject, s_account=rates.account).agg(
        s_first=rates.starts.min()
    )
    left = lines
    for what in ("service", "device"):
        of = starts.filter(starts.s_what == what)
        left = left.anti_join(of, [left.account == of.s_account, left[what] == of.s_subject, of.s_first > left.decided])
    return left


def waived(run: Run) -> ir.Table:
    """Charges for days of a waiver that their bill could know of; a charge without days is for the day of its bill."""
    waivers = run.record.waivers.select(
        w_account="account", w_code="code", w_since="valid_from", w_until=ibis._.valid_until.fill_null(FOREVER)
    )
    lines = run.lines.filter(run.lines.amount > 0)
    is_once = lines.kind.isin(("one_off", "fee"))
    first = ibis.ifelse(is_once, lines.since.fill_null(lines.issued), lines.since)
    dated = lines.mutate(first=first, last=ibis.greatest(ibis.ifelse(is_once, first + 1, lines.until), first + 1))
    hit = dated.inner_join(
        waivers,
        [
            dated.account == waivers.w_account,
            dated.code == waivers.w_code,
            dated.first < waivers.w_until,
            dated.last > waivers.w_since,
            ibis.greatest(waivers.w_since, 0) <= ibis.greatest(dated.issued, dated.first),
        ],
    )
    days = hit.last - hit.first
    each = hit.group_by(*(hit[name] for name in dated.columns)).agg(
        days=ibis.least(summed(shared_days(hit.first, hit.last, hit.w_since, hit.w_until)), days.max()),
        waived_on=hit.w_since.min(),
    )
    record = rounded(each.amount * (each.last - each.first - each.days), each.last - each.first)
    found = each.mutate(record=record)
    return finding(
        found,
        kind="waived",
        amount=with_tax(found.amount - found.record, found.amount, found.tax),
        fact="waiver",
        charged_minor=found.amount,
        record_minor=found.record,
        fact_day=found.waived_on,
    )
