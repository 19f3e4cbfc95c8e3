"""Bills that lie by month: the same is found as in one file, and what a run need not read is not read."""

import re
from datetime import date
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pytest

from tellonce.datakit.engines import engine, parquet_tables
from tellonce.lab.billing import NAMES, record_of
from tellonce.lab.billing.lines import in_months
from tellonce.lab.billing.tests.cases import world
from tellonce.lab.billing.tests.worlds import Rows, found_in, tables, write_by_month

EPOCH = date(1970, 1, 1)


@pytest.fixture(scope="module")
def rows() -> Rows:
    return world()


@pytest.mark.parametrize("since", [None, date(2025, 3, 1), date(2025, 4, 17)])
def test_what_lies_by_month_is_found_alike(rows: Rows, tmp_path: Path, since: date | None) -> None:
    write_by_month(rows, tmp_path)
    in_one = found_in(tables(rows, ibis.duckdb.connect()), since=since)
    assert in_one != []
    with engine(threads=2) as backend:
        assert found_in(parquet_tables(backend, tmp_path, NAMES), since=since) == in_one


def test_other_months_are_not_read(rows: Rows, tmp_path: Path) -> None:
    write_by_month(rows, tmp_path)
    assert len(list((tmp_path / "charges").iterdir())) == 6
    with engine(threads=2) as backend:
        charges = record_of(parquet_tables(backend, tmp_path, NAMES)).charges

        def read(some: ir.Table) -> list[str]:
            ((_, plan),) = backend.con.execute(f"EXPLAIN ANALYZE {backend.compile(some)}").fetchall()
            return re.findall(r"Scanning Files: (\d+/\d+)", plan)

        since = (date(2025, 4, 17) - EPOCH).days
        assert read(in_months(charges, since=since)) == ["3/6"]
        assert read(in_months(charges, until=since)) == ["4/6"]
        assert in_months(charges, until=(date(2025, 4, 1) - EPOCH).days).month.max().execute() == "2025-03"
