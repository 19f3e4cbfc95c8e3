"""Rows of the store as blocks of COPY's text format: their bytes go to the database as they lie in memory."""

from collections.abc import Iterator, Mapping

import duckdb
import numpy as np

from tellonce.intake.bulk.store import batches

_NONE = "'\\N'"


def blocks(
    con: duckdb.DuckDBPyConnection, columns: Mapping[str, str], rest: str, *, texts: frozenset[str] = frozenset()
) -> Iterator[memoryview]:
    """Rows as blocks of lines: `columns` are expressions by name, `rest` the statement from FROM on.

    Those of `texts` may hold what COPY's format escapes.
    """
    cells = ", ".join(_cell(sql, has_marks=name in texts) for name, sql in columns.items())
    line = f"SELECT concat_ws(chr(9), {cells}) || chr(10) AS line {rest}"
    for batch in batches(con, line):
        lines = batch.column(0)
        _valid, offsets, data = lines.buffers()
        at = np.frombuffer(offsets, np.int32)[lines.offset : lines.offset + len(lines) + 1]
        yield memoryview(data)[int(at[0]) : int(at[-1])]


def _cell(sql: str, *, has_marks: bool) -> str:
    text = f"CAST({sql} AS VARCHAR)"
    if has_marks:
        for mark, escaped in (("'\\'", "'\\\\'"), ("chr(9)", "'\\t'"), ("chr(10)", "'\\n'"), ("chr(13)", "'\\r'")):
            text = f"replace({text}, {mark}, {escaped})"
    return f"coalesce({text}, {_NONE})"
