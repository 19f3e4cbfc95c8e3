"""What came back is reopened in the contact that says so; times are told by the customer's own clock."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tellonce.modules.care import actions
from tellonce.modules.care.models import Case, CaseContact
from tellonce.modules.record import queries as record
from tellonce.modules.record.models import Customer
from tellonce.modules.staff.contracts import SYSTEM
from tellonce.modules.staff.models import Person
from tests.factories import a_case, a_contact, a_customer, a_matter, a_person, a_promise

pytestmark = pytest.mark.django_db


@pytest.fixture
def dana() -> Person:
    return a_person(name="Dana Reyes")


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def solved(customer: Customer, *, days_ago: int, matter: str = "internet.drops") -> Case:
    at = timezone.now() - timedelta(days=days_ago)
    case = a_case(customer=customer, matter=matter, at=at)
    actions.solve_case(case_id=case.pk, by=SYSTEM, at=at)
    return case


def test_a_case_that_came_back_is_offered_in_the_contact_and_counted_with_it(dana: Person) -> None:
    maria = a_customer()
    case, old = solved(maria, days_ago=3), solved(maria, days_ago=31)
    contact = a_contact(customer=maria, taken_by=dana, at=timezone.now())
    actions.set_matter(
        contact_id=contact.pk, matter_id=a_matter("internet.drops"), by=dana.as_actor(), at=timezone.now()
    )
    client = signed_in(dana)
    page = client.get(f"/?contact={contact.pk}").content.decode()
    assert f"reopen?contact={contact.pk}&amp;thing={case.pk}" in page
    assert f"thing={old.pk}" not in page
    address = f"/customers/{maria.pk}/do/reopen?contact={contact.pk}"
    assert client.post(f"{address}&thing={old.pk}", {"reason": "again"}).status_code == 400
    assert client.post(f"{address}&thing={case.pk}", {"reason": "It drops again"}).status_code == 303
    case.refresh_from_db()
    assert (case.state, case.reopened) == ("open", 1)
    assert CaseContact.objects.filter(case=case, contact=contact).exists()


def test_an_unrelated_case_is_neither_offered_nor_reopened(dana: Person) -> None:
    maria = a_customer()
    case, not_hers = solved(maria, days_ago=3), solved(a_customer(), days_ago=3)
    contact = a_contact(customer=maria, taken_by=dana, at=timezone.now())
    actions.set_matter(contact_id=contact.pk, matter_id=a_matter("tv.down"), by=dana.as_actor(), at=timezone.now())
    client = signed_in(dana)
    assert "do/reopen" not in client.get(f"/?contact={contact.pk}").content.decode()
    for each in (case, not_hers):
        answer = client.post(
            f"/customers/{maria.pk}/do/reopen?contact={contact.pk}&thing={each.pk}", {"reason": "again"}
        )
        assert answer.status_code >= 400
        each.refresh_from_db()
        assert each.reopened == 0


@pytest.mark.parametrize(("zone", "said"), [("America/Denver", "09:00 MST"), ("Mars/Olympus", "16:00 UTC")])
def test_a_broken_promise_is_owned_up_to_by_the_customers_clock(dana: Person, zone: str, said: str) -> None:
    maria = a_customer(time_zone=zone)
    due = datetime(2026, 3, 3, 16, tzinfo=UTC)
    a_promise(customer=maria, due_at=due, by=dana.as_actor(), at=due - timedelta(hours=3))
    later = due + timedelta(minutes=46)
    actions.break_overdue_promises(at=later)
    actions.own_up_for_us(at=later)
    letter = next(each for each in record.story_page(maria.pk) if each.kind == "care.message_written")
    assert said in letter.words
