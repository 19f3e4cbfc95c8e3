"""A floor in the database, as a switchboard leaves it: its journal, who waits and who is there."""

import json
from dataclasses import replace

from django.db import connection

from tellonce.modules.phone.models import JournalEvent
from tellonce.modules.phone.serving.shown import show
from tellonce.switchboard.codec import encode
from tellonce.switchboard.decisions import WaitTold
from tellonce.switchboard.showing import Showing
from tellonce.switchboard.tests.making import Floor


def keep(floor: Floor) -> None:
    """Journals what the engine has decided, and shows how its board is now."""
    told = {event.contact: event for event in floor.events if isinstance(event, WaitTold)}
    shown = Showing().everything(floor.board)
    here = tuple(told[name] for name in told if name in floor.board.contacts)
    JournalEvent.objects.bulk_create(
        JournalEvent(at=event.at, kind=kind, contact=data.get("contact", ""), data=json.loads(json.dumps(data)))
        for event in floor.events
        for kind, data in (encode(event),)
    )
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        show(cursor, replace(shown, told=here))
