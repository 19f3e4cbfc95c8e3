"""Some disputes, written by hand, that have more or less in common."""

from datetime import date
from typing import Any

import pyarrow as pa

_SCHEMA = pa.schema(
    [
        ("dispute", pa.int64()),
        ("account", pa.int64()),
        ("code", pa.string()),
        ("product", pa.string()),
        ("currency", pa.string()),
        ("area", pa.int64()),
        ("first_on", pa.date32()),
        ("price_changed_on", pa.date32()),
        ("is_open", pa.bool_()),
        ("asked_minor", pa.int64()),
    ]
)
MAY, JUNE, CHANGED = date(2026, 5, 20), date(2026, 6, 3), date(2026, 5, 1)


def disputes() -> pa.Table:
    """Of a fee in two areas, in one and in none; of a box after a change of price and before; of one account alone."""
    rows = [
        *(dispute(number, account=number, area=number % 2 + 1) for number in range(1, 6)),
        *(dispute(number, account=number, area=7, first_on=JUNE) for number in range(6, 9)),
        *(dispute(number, account=number, area=7 if number > 9 else None, currency="CAD") for number in range(9, 12)),
        *(dispute(number, account=number, code="BOX", price_changed_on=CHANGED) for number in range(12, 14)),
        *(dispute(number, account=number, code="BOX") for number in range(14, 17)),
        *(dispute(number, account=1, code="ALONE") for number in range(17, 20)),
    ]
    return pa.Table.from_pylist(rows, _SCHEMA)


def dispute(number: int, **given: Any) -> dict[str, Any]:
    """One; every second is open, each asks for 1.00 more than the one before."""
    usual = {
        "dispute": number, "code": "FEE", "product": "", "currency": "USD", "area": None, "first_on": MAY,
        "price_changed_on": None, "is_open": number % 2 == 0, "asked_minor": 100 * number,
    }  # fmt: skip
    return usual | given
