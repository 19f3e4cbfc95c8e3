"""What the record has and no bill charges: the provider is out of pocket."""

import ibis
import ibis.expr.types as ir

from tellonce.lab.billing.findings import finding
from tellonce.lab.billing.lines import Run
from tellonce.lab.billing.reckoning import rounded
from tellonce.lab.billing.tables import FOREVER


def not_charged(run: Run, *, rates: ir.Table, blocks: ir.Table) -> ir.Table:
    """Services and rents that no bill charges.

    Told on each bill of the run that should have charged them, and could know of them when it was issued.
    """
    wanted = _wanted(run, rates)
    left = [_without_line(run, wanted.filter(wanted.what == what), what) for what in ("service", "device")]
    missing = run.keep(ibis.union(*left))
    rest = _without_reason(run, missing, blocks)
    owed = rounded(rest.price * (rest.until - rest.since), rest.bill_until - rest.bill_since)
    found = rest.mutate(owed=owed)
    found = found.filter(found.owed > 0)
    is_service = found.what == "service"
    return finding(
        found,
        kind="not_of_record",
        amount=-found.owed,
        fact="not_charged",
        line=ibis.null("int64"),
        currency=found.bill_currency,
        service=ibis.ifelse(is_service, found.subject, ibis.null("int64")),
        device=ibis.ifelse(is_service, ibis.null("int64"), found.subject),
        charged_minor=ibis.literal(0),
        record_minor=found.owed,
    )


def _wanted(run: Run, rates: ir.Table) -> ir.Table:
    """The days of each bill's period that a term covers which the bill could know of; not what costs nothing."""
    terms = rates.filter((rates.price > 0) & rates.code.notnull()).rename(t_account="account")
    bills = run.bills
    joined = bills.inner_join(
        terms,
        [
            bills.account == terms.t_account,
            terms.starts < bills.bill_until,
            terms.ends > bills.bill_since,
            terms.starts <= bills.issued,
        ],
    )
    return joined.select(
        "account", "bill", "issued", "bill_since", "bill_until", "bill_currency", "what", "subject", "code", "price",
        since=ibis.greatest(joined.starts, joined.bill_since),
        until=ibis.least(joined.ends, joined.bill_until),
    )  # fmt: skip


def _without_line(run: Run, wanted: ir.Table, what: str) -> ir.Table:
    """Those for which neither the bill nor, for the same days, any other has a line.

    A device's rent is no line of its service, unless it has the service's code.
    """
    lines, charges = run.lines, run.record.charges
    of_bill = lines.filter((lines.kind == "recurring") & (lines.amount > 0))
    of_all = charges.filter((charges.kind == "recurring") & (charges.amount_minor > 0))
    if what == "service":
        left = wanted.anti_join(
            of_bill, [wanted.bill == of_bill.bill, wanted.subject == of_bill.service, wanted.code == of_bill.code]
        )
        of_bill, of_all = of_bill.filter(of_bill.device.isnull()), of_all.filter(of_all.device.isnull())
    else:
        left = wanted
    left = left.anti_join(of_bill, [left.bill == of_bill.bill, left.subject == of_bill[what]])
    return left.anti_join(
        of_all,
        [
            left.account == of_all.account,
            left.subject == of_all[what],
            left.since < of_all.period_until,
            left.until > of_all.period_from,
        ],
    )


def _without_reason(run: Run, missing: ir.Table, blocks: ir.Table) -> ir.Table:
    """Those that no pause, event, waiver or upheld dispute explains, and no line without a name may stand for."""
    record = run.record
    allowed = missing.anti_join(
        blocks,
        [
            missing.what == blocks.what,
            missing.subject == blocks.subject,
            missing.since < blocks.ends,
            missing.until > blocks.starts,
        ],
    )
    waivers, upheld, lines = record.waivers, record.upheld, run.lines
    waivers = waivers.mutate(valid_until=waivers.valid_until.fill_null(FOREVER))
    unwaived = allowed.anti_join(
        waivers,
        [
            allowed.account == waivers.account,
            allowed.code == waivers.code,
            allowed.until > waivers.valid_from,
            allowed.since < waivers.valid_until,
        ],
    )
    kept = unwaived.anti_join(upheld, [unwaived.account == upheld.account, unwaived.code == upheld.code])
    bare = lines.filter((lines.kind == "recurring") & lines.service.isnull() & lines.device.isnull())
    return _outside_pauses(run, kept.anti_join(bare, [kept.bill == bare.bill, kept.code == bare.code]))


def _outside_pauses(run: Run, missing: ir.Table) -> ir.Table:
    """Rents are not missed while the device's service is in a pause or at an end: whether they are due is not said."""
    devices, pauses = run.record.devices, run.record.pauses
    paused = devices.inner_join(pauses, devices.service == pauses.service).select(
        p_device=devices.device, p_since=pauses.valid_from, p_until=pauses.valid_until.fill_null(FOREVER)
    )
    devices_paused = paused.mutate(p_what=ibis.literal("device"))
    return missing.anti_join(
        devices_paused,
        [
            missing.what == devices_paused.p_what,
            missing.subject == devices_paused.p_device,
            missing.until > devices_paused.p_since,
            missing.since < devices_paused.p_until,
        ],
    )
