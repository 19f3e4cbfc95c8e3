"""Columns as COPY's text format takes them."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
from pyarrow import csv

from tellonce.demo.bills.frame import Ints

NULL: Final = "\\N"
_ROWS: Final = 200_000


def days(numbers: Ints) -> Any:
    """Days since 1970."""
    return pa.array(numbers.astype(np.int32)).view(pa.date32())


def text(words: str, many: int) -> Any:
    """The same text in each row."""
    return pa.repeat(pa.scalar(words), many)


def word(words: Sequence[str], which: Ints) -> Any:
    """Words out of a few; below zero the last one."""
    return pa.array(list(words), pa.string()).take(pa.array(which % len(words)))


def blocks(table: Any) -> Iterator[memoryview]:
    """Blocks of rows: no text here has anything that would have to be escaped."""
    options = csv.WriteOptions(include_header=False, delimiter="\t", quoting_style="none")
    for start in range(0, table.num_rows, _ROWS):
        sink = pa.BufferOutputStream()
        csv.write_csv(table.slice(start, _ROWS), sink, options)
        yield memoryview(sink.getvalue())
