"""The tables that the checks take: what their columns are, and how they are made fit to be reckoned with.

The format is the one of docs/guide/bill-files.md. Inside the checks a day is a number (days since 1970-01-01), so that
the length of a period is a difference, and ids, days and money are int64 on every backend.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from tellonce.lab.billing.errors import TablesError

FOREVER = 10_000_000  # a day after every day: the end of what has none

_COLUMNS = {
    "bills": (
        "account:id bill:id issued_on:day period_from:day period_until:day currency:word total_minor:money "
        "carried_minor:money"
    ),
    "charges": (
        "account:id bill:id line:id kind:word code:word product:word? service:id? device:id? period_from:day? "
        "period_until:day? amount_minor:money tax_minor:money currency:word"
    ),
    "accounts": (
        "account:id customer:id area:word? opened_on:day closed_on:day? currency:word cycle_day:id is_tax_exempt:flag"
    ),
    "services": (
        "service:id account:id premise:id? product:word code:word? price_minor:money? valid_from:day valid_until:day?"
    ),
    "devices": "device:id account:id service:id? code:word? rent_minor:money? is_ours:flag since:day until:day?",
    "payments": "account:id on:day amount_minor:money currency:word",
    "promotions": "service:id code:word discount_minor:money? valid_from:day valid_until:day",
    "pauses": "service:id valid_from:day valid_until:day?",
    "device_events": "device:id kind:word on:day",
    "traffic": "service:id month:day units:use",
    "prices": "code:word area:word? amount_minor:money unit:word valid_from:day valid_until:day?",
    "orders": "account:id code:word service:id? on:day",
    "waivers": "account:id code:word valid_from:day valid_until:day?",
    "credits": "credit:id account:id code:word amount_minor:money agreed_on:day",
    "taxes": "area:word? code:word? rate_ppm:money valid_from:day valid_until:day?",
    "upheld": "account:id code:word product:word? service:id? device:id? decided_on:day",
}
MONTH = "month"
"""Of bills and charges laid out in folders month=YYYY-MM: the month in which the bill was issued, as in the name."""
_BILLED = ("bills", "charges")
NEEDED = ("bills", "charges", "accounts", "services", "devices")
NAMES = tuple(_COLUMNS)
_SAID = {"id": "int64", "money": "int64", "day": "date", "word": "string", "flag": "boolean", "use": "a number"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its name, what it holds (a key of _SAID), and whether nulls may stand in it."""

    name: str
    holds: str
    may_be_empty: bool


def columns_of(table: str) -> tuple[Column, ...]:
    """The columns of the table of this name, in the order of the format. Raises KeyError for a name that is none."""
    parts = (each.split(":") for each in _COLUMNS[table].split())
    return tuple(Column(name, holds.rstrip("?"), holds.endswith("?")) for name, holds in parts)


@dataclass(frozen=True, slots=True)
class Record:
    """All tables, fit to be reckoned with; `known` names those that were there, the others are empty."""

    bills: ir.Table
    charges: ir.Table
    accounts: ir.Table
    services: ir.Table
    devices: ir.Table
    payments: ir.Table
    promotions: ir.Table
    pauses: ir.Table
    device_events: ir.Table
    traffic: ir.Table
    prices: ir.Table
    orders: ir.Table
    waivers: ir.Table
    credits: ir.Table
    taxes: ir.Table
    upheld: ir.Table
    known: frozenset[str]


def record_of(tables: Mapping[str, ir.Table]) -> Record:
    """The tables by their names, made fit; what may be missing and is, is empty and not known.

    Raises TablesError that says every table and column that is missing or of another type, and what to do.
    """
    problems = [f"the table {name} is missing" for name in NEEDED if name not in tables]
    for name in NAMES:
        if name in tables:
            problems += [f"{name}: {problem}" for problem in problems_of(name, tables[name].schema())]
    if problems:
        raise TablesError(f"{'; '.join(problems)}. Write the files as docs/guide/bill-files.md says, then check again.")
    fit = {name: _fit(name, tables[name]) for name in NAMES if name in tables}
    for name in NAMES:
        if name not in fit:
            fit[name] = _empty(name, fit["bills"])
    return Record(**fit, known=frozenset(tables) & frozenset(NAMES))


def problems_of(name: str, schema: ibis.Schema) -> list[str]:
    """What is wrong with the columns of the table of this name, each in a few words; nothing when it is fit."""
    problems = []
    for column in columns_of(name):
        if column.name not in schema:
            problems.append(f"the column {column.name} ({_SAID[column.holds]}) is missing")
        elif not _holds(schema[column.name], column):
            said = f"the column {column.name} is {schema[column.name]}, it should be {_SAID[column.holds]}"
            problems.append(said)
    return problems


def _holds(found: dt.DataType, column: Column) -> bool:
    if found.is_null():
        return column.may_be_empty
    match column.holds:
        case "id" | "money":
            return bool(found.is_integer())
        case "day":
            return bool(found.is_date())
        case "word":
            return bool(found.is_string())
        case "flag":
            return bool(found.is_boolean())
        case _:
            return bool(found.is_numeric())


def _fit(name: str, table: ir.Table) -> ir.Table:
    columns = {column.name: _made_fit(table[column.name], column) for column in columns_of(name)}
    if name in _BILLED and table.schema().get(MONTH) == dt.string:
        columns[MONTH] = table[MONTH]
    if name == "traffic":
        columns["month_until"] = (table.month + ibis.interval(months=1)).cast("date").epoch_days().cast("int64")
    return table.select(**columns)


def _made_fit(value: ir.Value, column: Column) -> ir.Value:
    if value.type().is_null():
        return ibis.null(_TYPES[column.holds])
    match column.holds:
        case "day":
            return value.epoch_days().cast("int64")
        case "use" if not value.type().is_integer():
            return value.cast("float64")
        case "id" | "money" | "use":
            return value.cast("int64")
        case _:
            return value


_TYPES = {"id": "int64", "money": "int64", "day": "int64", "word": "string", "flag": "boolean", "use": "int64"}


def _empty(name: str, any_table: ir.Table) -> ir.Table:
    nothing = any_table.filter(ibis.literal(value=False))
    columns = {column.name: ibis.null(_TYPES[column.holds]) for column in columns_of(name)}
    if name == "traffic":
        columns["month_until"] = ibis.null("int64")
    return nothing.select(**columns)
