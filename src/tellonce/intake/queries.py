"""Reads of imports."""

import zlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from tellonce.intake.contracts import ImportNotFoundError, RunState
from tellonce.intake.models import BillNight, ImportRun

LOCK_CLASS = 0x7E11
"""The first half of the advisory lock that an import holds; the second is of its source system."""
_MOST_TRIES = 5
"""What fails so often will fail again: the machine is not to be busy with it all day."""


def run(run_id: int) -> ImportRun:
    """One import; ImportNotFoundError."""
    found = ImportRun.objects.filter(pk=run_id).first()
    if found is None:
        raise ImportNotFoundError(gettext("There is no import %(id)s.") % {"id": run_id})
    return found


def history(limit: int = 50, *, offset: int = 0) -> list[ImportRun]:
    """The imports, newest first, without their reports."""
    return list(ImportRun.objects.defer("report", "mapping_text", "undo_report")[offset : offset + limit])


def lock_key(source: str) -> int:
    """The second half of the advisory lock of a source system, as PostgreSQL's signed 32 bits."""
    key = zlib.crc32(source.encode())
    return key - (1 << 32) if key >= 1 << 31 else key


def lock_source(source: str) -> bool:
    """Holds the source system for the rest of the transaction; False when another import of it is running."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK_CLASS, lock_key(source)])
        row = cursor.fetchone()
    return bool(row and row[0])


def is_alive(found: ImportRun) -> bool:
    """Whether some process is at work on this import: one that was killed holds no lock any more."""
    if found.state != RunState.RUNNING:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted"
            " AND classid = %s::bigint::oid AND objid = (%s::bigint & 4294967295)::oid"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [LOCK_CLASS, lock_key(found.source)],
        )
        return cursor.fetchone() is not None


@dataclass(frozen=True, slots=True)
class SameFile:
    """An import that brought the same bytes in before."""

    run_id: int
    file_name: str


def same_file(sha256: str, *, but: int = 0) -> SameFile | None:
    """The latest import that stands and was of a file with this digest."""
    row = (
        ImportRun.objects.filter(sha256=sha256, state=RunState.DONE)
        .exclude(pk=but)
        .values_list("pk", "file_name")
        .first()
    )
    return SameFile(*row) if row else None


def runs(run_ids: Collection[int]) -> list[ImportRun]:
    """These imports, oldest first, without their reports."""
    return list(ImportRun.objects.filter(pk__in=run_ids).order_by("pk").defer("report", "mapping_text", "undo_report"))


def due_night(*, checked_at: time | None, at: datetime) -> date | None:
    """The day whose check is due now; None before its time, when it ended or failed too often, and where it is off."""
    here = timezone.localtime(at)
    if checked_at is None or here.time() < checked_at:
        return None
    is_over = Q(ended_at__isnull=False) | Q(tries__gte=_MOST_TRIES)
    return None if BillNight.objects.filter(is_over, on=here.date()).exists() else here.date()
