"""The phone on the desk: what is shown of a call before and after it is answered, and what each key asks for."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tellonce.modules.care import actions as care
from tellonce.modules.phone.models import Asked, LiveContact, LivePerson
from tellonce.modules.phone.tests.making import a_queue
from tellonce.modules.record.models import Customer
from tellonce.modules.staff.contracts import SYSTEM
from tellonce.modules.staff.models import AccessEntry, Person
from tests.factories import a_customer, a_person

pytestmark = pytest.mark.django_db

NUMBER = "+15035550142"


@pytest.fixture
def dana() -> Person:
    person = a_person(name="Dana Reyes")
    LivePerson.objects.create(person=person, state="available", wished="available", since=timezone.now())
    a_queue("care", name="Care")
    return person


@pytest.fixture
def maria() -> Customer:
    return a_customer(name="Maria Alvarez", phone=NUMBER)


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def a_call(person: Person, customer_id: int = 0, **more: Any) -> LiveContact:
    now = timezone.now()
    what: dict[str, Any] = {
        "id": "c1", "channel": "call", "stage": "offered", "queue_code": "care", "person_id": person.pk,
        "customer_id": customer_id, "number": NUMBER, "entered_at": now - timedelta(minutes=4), "since": now,
        "told_form": "between", "told_low_min": 3, "told_high_min": 6,
    }  # fmt: skip
    call = LiveContact.objects.create(**what | more)
    LivePerson.objects.filter(pk=person.pk).update(state="on_contact", ringing="c1" if call.stage == "offered" else "")
    return call


def test_who_answers_nothing_has_no_phone() -> None:
    assert client_of(a_person()).get("/phone").status_code == 204


def test_a_call_rings_with_who_it_is_what_they_waited_and_were_told(dana: Person, maria: Customer) -> None:
    a_call(dana, maria.pk)
    text = client_of(dana).get("/phone").content.decode()
    for words in ("Maria Alvarez", "Care", "waited 4 min", "was told between 3 and 6 minutes", "Answer"):
        assert words in text
    brief = client_of(dana).get("/phone/c1/brief").content.decode()
    assert 'id="brief"' in brief
    entry = AccessEntry.objects.get(customer_id=maria.pk)
    assert (entry.page, entry.reason) == ("phone", "Their call rings here.")


def test_who_it_could_be_is_said_where_a_number_is_several_ones(dana: Person, maria: Customer) -> None:
    a_customer(name="Joel Alvarez", phone=NUMBER)
    a_call(dana)
    text = client_of(dana).get("/phone").content.decode()
    assert "Could be:" in text
    assert "Maria Alvarez" in text
    assert "Joel Alvarez" in text


def test_nobody_else_sees_the_brief_of_a_call_that_rings(dana: Person, maria: Customer) -> None:
    a_call(dana, maria.pk)
    assert client_of(a_person()).get("/phone/c1/brief").status_code == 204
    assert not AccessEntry.objects.exists()


@pytest.mark.parametrize(
    ("deed", "stage", "kind"),
    [("answer", "offered", "Answered"), ("decline", "offered", "NotAnswered"), ("finish", "talking", "Finished"),
     ("hold", "talking", "Held"), ("resume", "talking", "Resumed"), ("give", "talking", "TransferDone")],
)  # fmt: skip
def test_each_key_asks_the_switchboard(dana: Person, deed: str, stage: str, kind: str) -> None:
    a_call(dana, stage=stage)
    assert client_of(dana).post(f"/phone/c1/{deed}", headers={"HX-Request": "true"}).status_code == 204
    asked = Asked.objects.get()
    assert asked.kind == kind
    assert (asked.data["contact"], asked.data["person"]) == ("c1", dana.pk)


@pytest.mark.parametrize("deed", ["answer", "decline", "finish", "hold"])
def test_what_is_over_cannot_be_asked(dana: Person, deed: str) -> None:
    answer = client_of(dana).post(f"/phone/gone/{deed}", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert not Asked.objects.exists()


def test_another_ones_call_cannot_be_ended(dana: Person) -> None:
    a_call(dana, stage="talking")
    assert client_of(a_person()).post("/phone/c1/finish", headers={"HX-Request": "true"}).status_code == 409
    assert not Asked.objects.exists()


def test_a_pause_needs_a_reason_that_there_is(dana: Person) -> None:
    client = client_of(dana)
    client.post("/phone/presence", {"presence": "paused", "reason": "lunch"})
    client.post("/phone/presence", {"presence": "paused", "reason": "whatever"})
    client.post("/phone/presence", {"presence": "nonsense"})
    assert [(each.data["presence"], each.data["reason"]) for each in Asked.objects.order_by("pk")] == [
        ("paused", "lunch"),
        ("paused", "break"),
    ]


def test_a_call_is_passed_on_with_a_line(dana: Person) -> None:
    a_call(dana, stage="talking")
    client = client_of(dana)
    assert "What they must know" in client.get("/phone/c1/pass/on").content.decode()
    assert client.post("/phone/c1/pass/on", {"to": "queue:care", "line": " "}).status_code == 422
    asked = {"to": "queue:care", "line": "The modem was swapped twice."}
    client.post("/phone/c1/pass/on", asked)
    client.post("/phone/c1/pass/ask", asked)
    first, second = Asked.objects.order_by("pk")
    assert (first.kind, first.data["queue"], first.data["line"]) == ("TransferAsked", "care", asked["line"])
    assert (second.kind, bool(second.data["leg"])) == ("ConsultAsked", True)


def test_an_answered_call_opens_its_contact_on_an_idle_desk(dana: Person, maria: Customer) -> None:
    a_call(dana, maria.pk, stage="talking")
    begun = care.begin_contact(
        channel="call", at=timezone.now(), by=SYSTEM, customer_id=maria.pk, source="switchboard", external_id="c1"
    )
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/"}
    assert "HX-Redirect" not in client_of(dana).get("/phone", headers=headers)
    care.take_contact(contact_id=begun.pk, by=dana.as_actor(), at=timezone.now())
    assert client_of(dana).get("/phone", headers=headers)["HX-Redirect"] == f"/?contact={begun.pk}"
    headers["HX-Current-URL"] = f"http://testserver/?contact={begun.pk}"
    assert "HX-Redirect" not in client_of(dana).get("/phone", headers=headers)
    headers["HX-Current-URL"] = "http://testserver/customers/7"
    assert "HX-Redirect" not in client_of(dana).get("/phone", headers=headers)
