"""Calls for benchmarks/ring_to_brief.py: asked of the switchboard, and looked up in its journal."""

import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.utils import timezone

from tellonce.kernel.tickets import Ticket, sign
from tellonce.modules.phone import actions as phone
from tellonce.modules.phone.actions.asking import ask_switchboard
from tellonce.modules.phone.contracts import QueueTerms
from tellonce.modules.phone.models import JournalEvent, LiveContact, LivePerson, Queue
from tellonce.modules.staff.contracts import SYSTEM
from tellonce.modules.staff.models import Person
from tellonce.switchboard.facts import Arrived, HungUp, PersonSet, Presence

QUEUE = "ring-to-brief"


def ready_to_answer() -> int:
    """The representative of the benchmarks answers a queue; returns their id."""
    now = timezone.now()
    person = Person.objects.get(email="bench@example.com")
    if not Queue.objects.filter(code=QUEUE).exists():
        phone.add_queue(code=QUEUE, terms=QueueTerms("Rings", QUEUE, ring_s=120), by=SYSTEM, at=now)
    phone.set_skills(person_id=person.pk, skills={QUEUE: 1}, by=SYSTEM, at=now)
    return person.pk


def ticket(person: int) -> str:
    """For the stream of their own phone."""
    asked = Ticket(person, "benchmark", (f"person:{person}",), int(time.time()) + 3_600)
    return sign(asked, secret=settings.SECRET_KEY)


def available(person: int, longest_s: float) -> None:
    """They take calls, once the switchboard knows them."""
    _until(lambda: LivePerson.objects.filter(pk=person).exists(), longest_s)
    ask_switchboard(fact=PersonSet(time.time(), person, Presence.AVAILABLE), at=timezone.now())
    _until(lambda: LivePerson.objects.get(pk=person).state == "available", longest_s)


def ring(customer: int) -> str:
    """A customer calls; returns what the call is called."""
    call = uuid.uuid4().hex
    ask_switchboard(fact=Arrived(time.time(), call, queue=QUEUE, customer=customer), at=timezone.now())
    return call


def decided_at(call: str) -> float:
    """When it was decided whom it rings at, in seconds since 1970."""
    return JournalEvent.objects.filter(contact=call, kind="Offered").values_list("at", flat=True)[0]


def hang_up(call: str, longest_s: float) -> None:
    """The customer gives up, and the person is free again when this returns."""
    ask_switchboard(fact=HungUp(time.time(), call), at=timezone.now())
    _until(lambda: not LiveContact.objects.filter(pk=call).exists(), longest_s)
    time.sleep(0.05)  # the last event of this call is not the first of the next


def _until(is_so: Callable[[], bool], longest_s: float) -> None:
    end = time.monotonic() + longest_s
    while not is_so():
        if time.monotonic() > end:
            raise SystemExit("the switchboard did not do it")
        time.sleep(0.01)
