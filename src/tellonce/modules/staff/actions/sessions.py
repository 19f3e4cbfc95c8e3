"""Ending sessions, and telling the live streams of them to close."""

import json
from collections.abc import Iterable

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection, transaction

from tellonce.live.wire import CHANNEL, SIGNED_OUT
from tellonce.modules.staff.contracts import session_mark


def announce_sign_out(*, session_keys: Iterable[str]) -> None:
    """Notifies the live processes, when the transaction commits, that these sessions are over."""
    with connection.cursor() as cursor:
        for key in session_keys:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps({SIGNED_OUT: session_mark(key)})])


@transaction.atomic
def end_sessions(*, person_id: int, but_session_key: str = "") -> int:
    """Signs a person out everywhere (but in one session); returns how many sessions ended."""
    ended = UserSession.objects.filter(user_id=person_id).exclude(session_key=but_session_key)
    keys = list(ended.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    ended.delete()
    announce_sign_out(session_keys=keys)
    return len(keys)
