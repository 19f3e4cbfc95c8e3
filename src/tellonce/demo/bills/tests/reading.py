"""Rows of made-up bills, and the small arithmetic of the guide's rules, in plain Python."""

from collections import defaultdict
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

Row = dict[str, Any]
Place = tuple[int, int, int | None]
ONCE = {"one_off", "fee"}


def rows_of(folder: Path, name: str) -> list[Row]:
    """The rows of a table, in a file or by month."""
    file = folder / f"{name}.parquet"
    found: list[Row] = pq.read_table(file if file.exists() else folder / name, partitioning=None).to_pylist()
    return found


def rounded(value: Fraction) -> int:
    """To the nearest, halves away from zero."""
    whole = int(abs(value) + Fraction(1, 2))
    return whole if value >= 0 else -whole


def holds(row: Row, day: date, since: str = "valid_from", until: str = "valid_until") -> bool:
    """Whether the row is valid on that day."""
    return bool(row[since] <= day and (row[until] is None or day < row[until]))


def grouped(rows: list[Row], *keys: str) -> dict[Any, list[Row]]:
    """Rows by the values of some columns."""
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        found[tuple(row[key] for key in keys) if len(keys) > 1 else row[keys[0]]].append(row)
    return found
