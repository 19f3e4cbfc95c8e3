"""Calls without a phone: what a driver would tell is asked of the switchboard."""

import uuid

from django.utils import timezone

from tellonce.modules.phone.actions.asking import ask_switchboard
from tellonce.modules.phone.models import Queue, Skill
from tellonce.modules.staff.models import Person
from tellonce.switchboard.facts import Arrived, HungUp


def answer_calls(person: Person) -> None:
    """This person takes what comes to the first queue."""
    queue = Queue.objects.order_by("pk")[0]
    Skill.objects.get_or_create(person=person, code=queue.skill_code or queue.code)


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
