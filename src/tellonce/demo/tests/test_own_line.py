"""The demo's line for real phones: who is found by it."""

import threading
from datetime import datetime

import pytest
from allauth.usersessions.models import UserSession

from tellonce.demo.entry import ENTRY
from tellonce.demo.own_line import QUEUE, keep_own_line, run_own_line
from tellonce.modules.phone import actions
from tellonce.modules.phone.models import Entry, Skill
from tellonce.modules.staff.contracts import SYSTEM
from tests.factories import NOW, a_person


@pytest.mark.django_db
def test_only_who_has_signed_in_and_has_a_phone_is_found() -> None:
    ann, bob = a_person(name="Ann"), a_person(name="Bob")
    keep_own_line(at=NOW)
    assert Entry.objects.get(number=ENTRY).queue.code == QUEUE
    for each in (ann, bob):
        actions.take_calls_in_browser(person_id=each.pk, by=SYSTEM, at=NOW)
    UserSession.objects.create(user=ann, session_key="x" * 32, ip="127.0.0.1")
    keep_own_line(at=NOW)
    assert set(Skill.objects.filter(code=QUEUE).values_list("person_id", flat=True)) == {ann.pk}
    actions.take_calls_on_phone(person_id=ann.pk, by=SYSTEM, at=NOW)
    keep_own_line(at=NOW)
    assert not Skill.objects.filter(code=QUEUE).exists()


@pytest.mark.django_db
def test_it_is_kept_without_made_up_callers_until_told_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tellonce.demo.own_line.close_old_connections", lambda: None)  # it is the test's own
    ann, stop = a_person(name="Ann"), threading.Event()
    UserSession.objects.create(user=ann, session_key="x" * 32, ip="127.0.0.1")
    actions.take_calls_in_browser(person_id=ann.pk, by=SYSTEM, at=NOW)
    looks = []

    def clock() -> datetime:
        looks.append(NOW)
        stop.set()
        return NOW

    run_own_line(stop, clock=clock)
    assert Entry.objects.get(number=ENTRY).queue.code == QUEUE
    assert set(Skill.objects.filter(code=QUEUE).values_list("person_id", flat=True)) == {ann.pk}
    assert len(looks) == 1
