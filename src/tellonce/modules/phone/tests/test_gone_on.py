"""A call goes on though whoever had it has ended its contact: the line broke, or it was passed on."""

import pytest

from tellonce.modules.care import actions as care
from tellonce.modules.care.models import Contact
from tellonce.modules.phone.models import Call
from tellonce.modules.phone.queries.filed import contact_of_call
from tellonce.modules.phone.tests.journals import START, Journalled
from tellonce.modules.phone.tests.making import NUMBER, a_queue
from tellonce.modules.staff.models import Person
from tellonce.switchboard.facts import (
    Answered,
    Arrived,
    DialAnswered,
    Finished,
    LineLost,
    PersonSet,
    Presence,
    TransferAsked,
)
from tellonce.switchboard.settings import Dialling, Member, Settings
from tellonce.switchboard.settings import Queue as EngineQueue
from tests.factories import a_customer, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> Person:
    return a_person(name="Ana")


@pytest.fixture
def omar() -> Person:
    return a_person(name="Omar")


@pytest.fixture
def house(ana: Person, omar: Person) -> Journalled:
    a_queue()
    members = (Member(ana.pk, {"care": 1}), Member(omar.pk, {"care": 1}))
    house = Journalled(Settings((EngineQueue("care", "care"),), members, dialling=Dialling(beginnings=("+1",))))
    house.take(PersonSet(START, ana.pk, Presence.AVAILABLE))
    mia = a_customer(name="Mia", phone=NUMBER)
    house.take(Arrived(START + 1, "c", queue="care", number=NUMBER, customer=mia.pk))
    house.take(Answered(START + 5, "c", ana.pk))
    return house


def ended_by(person: Person) -> Contact:
    contact = Contact.objects.get()
    care.end_contact(contact_id=contact.pk, by=person.as_actor(), at=contact.began_at, note="The line broke.")
    return contact


def test_who_is_called_back_by_the_same_person_is_a_contact_of_its_own(
    house: Journalled, ana: Person, caplog: pytest.LogCaptureFixture
) -> None:
    house.take(LineLost(START + 60, "c"))
    first = ended_by(ana)
    house.take(Answered(START + 70, "c", ana.pk), DialAnswered(START + 80, "c"))
    second = Contact.objects.exclude(pk=first.pk).get()
    assert (second.customer_id, second.state, second.taken_by_id) == (first.customer_id, "in_hand", ana.pk)
    assert second.direction == "to"
    found = contact_of_call("c")
    assert found is not None
    assert found.id == second.pk
    house.take(Finished(START + 200, "c", ana.pk))
    assert Call.objects.get().contact_id == first.pk
    assert not caplog.records


def test_while_the_contact_is_open_it_stays_the_same(house: Journalled, ana: Person) -> None:
    house.take(LineLost(START + 60, "c"), Answered(START + 70, "c", ana.pk), DialAnswered(START + 80, "c"))
    contact = Contact.objects.get()
    assert (contact.state, contact.taken_by_id) == ("in_hand", ana.pk)


def test_who_is_passed_on_and_noted_by_the_first_is_with_the_second(
    house: Journalled, ana: Person, omar: Person
) -> None:
    house.take(PersonSet(START + 50, omar.pk, Presence.AVAILABLE))
    house.take(TransferAsked(START + 60, "c", ana.pk, "Knows them.", colleague=omar.pk))
    first = ended_by(ana)
    house.take(Answered(START + 70, "c", omar.pk))
    second = Contact.objects.exclude(pk=first.pk).get()
    assert (second.taken_by_id, second.direction) == (omar.pk, "from")
