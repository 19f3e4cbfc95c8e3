"""Listening in: by those who lead, seen by who is listened to, and in the access log."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tellonce.modules.phone.models import Asked, LiveContact, LivePerson, Skill
from tellonce.modules.phone.queries import colleagues_free
from tellonce.modules.phone.tests.making import NUMBER, a_queue
from tellonce.modules.staff.contracts import Role
from tellonce.modules.staff.models import AccessEntry, Person
from tests.factories import a_customer, a_partner, a_person

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def sue() -> Person:
    return a_person(name="Sue Park", role=Role.SUPERVISOR)


@pytest.fixture
def dana(settings: Any) -> Person:
    """Dana talks to Mia."""
    settings.SETUP = replace(settings.SETUP, phone="asterisk")
    a_queue("care", skill_code="care")
    dana, now = a_person(name="Dana Reyes"), timezone.now()
    Skill.objects.create(person=dana, code="care")
    LivePerson.objects.create(person=dana, state="on_contact", wished="available", since=now)
    mia = a_customer(name="Mia", phone=NUMBER)
    LiveContact.objects.create(
        pk="c1", channel="call", stage="talking", queue_code="care", person_id=dana.pk, customer_id=mia.pk,
        entered_at=now, since=now,
    )  # fmt: skip
    return dana


@pytest.fixture
def as_one() -> Callable[[Person], Client]:
    def _client(person: Person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return _client


def test_who_leads_listens_in_from_the_floor(dana: Person, sue: Person, as_one: Callable[[Person], Client]) -> None:
    client = as_one(sue)
    assert "Listen in on the call of Dana Reyes" in client.get("/floor").content.decode()
    assert client.post("/floor/listen/c1/in", headers=HTMX).status_code == 204
    asked = Asked.objects.get()
    assert (asked.kind, asked.data["supervisor"], asked.data["whispers"]) == ("ListeningAsked", sue.pk, False)
    entry = AccessEntry.objects.get()
    assert (entry.page, entry.reason) == ("listening", "Listened in on the call.")
    LiveContact.objects.update(listener_id=sue.pk)
    assert "Stop listening" in client.get("/floor").content.decode()
    client.post("/floor/listen/c1/whisper")
    client.post("/floor/listen/c1/stop")
    assert [each.kind for each in Asked.objects.order_by("pk")][1:] == ["ListeningAsked", "ListeningEnded"]
    assert client.post("/floor/listen/c1/loudly").status_code == 404


@pytest.mark.parametrize(("whispers", "told"), [(False, "Sue Park listens in."), (True, "can whisper to you")])
def test_who_is_listened_to_is_told(
    dana: Person, sue: Person, as_one: Callable[[Person], Client], whispers: bool, told: str
) -> None:
    client = as_one(dana)
    assert "listens in" not in client.get("/phone").content.decode()
    LiveContact.objects.update(listener_id=sue.pk, whispers=whispers)
    assert told in client.get("/phone").content.decode()


def test_a_supervisor_who_answers_calls_is_shown_as_listening(
    dana: Person, sue: Person, as_one: Callable[[Person], Client]
) -> None:
    Skill.objects.create(person=sue, code="care")
    LivePerson.objects.create(person=sue, state="listening", wished="available", since=timezone.now())
    panel = as_one(sue).get("/phone").content.decode()
    assert "Listening in" in panel
    assert "no call rings here meanwhile" in panel
    floor = as_one(sue).get("/floor").content.decode()
    assert "1 listening in" in floor
    assert sue not in colleagues_free(dana.pk, contact="a")


def test_nobody_else_may(dana: Person, as_one: Callable[[Person], Client]) -> None:
    assert as_one(a_person()).post("/floor/listen/c1/in", headers=HTMX).status_code == 403
    partner = a_person(role=Role.SUPERVISOR, partner=a_partner())
    assert as_one(partner).post("/floor/listen/c1/in", headers=HTMX).status_code == 409
    assert not Asked.objects.exists()


def test_where_the_phone_cannot_there_is_no_button(
    dana: Person, sue: Person, as_one: Callable[[Person], Client], settings: Any
) -> None:
    settings.SETUP = replace(settings.SETUP, phone="embedded")
    client = as_one(sue)
    assert "Listen in" not in client.get("/floor").content.decode()
    assert client.post("/floor/listen/c1/in", headers=HTMX).status_code == 409
    assert not Asked.objects.exists()


def test_what_is_over_cannot_be_heard(dana: Person, sue: Person, as_one: Callable[[Person], Client]) -> None:
    LiveContact.objects.update(stage="waiting", person_id=None)
    assert as_one(sue).post("/floor/listen/c1/in", headers=HTMX).status_code == 409
    assert not Asked.objects.exists()
