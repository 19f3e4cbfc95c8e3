"""A file into the store as text, row by row as it stands: the quick way where it is sure, the careful way where not.

The careful way is the reader of every other import: it says what is wrong with a file, and takes what the quick one
does not know (other encodings, workbooks, nested JSON). Both give the same rows in the same order.
"""

import mmap
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa

from tellonce.intake.bulk.store import append, quoted
from tellonce.intake.contracts import PROBLEM_LIMIT, Problem, Progress
from tellonce.intake.readers import FileSpec, Table, open_table
from tellonce.intake.readers.files import found_format
from tellonce.intake.readers.packed import is_packed
from tellonce.intake.readers.tables import FIELD_LIMIT

_AT_ONCE = 20_000
_UTF8 = ("utf-8", "ascii")
_PLAIN_TYPES = ("VARCHAR", "BIGINT", "INTEGER", "SMALLINT", "DATE", "BOOLEAN", "DECIMAL")
_FILLED = 0.4


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the table `file_rows` (columns c0, c1 ... in the file's order; the row id is the place).

    `has_marks`: some text may hold a backslash, a tab, a line break or another control character.
    """

    columns: tuple[str, ...]
    rows: int
    how: str
    words: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    more_problems: bool = False
    has_marks: bool = True


def fill(con: duckdb.DuckDBPyConnection, path: Path, spec: FileSpec, progress: Progress) -> Filled:
    """Reads the file into the store; UnreadableFileError where it is no table."""
    with open_table(path, spec) as table:
        quick = _quick_sql(con, path, spec, table)
        if quick:
            with suppress(duckdb.Error):  # the careful way says what is wrong, in words
                con.execute(f"CREATE TABLE file_rows AS {quick}")
                rows = _count(con)
                progress(rows, _FILLED)
                has_marks = is_packed(path) or spec.format == "parquet" or _has_marks(path)
                if rows and not (has_marks and _has_nul(con, len(table.columns))):
                    return Filled(table.columns, rows, table.how, table.words, has_marks=has_marks)
        return _carefully(con, table, progress)


def lines_of(path: Path, spec: FileSpec, places: Collection[int]) -> dict[int, int]:
    """The lines of the file on which the rows at these places stand (0 is the first good row)."""
    if not places:
        return {}
    with open_table(path, spec) as table:
        good = (item for item in table.rows if not isinstance(item, Problem))
        upto = islice(enumerate(good), max(places) + 1)
        return {place: row[0] for place, row in upto if place in places}


def _quick_sql(con: duckdb.DuckDBPyConnection, path: Path, spec: FileSpec, table: Table) -> str:
    """The statement that reads the file at once; empty where only the careful way is sure."""
    source = quoted(str(path))
    if (spec.format or found_format(path)) == "parquet":
        described = con.execute(f"DESCRIBE SELECT * FROM read_parquet({source})").fetchall()
        if any(not kind.startswith(_PLAIN_TYPES) or kind.endswith("]") for _name, kind, *_more in described):
            return ""
        cells = ", ".join(f"coalesce(CAST(#{at + 1} AS VARCHAR), '') AS c{at}" for at in range(len(described)))
        return f"SELECT {cells} FROM read_parquet({source})"
    if table.delimiter == "" or table.encoding not in _UTF8 or not _begins_with_names(path):
        return ""
    names = ", ".join(f"'c{at}': 'VARCHAR'" for at in range(len(table.columns)))
    cells = ", ".join(f"coalesce(c{at}, '') AS c{at}" for at in range(len(table.columns)))
    return (
        f"SELECT {cells} FROM read_csv({source}, delim={quoted(table.delimiter)}, quote='\"', escape='\"',"
        f" header=true, auto_detect=false, strict_mode=true, null_padding=false, max_line_size={FIELD_LIMIT},"
        f" columns={{{names}}})"
    )


def _begins_with_names(path: Path) -> bool:
    """Whether the first line of the file is the header: blank lines above it are for the careful way."""
    if is_packed(path):
        return False
    with path.open("rb") as file:
        return bool(file.readline(FIELD_LIMIT).removeprefix(b"\xef\xbb\xbf").strip())


def _has_marks(path: Path) -> bool:
    """Whether the bytes of the file hold a quote, behind which a line break may stand, or a mark that COPY escapes."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as bytes_:
        return any(bytes_.find(mark) >= 0 for mark in (b'"', b"\\", b"\x00", b"\t"))


def _has_nul(con: duckdb.DuckDBPyConnection, columns: int) -> bool:
    some = " OR ".join(f"contains(c{at}, chr(0))" for at in range(columns))
    return con.execute(f"SELECT 1 FROM file_rows WHERE {some} LIMIT 1").fetchone() is not None


def _count(con: duckdb.DuckDBPyConnection) -> int:
    row = con.execute("SELECT count(*) FROM file_rows").fetchone()
    return int(row[0]) if row else 0


def _carefully(con: duckdb.DuckDBPyConnection, table: Table, progress: Progress) -> Filled:
    names = ", ".join(f"c{at} VARCHAR" for at in range(len(table.columns)))
    con.execute(f"CREATE OR REPLACE TABLE file_rows ({names})")
    problems: list[Problem] = []
    rows = 0
    for some in _some(table, problems):
        append(con, "file_rows", [pa.array(cells, pa.string()) for cells in zip(*some, strict=True)])
        rows += len(some)
        progress(rows, _FILLED * table.fraction())
    return Filled(
        columns=table.columns,
        rows=rows + len(problems),
        how=table.how,
        words=table.words,
        problems=tuple(problems[:PROBLEM_LIMIT]),
        more_problems=len(problems) > PROBLEM_LIMIT,
    )


def _some(table: Table, problems: list[Problem]) -> Iterator[list[list[str]]]:
    while items := list(islice(table.rows, _AT_ONCE)):
        problems += [item for item in items if isinstance(item, Problem)]
        good = [item[1] for item in items if not isinstance(item, Problem)]
        if good:
            yield good
