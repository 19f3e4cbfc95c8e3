"""Jobs that concern the whole installation: stalled work tried again, what is over deleted, the queue kept small."""

import logging

from django.core.management import call_command
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from psycopg.errors import RaiseException

log = logging.getLogger(__name__)

STALLED_AFTER_S = 30.0
MOST_ATTEMPTS = 30
_KEEP_JOBS_HOURS = 30 * 24
_EVERY_MINUTE = "* * * * *"
_EVERY_HOUR = "17 * * * *"


@app.periodic(cron=_EVERY_MINUTE)
@app.task(name="config.retry_stalled", queueing_lock="config.retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> int:
    """Jobs whose worker died are tried again; each is keyed, so that a second run does nothing.

    It has no lock of its own: a worker that dies in it must not keep the next one from running.
    """
    return await retry_jobs_stalled_for(STALLED_AFTER_S, manager=context.app.job_manager)


async def retry_jobs_stalled_for(seconds: float, *, manager: JobManager) -> int:
    """Puts jobs back whose worker gave no sign of life for so long; returns how many."""
    stalled = await manager.get_stalled_jobs(seconds_since_heartbeat=seconds)
    return sum([await _retry(job, manager=manager) for job in stalled])


async def _retry(job: Job, *, manager: JobManager) -> bool:
    """Puts one job back; one that outlived too many workers may be what kills them, and is given up."""
    try:
        if job.attempts < MOST_ATTEMPTS:
            await manager.retry_job(job, retry_at=timezone.now())
            log.warning("jobs.retried_stalled", extra={"job": job.id, "task": job.task_name})
            return True
        log.error("jobs.given_up", extra={"job": job.id, "task": job.task_name})
    except UniqueViolation:
        # The same work waits in the queue already, under the same key: that run does it.
        log.info("jobs.stalled_is_queued", extra={"job": job.id, "task": job.task_name})
    except ConnectorException as error:
        if not isinstance(error.__cause__, RaiseException):
            raise
        return False  # it ended, or another worker put it back, since we looked
    await manager.finish_job(job, status=Status.FAILED, delete_job=False)
    return False


@app.periodic(cron=_EVERY_HOUR)
@app.task(name="config.forget_jobs", queueing_lock="config.forget_jobs", pass_context=True)
async def forget_jobs(context: JobContext, timestamp: int) -> None:
    """Jobs that ended long ago are deleted; the worker deletes those that succeed at once."""
    manager = context.app.job_manager
    await manager.delete_old_jobs(_KEEP_JOBS_HOURS, include_failed=True, include_cancelled=True, include_aborted=True)


@app.periodic(cron=_EVERY_HOUR)
@app.task(name="config.clear_sessions", queueing_lock="config.clear_sessions")
def clear_sessions(timestamp: int) -> None:
    """Sessions that are over are deleted."""
    call_command("clearsessions")
