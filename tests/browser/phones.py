"""Calls without a phone: what a driver would tell is asked of the switchboard."""

import time
import uuid
from collections.abc import Callable

from django.utils import timezone

from tellonce.modules.phone.actions.asking import ask_switchboard
from tellonce.modules.phone.models import Entry, LiveContact, LivePerson, Queue, Skill
from tellonce.modules.phone.tests.making import a_missed_call, a_queue
from tellonce.modules.record import actions as record
from tellonce.modules.staff.contracts import SYSTEM
from tellonce.modules.staff.models import Person
from tellonce.modules.staff.queries import person_by_mail
from tellonce.switchboard.facts import Arrived, Fact, HungUp, PersonSet, Presence, TransferAsked

_PATIENCE_S = 60.0
_ZORA = "+12025550164"


def answer_calls(person: Person) -> None:
    """This person takes what comes to the first queue."""
    queue = Queue.objects.order_by("pk")[0]
    Queue.objects.filter(pk=queue.pk).update(ring_s=120)  # however slow the machine is
    Skill.objects.get_or_create(person=person, code=queue.skill_code or queue.code)


def a_line(number: str) -> str:
    """Who calls this number comes to the first queue; returns its code."""
    queue = Queue.objects.order_by("pk")[0]
    Entry.objects.get_or_create(number=number, queue=queue)
    return str(queue.code)


def somebody_hung_up() -> int:
    """A customer who waited for a person, and went without; returns the contact."""
    now = timezone.now()
    customer = record.add_customer(name="Zora Hale", by=SYSTEM, at=now)
    record.add_contact_point(customer_id=customer.pk, kind="phone", value=_ZORA, by=SYSTEM, at=now)
    return a_missed_call(a_queue("moves", time_zone="UTC"), "zora-1", number=_ZORA, wait_s=310)


def somebody_rings(number: str) -> str:
    """A call from this number to the first queue; returns what it is called."""
    now, call = timezone.now(), uuid.uuid4().hex
    queue = Queue.objects.order_by("pk")[0].code
    ask_switchboard(fact=Arrived(now.timestamp(), call, queue=queue, number=number), at=now)
    return call


def hangs_up(call: str) -> str:
    """The caller has hung up."""
    now = timezone.now()
    ask_switchboard(fact=HungUp(now.timestamp(), call), at=now)
    return call


def happens(what: str, whom: str = "", to: str = "") -> float:
    """It is asked for, and has happened when this returns: the time at which it was asked."""
    match what:
        case "calls":
            return _until(Arrived(0.0, whom, queue=to, number="+12025550199"), lambda: _waits(whom))
        case "hangs-up":
            return _until(HungUp(0.0, whom), lambda: not _waits(whom))
        case "is":
            return _is(whom, Presence(to))
        case "recorded":  # as where a real phone records
            LiveContact.objects.filter(pk=whom).update(recording="on")
            return time.time()
        case "passes-on":  # to a colleague who has just been taken
            person = LiveContact.objects.get(pk=whom).person_id or 0
            asked = TransferAsked(0.0, whom, person, "The modem was swapped twice.", colleague=person)
            return _until(asked, lambda: LivePerson.objects.filter(pk=person, refused="not_free").exists())
        case "over":
            return _over()
        case _:
            raise SystemExit(f"nothing called {what} happens at the phones")


def _is(mail: str, presence: Presence) -> float:
    """The person can take calls of care; the switchboard hears of it when it looks around next."""
    person = person_by_mail(f"{mail}@example.net")
    assert person is not None
    Skill.objects.get_or_create(person=person, code="care")
    wanted = PersonSet(0.0, person.pk, presence, "lunch" if presence is Presence.PAUSED else "")
    return _until(wanted, lambda: LivePerson.objects.filter(person=person, wished=presence).exists())


def _over() -> float:
    """Nobody waits, and nobody is there."""
    for contact in LiveContact.objects.values_list("pk", flat=True):
        _until(HungUp(0.0, contact), lambda contact=contact: not _waits(contact))
    for person in LivePerson.objects.exclude(wished=Presence.AWAY).values_list("pk", flat=True):
        away = PersonSet(0.0, person, Presence.AWAY)
        _until(away, lambda person=person: LivePerson.objects.filter(pk=person, wished=Presence.AWAY).exists())
    return time.time()


def _waits(contact: str) -> bool:
    return LiveContact.objects.filter(pk=contact).exists()


def _until(fact: Fact, is_so: Callable[[], bool]) -> float:
    """Asks, and again where the switchboard was not ready for it."""
    end = time.monotonic() + _PATIENCE_S
    while time.monotonic() < end:
        asked = time.time()
        ask_switchboard(fact=fact, at=timezone.now())
        again = time.monotonic() + 3.0
        while time.monotonic() < again:
            if is_so():
                return asked
            time.sleep(0.02)
    raise SystemExit(f"the switchboard did not do {fact}")
