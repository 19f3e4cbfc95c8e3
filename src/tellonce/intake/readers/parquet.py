"""Parquet files: columns with their types, read as the texts that a CSV file of them would have."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.utils.translation import gettext as _

from tellonce.intake.contracts import UnreadableFileError
from tellonce.intake.readers.jsonlines import flattened
from tellonce.intake.readers.tables import FileSpec, Row, Table, checked_columns

_AT_ONCE = 10_000


@contextmanager
def open_parquet(path: Path, spec: FileSpec) -> Iterator[Table]:
    """The Parquet file as a table; its rows are counted from 1. Structs become columns such as address.town."""
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise UnreadableFileError(
            _("This is no whole Parquet file (%(error)s).") % {"error": str(error).partition("\n")[0]},
            do=_("Get it once more."),
        ) from error
    with file:
        columns = checked_columns(list(_names(file.schema_arrow)), line=1)
        rows = max(file.metadata.num_rows, 1)
        read = [0]
        yield Table(
            columns=columns,
            rows=_rows(file, columns, read),
            fraction=lambda: min(read[0] / rows, 1.0),
            how=_("Parquet"),
        )


def _names(schema: pa.Schema) -> Iterator[str]:
    for field in schema:
        yield from _names_in(field, "")


def _names_in(field: pa.Field, prefix: str) -> Iterator[str]:
    if pa.types.is_struct(field.type):
        for inner in field.type:
            yield from _names_in(inner, f"{prefix}{field.name}.")
    else:
        yield f"{prefix}{field.name}"


def _rows(file: pq.ParquetFile, columns: tuple[str, ...], read: list[int]) -> Iterator[Row]:
    try:
        for batch in file.iter_batches(_AT_ONCE):
            for values in batch.to_pylist():
                read[0] += 1
                flat = flattened(values)
                yield read[0], [flat.get(name, "") for name in columns]
    except (pa.ArrowException, OSError) as error:
        raise UnreadableFileError(
            _("This Parquet file is damaged (%(error)s).") % {"error": str(error).partition("\n")[0]},
            line=read[0] + 1,
            do=_("Get it once more."),
        ) from error
