"""What a finding is, and which of several on one line is told."""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

KINDS = (
    "came_back",
    "charged_twice",
    "billed_again",
    "waived",
    "returned_device",
    "never_activated",
    "broken_device",
    "in_a_pause",
    "after_end",
    "before_start",
    "early_rise",
    "part_month",
    "wrong_price",
    "promotion_missing",
    "credit_missing",
    "not_ordered",
    "usage_over",
    "no_traffic",
    "wrong_total",
    "not_of_record",
    "jump",
    "wrong_tax",
)
"""Every kind of finding; of two that fit one line, the earlier says more."""

COLUMNS = {
    "account": "int64",
    "bill": "int64",
    "line": "int64",
    "kind": "string",
    "amount_minor": "int64",
    "currency": "string",
    "code": "string",
    "product": "string",
    "service": "int64",
    "device": "int64",
    "since": "int64",
    "until": "int64",
    "charged_minor": "int64",
    "record_minor": "int64",
    "fact": "string",
    "fact_day": "int64",
    "fact_id": "int64",
    "earlier": "string",
}
"""A finding's columns.

`since` and `until` are the days that the line stands for, as days since 1970-01-01; `charged_minor` is what stands on
the bill and `record_minor` what should; `fact` names what the record knows, with its day and the id of what it is about
(an earlier bill, an agreed credit). `earlier` has what stood on earlier bills, `day:amount` with commas between.
"""

LINE_IDENTITY = ("account", "bill", "line", "currency", "code", "product", "service", "device", "since", "until")


def rank_of(kind: ir.StringValue) -> ir.IntegerValue:
    """The place of a kind in KINDS, from 0; for a word that is none, one after all."""
    return ibis.cases(*((kind == each, place) for place, each in enumerate(KINDS)), else_=len(KINDS)).cast("int64")


def finding(
    table: ir.Table, *, kind: str | ir.Value, amount: ir.Value, fact: str | ir.Value, **given: ir.Value
) -> ir.Table:
    """The rows of a table as findings: all COLUMNS, in order.

    What is not given by its name is taken from the table's column of that name; a column that it lacks is null.
    """
    values = {"kind": kind, "amount_minor": amount, "fact": fact, **given}
    chosen = {}
    for name, holds in COLUMNS.items():
        value = values.get(name, table[name] if name in table.columns else None)
        chosen[name] = ibis.null(holds) if value is None else ibis.literal(value) if isinstance(value, str) else value
    return table.select(**{name: chosen[name].cast(holds) for name, holds in COLUMNS.items()})


def one_a_line(found: Sequence[ir.Table]) -> ir.Table:
    """All findings together: on each line the one that says most, and without a line each once. Unordered."""
    together = ibis.union(*found) if len(found) > 1 else found[0]
    order = (rank_of(together.kind), together.amount_minor.abs().desc(), together.fact, together.fact_id)
    apart = ibis.ifelse(
        together.line.isnull(),
        ibis.cases((together.kind == "wrong_total", "total"), else_=together.code.fill_null(""))
        + "/"
        + together.service.cast("string").fill_null("")
        + "/"
        + together.device.cast("string").fill_null("")
        + "/"
        + together.fact_id.cast("string").fill_null("")
        + "/"
        + together.kind,
        "",
    )
    numbered = together.mutate(
        place=ibis.row_number().over(
            group_by=[together.account, together.bill, together.line.fill_null(-1), apart], order_by=order
        )
    )
    return numbered.filter(numbered.place == 0).drop("place")
