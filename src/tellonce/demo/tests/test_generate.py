"""A small provider in a real database: all constraints hold, nothing hidden is stored, and it is brought up to now."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from tellonce.demo.catching_up import bring_up_to_now
from tellonce.demo.causes import CAUSES
from tellonce.demo.generate import generate
from tellonce.modules.care import queries as care
from tellonce.modules.care.models import Contact, Promise
from tellonce.modules.care.queries.for_learning import cases_since, contacts_since, promises_since
from tellonce.modules.record import queries as record
from tellonce.modules.record.queries.for_learning import all_customers
from tellonce.modules.staff import queries as staff
from tellonce.modules.staff.contracts import Role
from tests.standing import standing

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)


def silent(_what: str, _share: float) -> None:
    """Progress that nobody listens to."""


@pytest.fixture(scope="module")
def provider(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with standing(
        lambda: generate(seed=1, now=NOW, progress=silent, customers=300), unblocked=django_db_blocker.unblock
    ):
        yield


def count(table: str, where: str = "true") -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE {where}")
        return int(cursor.fetchone()[0])


def test_a_provider_is_made_whole(provider: None) -> None:
    assert count("record_customer") == 300
    people = list(staff.people())
    assert len(people) == 60
    assert {person.role for person in people} == set(Role.values)
    assert not any(person.has_usable_password() for person in people)
    contacts = list(contacts_since(NOW - timedelta(days=800)))
    assert all(contact.began_at < NOW for contact in contacts)
    assert len(contacts) > 600
    assert care.waiting_contacts(50)
    assert any(case.solved_at is None for case in cases_since(NOW - timedelta(days=10)))
    due = [promise for promise in promises_since(NOW - timedelta(days=30)) if promise.state == "due"]
    assert due
    assert all(promise.due_at > NOW - timedelta(hours=2) for promise in due)
    assert count("record_moment", f"at > '{NOW.isoformat()}'") == 0
    assert count("network_outage", "ended_at IS NULL") == 1
    assert count("care_handover", "taken_at IS NULL") >= 1
    assert count("record_customermerge") >= 0
    contacts_are_taken_when_the_calendar_of_the_site_says_open()
    what_is_asked_of_departments_is_of_today()
    # Foreign keys are checked at commit, which a test never reaches.
    connection.check_constraints()


def contacts_are_taken_when_the_calendar_of_the_site_says_open() -> None:
    calendars = {site.pk: staff.calendar_of_site(site.pk) for site in staff.sites()}
    taken = Contact.objects.filter(answered_at__isnull=False).values_list("site_id_then", "answered_at")
    assert len(taken) > 500
    assert all(calendars[site_id or 0].is_open(answered_at or NOW) for site_id, answered_at in taken)


def what_is_asked_of_departments_is_of_today() -> None:
    asked = [case for person in staff.people() for case in care.team_asks(person).cases if case.asked_by]
    assert asked
    assert all(NOW - case.opened_at < timedelta(days=1.1) for case in asked)


def test_no_hidden_cause_is_stored_anywhere(provider: None) -> None:
    with connection.cursor() as cursor:
        for cause in CAUSES:
            if cause in {"chance", "outage", "move", "leaving"}:
                continue  # ordinary words
            for column in ("data::text", "words"):
                cursor.execute(f"SELECT count(*) FROM record_moment WHERE {column} LIKE %s", [f"%{cause}%"])
                assert cursor.fetchone()[0] == 0
        cursor.execute("SELECT count(*) FROM care_contact WHERE facts <> '{}'::jsonb")
        assert cursor.fetchone()[0] == 0


def test_searches_find_a_made_up_customer_by_name_and_number(provider: None) -> None:
    row = next(row for row in all_customers() if row.left_on is None and row.reads_as == row.id)
    card = record.card(row.id, at=NOW)
    assert any(found.customer_id == card.id for found in record.search(card.number))


@pytest.mark.parametrize("days", [1, 130])
def test_nothing_that_was_left_lying_stays_open_for_long(provider: None, days: int) -> None:
    later = NOW + timedelta(days=days)
    assert bring_up_to_now(seed=1, now=later, progress=silent, customers=300)
    # A case whose wrong charge came back on a later bill is rightly open again, however old it is.
    still = [case for case in cases_since(later) if case.solved_at is None and not case.reopened]
    assert still
    assert all(later - case.opened_at < timedelta(days=90) for case in still)
    assert sum(later - case.opened_at < timedelta(days=6) for case in still) > 0.7 * len(still)
    asked = [case for person in staff.people() for case in care.team_asks(person).cases]
    assert asked
    assert all(later - case.opened_at < timedelta(days=90) for case in asked)
    undone = Promise.objects.filter(due_at__lt=later - timedelta(days=6), settled_at__isnull=True)
    late = Promise.objects.filter(due_at__lt=later - timedelta(days=6), state="broken", done_late_at__isnull=True)
    assert not undone.exists()
    assert not late.exists()
    assert count("care_handover", f"taken_at IS NULL AND at < '{(later - timedelta(days=1)).isoformat()}'") == 0
    connection.check_constraints()


def test_nothing_more_happens_to_a_demo_of_other_people(provider: None) -> None:
    before = len(list(contacts_since(NOW - timedelta(days=800))))
    assert not bring_up_to_now(seed=2, now=NOW + timedelta(days=3), progress=silent, customers=300)
    assert len(list(contacts_since(NOW - timedelta(days=800)))) == before


def test_an_older_demo_is_brought_up_to_now_once(provider: None) -> None:
    later = NOW + timedelta(days=9)
    before = len(list(contacts_since(NOW - timedelta(days=800))))
    assert bring_up_to_now(seed=1, now=later, progress=silent, customers=300)
    contacts = list(contacts_since(NOW - timedelta(days=800)))
    assert len(contacts) > before
    assert all(contact.began_at < later for contact in contacts)
    waiting = care.waiting_contacts(100)
    assert all(later - contact.began_at < timedelta(days=1) for contact in waiting)
    assert not bring_up_to_now(seed=1, now=later, progress=silent, customers=300)
    connection.check_constraints()
