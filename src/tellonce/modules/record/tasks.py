"""What the record does by itself as time passes; safe to run twice, and never beside itself."""

from django.utils import timezone
from procrastinate.contrib.django import app

from tellonce.modules.record import actions

EVERY_NIGHT = "41 3 * * *"
EVERY_TEN_MINUTES = "*/10 * * * *"


@app.periodic(cron=EVERY_NIGHT)
@app.task(name="record.apply_retention", lock="record.apply_retention", queueing_lock="record.apply_retention")
def apply_retention(timestamp: int) -> int:
    """Things whose retention period is over are deleted; how many."""
    return sum(actions.apply_retention(at=timezone.now()).values())


@app.periodic(cron=EVERY_TEN_MINUTES)
@app.task(name="record.complete_erasures_file", lock="record.erasures", queueing_lock="record.erasures")
def complete_erasures_file(timestamp: int) -> int:
    """The list of erasures outside the database lacks nothing that the database knows; how many it lacked."""
    return actions.complete_erasures_file()
