"""What people on staff ask the switchboard to do; it answers in its own process, a moment later."""

import json
from datetime import datetime

from django.db import connection, transaction

from tellonce.modules.phone.contracts import ASK_CHANNEL
from tellonce.modules.phone.models import Asked
from tellonce.switchboard.codec import encode
from tellonce.switchboard.facts import Fact


@transaction.atomic
def ask_switchboard(*, fact: Fact, at: datetime) -> None:
    """Keeps what is asked, and wakes the switchboard when it is committed; it is done once, whatever is killed."""
    kind, data = encode(fact)
    Asked.objects.create(kind=kind, data=json.loads(json.dumps(data)), asked_at=at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", (ASK_CHANNEL,))
