"""What may explain that a charge is more than before: the price book, promotions, stops, corrections, what is new."""

import ibis
import ibis.expr.types as ir

from tellonce.lab.billing.lines import Run
from tellonce.lab.billing.once import areas, with_book_price
from tellonce.lab.billing.past import keyed
from tellonce.lab.billing.reckoning import summed
from tellonce.lab.billing.tables import FOREVER


def with_explained(run: Run, lines: ir.Table, *, rates: ir.Table, same: tuple[str, ...]) -> ir.Table:
    """The lines with `explained`: the most that a whole month of each may cost by what was before and by the record.

    `lines` are those of before.with_before, with `now_high`: the book's price of a month today (may be null). What
    explains an amount that nobody can reckon (a stop, days given back on the same bill, something new on the account
    that the line may be for, a price by an unknown area) leaves the line out; new terms of the same service have left
    it out by its `starts`.
    """
    left = _without_correction(run, _without_stop(run, lines), same)
    left = _without_new(_of_known_area(run, left), rates)
    return _with_promotions(run, _with_book(run, run.keep(left)))


def _without_stop(run: Run, lines: ir.Table) -> ir.Table:
    pauses = run.record.pauses
    return lines.anti_join(
        pauses,
        [
            lines.service == pauses.service,
            lines.last_since < pauses.valid_until.fill_null(FOREVER),
            lines.until > pauses.valid_from,
        ],
    )


def _without_correction(run: Run, lines: ir.Table, same: tuple[str, ...]) -> ir.Table:
    """A bill that gives back days of the same charge sets something right: its lines are parts of one sum."""
    back = keyed(run.lines.filter((run.lines.kind == "recurring") & (run.lines.amount < 0)))
    return lines.anti_join(back, [lines.bill == back.bill, *(lines[name] == back[name] for name in same)])


def _of_known_area(run: Run, lines: ir.Table) -> ir.Table:
    """Not the lines of accounts in an unknown area whose code has a price by area."""
    prices, of = run.record.prices, areas(run.record)
    local = prices.filter((prices.unit == "month") & prices.area.notnull())
    nowhere = of.filter(of.a_area.isnull())
    doubtful = lines.semi_join(nowhere, lines.account == nowhere.a_account)
    doubtful = doubtful.semi_join(local, doubtful.code == local.code).select(d_bill="bill", d_line="line")
    return lines.anti_join(doubtful, [lines.bill == doubtful.d_bill, lines.line == doubtful.d_line])


def _without_new(lines: ir.Table, rates: ir.Table) -> ir.Table:
    """A line that names nothing may be for whatever began on the account since it was lower."""
    bare = lines.filter(lines.service.isnull() & lines.device.isnull())
    theirs = rates.semi_join(bare, rates.account == bare.account)
    first = theirs.group_by("account", "what", "subject").agg(begins=theirs.starts.min())
    begun = bare.semi_join(
        first,
        [bare.account == first.account, first.begins > bare.last_since, first.begins < bare.until],
    ).select(n_bill="bill", n_line="line")
    return lines.anti_join(begun, [lines.bill == begun.n_bill, lines.line == begun.n_line])


def _with_book(run: Run, lines: ir.Table) -> ir.Table:
    """Adds `by_book`: the book's price now, or what was before with the book's rise since then, if that is more."""
    both = with_book_price(lines, run.record, unit="month", since="last_since", until="last_since")
    rise = ibis.greatest((both.now_high - both.low).fill_null(0), 0)
    return both.select(*lines.columns, by_book=ibis.greatest(both.before + rise, both.now_high.fill_null(0)))


def _with_promotions(run: Run, lines: ir.Table) -> ir.Table:
    """Adds to it the promotions of the service that ended since the charge was lower: `explained`."""
    promotions = run.record.promotions.select(p_service="service", p_discount="discount_minor", p_until="valid_until")
    ended = lines.inner_join(
        promotions,
        [
            lines.service == promotions.p_service,
            promotions.p_until > lines.last_since,
            promotions.p_until < lines.until,
        ],
    )
    by_line = ended.group_by(e_bill=ended.bill, e_line=ended.line).agg(ended=summed(ended.p_discount))
    joined = lines.left_join(by_line, [lines.bill == by_line.e_bill, lines.line == by_line.e_line])
    return joined.select(*lines.columns, explained=joined.by_book + joined.ended.fill_null(0))
