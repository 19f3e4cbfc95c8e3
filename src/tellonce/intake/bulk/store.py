"""A column store for the time of one import: a file under the home, so that it may be larger than memory."""

import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from django.conf import settings

_KEPT_AT_MOST_S = 2 * 86_400
_MEMORY = "2GB"
_AT_ONCE = 20_000
_BATCH = 100_000


@contextmanager
def opened() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty store. What a killed import left behind is deleted: it is full of personal data."""
    folder = settings.SETUP.home / "work"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _forget_old(folder)
    with tempfile.TemporaryDirectory(prefix="import-", dir=folder) as place:
        con = duckdb.connect(
            str(Path(place) / "rows.duckdb"),
            config={
                "memory_limit": _MEMORY,
                "temp_directory": str(Path(place) / "spill"),
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "preserve_insertion_order": "true",
            },
        )
        try:
            yield con
        finally:
            con.close()


def _forget_old(folder: Path) -> None:
    for left in folder.glob("import-*"):
        if time.time() - left.stat().st_mtime > _KEPT_AT_MOST_S:
            shutil.rmtree(left, ignore_errors=True)


def batches(con: duckdb.DuckDBPyConnection, sql: str) -> Iterator[pa.RecordBatch]:
    """The rows of a statement, some at a time; other statements may run meanwhile."""
    yield from con.cursor().execute(sql).to_arrow_reader(_BATCH)


def lists(con: duckdb.DuckDBPyConnection, sql: str) -> Iterator[list[list[Any]]]:
    """The values of each column of a statement, in lists of some thousands."""
    for batch in con.cursor().execute(sql).to_arrow_reader(_AT_ONCE):
        for start in range(0, batch.num_rows, _AT_ONCE):
            yield [column.slice(start, _AT_ONCE).to_pylist() for column in batch.columns]


def append(con: duckdb.DuckDBPyConnection, table: str, columns: Sequence[pa.Array]) -> None:
    """Appends rows to a table, given as its columns in order."""
    rows = pa.Table.from_arrays(list(columns), names=[f"x{number}" for number in range(len(columns))])
    con.register("appended", rows)
    con.execute(f"INSERT INTO {table} SELECT * FROM appended")
    con.unregister("appended")


def quoted(text: str) -> str:
    """A text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"
