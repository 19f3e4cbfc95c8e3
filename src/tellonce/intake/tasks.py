"""Imports, and the nightly check of bills, as background work.

A job whose worker died is tried again, and finds that nothing was left half done.
"""

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from tellonce.datakit.apart import work_apart
from tellonce.intake import actions, queries
from tellonce.intake.contracts import ImportStateError
from tellonce.intake.models import ImportRun
from tellonce.modules.billing.queries import has_bills
from tellonce.modules.staff.contracts import Actor, ActorKind

EVERY_TEN_MINUTES = "4-59/10 * * * *"
_CHECK = "tellonce.intake.actions.nights:check_bills_of_night"


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


@app.periodic(cron=EVERY_TEN_MINUTES)
@app.task(name="intake.check_bills", lock="intake.check_bills", queueing_lock="intake.check_bills")
def check_bills(timestamp: int) -> bool:
    """The bills of the night are checked once, at its time of day or as soon after it as a worker runs."""
    on = queries.due_night(checked_at=settings.SETUP.bills_checked_at, at=timezone.now())
    if on is None or not has_bills():
        return False
    work_apart(_CHECK, on=on, now=timezone.now)
    return True
