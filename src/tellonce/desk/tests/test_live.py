"""Tickets for pages that stay open: nothing is granted that a page of this session was not granted."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.test import Client

from tellonce.kernel.tickets import Ticket, read, sign
from tellonce.modules.staff.contracts import session_mark
from tests.factories import a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client: Client) -> Client:
    client.force_login(a_person())
    return client


def a_ticket(client: Client, *topics: str, age_s: int = 0, session: str = "", secret: str = "", person: int = 0) -> str:
    ticket = Ticket(
        person_id=person or int(client.session["_auth_user_id"]),
        session=session or session_mark(client.session.session_key or ""),
        topics=topics,
        ends_at_s=int(time.time()) + 600 - age_s,
    )
    return sign(ticket, secret=secret or settings.SECRET_KEY)


def granted(client: Client, *tickets: str) -> tuple[str, ...] | None:
    answer = client.post("/live-ticket", {"ticket": tickets}, headers={"accept": "application/json"})
    if answer.status_code == 403:
        return None
    text = parse_qs(urlsplit(answer.json()["url"]).query)["ticket"][0]
    return read(text, secret=settings.SECRET_KEY, now_s=time.time()).topics


def test_the_tickets_of_all_tabs_become_one(signed_in: Client) -> None:
    tickets = [a_ticket(signed_in, "person:1", "customer:1"), a_ticket(signed_in, "person:1", "customer:2", age_s=3600)]
    assert granted(signed_in, *tickets) == ("person:1", "customer:1", "customer:2")


def test_what_is_not_of_this_session_adds_nothing(signed_in: Client) -> None:
    mine = a_ticket(signed_in, "customer:1")
    others = [
        a_ticket(signed_in, "customer:2", session="another"),
        a_ticket(signed_in, "customer:3", person=999_999),
        a_ticket(signed_in, "customer:4", secret="x" * 40),
        a_ticket(signed_in, "customer:5", age_s=13 * 3600),
        "nonsense",
    ]
    assert granted(signed_in, mine, *others) == ("customer:1",)
    assert granted(signed_in, *others) is None
    assert granted(signed_in) is None


def test_nobody_signed_in_gets_nothing(signed_in: Client) -> None:
    ticket = a_ticket(signed_in, "customer:1")
    signed_in.logout()
    answer = signed_in.post("/live-ticket", {"ticket": [ticket]}, headers={"accept": "application/json"})
    assert answer.status_code in {302, 401, 403}
