"""The page of who hung up: for whom it is, what it says, and its deeds, alone and when two do them."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tellonce.modules.phone.models import Asked, FollowUp, JournalEvent, Queue
from tellonce.modules.phone.tests.making import NUMBER, a_missed_call, a_queue
from tellonce.modules.record import actions as record
from tellonce.modules.record.contracts import FlagKind, shown_phone
from tellonce.modules.staff.contracts import SYSTEM, PermissionSet, Role
from tests.factories import a_contact, a_customer, a_partner, a_person

pytestmark = pytest.mark.django_db
OTHER = "+12025550177"


@pytest.fixture
def queue() -> Queue:
    return a_queue()


def signed_in(**more: object) -> Client:
    client = Client()
    client.force_login(a_person(**more))  # type: ignore[arg-type] # what a person may have
    return client


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def text(client: Client, address: str = "/missed", **headers: str) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    return words(answer)


@pytest.mark.parametrize(
    ("role", "sets", "may"),
    [
        (Role.REPRESENTATIVE, (), True),
        (Role.TECHNICIAN, (), True),
        (Role.SUPERVISOR, (), True),
        (Role.ADMINISTRATOR, (), True),
        (Role.ANALYST, (), False),
        (Role.ANALYST, (PermissionSet.PLANNER,), False),
    ],
)
def test_who_serves_sees_it_and_may_act(queue: Queue, role: str, sets: tuple[str, ...], may: bool) -> None:
    contact = a_missed_call(queue, "m1", number=NUMBER)
    client = signed_in(role=role, permission_sets=sets)
    assert client.get("/missed").status_code == (200 if may else 403)
    assert client.get(f"/missed/{contact}").status_code == (200 if may else 403)
    assert ('href="/missed"' in client.get("/today").content.decode()) == may
    for deed in ("call-back", "done"):
        assert client.post(f"/missed/{contact}/{deed}", {"note": "x"}).status_code == (303 if may else 403)
    assert FollowUp.objects.exists() == may


def test_a_line_says_who_how_often_how_long_and_what_was_told(queue: Queue) -> None:
    mia = a_customer(name="Mia Alvarez", phone=NUMBER)
    record.set_flag(customer_id=mia.pk, kind=FlagKind.LIFE_LINE, reason="oxygen", by=SYSTEM, at=timezone.now())
    a_missed_call(queue, "m1", number=NUMBER, minutes_ago=40, wait_s=620)
    a_missed_call(queue, "m2", number=NUMBER, minutes_ago=20, wait_s=44)
    a_missed_call(queue, "w1", number="")
    told = {"form": "between", "low_min": 2, "high_min": 5}
    JournalEvent.objects.create(at=1.0, kind="WaitTold", contact="m2", data=told)
    said = text(signed_in())
    for expected in ("Mia Alvarez", shown_phone(NUMBER), "2 times", "10 min", "between 2 and 5 minutes", "Life-line"):
        assert expected in said
    assert "1 call more came from a withheld number" in said
    part = text(signed_in(), **{"HX-Request": "true", "HX-Target": "missed"})
    assert "Mia Alvarez" in part
    assert "<html" not in part


def test_nobody_is_left_and_days_that_cannot_be(queue: Queue) -> None:
    client = signed_in()
    assert "Nobody is left" in text(client)
    assert "Nobody is left" in text(client, "/missed?days=7")
    for days in ("0", "8", "77", "x", "-1", "²"):
        refused = client.get("/missed", {"days": days})
        assert (refused.status_code, "1 to 7 days" in refused.content.decode()) == (400, True)


def test_one_press_asks_for_a_callback(queue: Queue) -> None:
    contact = a_missed_call(queue, "m1", number=NUMBER)
    client = signed_in(name="Dana")
    done = client.post(f"/missed/{contact}/call-back?days=7", follow=True)
    assert done.redirect_chain == [("/missed?days=7", 303)]
    assert f"{shown_phone(NUMBER)} will be called back as soon as somebody is free." in words(done)
    assert (Asked.objects.get().kind, FollowUp.objects.get().by_name) == ("CallbackPromised", "Dana")


def test_a_callback_at_a_time_by_the_clock_of_who_asks(queue: Queue) -> None:
    contact = a_missed_call(queue, "m1", number=NUMBER)
    client, due_at = signed_in(), timezone.localtime() + timedelta(hours=30)
    past = client.post(f"/missed/{contact}/call-back", {"due_at": "2020-01-01T10:00"})
    assert (past.status_code, "Choose a time from now on" in words(past)) == (422, True)
    assert client.post(f"/missed/{contact}/call-back", {"due_at": "soon"}).status_code == 422
    assert not Asked.objects.exists()
    done = client.post(f"/missed/{contact}/call-back", {"due_at": f"{due_at:%Y-%m-%dT%H:%M}"})
    assert done.status_code == 303
    assert Asked.objects.get().data["due_at"] == due_at.replace(second=0, microsecond=0).timestamp()


def test_done_needs_a_note(queue: Queue) -> None:
    contact = a_missed_call(queue, "m1", number=NUMBER)
    client = signed_in()
    assert client.post(f"/missed/{contact}/done", {"note": " "}).status_code == 422
    assert "nobody else will follow them up" in words(
        client.post(f"/missed/{contact}/done", {"note": "Wrote a text."}, follow=True)
    )
    assert FollowUp.objects.get().note == "Wrote a text."


def test_the_second_is_told_who_was_first(queue: Queue) -> None:
    contact = a_missed_call(queue, "m1", number=NUMBER)
    signed_in(name="Dana").post(f"/missed/{contact}/done", {"note": "Wrote a text."})
    second = signed_in()
    for deed in ("call-back", "done"):
        told = second.post(f"/missed/{contact}/{deed}", {"note": "Called."}, follow=True)
        assert "Dana has followed them up" in words(told)
    assert "Dana has followed them up" in words(second.get(f"/missed/{contact}", follow=True))
    assert not Asked.objects.exists()


def test_who_got_through_meanwhile_is_not_called(queue: Queue) -> None:
    mia = a_customer(phone=NUMBER)
    contact = a_missed_call(queue, "m1", number=NUMBER)
    a_contact(customer=mia, taken_by=a_person(), at=timezone.now())
    told = signed_in().post(f"/missed/{contact}/call-back", follow=True)
    assert "They got through, or were followed up, meanwhile." in words(told)
    assert not Asked.objects.exists()


def test_numbers_that_are_not_dialled_offer_no_callback(queue: Queue) -> None:
    contact = a_missed_call(queue, "m1", number="+4930123456")
    client = signed_in()
    assert f"/missed/{contact}/call-back" not in text(client)
    assert "We do not dial this number" in text(client, f"/missed/{contact}")
    refused = client.post(f"/missed/{contact}/call-back")
    assert (refused.status_code, "We do not dial this number" in words(refused)) == (422, True)


def test_a_partner_s_person_sees_and_reaches_its_customers_alone(queue: Queue) -> None:
    partner = a_partner()
    mia = a_customer(name="Mia Alvarez", phone=NUMBER)
    a_customer(name="Omar Haddad", phone=OTHER)
    a_contact(customer=mia, taken_by=a_person(partner=partner), at=timezone.now() - timedelta(hours=3))
    theirs = a_missed_call(queue, "m1", number=NUMBER)
    others = [a_missed_call(queue, "o1", number=OTHER), a_missed_call(queue, "n1", number="+12025550188")]
    client = signed_in(partner=partner)
    said = text(client)
    assert "Mia Alvarez" in said
    assert not any(word in said for word in ("Omar", "555-0177", "555-0188"))
    for contact in others:
        for deed in ("call-back", "done"):
            client.post(f"/missed/{contact}/{deed}", {"note": "x"})
        assert "Omar" not in words(client.get(f"/missed/{contact}", follow=True))
    assert not FollowUp.objects.exists()
    client.post(f"/missed/{theirs}/call-back")
    assert Asked.objects.get().data["number"] == NUMBER


def test_a_callback_that_reached_nobody_is_said(queue: Queue) -> None:
    contact = a_missed_call(queue, "m1", number=NUMBER)
    client = signed_in(name="Dana")
    client.post(f"/missed/{contact}/call-back")
    Asked.objects.all().delete()
    assert "called back without reaching them, by Dana" in text(client)


def reads(client: Client) -> int:
    with CaptureQueriesContext(connection) as asked:
        text(client)
    return len(asked)


def test_the_list_costs_the_same_reads_for_one_and_for_many(queue: Queue) -> None:
    client = signed_in()

    def calls(place: int) -> None:
        number = f"+120255502{place:02}"
        a_customer(phone=number)
        a_missed_call(queue, f"m{place}", number=number)
        a_missed_call(queue, f"n{place}", number=f"+120255503{place:02}")

    calls(0)
    few = reads(client)
    for place in range(1, 12):
        calls(place)
    assert reads(client) == few
