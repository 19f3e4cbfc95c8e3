"""What billing does by itself: bills that came in are checked, what came back is answered, corrections run."""

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from tellonce.modules.billing.actions.announcing import bills_arrived
from tellonce.modules.billing.actions.answering import answer_what_came_back
from tellonce.modules.billing.actions.checking import check_bills
from tellonce.modules.billing.actions.correcting import run_correction, running_corrections
from tellonce.modules.billing.actions.ruling import credit_by_rule
from tellonce.modules.billing.actions.stuck import find_stuck_credits

EVERY_FIVE_MINUTES = "*/5 * * * *"
EVERY_HOUR = "25 * * * *"
EVERY_HOUR_LATER = "40 * * * *"


@app.task(name="billing.check_new_bills", lock="billing.check_new_bills", queueing_lock="billing.check_new_bills")
def check_new_bills() -> int:
    """Bills that came in are checked against what is watched; what came back is answered."""
    checked = check_bills(at=timezone.now())
    answer_what_came_back(at=timezone.now())
    return checked


@app.periodic(cron=EVERY_FIVE_MINUTES)
@app.task(name="billing.look_for_bills", queueing_lock="billing.look_for_bills")
def look_for_bills(timestamp: int) -> None:
    """Belt and braces: bills that nobody asked to be checked, and corrections that nobody runs any more."""
    bills_arrived()
    for correction_id in running_corrections():
        correct_soon(correction_id)


@app.task(name="billing.correct_cause")
def correct_cause(correction_id: int) -> int:
    """Corrects every account of a cause, going on where an earlier run was stopped."""
    return run_correction(correction_id=correction_id, now=timezone.now)


def correct_soon(correction_id: int) -> bool:
    """Asks for a run of an approved correction; False where it runs or waits already."""
    key = f"billing.correct.{correction_id}"
    try:
        with transaction.atomic():
            correct_cause.configure(lock=key, queueing_lock=key).defer(correction_id=correction_id)
    except AlreadyEnqueued:
        return False
    return True


@app.periodic(cron=EVERY_HOUR)
@app.task(name="billing.credit_by_rule", lock="billing.credit_by_rule", queueing_lock="billing.credit_by_rule")
def credit_what_is_due(timestamp: int) -> int:
    """Time without service and broken promises are credited without anybody asking."""
    return credit_by_rule(at=timezone.now())


@app.periodic(cron=EVERY_HOUR_LATER)
@app.task(
    name="billing.find_stuck_credits", lock="billing.find_stuck_credits", queueing_lock="billing.find_stuck_credits"
)
def look_for_stuck_credits(timestamp: int) -> int:
    """Credits on accounts that get no more bills ask for another way."""
    return find_stuck_credits(at=timezone.now())
