"""What an import brought, as Parquet files beside the database: in place when it is committed, gone when it is not.

They have the shape of the files that `bills export` writes (docs/guide/bill-files.md), which in time replaces them
month by month by what the database holds then.
"""

import shutil
from datetime import date
from functools import partial
from pathlib import Path

import duckdb
from django.db import transaction

from tellonce.intake.bulk.bill_files import bill_folder, month_folder
from tellonce.intake.bulk.known import ask_devices
from tellonce.intake.bulk.store import quoted

_BILLS = """
SELECT account_id AS account, {bill} AS bill, issued_on, coalesce(period_from, issued_on) AS period_from, period_until,
  currency, total AS total_minor, coalesce(carried, 0) AS carried_minor
FROM placed WHERE status IN ('new', 'anew') AND state = 'issued' AND date_trunc('month', issued_on) = {month}
"""
_CHARGES = """
SELECT p.account_id AS account, {bill} AS bill, CAST(c.line AS BIGINT) AS line, c.kind, c.code,
  nullif(c.product, '') AS product, s.service_id AS service, d.device_id AS device,
  coalesce(c.period_from, p.period_from, CASE WHEN c.kind NOT IN ('recurring', 'discount') THEN p.issued_on END)
    AS period_from,
  coalesce(c.period_until, CASE WHEN c.period_from IS NULL THEN p.period_until END) AS period_until,
  c.amount AS amount_minor, c.tax AS tax_minor,
  p.currency
FROM charges c JOIN placed p ON p.number = c.bill AND p.status IN ('new', 'anew', 'lines')
LEFT JOIN services s ON s.customer_id = p.customer_id AND s.ref = c.service_ref
LEFT JOIN devices d ON d.customer_id = p.customer_id AND d.serial = c.device_serial
WHERE date_trunc('month', p.issued_on) = {month}
"""
_FRESH = "status IN ('new', 'anew', 'lines')"


def keep_beside(con: duckdb.DuckDBPyConnection, *, import_id: int, with_bills: bool, with_lines: bool) -> None:
    """Writes what is new in the store; the files take their places when the caller's transaction is committed."""
    waiting = bill_folder() / f".import-{import_id}"
    shutil.rmtree(waiting, ignore_errors=True)
    waiting.mkdir(mode=0o700, parents=True)
    if with_lines:
        ask_devices(con, f"SELECT DISTINCT customer_id FROM placed WHERE {_FRESH}")
    placed: list[tuple[Path, Path]] = []
    tables = {"bills": (_BILLS, with_bills), "charges": (_CHARGES, with_lines)}
    for month in _months(con):
        for table, (statement, is_wanted) in tables.items():
            if is_wanted:
                file = waiting / f"{table}-{month:%Y-%m}.parquet"
                day = f"DATE {quoted(month.isoformat())}"
                con.execute(
                    f"COPY ({statement.format(bill=_bill('placed' if table == 'bills' else 'p'), month=day)})"
                    f" TO {quoted(str(file))} (FORMAT parquet, COMPRESSION zstd)"
                )
                file.chmod(0o600)
                placed.append((file, month_folder(bill_folder(), table, month) / f"import-{import_id}.parquet"))
    transaction.on_commit(partial(_into_place, placed, waiting))


def forget_beside(import_id: int) -> None:
    """Takes away what an import wrote, once the caller's transaction is committed."""
    transaction.on_commit(partial(_unlink, import_id))


def forget_months(*, before: date) -> None:
    """Takes away the files of months that were over by then."""
    for folder in bill_folder().glob("*/month=*"):
        if folder.name < f"month={before:%Y-%m}":
            shutil.rmtree(folder, ignore_errors=True)


def _bill(table: str) -> str:
    """A bill's id as a whole number: the last 63 bits of the UUID, as contracts.identity.outside_id says it."""
    digits = f"right(replace(CAST({table}.id AS VARCHAR), '-', ''), 16)"
    return f"CAST(CAST('0x' || {digits} AS UBIGINT) & 9223372036854775807 AS BIGINT)"


def _months(con: duckdb.DuckDBPyConnection) -> list[date]:
    found = con.execute(
        f"SELECT DISTINCT CAST(date_trunc('month', issued_on) AS DATE) AS month FROM placed WHERE {_FRESH} ORDER BY 1"
    ).fetchall()
    return [month for (month,) in found]


def _into_place(placed: list[tuple[Path, Path]], waiting: Path) -> None:
    for file, place in placed:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.replace(place)
    shutil.rmtree(waiting, ignore_errors=True)


def _unlink(import_id: int) -> None:
    for file in bill_folder().rglob(f"import-{import_id}.parquet"):
        file.unlink(missing_ok=True)
