"""What the tests of the phone need: a queue, and calls."""

from datetime import timedelta
from typing import Any

from tellonce.modules.phone import actions
from tellonce.modules.phone.contracts import NewCall, QueueTerms
from tellonce.modules.phone.models import Queue
from tellonce.modules.staff.contracts import SYSTEM
from tests.factories import NOW


def a_queue(code: str = "care", **terms: Any) -> Queue:
    """A queue."""
    return actions.add_queue(code=code, terms=QueueTerms(**{"name": code.title()} | terms), by=SYSTEM, at=NOW)


def answered(queue: Queue, *, after_s: int = 0, wait_s: int = 20, **more: Any) -> NewCall:
    """A call that a person answered: 10 seconds in the menu, then a wait."""
    arrived_at = NOW + timedelta(seconds=after_s)
    said: dict[str, Any] = {
        "queue_id": queue.pk,
        "arrived_at": arrived_at,
        "outcome": "answered",
        "queued_at": arrived_at + timedelta(seconds=10),
        "menu_s": 10,
        "wait_s": wait_s,
        "handle_s": 180,
        "person_code": "AG01",
        "source": "test",
        "external_id": f"call-{after_s}",
    }
    return NewCall(**said | more)


def left_in_menu(queue: Queue, *, after_s: int = 0, **more: Any) -> NewCall:
    """A call that hung up in the menu."""
    nothing: dict[str, Any] = {
        "queued_at": None,
        "wait_s": None,
        "handle_s": None,
        "person_code": "",
        "outcome": "left_menu",
    }
    return answered(queue, after_s=after_s, **nothing | more)
