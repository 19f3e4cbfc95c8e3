"""What planning does by itself: every queue is forecast each night, and where somebody asks for it."""

import logging

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from tellonce.modules.phone import queries as phone
from tellonce.modules.planning import actions
from tellonce.modules.planning.actions import rehearsing
from tellonce.modules.planning.contracts import NotEnoughCallsError
from tellonce.modules.staff.contracts import SYSTEM

log = logging.getLogger(__name__)


@app.task(name="planning.read_calls", lock="planning.rehearse")
def read_calls(decision_id: int) -> None:
    """Reads the calls that a decision is rehearsed on."""
    rehearsing.read_calls(decision_id=decision_id, now=timezone.now)


@app.task(name="planning.rehearse", lock="planning.rehearse")
def rehearse(decision_id: int) -> None:
    """Rehearses a decision; one after the other, since each takes all cores."""
    rehearsing.rehearse_decision(decision_id=decision_id, now=timezone.now)


EVERY_NIGHT = "20 2 * * *"


@app.periodic(cron=EVERY_NIGHT)
@app.task(name="planning.forecast_all", queueing_lock="planning.forecast_all")
def forecast_all(timestamp: int) -> None:
    """Every queue gets a job of its own; old forecasts that nothing stands on go."""
    for queue in phone.queues():
        forecast_soon(queue.id)
    actions.forget_old_forecasts(at=timezone.now())


@app.task(name="planning.forecast", lock="planning.forecast")
def forecast(queue_id: int) -> None:
    """Forecasts one queue; one after the other, since each takes a core for a while."""
    try:
        actions.make_forecast(queue_id=queue_id, by=SYSTEM, at=timezone.now())
    except NotEnoughCallsError:
        log.info("planning.no_forecast", extra={"queue": queue_id})


def forecast_soon(queue_id: int) -> bool:
    """Asks for a forecast of the queue; False where one waits already."""
    try:
        with transaction.atomic():  # the refusal is the database's, and would end the caller's transaction
            forecast.configure(queueing_lock=f"planning.forecast.{queue_id}").defer(queue_id=queue_id)
    except AlreadyEnqueued:
        return False
    return True


def forecast_waits(queue_id: int) -> bool:
    """Whether a forecast of the queue is being made, or waits for a worker."""
    jobs = ProcrastinateJob.objects.filter(task_name=forecast.name, status__in=("todo", "doing"))
    return bool(jobs.filter(args__queue_id=queue_id).exists())


@app.task(name="planning.make_roster")
def make_roster(run_id: int) -> None:
    """Makes the roster that somebody asked for."""
    actions.make_roster(run_id=run_id, now=timezone.now)
