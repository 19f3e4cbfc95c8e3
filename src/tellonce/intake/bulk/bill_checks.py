"""The checks of bills over an installation's own files, and what they find as billing takes it in."""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa

from tellonce.datakit.engines import engine, keeping, parquet_tables
from tellonce.lab.billing import NAMES, all_findings, record_of, run_of
from tellonce.lab.billing.told import facts_of
from tellonce.modules.billing.actions import Checked

_EPOCH = date(1970, 1, 1)
_ROWS = 10_000
_MOST_BYTES = 6 << 30
"""More memory than this the checks of fifty million lines do not need; beyond it DuckDB goes to disk."""


def found_in_files(folder: Path, *, since: date | None) -> Iterator[Checked]:
    """What is wrong on the bills of the folder that were issued on that day or later; without a day on all of them."""
    with engine(memory=f"{_memory() >> 20}MB") as backend:
        first = None if since is None else (since - _EPOCH).days
        run = run_of(record_of(parquet_tables(backend, folder, NAMES)), since=first, keep=keeping(backend))
        found = all_findings(run).to_pyarrow()
    return _checked(found)  # the engine's memory is free again while the findings are written


def _memory() -> int:
    """Half of the machine's memory, and not more than the checks need: web and database are beside them."""
    return min(_MOST_BYTES, os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2)


def _checked(found: pa.Table) -> Iterator[Checked]:
    for batch in found.to_batches(max_chunksize=_ROWS):
        for row in batch.to_pylist():
            yield Checked(
                account=row["account"],
                bill=row["bill"],
                line=row["line"],
                kind=row["kind"],
                evidence=facts_of(row),
                amount_minor=row["amount_minor"],
                currency=row["currency"],
            )
