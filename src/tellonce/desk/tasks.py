"""What the desk learns by itself, at night and when there is enough for the first time."""

from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from tellonce.desk import reasons
from tellonce.desk.learning import learn_apart

EVERY_MINUTE = "* * * * *"
EVERY_NIGHT = "41 2 * * *"


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="desk.learn_reasons_first", lock="desk.learn_reasons", queueing_lock="desk.learn_reasons_first")
def learn_reasons_first(timestamp: int) -> bool:
    """The first model, as soon as there are enough contacts to learn from; the quick kind."""
    if not reasons.is_time_to_learn(at=timezone.now()):
        return False
    learn_apart(database=str(connection.settings_dict["NAME"]), with_trees=False)
    return True


@app.periodic(cron=EVERY_NIGHT)
@app.task(name="desk.learn_reasons", lock="desk.learn_reasons", queueing_lock="desk.learn_reasons")
def learn_reasons(timestamp: int) -> None:
    """A new model of why people get in touch; the better of both kinds."""
    learn_apart(database=str(connection.settings_dict["NAME"]), with_trees=True)
