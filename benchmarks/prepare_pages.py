"""Run by `opening` in a process of its own: fills one database, signs a person in, and looks at one page's queries."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import django

django.setup()

import psycopg
import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks import by_hand, seeding
from benchmarks.opening import page_of
from tellonce.datakit import Together
from tellonce.modules.care.contracts import CaseOpened, CaseSolved, HandedOver, PromiseKept
from tellonce.modules.record.contracts import as_json
from tellonce.modules.staff import actions as staff
from tellonce.modules.staff.contracts import Role
from tellonce.modules.staff.models import Department, Person, Team
from tellonce.modules.staff.web.sessions import SessionStore

LOOKED_AT = 300
TEAM = "Evening crew"


def sample() -> seeding.Sample:
    """Four kinds of moments as the product writes them."""
    told = (
        CaseOpened(case_id=1, title="Internet drops every evening", owner="Sam Ortiz"),
        PromiseKept(promise_id=1, what="Call by 17:00 whether the new modem works"),
        HandedOver(hand_over_id=1, to="Tech help"),
        CaseSolved(case_id=1, title="Internet drops every evening"),
    )
    return seeding.Sample(kinds=[each.kind for each in told], data=[json.dumps(as_json(each)) for each in told])


def signed_in() -> tuple[Person, str]:
    """A representative of a team with a session; the cookie as the browser would send it."""
    at = datetime.now(UTC)
    department, _ = Department.objects.get_or_create(name="Tech help")
    team, _ = Team.objects.get_or_create(name=TEAM, defaults={"department": department})
    person = Person.objects.filter(email="bench@example.com").first() or staff.add_person(
        email="bench@example.com", name="Dana Reyes", role=Role.REPRESENTATIVE, at=at
    )
    Person.objects.filter(pk=person.pk).update(team=team)
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    UserSession.objects.create(user=person, session_key=session.session_key, ip="127.0.0.1")
    return person, f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


class Watch:
    """The time that a page waits for the database: for each query of the ORM, and for each round trip of `together`."""

    def __init__(self) -> None:
        self.seconds = 0.0

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Watches until the block ends."""
        fetch = Together._fetch  # noqa: SLF001 - all round trips go through it
        with pytest.MonkeyPatch.context() as patch, connection.execute_wrapper(self._query):
            patch.setattr(Together, "_fetch", lambda asked: self._timed(fetch, asked))
            yield

    def _query(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        return self._timed(execute, *arguments)

    def _timed(self, work: Callable[..., Any], *arguments: Any) -> Any:
        began = time.perf_counter()
        try:
            return work(*arguments)
        finally:
            self.seconds += time.perf_counter() - began


def looked_at(person: Person, cookie: str, customers: int) -> dict[str, float]:
    """Queries of a page, and its time in the database beside the same rows by hand in one pipeline."""
    client = Client(headers={"host": "localhost"})
    client.cookies.load(cookie)
    ids = [1 + each * 7919 % customers for each in range(LOOKED_AT)]
    for each in ids:  # what the disk has not given yet would be charged to whoever comes first
        client.get(page_of(each))
    with CaptureQueriesContext(connection) as counted:
        client.get(page_of(ids[0]))
        queries = len(counted)
    watch = Watch()
    with watch.looking():
        for each in ids:
            answer = client.get(page_of(each))
            assert answer.status_code == 200, (each, answer.status_code, answer.content[:2000])
    team = Team.objects.get(name=TEAM)
    connection.close()
    with psycopg.connect(settings.SETUP.database_url, autocommit=True) as plain:
        who = {
            "person": person.pk,
            "team": team.pk,
            "department": team.department_id,
            "session": str(client.session.session_key),
        }
        for each in ids[:10]:
            by_hand.customer_page(plain, customer_id=each, who=who)
        began = time.perf_counter()
        for each in ids:
            by_hand.customer_page(plain, customer_id=each, who=who)
        hand = time.perf_counter() - began
    return {"queries": queries, "page_ms": watch.seconds * 1000 / LOOKED_AT, "hand_ms": hand * 1000 / LOOKED_AT}


def main(customers: int, moments: int) -> None:
    """Fills, signs in, looks; prints one JSON line."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    with psycopg.connect(settings.SETUP.database_url) as plain:
        row = plain.execute("SELECT coalesce(max(id), 0) FROM record_customer").fetchone()
        plain.commit()
        seeding.grow(plain, have=row[0] if row else 0, want=customers, moments=moments, sample=sample())
    person, cookie = signed_in()
    print(json.dumps({"cookie": cookie, **looked_at(person, cookie, customers)}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
