"""The demo's line for real phones: who has signed in and has a phone, in the browser or a SIP phone, is found by it."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from django.db import close_old_connections

from tellonce.demo.entry import ENTRY
from tellonce.demo.errands import is_signed_in
from tellonce.demo.provider import EAST
from tellonce.modules.phone import actions as phone
from tellonce.modules.phone.contracts import QueueTerms
from tellonce.modules.phone.queries import people_who_can, people_with_phones, queues
from tellonce.modules.staff.contracts import SYSTEM

QUEUE: Final = "own"
EVERY_S: Final = 3.0
_TERMS: Final = QueueTerms("Real phones", QUEUE, target_within_s=60, time_zone=EAST, ring_s=40)


def run_own_line(stop: threading.Event, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
    """Keeps it until `stop` is set: where nobody made up calls, who does that otherwise is not there."""
    while not stop.is_set():
        close_old_connections()
        keep_own_line(at=clock())
        stop.wait(EVERY_S)


def keep_own_line(*, at: datetime) -> None:
    """Its queue is there, and its people are those with a phone: nobody else is rung in vain."""
    found = next((line.id for line in queues(with_retired=True) if line.code == QUEUE), None)
    people = {each for each in people_with_phones() if is_signed_in(each)}
    if found is None:
        found = phone.add_queue(code=QUEUE, terms=_TERMS, by=SYSTEM, at=at).pk
    elif people == people_who_can(QUEUE):
        return
    phone.staff_queue(queue_id=found, people=people, numbers=(ENTRY,), by=SYSTEM, at=at)
