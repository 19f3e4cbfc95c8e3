"""The workspace's pages: whole and in parts, for the three who open them, with a fixed number of queries."""

import json
import os
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tellonce.modules.care import actions as care
from tellonce.modules.care import queries
from tellonce.modules.care.models import Promise
from tellonce.modules.record import actions as record
from tellonce.modules.record.models import Customer
from tellonce.modules.staff.contracts import SYSTEM, Role
from tellonce.modules.staff.models import AccessEntry, Person, Site
from tests.factories import a_case, a_contact, a_customer, a_matter, a_person, a_promise, a_team

pytestmark = pytest.mark.django_db
BASELINE = Path(__file__).with_name("queries.json")


@pytest.fixture
def dana() -> Person:
    return a_person(name="Dana Reyes", team=a_team())


@pytest.fixture
def maria() -> Customer:
    return a_customer(name="Maria Alvarez", phone="+1 503 555 0142", at=timezone.now() - timedelta(days=90))


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def part(client: Client, address: str, target: str) -> str:
    answer = client.get(address, headers={"HX-Request": "true", "HX-Target": target})
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_idle_desk_offers_the_next_and_taking_it_opens_it(dana: Person, maria: Customer) -> None:
    client = signed_in(dana)
    assert "Nobody is waiting" in client.get("/").content.decode()
    contact = a_contact(customer=maria, at=timezone.now())
    assert "Take the next" in client.get("/").content.decode()
    assert client.post("/contacts/next")["Location"] == f"/?contact={contact.pk}"
    whole = client.get("/").content.decode()
    assert "Maria Alvarez" in whole
    assert 'id="brief"' in whole


def test_parts_of_the_desk_are_parts(dana: Person, maria: Customer) -> None:
    contact = a_contact(customer=maria, taken_by=dana, at=timezone.now())
    client, address = signed_in(dana), f"/?contact={contact.pk}"
    for target, marks in (("story", 'id="story"'), ("hands", 'id="hands"'), ("fresh", "hx-swap-oob")):
        text = part(client, address, target)
        assert marks in text
        assert "<html" not in text


def test_a_flag_and_the_end_of_the_conversation_reach_a_page_that_is_open(dana: Person, maria: Customer) -> None:
    contact = a_contact(customer=maria, taken_by=dana, at=timezone.now())
    client, address = signed_in(dana), f"/?contact={contact.pk}"
    assert "life-line" not in part(client, address, "fresh").lower()
    record.set_flag(customer_id=maria.pk, kind="life_line", reason="Breathes by it", by=SYSTEM, at=timezone.now())
    fresh = part(client, address, "fresh")
    assert re.search(r'<div class="who" id="who" hx-swap-oob="true">.*?life-line', fresh, re.DOTALL | re.IGNORECASE)
    assert re.search(r'id="talk" hx-swap-oob="true"', fresh)


def test_a_view_is_logged_and_without_a_contact_a_reason_is_asked_for(dana: Person, maria: Customer) -> None:
    client = signed_in(dana)
    answer = client.get(f"/customers/{maria.pk}")
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("view_reason"))
    contact = a_contact(customer=maria, taken_by=dana, at=timezone.now())
    client.get(f"/?contact={contact.pk}")
    entry = AccessEntry.objects.get(customer_id=maria.pk)
    assert (entry.person_id, entry.contact_id, entry.page) == (dana.pk, contact.pk, "desk")


def test_a_contact_of_somebody_else_opens_no_door(dana: Person, maria: Customer) -> None:
    other = a_contact(customer=a_customer(), taken_by=dana, at=timezone.now())
    assert signed_in(dana).get(f"/customers/{maria.pk}?contact={other.pk}").status_code == 404


def test_solving_by_the_form_ends_the_contact_and_returns_to_the_desk(dana: Person, maria: Customer) -> None:
    contact = a_contact(customer=maria, taken_by=dana, at=timezone.now())
    address = f"/customers/{maria.pk}/do/solve?contact={contact.pk}"
    client = signed_in(dana)
    assert "What was it about" in client.get(address).content.decode()
    answer = client.post(address, {"matter": a_matter(), "note": "restarted"})
    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert queries.contact(contact.pk).ended_at is not None


def test_what_cannot_be_done_stands_in_the_form_with_what_was_written(dana: Person, maria: Customer) -> None:
    contact = a_contact(customer=maria, taken_by=dana, at=timezone.now())
    values = {"kind": "call", "what": "Call back", "due_at": "2020-01-01T10:00", "owner": f"person:{dana.pk}"}
    answer = signed_in(dana).post(f"/customers/{maria.pk}/do/promise?contact={contact.pk}", values)
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "due in the future" in text
    assert "Call back" in text
    assert not Promise.objects.exists()


def test_a_flag_or_promise_of_another_customer_cannot_be_ended_from_here(dana: Person, maria: Customer) -> None:
    contact = a_contact(customer=maria, taken_by=dana, at=timezone.now())
    promise = a_promise(customer=a_customer(), due_at=timezone.now() + timedelta(days=1), at=timezone.now())
    answer = signed_in(dana).post(
        f"/customers/{maria.pk}/do/keep?contact={contact.pk}&thing={promise.pk}", {"note": ""}
    )
    assert answer.status_code == 404
    assert queries.promise(promise.pk).settled_at is None


def test_a_draft_is_kept_shown_again_and_dropped_when_it_is_sent(dana: Person, maria: Customer) -> None:
    contact = a_contact(customer=maria, taken_by=dana, at=timezone.now())
    client, address = signed_in(dana), f"/customers/{maria.pk}/do/note?contact={contact.pk}"
    client.post("/draft", {"place": f"note:{contact.pk}:words", "words": "She is at work until six"})
    assert "She is at work until six" in client.get(address).content.decode()
    client.post(address, {"words": "She is at work until six"})
    assert queries.drafts(dana.pk) == {}


def test_drafts_of_every_form_are_erased_with_the_customer(dana: Person, maria: Customer) -> None:
    """Through the page: what a form says about its place must be what erasure looks for."""
    client = signed_in(dana)
    contact = a_contact(customer=maria, taken_by=dana, at=timezone.now())
    case = a_case(customer=maria, by=dana.as_actor(), at=timezone.now())
    client.post("/why", {"customer": maria.pk, "next": "/", "reason": "A colleague asked me to look"})
    for address in (
        f"/customers/{maria.pk}/do/note?contact={contact.pk}",
        f"/customers/{maria.pk}/do/note",
        f"/customers/{maria.pk}/do/note?case={case.pk}",
    ):
        shown = client.get(address).content.decode()
        place, to = (re.search(f'data-{name}="([^"]+)"', shown) for name in ("draft", "draft-address"))
        assert place
        assert to
        client.post(unescape(to[1]), {"place": place[1], "words": "Maria is at work until six"})
    assert len(queries.drafts(dana.pk)) == 3

    care.forget([maria.pk], at=timezone.now())
    assert queries.drafts(dana.pk) == {}


def test_a_contact_by_hand_finds_its_customer_by_number(dana: Person, maria: Customer) -> None:
    client = signed_in(dana)
    client.post("/contacts/new", {"channel": "call", "direction": "from", "reached_from": "(503) 555-0142"})
    assert queries.in_hand(dana.pk)[0].customer_id == maria.pk
    client.post("/contacts/new", {"channel": "call", "direction": "from", "said_name": "Somebody"})
    assert {line.customer_id for line in queries.in_hand(dana.pk)} == {maria.pk, None}


def test_a_contact_that_names_nobody_is_matched_or_ended(dana: Person, maria: Customer) -> None:
    first, second = (a_contact(taken_by=dana, said="red light", at=timezone.now()) for _ in range(2))
    client = signed_in(dana)
    assert "not matched yet" in client.get(f"/?contact={first.pk}").content.decode()
    client.post(f"/contacts/{first.pk}/match", {"customer": maria.pk})
    assert queries.contact(first.pk).customer_id == maria.pk
    client.post(f"/contacts/{second.pk}/do/end", {"matter": "", "note": "hung up"})
    assert queries.contact(second.pk).ended_at is not None


def test_an_analyst_has_a_day_but_no_desk() -> None:
    client = signed_in(a_person(role=Role.ANALYST))
    assert client.get("/")["Location"] == "/today"
    assert client.get("/today").status_code == 200
    assert client.get("/customers").status_code == 403


def test_erasure_asks_for_the_name_written_out(maria: Customer) -> None:
    client = signed_in(a_person(role=Role.ADMINISTRATOR))
    contact = a_contact(customer=maria, at=timezone.now())
    answer = client.post(f"/customers/{maria.pk}/erase?contact={contact.pk}", {"name": "Maria"})
    assert answer.status_code == 422
    maria.refresh_from_db()
    assert maria.erased_at is None


def test_everything_is_handed_out_for_a_reason_only(maria: Customer) -> None:
    client = signed_in(a_person(role=Role.ADMINISTRATOR))
    client.post("/why", {"customer": maria.pk, "next": "/", "reason": "She asked for her data"})
    page = f"/customers/{maria.pk}/export"

    assert client.post(page, {"reason": " "}).status_code == 400
    assert client.post(page, {"reason": "asked for by letter"}).json()["customer_ids"] == [maria.pk]


def _addresses(dana: Person, maria: Customer) -> dict[str, str]:
    now = timezone.now()
    contact = a_contact(customer=maria, taken_by=dana, at=now)
    case = a_case(customer=maria, contact_id=contact.pk, by=dana.as_actor(), at=now)
    for days in range(1, 4):
        a_promise(customer=maria, due_at=now + timedelta(days=days), by=dana.as_actor(), at=now)
        care.add_note(customer_id=maria.pk, words="a note", by=dana.as_actor(), at=now)
    return {
        "desk": f"/?contact={contact.pk}",
        "customer": f"/customers/{maria.pk}?contact={contact.pk}",
        "today": "/today",
        "customers": "/customers",
        "find": "/find?q=alvarez",
        "cases": "/cases?whose=all",
        "case": f"/cases/{case.pk}",
        "record": f"/customers/{maria.pk}/record?contact={contact.pk}",
        "unmatched": "/contacts/unmatched",
        "kit": "/kit",
    }


def test_queries_of_each_page_are_as_recorded(dana: Person, maria: Customer) -> None:
    """Recorded anew with TELLONCE_RECORD_QUERIES=1, and reviewed as a diff."""
    client = signed_in(dana)
    counted: dict[str, int] = {}
    for name, address in _addresses(dana, maria).items():
        client.get(address)  # what is read once in a while is read now
        with CaptureQueriesContext(connection) as queries_made:
            assert client.get(address).status_code == 200, name
        counted[name] = len(queries_made)
    if os.environ.get("TELLONCE_RECORD_QUERIES"):
        BASELINE.write_text(json.dumps(counted, indent=2) + "\n")
    recorded: dict[str, Any] = json.loads(BASELINE.read_text())
    assert counted == recorded


def test_a_character_that_no_text_has_is_refused_and_not_a_failure(dana: Person) -> None:
    client = signed_in(dana)
    for address in ("/stories?words=%00", "/cases?words=%00", "/customers?q=a%00b", "/find?q=%00"):
        assert client.get(address).status_code == 400, address


def test_times_are_those_of_the_site_where_somebody_sits(maria: Customer) -> None:
    site = Site.objects.create(name="Eastmoor", time_zone="America/New_York")
    away = a_person(site=site)
    contact = a_contact(customer=maria, at=datetime(2026, 3, 3, 15, 30, tzinfo=UTC), taken_by=away)
    assert ">10:30</time>" in signed_in(away).get(f"/?contact={contact.pk}").content.decode()
