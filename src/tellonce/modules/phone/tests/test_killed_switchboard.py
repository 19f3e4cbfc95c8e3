"""kill -9 of the switchboard's own process with calls up: the next one knows everybody, and calls them back first."""

import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from django.utils import timezone

from tellonce.modules.phone.actions.asking import ask_switchboard
from tellonce.modules.phone.models import Call, JournalEvent, LiveContact, LivePerson, Skill
from tellonce.modules.phone.serving.filing import file_events
from tellonce.modules.phone.tests.making import a_queue
from tellonce.modules.phone.tests.switchboards import its_process
from tellonce.modules.staff.models import Person
from tellonce.switchboard.facts import Answered, Arrived, DialAnswered, Fact, HungUp, PersonSet, Presence
from tests.factories import a_person

pytestmark = pytest.mark.django_db(transaction=True)

TALKS, WAITS, LATER = "talks", "waits", "later"
NUMBERS = {TALKS: "+12025550101", WAITS: "+12025550102", LATER: "+12025550103"}
_WITHIN_S = 120.0


@pytest.fixture
def dana() -> Person:
    a_queue("care", skill_code="care", wrap_s=0)
    person = a_person(name="Dana")
    Skill.objects.create(person=person, code="care")
    return person


def asks(fact: Fact) -> None:
    ask_switchboard(fact=fact, at=timezone.now())


def until(is_so: Callable[[], object]) -> None:
    over = time.monotonic() + _WITHIN_S
    while not is_so():
        assert time.monotonic() < over, list(LiveContact.objects.values_list("pk", "stage", "is_callback"))
        time.sleep(0.05)


def is_at(stage: str, contact: str, **more: object) -> bool:
    return LiveContact.objects.filter(pk=contact, stage=stage, **more).exists()


def calls(contact: str) -> None:
    asks(Arrived(0.0, contact, queue="care", number=NUMBERS[contact]))


def test_everybody_who_was_on_the_line_is_called_back_before_anybody_else(dana: Person, tmp_path: Path) -> None:
    with its_process(tmp_path, phone="none") as first:
        asks(PersonSet(0.0, dana.pk, Presence.AVAILABLE))
        calls(TALKS)
        until(lambda: is_at("offered", TALKS, person_id=dana.pk))
        asks(Answered(0.0, TALKS, dana.pk))
        until(lambda: is_at("talking", TALKS))
        calls(WAITS)
        until(lambda: is_at("waiting", WAITS))
        entered = dict(LiveContact.objects.values_list("pk", "entered_at"))
        first.kill()
        assert first.wait(timeout=_WITHIN_S) == -signal.SIGKILL
    calls(LATER)  # while nobody serves
    with its_process(tmp_path, phone="none"):
        for contact in (TALKS, WAITS):
            until(partial(is_at, "offered", contact, person_id=dana.pk, is_callback=True))
            assert LiveContact.objects.get(pk=contact).entered_at == entered[contact]
            asks(Answered(0.0, contact, dana.pk))
            until(partial(is_at, "dialling", contact))
            assert is_at("waiting", LATER, is_callback=False)
            asks(DialAnswered(0.0, contact))
            until(partial(is_at, "talking", contact, is_callback=False))
            asks(HungUp(0.0, contact))
        until(lambda: is_at("offered", LATER, person_id=dana.pk))
        assert LivePerson.objects.get(pk=dana.pk).wished == "available"
    dialled = JournalEvent.objects.filter(kind="Dialled").order_by("pk").values_list("contact", flat=True)
    assert list(dialled) == [TALKS, WAITS]
    while file_events():
        pass
    assert set(Call.objects.values_list("external_id", "outcome")) == {(TALKS, "answered"), (WAITS, "answered")}
