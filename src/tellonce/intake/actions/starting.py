"""A file that was looked at is brought in: by whom, once."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tellonce.intake import queries
from tellonce.intake.contracts import ImportStateError, RunState
from tellonce.intake.models import ImportRun
from tellonce.modules.staff.contracts import Actor


@transaction.atomic
def start(*, run_id: int, by: Actor, at: datetime) -> ImportRun:
    """Marks a looked-at (or half-way stopped) import as waiting to be brought in; the second of two is told."""
    run = ImportRun.objects.select_for_update().filter(pk=run_id).first() or queries.run(run_id)
    is_dead = run.state == RunState.RUNNING and not queries.is_alive(run)
    if not run.stored_as or not (is_dead or run.state in {RunState.LOOKED_AT, RunState.STOPPED}):
        raise ImportStateError(_("Import %(id)d is %(state)s.") % {"id": run.pk, "state": run.get_state_display()})
    ImportRun.objects.filter(pk=run.pk).update(
        state=RunState.WAITING, by_id=by.id, by_name=by.name, asked_at=at, began_at=None, ended_at=None, fraction=0.0
    )
    return queries.run(run_id)
