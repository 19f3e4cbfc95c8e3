"""Departments serve each other from the desk: something asked, something promised, and what becomes of it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tellonce.modules.care import actions, queries
from tellonce.modules.care.models import Case, Promise
from tellonce.modules.staff import actions as staff
from tellonce.modules.staff.contracts import SYSTEM
from tellonce.modules.staff.models import Department, Person
from tests.factories import a_contact, a_customer, a_person, a_team

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def a_department(name: str) -> Department:
    return staff.add_department(name=name, by=SYSTEM, at=timezone.now())


@pytest.fixture
def care_team() -> Department:
    return a_department("Customer care")


@pytest.fixture
def network() -> Department:
    return a_department("Network")


@pytest.fixture
def dana(care_team: Department) -> Person:
    return a_person(name="Dana Reyes", team=a_team(department_id=care_team.pk))


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def promised(dana: Person, network: Department, *, due_in: timedelta = HOUR) -> Promise:
    now = timezone.now()
    return actions.make_promise(
        to_department_id=network.pk, what="A list of nodes", due_at=now + due_in, by=dana.as_actor(), at=now
    )


def test_a_department_is_asked_from_a_contact_and_promised_something_in_return(
    dana: Person, care_team: Department, network: Department
) -> None:
    maria = a_customer(name="Maria Alvarez")
    contact = a_contact(customer=maria, taken_by=dana, at=timezone.now())
    address = f"/customers/{maria.pk}/do/ask?contact={contact.pk}"
    client = signed_in(dana)
    assert 'data-key="d"' in client.get(f"/?contact={contact.pk}").content.decode()
    values = {"department": network.pk, "title_words": "Look at node 7", "note": "Third week", "promise": "Her times"}
    assert client.post(address, values).status_code == 422  # a promise has its time
    due = timezone.localtime(timezone.now() + HOUR).strftime("%Y-%m-%dT%H:%M")
    assert client.post(address, values | {"due_at": due}).status_code == 303
    case = Case.objects.get()
    assert (case.owner_department_id, case.asked_by_id, case.customer_id) == (network.pk, care_team.pk, maria.pk)
    assert (Promise.objects.get().to_department_id, Promise.objects.get().case_id) == (network.pk, case.pk)
    colleague = signed_in(a_person(team=a_team(department_id=network.pk)))
    day = colleague.get("/today").content.decode()
    assert "Customer care → Network" in day
    assert "Her times" in day


def test_what_is_asked_without_a_customer_keeps_its_words(dana: Person, network: Department) -> None:
    values = {"department": network.pk, "title_words": "New modem images", "note": "Ours are from May"}
    assert signed_in(dana).post("/departments/ask", values)["Location"] == "/today"
    colleague = signed_in(a_person(team=a_team(department_id=network.pk)))
    assert "Ours are from May" in colleague.get(f"/cases/{Case.objects.get().pk}").content.decode()


def test_a_promise_to_a_department_is_kept_from_the_day_by_those_who_owe_it(dana: Person, network: Department) -> None:
    promise = promised(dana, network)
    address = f"/promises/{promise.pk}/do/keep"
    assert address in signed_in(dana).get("/today").content.decode()
    assert signed_in(a_person()).post(address, {"note": ""}).status_code == 404
    assert signed_in(dana).post(address, {"note": "Sent by mail"})["Location"] == "/today"
    colleague = signed_in(a_person(team=a_team(department_id=network.pk)))
    assert "Sent by mail" in colleague.get("/today").content.decode()


def test_a_promise_to_a_department_is_withdrawn_with_its_words(dana: Person, network: Department) -> None:
    promise = promised(dana, network)
    answer = signed_in(dana).post(f"/promises/{promise.pk}/do/withdraw", {"consent": "They found it themselves"})
    assert answer.status_code == 303
    promise.refresh_from_db()
    assert (promise.state, promise.last_words) == ("withdrawn", "They found it themselves")


def test_a_promise_to_a_department_that_nobody_owned_up_to_is_owned_up_to(dana: Person, network: Department) -> None:
    promise = promised(dana, network)
    later = promise.due_at + timedelta(minutes=46)
    actions.break_overdue_promises(at=later)
    assert [line.id for line in queries.promises_to_own_up(dana, timezone.now())] == [promise.pk]
    assert actions.own_up_for_us(at=later) == 1
    promise.refresh_from_db()
    assert (promise.owned_up_at, "A list of nodes" in promise.last_words) == (later, True)
    assert actions.own_up_for_us(at=later) == 0


def test_a_promise_that_its_owner_was_reminded_of_says_so_on_desk_and_day(dana: Person, network: Department) -> None:
    promise = promised(dana, network, due_in=timedelta(minutes=20))
    client = signed_in(dana)
    assert "due soon</span>" not in client.get("/today").content.decode()
    actions.remind_promises(at=promise.due_at - timedelta(minutes=1))
    for address in ("/today", "/"):
        assert '<span class="tag warn">due soon</span>' in client.get(address).content.decode()
