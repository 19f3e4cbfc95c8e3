"""What was charged before: each amount beside the amounts of the same charge on the account's earlier bills."""

from dataclasses import dataclass

import ibis.expr.types as ir

LOOKS_BACK_DAYS = 395
"""How far back an earlier bill counts: thirteen months, so that what is dear each winter has been seen before."""

LEAST_BILLS = 3
"""So many earlier bills make an amount the usual one; after fewer nobody can say what is usual."""


@dataclass(frozen=True, slots=True)
class Leap:
    """How much more is much more: at least `percent` of what is explained, and at least `least_minor` above it.

    Both must hold: a ratio alone makes findings of pennies, an amount alone of every price rise of a dear plan.
    """

    percent: int
    least_minor: int


OF_A_CHARGE = Leap(percent=150, least_minor=500)
"""No rise that a provider announces makes a charge half as dear again; what leaps so is mostly a fault of billing."""

OF_A_BILL = Leap(percent=125, least_minor=1_000)
"""Charges that creep up together show on the whole bill: a quarter more of it is what makes people call."""


def with_before(lines: ir.Table, earlier: ir.Table, *, same: tuple[str, ...], percent: int) -> ir.Table:
    """The lines that were far lower on at least LEAST_BILLS earlier bills, and not as high before these.

    Both tables have the columns of `same`, `bill`, `issued`, `since` and `rate` (what a whole month would cost);
    `lines` also `line` and `starts` (from which day on earlier ones may be compared). Far lower is what `percent` of it
    does not exceed. Adds `before` (the highest far lower rate), `bills` (how many bills had one), `from_on` and
    `last_since` (the first days of the earliest and the latest of these), `earlier` (their bill's day and rate, in
    order, as findings.COLUMNS has it).
    """
    past = earlier.select(
        *(earlier[name].name(f"e_{name}") for name in same),
        e_bill=earlier.bill, e_issued=earlier.issued, e_since=earlier.since, e_rate=earlier.rate,
    )  # fmt: skip
    pairs = lines.inner_join(past, [lines[name] == past[f"e_{name}"] for name in same])
    pairs = pairs.filter(
        (pairs.e_issued < pairs.issued)
        & (pairs.e_issued >= pairs.issued - LOOKS_BACK_DAYS)
        & (pairs.e_since < pairs.since)
        & (pairs.e_since >= pairs.starts)
    )
    is_low = pairs.e_rate * percent <= pairs.rate * 100
    said = pairs.e_issued.cast("string") + ":" + pairs.e_rate.cast("string")
    summed = pairs.group_by(p_bill=pairs.bill, p_line=pairs.line).agg(
        before=pairs.e_rate.max(where=is_low),
        bills=pairs.e_bill.nunique(where=is_low),
        from_on=pairs.e_since.min(where=is_low),
        last_since=pairs.e_since.max(where=is_low),
        high_since=pairs.e_since.min(where=~is_low),
        earlier=said.collect(where=is_low).unique().sort().join(","),
    )
    usual = summed.filter(
        (summed.bills >= LEAST_BILLS) & (summed.high_since.isnull() | (summed.high_since > summed.last_since))
    )
    joined = lines.inner_join(usual, [lines.bill == usual.p_bill, lines.line == usual.p_line])
    return joined.select(*lines.columns, "before", "bills", "from_on", "last_since", "earlier")
