"""Which recurring lines the record does not explain at first sight: these alone are looked at day by day.

Most lines stand for days that one term covers, at its price, once: three joins find all others.
"""

import ibis
import ibis.expr.types as ir

from tellonce.lab.billing.lines import Run
from tellonce.lab.billing.past import KEY, Past, recurring
from tellonce.lab.billing.reckoning import is_part


def suspects(run: Run, past: Past, *, rates: ir.Table, blocks: ir.Table) -> ir.Table:
    """The lines of the run to be looked at day by day, and earlier ones of which the run must give something back.

    Columns: those of lines, the key, and `what` and `subject` as in rates (both null where the line names neither).
    """
    lines = recurring(run.lines)
    # Only what the joins compare goes through them; the lines themselves are fetched when it is known which.
    bare = lines.select(*KEY, *_COMPARED)
    found = [unexplained(bare, rates), _blocked(bare, blocks), _charged_before(run, bare, past)]
    ids = run.keep(ibis.union(*(each.select(x_bill="bill", x_line="line") for each in found), distinct=True))
    chosen = lines.semi_join(ids, [lines.bill == ids.x_bill, lines.line == ids.x_line])
    return with_subject(run.keep(chosen if past.ended is None else chosen.union(past.ended)), rates)


_COMPARED = ("bill", "line", "service", "device", "since", "until", "amount", "issued", "bill_since", "bill_until")


def unexplained(lines: ir.Table, rates: ir.Table) -> ir.Table:
    """Lines that no single term covers at its price."""
    left = lines
    for what in ("service", "device"):
        left = _not_covered(left, rates.filter(rates.what == what), what)
    return left


def _not_covered(lines: ir.Table, terms: ir.Table, what: str) -> ir.Table:
    """Lines for which none of these terms has the price.

    What the join compares stands on one side each, so that engines can hash; the rest is a filter after it.
    """
    terms = terms.select("price", "starts", "ends", r_subject="subject", r_account="account", r_code="code")
    is_same = [lines.code == terms.r_code] if what == "service" else []
    joined = lines.left_join(
        terms,
        [
            lines[what] == terms.r_subject,
            lines.account == terms.r_account,
            lines.since >= terms.starts,
            lines.until <= terms.ends,
            *is_same,
        ],
    )
    in_period = (joined.since >= joined.bill_since) & (joined.until <= joined.bill_until)
    is_code = joined.r_code.isnull() | (joined.r_code == joined.code)
    price_days = joined.price * (joined.until - joined.since)
    is_price = joined.price.isnull() | is_part(joined.amount, price_days, joined.bill_until - joined.bill_since)
    explained = joined.r_subject.notnull() & in_period & is_code & is_price
    return joined.filter(~explained).select(*lines.columns)


def with_subject(lines: ir.Table, rates: ir.Table) -> ir.Table:
    """The lines with what each is for: the device it names, unless it is its service's charge; or its service."""
    terms = rates.filter(rates.what == "service").semi_join(lines, rates.subject == lines.service)
    codes = terms.select(s=terms.subject, c=terms.code).distinct()
    joined = lines.left_join(codes, [lines.service == codes.s, lines.code == codes.c])
    is_service = joined.service.notnull() & (joined.device.isnull() | joined.s.notnull())
    named = joined.mutate(
        what=ibis.ifelse(is_service, "service", ibis.ifelse(joined.device.notnull(), "device", ibis.null("string"))),
        subject=ibis.ifelse(is_service, joined.service, joined.device),
    )
    return named.select(*lines.columns, "what", "subject")


def _blocked(lines: ir.Table, blocks: ir.Table) -> ir.Table:
    """Lines with days on which nothing may be charged."""
    of_devices, of_services = (blocks.filter(blocks.what == what) for what in ("device", "service"))
    by_device = lines.semi_join(
        of_devices,
        [lines.device == of_devices.subject, lines.since < of_devices.ends, lines.until > of_devices.starts],
    )
    alone = lines.filter(lines.device.isnull())
    by_service = alone.semi_join(
        of_services,
        [alone.service == of_services.subject, alone.since < of_services.ends, alone.until > of_services.starts],
    )
    return by_device.union(by_service)


def _charged_before(run: Run, lines: ir.Table, past: Past) -> ir.Table:
    """Lines with days that another line of the same key charges too."""
    positive = lines.filter(lines.amount > 0)
    if run.since is None:
        return _overlapping(positive)
    # Few bills beside many that came before: each line is held against those that share days with it.
    charged = past.lines.filter(past.lines.amount > 0)
    other = charged.select(*(charged[name].name(f"o_{name}") for name in (*KEY, "bill", "line", "since", "until")))
    same = positive.inner_join(other, [positive[name] == other[f"o_{name}"] for name in KEY])
    is_another = (same.bill != same.o_bill) | (same.line != same.o_line)
    twice = same.filter((same.since < same.o_until) & (same.until > same.o_since) & is_another)
    return twice.select(*lines.columns)


def _overlapping(positive: ir.Table) -> ir.Table:
    """Of all lines together those that share days: put in order, so that no line is held against every other."""
    order = [positive.since, positive.issued, positive.bill, positive.line]
    reached = positive.until.max().over(group_by=[positive[name] for name in KEY], order_by=order, rows=(None, -1))
    reach = positive.mutate(reached=reached)
    twice = reach.filter(reach.reached > reach.since)
    pairs = twice.select(
        *(twice[name].name(f"k_{name}") for name in KEY),
        starts=twice.since,
        ends=ibis.least(twice.until, twice.reached),
    )
    return positive.semi_join(
        pairs,
        [positive[name] == pairs[f"k_{name}"] for name in KEY]
        + [positive.since < pairs.ends, positive.until > pairs.starts],
    )
