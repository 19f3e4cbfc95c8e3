"""Day by day: for each day of the lines that are looked at, who charged it, who gave it back, and what it costs.

One day of one service or device may be charged once; on a day without charge, not at all; each day that was given
back may be charged once more. What is charged beyond that is laid to the latest lines.
"""

import ibis
import ibis.expr.types as ir

from tellonce.lab.billing.findings import rank_of
from tellonce.lab.billing.lines import Run
from tellonce.lab.billing.past import KEY, Past
from tellonce.lab.billing.tables import FOREVER

ON = ("bill", "line", "day")


def line_days(run: Run, past: Past, suspects: ir.Table, *, rates: ir.Table, blocks: ir.Table) -> ir.Table:
    """A row for each suspect line and day, with what that day is.

    Columns: `bill`, `line`, `day`, `is_charge` (or else given back), `is_over` (beyond what may be), `cause` (a kind
    of finding, or null on a day that may be charged), `forbidden_since` (from which day on nothing may be charged;
    null: from the first), `known` (from which day a bill must heed the cause), `is_late` (the bill could not),
    `price` (a month; null: unknown), `other_price` (of the service's term with another code that covers the day),
    `earlier_bill` (which charged the day before this line did), `is_ahead` (the day is after the bill's period).
    """
    # What the record has for a line is looked up once a line: there are some thirty times as many days.
    of_line = run.keep(_terms_of(suspects, rates))
    own = run.keep(_with_spans(suspects, of_line))
    days = _counted(run.keep(_days_of(_circle(run, past.lines, suspects))))
    mine = days.inner_join(own, [days.bill == own.o_bill, days.line == own.o_line, days.account == own.o_account])
    kept = run.keep(mine.drop("o_bill", "o_line", "o_account"))
    forbids = _forbidden(kept.select(*ON), _blocks_of(suspects, blocks))
    priced = _with_terms(kept, of_line)
    joined = priced.left_join(forbids, [priced[name] == forbids[f"b_{name}"] for name in ON])
    return _judged(joined.select(*priced.columns, "block", "block_known", "block_since"))


def _circle(run: Run, lines: ir.Table, suspects: ir.Table) -> ir.Table:
    """The suspect lines, and all lines of all time that charge or give back days of theirs; `k` numbers their keys."""
    asked = suspects.group_by(*(suspects[name].name(f"k_{name}") for name in KEY)).agg(
        starts=suspects.since.min(), ends=suspects.until.max()
    )
    asked = run.keep(asked.mutate(k=ibis.row_number().over(order_by=[asked[f"k_{name}"] for name in KEY])))
    same = [lines[name] == asked[f"k_{name}"] for name in KEY]
    near = lines.inner_join(asked, [*same, lines.since < asked.ends, lines.until > asked.starts])
    return near.select(*lines.columns, "k")


def _days_of(lines: ir.Table) -> ir.Table:
    chosen = lines.filter(lines.amount != 0)
    return chosen.select(
        "k",
        "account",
        "bill",
        "line",
        "issued",
        is_charge=chosen.amount > 0,
        bill_until=chosen.bill_until,
        day=ibis.range(chosen.since, chosen.until).unnest(),
    )


def _counted(days: ir.Table) -> ir.Table:
    """How many lines charge each day and how many give it back, and this line's place among its like.

    Hardly any day has several of a kind: only these are put in order.
    """
    by_day = days.group_by(c_k=days.k, c_day=days.day).agg(
        charges=days.count(where=days.is_charge), credits=days.count(where=~days.is_charge)
    )
    joined = days.inner_join(by_day, [days.k == by_day.c_k, days.day == by_day.c_day])
    counted = joined.select(*days.columns, "charges", "credits")
    is_alone = ibis.ifelse(counted.is_charge, counted.charges, counted.credits) == 1
    alone = counted.filter(is_alone).mutate(place=ibis.literal(1, "int64"), earlier_bill=ibis.null("int64"))
    return alone.union(_placed(counted.filter(~is_alone)))


def _placed(days: ir.Table) -> ir.Table:
    """With each line's place among its like, and the bill of the one before.

    What is charged ahead of the period of its bill comes last, whenever it was billed.
    """
    ahead = (days.day >= days.bill_until).cast("int64")
    order = [ahead, days.issued, days.bill, days.line]
    like = [days.k, days.day, days.is_charge]
    return days.mutate(
        place=ibis.row_number().over(group_by=like, order_by=order) + 1,
        earlier_bill=days.bill.lag().over(group_by=like, order_by=order),
    )


def _terms_of(suspects: ir.Table, rates: ir.Table) -> ir.Table:
    """Each suspect line with each term of what it is for: `t_bill`, `t_line`, `price`, `starts`, `ends`, `is_same`.

    `is_same` says whether the term has the line's code (or none), `is_code` whether it has just that.
    """
    terms = rates.select("price", "starts", "ends", "what", "subject", r_account="account", term_code="code")
    joined = suspects.inner_join(
        terms,
        [
            suspects.what == terms.what,
            suspects.subject == terms.subject,
            suspects.account == terms.r_account,
        ],
    )
    is_code = joined.term_code == joined.code
    return joined.select(
        "price",
        "starts",
        "ends",
        t_bill=joined.bill,
        t_line=joined.line,
        is_same=is_code.fill_null(True),
        is_code=is_code.fill_null(False),
    )


def _with_spans(suspects: ir.Table, of_line: ir.Table) -> ir.Table:
    """The suspect lines with what they are for, from when to when the terms of their code go, and the last price.

    A term whose code nobody knows is of any code that has no term of its own.
    """
    terms = of_line.filter(of_line.is_same)
    coded = terms.is_code
    spans = terms.group_by(s_bill=terms.t_bill, s_line=terms.t_line).agg(
        first_start=terms.starts.min(where=coded).fill_null(terms.starts.min()),
        last_end=terms.ends.max(where=coded).fill_null(terms.ends.max()),
        last_price=terms.price.argmax(terms.starts, where=coded).fill_null(terms.price.argmax(terms.starts)),
    )
    joined = suspects.left_join(spans, [suspects.bill == spans.s_bill, suspects.line == spans.s_line])
    return joined.select(
        "what", "first_start", "last_end", "last_price",
        o_bill=joined.bill, o_line=joined.line, o_account=joined.account,
    )  # fmt: skip


def _with_terms(days: ir.Table, of_line: ir.Table) -> ir.Table:
    """Each day with the price of the term that covers it."""
    bare = days.select(*ON)
    covered = bare.inner_join(
        of_line,
        [
            bare.bill == of_line.t_bill,
            bare.line == of_line.t_line,
            bare.day >= of_line.starts,
            bare.day < of_line.ends,
        ],
    )
    is_same = covered.is_same
    of_day = covered.group_by(*(covered[name].name(f"t_{name}") for name in ON)).agg(
        is_priced=is_same.any(),
        price=covered.price.max(where=is_same),
        is_other=(~is_same).any(),
        other_price=covered.price.max(where=~is_same),
    )
    joined = days.left_join(of_day, [days[name] == of_day[f"t_{name}"] for name in ON])
    return joined.select(*days.columns, "is_priced", "price", "is_other", "other_price")


def _blocks_of(suspects: ir.Table, blocks: ir.Table) -> ir.Table:
    """Each suspect line with each period in which it may not be charged."""
    named = blocks.select("cause", "starts", "ends", "known", b_what="what", b_subject="subject")
    hit = suspects.inner_join(
        named,
        [
            suspects.what == named.b_what,
            suspects.subject == named.b_subject,
            suspects.since < named.ends,
            suspects.until > named.starts,
        ],
    )
    return hit.select("cause", "starts", "ends", "known", h_bill=hit.bill, h_line=hit.line)


def _forbidden(days: ir.Table, blocked: ir.Table) -> ir.Table:
    """The days with what forbids a charge on them: of several, what says most."""
    hit = days.inner_join(
        blocked,
        [
            days.bill == blocked.h_bill,
            days.line == blocked.h_line,
            days.day >= blocked.starts,
            days.day < blocked.ends,
        ],
    )
    return hit.group_by(*(hit[name].name(f"b_{name}") for name in ON)).agg(
        block=hit.cause.argmin(rank_of(hit.cause)), block_known=hit.known.min(), block_since=hit.starts.max()
    )


def _judged(days: ir.Table) -> ir.Table:
    is_priced = days.is_priced.fill_null(False)
    is_other = days.is_other.fill_null(False)
    is_before = days.day < days.first_start
    off_terms = ibis.cases(
        (days.what.isnull() | is_priced, ibis.null("string")),
        (days.first_start.isnull(), "not_of_record"),
        (is_before & is_other, "early_rise"),
        (is_before, "before_start"),
        (is_other, "wrong_price"),
        else_="after_end",
    )
    off_known = ibis.ifelse(days.day >= days.last_end, days.last_end, -FOREVER)
    off_since = ibis.ifelse(days.day >= days.last_end, days.last_end, ibis.null("int64"))
    cause = days.block.fill_null(off_terms)
    known = ibis.ifelse(days.block.notnull(), days.block_known, off_known)
    may = cause.isnull().cast("int64")
    over = ibis.ifelse(
        days.is_charge, days.place > may + days.credits, days.place > ibis.greatest(days.charges - may, 0)
    )
    return days.select(
        *ON,
        "is_charge",
        "earlier_bill",
        is_over=over,
        cause=cause,
        known=known,
        is_late=cause.notnull() & (known > days.issued),
        forbidden_since=ibis.ifelse(days.block.notnull(), days.block_since.nullif(-FOREVER), off_since),
        price=ibis.ifelse(is_priced, days.price, days.last_price),
        other_price=days.other_price,
        is_ahead=days.day >= days.bill_until,
    )
