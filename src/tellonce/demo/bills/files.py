"""The tables as Parquet files, a group of rows for each part of the world, and bills in the folders of their months."""

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tellonce.demo.bills.frame import FOREVER, Flags, Ints


class Words:
    """A column of words out of a few: which of them, below zero where there is none."""

    def __init__(self, words: tuple[str, ...], which: Ints) -> None:
        self.words, self.which = words, which

    def as_arrow(self) -> pa.Array:
        """As Arrow takes it."""
        index = pa.array(self.which.astype(np.int32), mask=self.which < 0)
        return pa.DictionaryArray.from_arrays(index, pa.array(self.words, pa.string()))


class Days:
    """A column of days; FOREVER, and what is below zero, is empty."""

    def __init__(self, days: Ints) -> None:
        self.days = days

    def as_arrow(self) -> pa.Array:
        """As Arrow takes it."""
        empty = (self.days >= FOREVER) | (self.days < 0)
        return pa.array(np.where(empty, 0, self.days).astype(np.int32), mask=empty).view(pa.date32())


class Numbers:
    """A column of numbers, empty where a mask says so, or below zero."""

    def __init__(self, numbers: Ints, empty: Flags | None = None) -> None:
        self.numbers, self.empty = numbers, numbers < 0 if empty is None else empty

    def as_arrow(self) -> pa.Array:
        """As Arrow takes it."""
        return pa.array(self.numbers, mask=self.empty)


Column = Words | Days | Numbers | Ints | Flags
Table = Mapping[str, Column]
_PLAIN: Final = {"compression": "zstd", "compression_level": 1, "store_schema": False}


class Files:
    """Writers of a folder's tables, each opened when its first rows come; words end as words, not as numbers."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._writers: dict[str, pq.ParquetWriter] = {}

    def add(self, name: str, columns: Table) -> int:
        """Adds rows to a table; says how many."""
        table = pa.table({key: _array(column) for key, column in columns.items()})
        self._write(f"{name}.parquet", table)
        return int(table.num_rows)

    def add_by_month(self, name: str, columns: Table, days: Ints) -> int:
        """Adds rows to a table whose files lie in a folder for each month, by the day that each row belongs to."""
        table = pa.table({key: _array(column) for key, column in columns.items()})
        months = days.astype("datetime64[D]").astype("datetime64[M]")
        for month in np.unique(months):
            self._write(f"{name}/month={month}/all.parquet", table.filter(months == month))
        return int(table.num_rows)

    def _write(self, file: str, table: pa.Table) -> None:
        if file not in self._writers:
            path = self.folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            self._writers[file] = pq.ParquetWriter(path, table.schema, **_PLAIN)
        self._writers[file].write_table(table, row_group_size=1 << 20)

    def __enter__(self) -> "Files":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for writer in self._writers.values():
            writer.close()


def _array(column: Column) -> pa.Array:
    return pa.array(column) if isinstance(column, np.ndarray) else column.as_arrow()
