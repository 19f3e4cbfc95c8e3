"""What the network does by itself: outages are told to everybody concerned."""

from django.utils import timezone
from procrastinate.contrib.django import app

from tellonce.modules.network import actions

EVERY_MINUTE = "* * * * *"


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="network.tell_outages", lock="network.tell_outages", queueing_lock="network.tell_outages")
def tell_outages(timestamp: int) -> int:
    """Everybody concerned is told of outages that began or ended."""
    return actions.tell_outages(at=timezone.now())
