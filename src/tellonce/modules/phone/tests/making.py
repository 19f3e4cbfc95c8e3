"""What the tests of the phone need: a queue, and calls."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from tellonce.modules.care import actions as care
from tellonce.modules.care.models import Contact
from tellonce.modules.phone import actions
from tellonce.modules.phone.contracts import NewCall, QueueTerms
from tellonce.modules.phone.models import Queue
from tellonce.modules.staff.contracts import SYSTEM
from tellonce.modules.staff.models import Person
from tests.factories import NOW

NUMBER = "+12025550123"


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


def a_missed_call(
    queue: Queue, call: str, *, number: str, minutes_ago: float = 30, wait_s: int = 90, source: str = "switchboard"
) -> int:
    """A call that waited and hung up, filed as the switchboard does; returns its contact."""
    at = timezone.now() - timedelta(minutes=minutes_ago)
    contact = _begun(call, number=number, at=at)
    care.end_contact(contact_id=contact.pk, by=SYSTEM, at=at + timedelta(seconds=wait_s))
    nobody: dict[str, Any] = {"outcome": "abandoned", "handle_s": None, "person_code": "", "wait_s": wait_s}
    _file(queue, call, contact, at=at, source=source, **nobody)
    return contact.pk


def an_answered_call(queue: Queue, call: str, *, number: str, by: Person, minutes_ago: float = 30) -> int:
    """A call that somebody answered, filed as the switchboard does; returns its contact."""
    at = timezone.now() - timedelta(minutes=minutes_ago)
    contact = _begun(call, number=number, at=at)
    care.take_contact(contact_id=contact.pk, by=by.as_actor(), at=at)
    _file(queue, call, contact, at=at, source="switchboard")
    return contact.pk


def _begun(call: str, *, number: str, at: datetime) -> Contact:
    return care.begin_contact(
        channel="call", at=at, by=SYSTEM, reached_from=number, source="switchboard", external_id=call
    )


def _file(queue: Queue, call: str, contact: Contact, *, at: datetime, source: str, **more: Any) -> None:
    said: dict[str, Any] = {
        "arrived_at": at,
        "queued_at": at,
        "source": source,
        "external_id": call,
        "contact_id": contact.pk,
        "customer_id": contact.customer_id or 0,
    }
    actions.load_calls([answered(queue, **said | more)], by=SYSTEM, at=at)
