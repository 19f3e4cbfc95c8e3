"""The phone on the desk: what is shown of a call before and after it is answered, and what each key asks for."""

import re
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tellonce.modules.care import actions as care
from tellonce.modules.phone.models import Asked, BrowserPhone, LiveContact, LivePerson
from tellonce.modules.phone.tests.making import a_queue
from tellonce.modules.record.models import Customer
from tellonce.modules.staff.contracts import SYSTEM
from tellonce.modules.staff.models import AccessEntry, OpenHours, Person, Site
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


def test_with_a_sip_phone_a_key_sends_what_rings_to_somebody_else(
    dana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SETUP", replace(settings.SETUP, phone="embedded"))
    a_call(dana)
    text = client_of(dana).get("/phone").content.decode()
    assert "Pick up your phone." in text
    assert 'data-key="v" aria-keyshortcuts="V">To somebody else' in text


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
     ("hold", "talking", "Held"), ("resume", "talking", "Resumed"), ("give", "talking", "TransferDone"),
     ("pause-recording", "talking", "RecordingPaused"), ("refuse-recording", "talking", "RecordingPaused"),
     ("go-on-recording", "talking", "RecordingResumed")],
)  # fmt: skip
def test_each_key_asks_the_switchboard(dana: Person, deed: str, stage: str, kind: str) -> None:
    a_call(dana, stage=stage)
    assert client_of(dana).post(f"/phone/c1/{deed}", headers={"HX-Request": "true"}).status_code == 204
    asked = Asked.objects.get()
    assert asked.kind == kind
    assert (asked.data["contact"], asked.data["person"]) == ("c1", dana.pk)


def test_calls_that_an_asterisk_has_named_have_pages_too(dana: Person, maria: Customer) -> None:
    call = a_call(dana, maria.pk, id="pbx-1795317411.2")
    LivePerson.objects.filter(pk=dana.pk).update(ringing=call.pk)
    client = client_of(dana)
    assert f"/phone/{call.pk}/answer" in client.get("/phone").content.decode()
    assert client.get(f"/phone/{call.pk}/brief").status_code == 200
    assert client.post(f"/phone/{call.pk}/answer", headers={"HX-Request": "true"}).status_code == 204
    assert Asked.objects.get().data["contact"] == call.pk
    assert reverse("floor_listen", args=[call.pk, "on"]) == f"/floor/listen/{call.pk}/on"


def test_to_let_a_call_go_to_somebody_else_is_not_to_have_missed_it(dana: Person) -> None:
    a_call(dana)
    client_of(dana).post("/phone/c1/decline", headers={"HX-Request": "true"})
    assert Asked.objects.get().data["is_miss"] is False


def test_that_the_colleague_who_was_asked_did_not_answer_is_seen(dana: Person) -> None:
    call = a_call(dana, stage="talking", is_held=True)
    assert "did not answer" not in client_of(dana).get("/phone").content.decode()
    LiveContact.objects.filter(pk=call.pk).update(unanswered_by_id=a_person(name="Bo Lind").pk)
    text = client_of(dana).get("/phone").content.decode()
    assert "Bo Lind did not answer." in text
    assert "Take back" in text
    assert "Ask first" in text


@pytest.mark.parametrize(
    ("call", "parent", "is_on_page"), [("c1", "", True), ("real-c1", "", False), ("leg", "real-c1", False)]
)
def test_in_the_demo_a_call_with_sound_is_picked_up_at_the_phone(
    dana: Person, call: str, parent: str, is_on_page: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SETUP", replace(settings.SETUP, demo=True, phone="embedded"))
    a_call(dana)
    LiveContact.objects.filter(pk="c1").update(id=call, parent=parent)
    text = client_of(dana).get("/phone").content.decode()
    assert ("Pick up your phone." in text) is not is_on_page
    assert (f"/phone/{call}/answer" in text) is is_on_page


@pytest.mark.parametrize(("call", "is_asked"), [("c1", True), ("real-c1", False)])
def test_in_the_demo_only_who_has_a_phone_can_be_given_a_call_with_sound(
    dana: Person, call: str, is_asked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SETUP", replace(settings.SETUP, demo=True, phone="embedded"))
    for name, has_phone in (("Bo Lind", False), ("Cy Roth", True)):
        person = a_person(name=name)
        LivePerson.objects.create(person=person, state="available", wished="available", since=timezone.now())
        BrowserPhone.objects.create(
            person=person, user=f"b{person.pk}", ha1="0" * 32, is_on=has_phone, made_at=timezone.now()
        )
    a_call(dana, stage="talking", id=call)
    text = client_of(dana).get(f"/phone/{call}/pass/on").content.decode()
    assert "Cy Roth" in text
    assert ("Bo Lind" in text) is is_asked


@pytest.mark.parametrize("deed", ["answer", "decline", "finish", "hold"])
def test_what_is_over_cannot_be_asked(dana: Person, deed: str) -> None:
    answer = client_of(dana).post(f"/phone/gone/{deed}", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert not Asked.objects.exists()


@pytest.mark.parametrize(
    ("recording", "seen", "unseen"),
    [("on", "Pause recording", "Record again"), ("paused", "Recording paused", "Not recorded"),
     ("refused", "as the customer wishes", "Recording paused"), ("", "Hang up", "ecord")],
)  # fmt: skip
def test_whether_it_is_recorded_is_seen(dana: Person, recording: str, seen: str, unseen: str) -> None:
    a_call(dana, stage="talking", recording=recording)
    text = client_of(dana).get("/phone").content.decode()
    assert seen in text
    assert unseen not in text


def test_the_top_of_the_page_says_what_the_phone_does(dana: Person) -> None:
    client, htmx = client_of(dana), {"HX-Request": "true"}
    assert 'id="desk-state"' not in client.get("/phone").content.decode()
    assert re.search(r'id="desk-state".*Free', client.get("/phone", headers=htmx).content.decode())
    call = a_call(dana)
    assert re.search(r'id="desk-state".*It rings', client.get("/phone", headers=htmx).content.decode())
    LiveContact.objects.filter(pk=call.pk).update(stage="talking")
    assert re.search(r'id="desk-state".*In a call', client.get("/phone", headers=htmx).content.decode())


def test_a_refusal_is_for_good(dana: Person) -> None:
    a_call(dana, stage="talking", recording="on")
    client_of(dana).post("/phone/c1/refuse-recording")
    client_of(dana).post("/phone/c1/pause-recording")
    assert [each.data["is_for_good"] for each in Asked.objects.order_by("pk")] == [True, False]


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


def test_why_it_cannot_be_is_said_on_the_phone(dana: Person) -> None:
    a_call(dana, stage="talking")
    client = client_of(dana)
    assert "refused" not in client.get("/phone").content.decode()
    said = {"not_free": "Your colleague has just been taken", "closed": "closed now", "anything": "not possible now"}
    for why, words in said.items():
        LivePerson.objects.filter(pk=dana.pk).update(refused=why)
        assert re.search(rf'<p class="refused" role="alert">[^<]*{words}', client.get("/phone").content.decode())


def test_a_closed_queue_is_marked_and_nothing_is_passed_on_to_it(dana: Person) -> None:
    a_call(dana, stage="talking")
    site = Site.objects.create(name="Gone", time_zone="UTC")
    yesterday = (timezone.now() - timedelta(days=1)).weekday()
    OpenHours.objects.create(site=site, weekday=yesterday, opens=time(9), closes=time(10))
    a_queue("tech", name="Tech", site_id=site.pk)
    client = client_of(dana)
    form = client.get("/phone/c1/pass/on").content.decode()
    assert "Tech (closed now)</option>" in form
    assert "Care</option>" in form
    answer = client.post("/phone/c1/pass/on", {"to": "queue:tech", "line": "They wait."})
    assert answer.status_code == 422
    assert "That queue is closed now" in answer.content.decode()
    assert not Asked.objects.exists()


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
