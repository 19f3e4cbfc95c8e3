"""What care does by itself as time passes; every job is safe to run twice, and never beside itself."""

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from tellonce.modules.care import actions

EVERY_MINUTE = "* * * * *"
EVERY_HOUR = "17 * * * *"
EVERY_NIGHT = "23 3 * * *"


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="care.remind_promises", lock="care.remind_promises", queueing_lock="care.remind_promises")
def remind_promises(timestamp: int) -> int:
    """Owners of promises that are soon due hear of it."""
    return actions.remind_promises(at=timezone.now())


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="care.break_overdue_promises", lock="care.promises_broken", queueing_lock="care.promises_broken")
def break_overdue_promises(timestamp: int) -> int:
    """Promises whose time passed are broken, and those that nobody owned up to are owned up to."""
    broken = actions.break_overdue_promises(at=timezone.now())
    actions.own_up_for_us(at=timezone.now())
    return broken


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="care.wake_waiting_cases", lock="care.wake_waiting_cases", queueing_lock="care.wake_waiting_cases")
def wake_waiting_cases(timestamp: int) -> int:
    """Waiting cases whose time came are open again."""
    return actions.wake_waiting_cases(at=timezone.now())


@app.periodic(cron=EVERY_HOUR)
@app.task(name="care.match_by_rule", lock="care.match_by_rule", queueing_lock="care.match_by_rule")
def match_by_rule(timestamp: int) -> int:
    """Contacts without a customer are matched where their number or address is exactly one customer's."""
    return actions.match_by_rule(at=timezone.now())


@app.periodic(cron=EVERY_NIGHT)
@app.task(name="care.tidy", lock="care.tidy", queueing_lock="care.tidy")
def tidy(timestamp: int) -> int:
    """Cases that stayed solved are put away, and files that no row knows are deleted."""
    actions.sweep_attachments(folder=settings.SETUP.attachments, at=timezone.now())
    return actions.close_solved_cases(at=timezone.now())
