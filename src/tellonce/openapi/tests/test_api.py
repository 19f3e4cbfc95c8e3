"""The API: keys and scopes, contacts once only, customers, outages, stories, and the access log."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from tellonce.modules.care import actions as care
from tellonce.modules.care.models import Contact
from tellonce.modules.phone.models import Asked
from tellonce.modules.phone.tests.making import a_queue
from tellonce.modules.record import actions as record
from tellonce.modules.record import queries as record_queries
from tellonce.modules.staff.contracts import SYSTEM, Role
from tellonce.modules.staff.models import AccessEntry
from tellonce.openapi.actions import use_key
from tellonce.openapi.contracts import Scope, TooManyRequestsError
from tellonce.openapi.models import ApiKey
from tellonce.openapi.tests.asking import a_program
from tests.factories import a_customer, a_person

pytestmark = pytest.mark.django_db
CALL = {"external_id": "c-1", "channel": "call", "reached_from": "+13035550100", "said": "It drops at night."}


def test_without_a_key_or_with_a_wrong_ended_or_narrow_one_nothing_is_done(client: Client) -> None:
    answer = client.post("/api/contacts", CALL, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (401, "no_key")
    program = a_program(Scope.STORY_READ)
    answer = program.ask("POST", "/api/contacts", CALL)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
    assert not Contact.objects.exists()
    program.text = program.text[:-2] + "xx"
    assert program.ask("GET", "/api/promises?customer_id=1").status_code == 401


def test_a_chat_with_a_queue_is_offered_to_its_people_once() -> None:
    program, queue = a_program(), a_queue("care")
    chat = CALL | {"channel": "chat", "queue": "care"}
    first = program.ask("POST", "/api/contacts", chat).json()
    program.ask("POST", "/api/contacts", chat)
    asked = Asked.objects.get()
    assert (asked.data["queue"], asked.data["story"]) == (queue.code, f"contact:{first['id']}")
    assert program.ask("POST", "/api/contacts", chat | {"external_id": "2", "queue": "nowhere"}).status_code == 404
    assert Asked.objects.count() == 1


def test_a_contact_comes_in_once_whoever_sends_it_twice() -> None:
    program = a_program()
    first = program.ask("POST", "/api/contacts", CALL)
    again = program.ask("POST", "/api/contacts", CALL)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    contact = Contact.objects.get()
    assert (contact.source, contact.state, contact.customer_id) == ("pbx", "waiting", None)


def test_a_contact_finds_its_customer_by_the_ids_of_the_keys_own_system() -> None:
    program = a_program()
    body = {"external_id": "77", "name": "Maria Alvarez", "accounts": [{"number": "A-77"}], "since": "2024-02-01"}
    added = program.ask("POST", "/api/customers", body)
    assert (added.status_code, added.json()["result"]) == (201, "added")
    assert program.ask("POST", "/api/customers", body).json()["result"] == "unchanged"
    for number, who in enumerate(({"external_id": "77"}, {"account_number": "A-77"}, {"id": added.json()["id"]})):
        answer = program.ask("POST", "/api/contacts", CALL | {"external_id": f"m{number}", "customer": who})
        assert answer.json()["customer_id"] == added.json()["id"]
    other = a_program(name="Other")
    ApiKey.objects.filter(name="Other").update(source="other")
    assert other.ask("POST", "/api/contacts", CALL | {"customer": {"external_id": "77"}}).status_code == 404


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"channel": "pigeon"}, "body.channel"),
        ({"at": "2026-03-02T09:00:00"}, "body"),
        ({"sed": "typo"}, "body.sed"),
        ({"external_id": ""}, "body.external_id"),
    ],
)
def test_another_shape_is_refused_by_place_without_repeating_what_was_sent(change: dict[str, str], where: str) -> None:
    answer = a_program().ask("POST", "/api/contacts", CALL | change)
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["where"] == where
    assert "drops at night" not in answer.content.decode()


def test_a_story_is_read_page_by_page_and_logged_as_read_by_a_program() -> None:
    customer = a_customer(name="Maria Alvarez")
    for number in range(3):
        care.add_note(customer_id=customer.pk, words=f"note {number}", by=SYSTEM, at=timezone.now())
    program = a_program()
    first = program.ask("GET", f"/api/customers/{customer.pk}/story?limit=2").json()
    rest = program.ask("GET", f"/api/customers/{customer.pk}/story", None).json()
    assert [moment["words"] for moment in first["moments"]] == ["note 2", "note 1"]
    second = program.ask("GET", f"/api/customers/{customer.pk}/story?limit=2&before={quote(first['next'])}").json()
    assert second["moments"][0]["words"] == "note 0"
    assert rest["next"] is None
    entry = AccessEntry.objects.filter(customer_id=customer.pk).latest("pk")
    assert (entry.person_id, entry.person_name, entry.page) == (0, "API: Phone system", "api story")
    assert program.ask("GET", f"/api/customers/{customer.pk}/story?before=yesterday").status_code == 400


def test_a_restricted_customer_needs_a_scope_of_its_own() -> None:
    customer = a_customer()
    record.set_flag(customer_id=customer.pk, kind="restricted", reason="A colleague", by=SYSTEM, at=timezone.now())
    plain, special = a_program(name="Plain"), a_program(Scope.STORY_READ, Scope.RESTRICTED, name="Special")
    assert plain.ask("GET", f"/api/customers/{customer.pk}/story").status_code == 404
    assert special.ask("GET", f"/api/customers/{customer.pk}/story").status_code == 200
    assert plain.ask("GET", "/tmf-api/customerManagement/v4/customer").json() == []


def test_an_outage_is_reported_changed_and_ended() -> None:
    record.add_area(kind="region", name="North", code="N", parent_id=None)
    program = a_program()
    body = {"external_id": "o-1", "area_code": "N", "began_at": "2026-03-02T09:00:00Z", "cause": "Cable cut"}
    assert program.ask("POST", "/api/outages", body).status_code == 201
    assert program.ask("POST", "/api/outages", body).status_code == 200
    changed = program.ask("PATCH", "/api/outages/o-1", {"kind": "degraded", "expected_until": "2026-03-02T11:00:00Z"})
    assert (changed.json()["kind"], changed.json()["cause"]) == ("degraded", "Cable cut")
    assert len(program.ask("GET", "/api/outages").json()) == 1
    over = program.ask("POST", "/api/outages/o-1/end", {"ended_at": "2026-03-02T10:30:00Z"})
    assert over.json()["ended_at"] == "2026-03-02T10:30:00Z"
    assert program.ask("POST", "/api/outages/o-1/end", {}).status_code == 409
    assert program.ask("PATCH", "/api/outages/nope", {}).status_code == 404
    assert program.ask("POST", "/api/outages", body | {"external_id": "o-2", "area_code": "X"}).status_code == 400


def test_promises_are_read_with_what_became_of_them() -> None:
    customer = a_customer()
    at = timezone.now()
    care.make_promise(
        customer_id=customer.pk,
        kind="call",
        what="Call by five",
        due_at=at + timedelta(hours=2),
        by=SYSTEM,
        at=at,
        owner_person_id=a_person().pk,
    )
    answer = a_program().ask("GET", f"/api/promises?customer_id={customer.pk}").json()
    assert [(line["what"], line["state"]) for line in answer["promises"]] == [("Call by five", "due")]


def test_a_key_is_counted_by_the_minute() -> None:
    text = a_program(per_minute=2).text
    at = timezone.now()
    use_key(text, at=at)
    use_key(text, at=at + timedelta(seconds=30))
    with pytest.raises(TooManyRequestsError):
        use_key(text, at=at + timedelta(seconds=40))
    assert use_key(text, at=at + timedelta(seconds=61)).name == "Phone system"


def test_the_description_names_every_path_and_needs_no_key(client: Client) -> None:
    paths = client.get("/api/openapi.json").json()["paths"]
    assert {"/api/contacts", "/api/customers", "/api/outages", "/api/promises"} <= set(paths)
    assert "/tmf-api/troubleTicket/v4/troubleTicket" in client.get("/tmf-api/openapi.json").json()["paths"]


def test_an_administrator_makes_a_key_that_is_shown_once_and_ends_it(client: Client) -> None:
    client.force_login(a_person(role=Role.ADMINISTRATOR))
    form = {"name": "Dialler", "scopes": [Scope.CONTACTS_WRITE.value], "per_minute": "60"}
    page = client.post("/admin/keys", form)
    text = page.content.decode().split("<code>")[1].split("</code>")[0]
    assert text.startswith("tlo_")
    assert page["Cache-Control"] == "no-store"
    assert text not in client.get("/admin/keys").content.decode()
    key = use_key(text, at=timezone.now())
    assert client.post("/admin/keys", form).status_code == 422
    assert client.post(f"/admin/keys/{key.pk}/end").status_code == 303
    assert client.post(f"/admin/keys/{key.pk}/end").status_code == 404
    client.force_login(a_person(role=Role.MANAGER))
    assert client.get("/admin/keys").status_code == 403


def test_a_merged_customer_is_read_as_the_one_that_remains() -> None:
    loser, winner = a_customer(name="Double"), a_customer(name="Single")
    record.merge_customers(loser_id=loser.pk, winner_id=winner.pk, by=SYSTEM, at=timezone.now())
    answer = a_program().ask("GET", f"/api/customers/{loser.pk}/story").json()
    assert answer["customer_id"] == winner.pk == record_queries.customer(loser.pk).pk
