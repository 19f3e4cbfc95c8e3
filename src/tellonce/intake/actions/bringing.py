"""Brings a file in: all of it or nothing, in one transaction, one import of a source system at a time."""

import time
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.utils.translation import gettext as _

from tellonce.intake import queries
from tellonce.intake.actions.files import Received, forget_file, read_in_place, stored_path
from tellonce.intake.contracts import (
    BadMappingError,
    ImportBusyError,
    ImportKind,
    ImportStateError,
    Progress,
    Report,
    RunState,
)
from tellonce.intake.engine import Plan, stated_as_of
from tellonce.intake.loading import load_file
from tellonce.intake.mapping import Mapping, mapping_from
from tellonce.intake.models import ImportRun
from tellonce.intake.wording import in_words
from tellonce.modules.phone.queries import queue_by_code
from tellonce.modules.staff.contracts import Actor

_KEPT_ROWS = 3
_TOLD_EVERY_S = 1.0
_STARTABLE = (RunState.WAITING, RunState.LOOKED_AT, RunState.STOPPED)


def silent(_rows: int, _fraction: float) -> None:
    """No progress is shown."""


def plan_for(path: Path, mapping: Mapping, as_of: date | None, *, queue: str = "") -> Plan:
    """What to read, with this installation's currency and country where the mapping states none."""
    setup = settings.SETUP
    return Plan(path=path, mapping=mapping, as_of=as_of, currency=setup.currency, country=setup.country, queue=queue)


def look(plan: Plan, *, by: Actor, at: datetime, progress: Progress = silent) -> Report:
    """What importing the file would do: it is done, counted, and taken back, so the database stays as it was."""
    with transaction.atomic():
        _lock(plan.mapping.source)
        report = load_file(plan, import_id=None, by=by, at=at, progress=progress)
        transaction.set_rollback(True)
    return report


@transaction.atomic
def ask_for(
    *,
    received: Received,
    mapping_text: str,
    as_of: date | None,
    by: Actor,
    at: datetime,
    called: str = "mapping",
    queue: str = "",
) -> ImportRun:
    """Notes that a file is to be looked at or brought in; a bad mapping is refused here."""
    mapping = mapping_from(mapping_text, called=called)
    as_of = stated_as_of(plan_for(Path(), mapping, as_of))
    return ImportRun.objects.create(
        kind=mapping.of,
        file_name=received.name,
        sha256=received.sha256,
        size=received.size,
        stored_as=received.stored_as,
        mapping_name=mapping.name,
        mapping_text=mapping_text,
        source=mapping.source,
        as_of=as_of,
        queue=_queue(mapping, queue),
        by_id=by.id,
        by_name=by.name,
        asked_at=at,
    )


def _queue(mapping: Mapping, code: str) -> str:
    """The code of a queue that there is, for calls only."""
    if not code:
        return ""
    if mapping.of != ImportKind.CALLS:
        raise BadMappingError(
            _("The mapping %(name)s is of %(of)s: only calls wait in a queue.")
            % {"name": mapping.name, "of": mapping.of.value}
        )
    return queue_by_code(code).code


def look_at(*, run_id: int, by: Actor, at: datetime, path: Path | None = None) -> ImportRun:
    """Looks at a file that was handed in, and keeps the report with the import."""
    _refuse_without_file(queries.run(run_id), path)
    found = _claim(run_id, at)
    try:
        report = look(_plan(found, path), by=by, at=at, progress=_told_to(found.pk))
    except BaseException:
        _set(found.pk, state=RunState.STOPPED, ended_at=at)
        raise
    state = RunState.LOOKED_AT if report.is_good else RunState.REFUSED
    _keep(found.pk, report, state=state, ended_at=at)
    if state == RunState.REFUSED:
        forget_file(found)
    return queries.run(run_id)


def bring_in(
    *, run_id: int, by: Actor, at: datetime, path: Path | None = None, progress: Progress = silent
) -> ImportRun:
    """Brings the file in, all of it or nothing; a file with problems is refused, and its report says why.

    Safe to run again: what is done stays done, what was killed half way left nothing and begins anew.
    """
    found = queries.run(run_id)
    if found.state == RunState.DONE:
        return found
    _refuse_without_file(found, path)
    found = _claim(run_id, at)
    plan = _plan(found, path)
    try:
        with transaction.atomic():
            _lock(found.source)
            report = load_file(plan, import_id=found.pk, by=by, at=at, progress=_told_to(found.pk, also=progress))
            if report.is_good:
                _keep(found.pk, report, state=RunState.DONE, ended_at=at)
            else:
                transaction.set_rollback(True)
    except BaseException:
        _set(found.pk, state=RunState.STOPPED, ended_at=at)
        raise
    if not report.is_good:
        _keep(found.pk, report, state=RunState.REFUSED, ended_at=at)
    forget_file(found)
    return queries.run(run_id)


def bring_in_file(
    *,
    path: Path,
    mapping_text: str,
    as_of: date | None,
    by: Actor,
    at: datetime,
    progress: Progress = silent,
    queue: str = "",
) -> ImportRun:
    """Brings in a file that is read where it is (the command line)."""
    run = ask_for(received=read_in_place(path), mapping_text=mapping_text, as_of=as_of, by=by, at=at, queue=queue)
    return bring_in(run_id=run.pk, by=by, at=at, path=path, progress=progress)


def _plan(found: ImportRun, path: Path | None) -> Plan:
    mapping = mapping_from(found.mapping_text, called=found.mapping_name)
    return plan_for(path or stored_path(found.stored_as), mapping, found.as_of, queue=found.queue)


def _refuse_without_file(found: ImportRun, path: Path | None) -> None:
    if path is None and not found.stored_as:
        raise ImportStateError(_("The file is no longer kept: hand it in again to bring it in."))


def _claim(run_id: int, at: datetime) -> ImportRun:
    """The import, now running; refused while another process runs it, or when it is over."""
    found = queries.run(run_id)
    states = [*_STARTABLE, RunState.RUNNING] if not queries.is_alive(found) else list(_STARTABLE)
    claimed = ImportRun.objects.filter(pk=run_id, state__in=states).update(
        state=RunState.RUNNING, began_at=at, ended_at=None, fraction=0.0, rows=0
    )
    if not claimed:
        raise ImportStateError(_("Import %(id)d is %(state)s.") % {"id": run_id, "state": found.get_state_display()})
    return queries.run(run_id)


def _lock(source: str) -> None:
    """One import of a source system at a time: two of the same file at once would both find nothing there yet."""
    if not queries.lock_source(source):
        raise ImportBusyError(
            _("Another import from %(source)s is running. Wait until it has ended, then try again.")
            % {"source": source}
        )


def _keep(run_id: int, report: Report, **values: Any) -> None:
    counts = report.counts
    done = {"added": counts.added, "changed": counts.changed, "unchanged": counts.unchanged}
    rows = [{"line": row["line"], "words": [list(pair) for pair in in_words(row)]} for row in report.first_rows]
    kept = report.as_json() | {"first_rows": rows[:_KEPT_ROWS]}
    _set(run_id, rows=counts.rows, fraction=1.0, report=kept, **done, **values)


def _set(run_id: int, **values: Any) -> None:
    ImportRun.objects.filter(pk=run_id).update(**values)


def _told_to(run_id: int, *, also: Progress = silent) -> Progress:
    """Progress that others see: written beside the import's own transaction, which nobody sees yet; once a second."""
    told_at_s = 0.0

    def tell(rows: int, fraction: float) -> None:
        nonlocal told_at_s
        also(rows, fraction)
        now_s = time.monotonic()
        if now_s - told_at_s < _TOLD_EVERY_S:
            return
        told_at_s = now_s
        beside = connections.create_connection(DEFAULT_DB_ALIAS)
        try:
            with beside.cursor() as cursor:
                cursor.execute(
                    "UPDATE intake_importrun SET rows = %s, fraction = %s WHERE id = %s AND state = 'running'",
                    [rows, fraction, run_id],
                )
        finally:
            beside.close()

    return tell
