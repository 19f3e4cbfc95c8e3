"""The phone in the browser on the desk: who may have it, what its window is given, and how a call is answered."""

import json
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tellonce.audio.ice import Ice
from tellonce.audio.tickets import topic_of
from tellonce.desk.tests.test_phone import a_call, client_of
from tellonce.kernel.tickets import read
from tellonce.modules.phone import actions
from tellonce.modules.phone.models import Asked, BrowserPhone, LiveContact, LivePerson
from tellonce.modules.phone.tests.making import a_queue
from tellonce.modules.staff.contracts import SYSTEM, Role, session_mark
from tellonce.modules.staff.models import Person
from tests.factories import NOW, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def dana(settings: Any) -> Person:
    """She answers calls; there is a phone gateway."""
    settings.SETUP = replace(settings.SETUP, phone="embedded", audio_origin="http://localhost:8462", audio_processes=3)
    person = a_person(name="Dana Reyes")
    LivePerson.objects.create(person=person, state="available", wished="available", since=timezone.now())
    a_queue("care", name="Care")
    return person


def in_browser(person: Person) -> Client:
    actions.take_calls_in_browser(person_id=person.pk, by=SYSTEM, at=NOW)
    return client_of(person)


def test_who_chooses_the_browser_has_it_until_they_choose_again(dana: Person) -> None:
    client = client_of(dana)
    assert "Use this browser" in client.get("/phone").content.decode()
    assert client.post("/phone/choice", {"in": "browser"}).headers["Location"] == "/phone/window"
    assert BrowserPhone.objects.get(person=dana).is_on
    assert "Use a SIP phone" in client.get("/phone").content.decode()
    assert 'data-is-on="1"' in client.get("/phone/window").content.decode()
    assert client.post("/phone/choice", {"in": "phone"}, headers={"HX-Request": "true"}).status_code == 204
    assert 'data-is-on=""' in client.get("/phone/window").content.decode()


def test_the_window_says_why_there_is_no_phone(dana: Person, settings: Any) -> None:
    assert "No queue offers you calls" in client_of(a_person()).get("/phone/window").content.decode()
    settings.SETUP = replace(settings.SETUP, phone="none")
    assert "has no phone for the browser" in client_of(dana).get("/phone/window").content.decode()
    assert "Use this browser" not in client_of(dana).get("/phone").content.decode()


@pytest.mark.parametrize("is_demo", [False, True])
def test_the_panel_has_words_for_a_browser_that_cannot(dana: Person, settings: Any, is_demo: bool) -> None:
    settings.SETUP = replace(settings.SETUP, demo=is_demo)
    text = client_of(dana).get("/phone").content.decode()
    for case in ("hear", "none", "insecure"):
        assert f'data-phone-can="{case}"' in text
    assert f"tellonce person phone {dana.email}" in text
    assert ("Made-up calls have no sound." in text) == is_demo
    assert "data-phone-can" not in in_browser(dana).get("/phone").content.decode()


def test_a_ticket_is_for_ones_own_phone_with_its_own_process(dana: Person, settings: Any) -> None:
    client = client_of(dana)
    place = json.loads(client.get("/phone/audio").content)
    number = dana.pk % 3
    assert place["base"] == f"http://localhost:{8462 + number}/audio/{number}/"
    ticket = read(place["ticket"], secret=settings.SECRET_KEY, now_s=timezone.now().timestamp())
    assert (ticket.person_id, ticket.topics) == (dana.pk, (topic_of(dana.pk),))
    assert ticket.session == session_mark(client.session.session_key or "")


def test_only_who_is_signed_in_is_told_the_servers_of_phones_and_no_page_holds_their_passwords(
    dana: Person, settings: Any
) -> None:
    assert json.loads(client_of(dana).get("/phone/audio").content)["iceServers"] == []
    ice = Ice(("stun:stun.example.net",), ("turn:turn.example.net",), secret="shared-with-turn")
    settings.SETUP = replace(settings.SETUP, ice=ice)
    client = in_browser(dana)
    answer = client.get("/phone/audio")
    stun, turn = json.loads(answer.content)["iceServers"]
    assert stun == {"urls": ["stun:stun.example.net"]}
    assert turn["username"].endswith(f":{dana.pk}")
    made = turn["credential"]
    assert "no-store" in answer.headers["Cache-Control"]
    for address in ("/", "/phone", "/phone/window", "/phone/audio"):
        text = client.get(address).content.decode()
        assert "shared-with-turn" not in text
        assert made not in text or address == "/phone/audio"
        outside = Client().get(address, follow=True).content.decode()
        assert "turn.example.net" not in outside
    assert Client().get("/phone/audio").status_code in {302, 401, 403}


@pytest.mark.parametrize("address", ["/phone/window", "/phone/audio", "/phone/choice"])
def test_who_does_not_serve_customers_has_none(address: str) -> None:
    analyst = client_of(a_person(role=Role.ANALYST))
    assert (analyst.post if address.endswith("choice") else analyst.get)(address).status_code == 403
    assert Client().get("/phone/window").status_code in {302, 401, 403}


def test_a_call_is_answered_where_its_sound_is(dana: Person, settings: Any) -> None:
    a_call(dana)
    assert "Pick up your phone" in client_of(dana).get("/phone").content.decode()
    client = in_browser(dana)
    text = client.get("/phone").content.decode()
    assert "data-phone-answer" in text
    assert "/phone/c1/answer" not in text
    settings.SETUP = replace(settings.SETUP, demo=True)  # a made-up caller has no sound
    assert "/phone/c1/answer" in client.get("/phone").content.decode()
    LiveContact.objects.all().delete()
    a_call(dana, id="real-c2")
    LivePerson.objects.update(ringing="real-c2")
    assert "data-phone-answer" in client.get("/phone").content.decode()


def test_a_sip_phone_that_picks_up_is_answered_on_the_page_and_one_that_does_not_by_hand(dana: Person) -> None:
    client = client_of(dana)
    assert "by hand" not in client.get("/phone").content.decode()  # she has none
    actions.give_phone(person_id=dana.pk, by=SYSTEM, at=NOW)
    assert "which you pick up by hand." in client.get("/phone").content.decode()
    client.post("/phone/choice", {"in": "phone", "picks-up": "1"})
    assert "which picks up when you answer here." in client.get("/phone").content.decode()
    a_call(dana)
    text = client.get("/phone").content.decode()
    assert "/phone/c1/pick-up" in text
    assert "Pick up your phone." not in text
    client.post("/phone/c1/pick-up")
    asked = Asked.objects.get()
    assert (asked.kind, asked.data["contact"], asked.data["person"]) == ("PickUpAsked", "c1", dana.pk)
    actions.give_phone(person_id=dana.pk, by=SYSTEM, at=NOW)  # a new password is no new phone
    client.post("/phone/choice", {"in": "phone"})
    assert "/phone/c1/pick-up" in client.get("/phone").content.decode()
    client.post("/phone/choice", {"in": "phone", "picks-up": "0"})
    assert "Pick up your phone." in client.get("/phone").content.decode()


def test_what_rings_no_more_is_not_picked_up(dana: Person) -> None:
    a_call(dana, stage="talking")
    assert client_of(dana).post("/phone/c1/pick-up", headers={"HX-Request": "true"}).status_code == 409
    assert not Asked.objects.exists()


def test_who_talks_in_the_browser_can_mute(dana: Person) -> None:
    a_call(dana, stage="talking")
    assert "data-phone-mute" not in client_of(dana).get("/phone").content.decode()
    assert "data-phone-mute" in in_browser(dana).get("/phone").content.decode()


def test_pages_may_use_the_microphone_and_reach_the_phone(dana: Person) -> None:
    policy = client_of(dana).get("/phone/window").headers["Permissions-Policy"]
    assert "microphone=(self)" in policy
    assert "camera=()" in policy
