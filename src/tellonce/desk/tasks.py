"""What the desk learns by itself, at night and when there is enough for the first time."""

from django.utils import timezone
from procrastinate.contrib.django import app

from tellonce.datakit.apart import work_apart
from tellonce.desk import reasons

EVERY_MINUTE = "* * * * *"
EVERY_NIGHT = "41 2 * * *"
_LEARN = "tellonce.desk.reasons:learn_reasons"


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="desk.learn_reasons_first", lock="desk.learn_reasons", queueing_lock="desk.learn_reasons_first")
def learn_reasons_first(timestamp: int) -> bool:
    """The first model, as soon as there are enough contacts to learn from; the quick kind."""
    at = timezone.now()
    if not reasons.is_time_to_learn(at=at):
        return False
    work_apart(_LEARN, at=at)
    return True


@app.periodic(cron=EVERY_NIGHT)
@app.task(name="desk.learn_reasons", lock="desk.learn_reasons", queueing_lock="desk.learn_reasons")
def learn_reasons(timestamp: int) -> bool:
    """A new model of why people get in touch, the better of both kinds; of hardly any contacts nothing is learned."""
    if not reasons.can_learn():
        return False
    work_apart(_LEARN, at=timezone.now(), with_trees=True)
    return True
