"""Rows of a statement as Arrow: PostgreSQL writes them as CSV, Arrow's reader of CSV makes columns of them."""

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.csv as arrow_csv
from django.db import connection

_BLOCK = 1 << 22
Types = Mapping[str, pa.DataType]


class _Copied(io.RawIOBase):
    """What a COPY gives, as a file."""

    def __init__(self, copy: psycopg.Copy) -> None:
        self._copy = copy
        self._left: memoryview = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        while not self._left:
            block = self._copy.read()
            if not block:
                return 0
            self._left = memoryview(block)
        count = min(len(buffer), len(self._left))
        buffer[:count] = self._left[:count]
        self._left = self._left[count:]
        return count


@contextmanager
def copied_out(statement: str, types: Types) -> Iterator[Iterator[pa.RecordBatch]]:
    """The rows of a statement in batches, its columns by name with these types; an empty text is null."""
    with connection.cursor() as cursor, cursor.copy(f"COPY ({statement}) TO STDOUT (FORMAT csv)") as copy:
        yield _batches(_Copied(copy), types)
        for _block in copy:  # whoever did not read to the end leaves the connection as it was
            pass


def _batches(file: io.RawIOBase, types: Types) -> Iterator[pa.RecordBatch]:
    whole = io.BufferedReader(file, _BLOCK)
    if not whole.peek(1):  # Arrow's reader takes no empty file
        return
    yield from arrow_csv.open_csv(
        whole,
        read_options=arrow_csv.ReadOptions(column_names=list(types), block_size=_BLOCK),
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict(types),
            null_values=[""],
            true_values=["t"],
            false_values=["f"],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )


def empty(types: Types) -> pa.RecordBatch:
    """No row of these columns."""
    return pa.RecordBatch.from_arrays([pa.array([], kind) for kind in types.values()], names=list(types))


def names_of(types: Types, *, but: str = "") -> Sequence[str]:
    """The columns, but one."""
    return [name for name in types if name != but]
