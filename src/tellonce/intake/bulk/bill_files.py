"""Bills as Parquet files for the checks (docs/guide/bill-files.md), written from the database: only what changed.

A month is the smallest thing that is written. A list beside the files says of each month what its bills were when they
were written (how many, when the last of them came, a sum over all of them); a month of which this is other now is
written anew, whole, whatever changed it: a bill that came late, an import that was undone, a bill that was withdrawn.
Such a sum reads the bills and not their lines; of these it knows the devices and services that they may name. Tables
that are small beside bills are written whole each time, and left out where the installation knows nothing of them.
"""

import json
import os
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.conf import settings
from django.db import connection, transaction

from tellonce.intake.bulk.charged import charged_services
from tellonce.intake.bulk.copied_out import Types, copied_out, empty, names_of
from tellonce.modules.billing.queries import exported
from tellonce.modules.billing.queries.exported_services import reckon_terms
from tellonce.modules.staff.actions.programs import log_program_export

_LIST = "written.json"
_WHOLE, _DAY, _TEXT, _YES = pa.int64(), pa.date32(), pa.string(), pa.bool_()
_BILLS: Types = {
    **{"month": _DAY, "account": _WHOLE, "bill": _WHOLE, "issued_on": _DAY, "period_from": _DAY},
    **{"period_until": _DAY, "currency": _TEXT, "total_minor": _WHOLE, "carried_minor": _WHOLE},
}
_CHARGES: Types = {
    **{"month": _DAY, "account": _WHOLE, "bill": _WHOLE, "line": _WHOLE, "kind": _TEXT, "code": _TEXT},
    **{"product": _TEXT, "service": _WHOLE, "device": _WHOLE, "period_from": _DAY, "period_until": _DAY},
    **{"amount_minor": _WHOLE, "tax_minor": _WHOLE, "currency": _TEXT},
}
_TABLES: dict[str, Types] = {
    "accounts": {
        **{"account": _WHOLE, "customer": _WHOLE, "area": _TEXT, "opened_on": _DAY, "closed_on": _DAY},
        **{"currency": _TEXT, "cycle_day": _WHOLE, "is_tax_exempt": _YES},
    },
    "services": {
        **{"service": _WHOLE, "account": _WHOLE, "premise": _WHOLE, "product": _TEXT, "code": _TEXT},
        **{"price_minor": _WHOLE, "valid_from": _DAY, "valid_until": _DAY},
    },
    "promotions": {
        **{"service": _WHOLE, "code": _TEXT, "discount_minor": _WHOLE, "valid_from": _DAY, "valid_until": _DAY},
    },
    "devices": {
        **{"device": _WHOLE, "account": _WHOLE, "service": _WHOLE, "code": _TEXT, "rent_minor": _WHOLE},
        **{"is_ours": _YES, "since": _DAY, "until": _DAY},
    },
    "device_events": {"device": _WHOLE, "kind": _TEXT, "on": _DAY},
    "prices": {
        **{"code": _TEXT, "area": _TEXT, "amount_minor": _WHOLE, "unit": _TEXT, "valid_from": _DAY},
        "valid_until": _DAY,
    },
    "payments": {"account": _WHOLE, "on": _DAY, "amount_minor": _WHOLE, "currency": _TEXT},
    "orders": {"account": _WHOLE, "code": _TEXT, "service": _WHOLE, "on": _DAY},
    "traffic": {"service": _WHOLE, "month": _DAY, "units": _WHOLE},
    "upheld": {
        **{"account": _WHOLE, "code": _TEXT, "product": _TEXT, "service": _WHOLE, "device": _WHOLE},
        "decided_on": _DAY,
    },
}


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: months that are new or other now, months that are as they were, and lines of the former."""

    months: int
    same: int
    lines: int


def bill_folder() -> Path:
    """Where an installation keeps its own bills as files: each import writes there what it brought."""
    return Path(settings.SETUP.home) / "bills"


def write_bills(
    folder: Path, *, at: datetime, by_name: str, progress: Callable[[float, str], None] = lambda _done, _what: None
) -> Written:
    """Brings the files of a folder up to date with the database, as it is at one moment."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with transaction.atomic():
        with connection.cursor() as cursor:
            if len(connection.savepoint_ids) == 0:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        log_program_export(name=by_name, what="bills", at=at)
        now, before = exported.fingerprints(), _written(folder)
        changed = sorted(month for month, print_ in now.items() if before.get(month) != print_)
        _remove(folder, [month for month in before if month not in now])
        progress(0.0, "bills")
        _write_months(folder, "bills", exported.BILLS, _BILLS, changed)
        progress(0.1, "charges")
        lines = _write_months(folder, "charges", exported.CHARGES, _CHARGES, changed)
        progress(0.65, "what lines say of services")
        reckon_terms(charged_services(folder))
        unknown = exported.unknown()
        for done, (name, statement) in enumerate(exported.WHOLE.items()):
            progress(0.7 + 0.3 * done / len(exported.WHOLE), name)
            if name in unknown:
                (folder / f"{name}.parquet").unlink(missing_ok=True)
            else:
                _write_whole(folder, name, statement, _TABLES[name])
    listed = json.dumps({month.isoformat(): print_ for month, print_ in sorted(now.items())}, indent=1)
    _into_place(_privately(folder / f".{_LIST}", lambda path: path.write_text(listed)), folder / _LIST)
    return Written(months=len(changed), same=len(now) - len(changed), lines=lines)


def month_folder(folder: Path, table: str, month: date) -> Path:
    """Where the rows of a month lie."""
    return folder / table / f"month={month:%Y-%m}"


def _written(folder: Path) -> dict[date, str]:
    """What was written last time; nothing where there is no list, or none that can be read: then all is written."""
    try:
        listed: dict[str, str] = json.loads((folder / _LIST).read_text())
        return {date.fromisoformat(month): print_ for month, print_ in listed.items()}
    except (OSError, ValueError):
        return {}


def _write_months(folder: Path, table: str, statement: str, types: Types, months: list[date]) -> int:
    """Writes these months of a table anew, all of them in one read; how many rows."""
    if not months:
        return 0
    rows = 0
    schema = pa.schema([(name, types[name]) for name in names_of(types, but="month")])
    unfinished = {month: month_folder(folder, table, month).with_suffix(".new") for month in months}
    with ExitStack() as stack:
        for path in unfinished.values():
            shutil.rmtree(path, ignore_errors=True)
            path.mkdir(mode=0o700, parents=True)
        writers = {
            month: stack.enter_context(pq.ParquetWriter(path / "all.parquet", schema, compression="zstd"))
            for month, path in unfinished.items()
        }
        with copied_out(exported.of_months(statement, months), types) as batches:
            for batch in batches:
                rows += batch.num_rows
                _share_out(pa.Table.from_batches([batch]), writers, schema)
    for month, path in unfinished.items():
        _privately(path / "all.parquet", lambda _path: None)
        _into_place(path, month_folder(folder, table, month))
    return rows


def _share_out(table: pa.Table, writers: dict[date, Any], schema: pa.Schema) -> None:
    for month in pc.unique(table["month"]).to_pylist():
        some = table.filter(pc.equal(table["month"], pa.scalar(month, _DAY)))
        writers[month].write_table(some.select(schema.names).cast(schema))


def _write_whole(folder: Path, name: str, statement: str, types: Types) -> None:
    unfinished = folder / f".{name}.parquet"
    with (
        pq.ParquetWriter(unfinished, pa.schema(list(types.items())), compression="zstd") as writer,
        copied_out(statement, types) as batches,
    ):
        writer.write_batch(empty(types))
        for batch in batches:
            writer.write_batch(batch)
    _into_place(_privately(unfinished, lambda _path: None), folder / f"{name}.parquet")


def _remove(folder: Path, months: list[date]) -> None:
    """Months of which there is no bill any more."""
    for month in months:
        for table in ("bills", "charges"):
            shutil.rmtree(month_folder(folder, table, month), ignore_errors=True)


def _privately(path: Path, write: Callable[[Path], object]) -> Path:
    """The file, readable by its owner only."""
    write(path)
    path.chmod(0o600)
    return path


def _into_place(path: Path, place: Path) -> None:
    """A finished file or folder takes the place of the one before it."""
    if place.is_dir():
        shutil.rmtree(place)
    os.replace(path, place)  # noqa: PTH105 - it takes the place of a file too
