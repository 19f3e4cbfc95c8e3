"""Bills as TM Forum TMF678 has them: CustomerBill and AppliedCustomerBillingRate, as one row for each rate.

The file is a JSON list of both, an object that holds lists of them, or JSON Lines. A rate names its bill by id. Columns
are `bill.` and `rate.` with the path to the value, such as bill.amountDue.value; lists are looked into by what is first
in them, and characteristics by their names (rate.characteristic.NAME). The whole file is read at once.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from tellonce.intake.contracts import Problem, UnreadableFileError
from tellonce.intake.readers.jsonlines import flattened
from tellonce.intake.readers.packed import open_bytes
from tellonce.intake.readers.tables import FileSpec, Row, Table, checked_columns

_RATE, _BILL = "AppliedCustomerBillingRate", "CustomerBill"


@contextmanager
def open_customer_bills(path: Path, spec: FileSpec) -> Iterator[Table]:
    """The rates of the file with what their bills say; a rate of a bill that is not in the file is a problem."""
    with open_bytes(path) as file:
        text = file.read()
    bills, rates = _sorted(_things(text))
    rows = list(_joined(bills, rates))
    columns = checked_columns(
        list(dict.fromkeys(name for row in rows if isinstance(row, dict) for name in row)), line=1
    )
    yield Table(
        columns=columns,
        rows=(row if isinstance(row, Problem) else _cells(at, row, columns) for at, row in enumerate(rows, start=1)),
        fraction=lambda: 1.0,
        how=_("TM Forum TMF678, JSON"),
    )


def _cells(at: int, row: dict[str, str], columns: tuple[str, ...]) -> Row:
    return at, [row.get(name, "") for name in columns]


def _things(text: bytes) -> Iterator[Any]:
    try:
        values = [json.loads(text, parse_float=str, parse_int=str)]
    except (ValueError, RecursionError):
        values = list(_line_by_line(text))
    for value in values:
        yield from _unpacked(value)


def _line_by_line(text: bytes) -> Iterator[Any]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                yield json.loads(line, parse_float=str, parse_int=str)
            except (ValueError, RecursionError) as error:
                raise UnreadableFileError(
                    _("The file is no JSON, nor is its line %(line)d (%(error)s).") % {"line": number, "error": error},
                    line=number,
                    do=_("It may be cut: get it once more."),
                ) from error


def _unpacked(value: Any) -> Iterator[Any]:
    """The bills and rates in a list, or in an object that holds lists of them."""
    if isinstance(value, list):
        yield from value
    elif isinstance(value, dict) and "id" not in value:
        for inner in value.values():
            yield from inner if isinstance(inner, list) else ()
    else:
        yield value


def _sorted(things: Iterable[Any]) -> tuple[dict[str, dict[str, Any]], list[dict[str, Any]]]:
    bills: dict[str, dict[str, Any]] = {}
    rates: list[dict[str, Any]] = []
    for thing in things:
        if not isinstance(thing, dict):
            continue
        if thing.get("@type") == _RATE or ("bill" in thing and thing.get("@type") != _BILL):
            rates.append(thing)
        else:
            bills[str(thing.get("id", ""))] = thing
    if not rates:
        raise UnreadableFileError(
            _("The file holds no %(name)s.") % {"name": _RATE},
            do=_("It needs the rates of the bills beside the bills."),
        )
    return bills, rates


def _joined(bills: dict[str, dict[str, Any]], rates: list[dict[str, Any]]) -> Iterator[dict[str, str] | Problem]:
    named = {bill_id: _named("bill", bill) for bill_id, bill in bills.items()}
    used: set[str] = set()
    for at, rate in enumerate(rates, start=1):
        bill = rate.get("bill")
        bill_id = str(bill.get("id", "")) if isinstance(bill, dict) else ""
        used.add(bill_id)
        if bill_id in named:
            yield named[bill_id] | _named("rate", rate)
        else:
            yield Problem(
                line=at,
                column="rate.bill.id",
                value=bill_id,
                what=_("The bill of this rate is not in the file."),
                do=_("Put bills and their rates into one file."),
            )
    for bill_id in named.keys() - used:
        yield Problem(
            line=0,
            column="bill.id",
            value=bill_id,
            what=_("This bill has no rates in the file."),
            do=_("Put bills and their rates into one file."),
        )


def _named(prefix: str, thing: dict[str, Any]) -> dict[str, str]:
    plain = dict(thing)
    told = plain.pop("characteristic", None)
    flat = {f"{prefix}.{name}": text for name, text in flattened(_first_of_lists(plain)).items()}
    for each in told if isinstance(told, list) else ():
        if isinstance(each, dict) and "name" in each:
            flat[f"{prefix}.characteristic.{each['name']}"] = str(each.get("value", ""))
    return flat


def _first_of_lists(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _first_of_lists(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return _first_of_lists(value[0]) if value and isinstance(value[0], dict) else value
    return value
