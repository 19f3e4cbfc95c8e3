"""Imports as background work: a job whose worker died is tried again, and finds that nothing was left half done."""

from django.utils import timezone
from procrastinate.contrib.django import app

from tellonce.intake import actions, queries
from tellonce.intake.contracts import ImportStateError
from tellonce.intake.models import ImportRun
from tellonce.modules.staff.contracts import Actor, ActorKind


def _by(run: ImportRun) -> Actor:
    kind = ActorKind.PERSON if run.by_id is not None else ActorKind.SYSTEM
    return Actor(kind=kind, id=run.by_id, name=run.by_name)


@app.task(name="intake.look_at")
def look_at(run_id: int) -> None:
    """Looks at a file that was handed in; one that somebody else looked at already is left alone."""
    try:
        actions.look_at(run_id=run_id, by=_by(queries.run(run_id)), at=timezone.now())
    except ImportStateError:
        return


@app.task(name="intake.bring_in")
def bring_in(run_id: int) -> None:
    """Brings a file in; one that is in already stays as it is."""
    try:
        actions.bring_in(run_id=run_id, by=_by(queries.run(run_id)), at=timezone.now())
    except ImportStateError:
        return
