"""Chats, texts and mails are offered to people as calls are, and leave the queue when somebody has them anyway."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tellonce.modules.care import actions as care
from tellonce.modules.care.models import Contact, HandOver
from tellonce.modules.phone.actions import queue_contact
from tellonce.modules.phone.contracts import QueueNotFoundError
from tellonce.modules.phone.models import Asked, Call, LiveContact, LivePerson, Queue, WaitPromise
from tellonce.modules.phone.queries.written import name_of, story_of, taken_elsewhere
from tellonce.modules.phone.tests.journals import START, Journalled
from tellonce.modules.phone.tests.making import NUMBER, a_queue
from tellonce.modules.staff.contracts import SYSTEM
from tellonce.modules.staff.models import Person
from tellonce.switchboard.codec import decode
from tellonce.switchboard.facts import (
    Answered,
    Arrived,
    HungUp,
    PersonSet,
    Presence,
    TakenElsewhere,
    TransferAsked,
    WrappedUp,
)
from tellonce.switchboard.settings import Member, Settings
from tellonce.switchboard.settings import Queue as EngineQueue
from tests.factories import a_customer, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> Person:
    return a_person(name="Ana")


@pytest.fixture
def queue() -> Queue:
    return a_queue()


@pytest.fixture
def house(ana: Person, queue: Queue) -> Journalled:
    house = Journalled(Settings((EngineQueue("care", "care"),), (Member(ana.pk, {"care": 1}),)))
    house.take(PersonSet(START, ana.pk, Presence.AVAILABLE))
    return house


def a_chat(channel: str = "chat", said: str = "The modem blinks red.") -> Contact:
    mia = a_customer(name="Mia")
    return care.begin_contact(channel=channel, at=timezone.now(), by=SYSTEM, customer_id=mia.pk, said=said)


def arrives(house: Journalled, contact: Contact) -> str:
    """It is given to the queue, and the switchboard hears of it."""
    assert queue_contact(contact_id=contact.pk, queue="care", at=timezone.now())
    asked = Asked.objects.latest("pk")
    house.take(decode(asked.kind, asked.data))  # type: ignore[arg-type]
    return name_of(contact.pk)


def test_a_person_takes_several_chats_and_no_call_beside_them(house: Journalled, ana: Person) -> None:
    chats = [a_chat() for _ in range(2)]
    at = house.engine.board.now
    for chat in chats:
        name = arrives(house, chat)
        house.take(Answered(at + 9, name, ana.pk))
    for chat in chats:
        chat.refresh_from_db()
        assert (chat.state, chat.taken_by_id) == ("in_hand", ana.pk)
    house.take(Arrived(at + 20, "call", queue="care", number=NUMBER))
    person = house.engine.board.people[ana.pk]
    assert (sum(person.contacts.values()), house.engine.board.contacts["call"].stage) == (66, "waiting")
    house.take(TakenElsewhere(at + 60, name_of(chats[0].pk)), TakenElsewhere(at + 61, name_of(chats[1].pk)))
    assert person.ringing == "call"
    assert not Call.objects.exists()


def test_who_takes_it_from_the_list_takes_it_out_of_the_queue(house: Journalled, ana: Person) -> None:
    chat = a_chat()
    name = arrives(house, chat)
    LiveContact.objects.create(
        pk=name, channel="chat", stage="offered", queue_code="care", person_id=ana.pk, story=story_of(chat.pk),
        entered_at=timezone.now(), since=timezone.now(),
    )  # fmt: skip
    assert taken_elsewhere() == frozenset()
    care.take_contact(contact_id=chat.pk, by=a_person(name="Omar").as_actor(), at=timezone.now())
    assert taken_elsewhere() == {name}
    house.take(TakenElsewhere(house.engine.board.now + 5, name))
    tally = house.engine.board.tallies["care"]
    assert (tally.entered, tally.answered, tally.abandoned, tally.waiting) == (1, 1, 0, 0)
    assert house.engine.board.people[ana.pk].room == 100


@pytest.mark.parametrize("is_over", [True, False])
def test_who_was_faster_on_the_list_has_it_though_it_is_answered(
    house: Journalled, ana: Person, caplog: pytest.LogCaptureFixture, is_over: bool
) -> None:
    omar, chat = a_person(name="Omar"), a_chat()
    name = arrives(house, chat)
    care.take_contact(contact_id=chat.pk, by=omar.as_actor(), at=timezone.now())
    if is_over:
        care.end_contact(contact_id=chat.pk, by=omar.as_actor(), at=timezone.now())
    house.take(Answered(house.engine.board.now + 2, name, ana.pk), TakenElsewhere(house.engine.board.now + 5, name))
    chat.refresh_from_db()
    assert chat.taken_by_id == omar.pk
    assert not HandOver.objects.exists()
    assert house.engine.board.people[ana.pk].room == 100
    assert not caplog.records


@pytest.mark.parametrize("by_ana", [True, False])
def test_it_is_over_when_it_ends_or_is_somebody_elses(house: Journalled, ana: Person, by_ana: bool) -> None:
    chat = a_chat()
    name = arrives(house, chat)
    house.take(Answered(house.engine.board.now + 2, name, ana.pk))
    LiveContact.objects.create(
        pk=name, channel="chat", stage="talking", queue_code="care", person_id=ana.pk, story=story_of(chat.pk),
        entered_at=timezone.now(), since=timezone.now(),
    )  # fmt: skip
    assert taken_elsewhere() == frozenset()
    if by_ana:
        care.end_contact(contact_id=chat.pk, by=ana.as_actor(), at=timezone.now())
    else:
        omar = a_person(name="Omar")
        handed = care.hand_over(
            by=ana.as_actor(), at=timezone.now(), line="Knows them.", contact_id=chat.pk, to_person_id=omar.pk
        )
        care.take_over(hand_over_id=handed.pk, by=omar.as_actor(), at=timezone.now())
    assert taken_elsewhere() == {name}


def test_one_that_is_passed_on_is_a_hand_over(ana: Person, queue: Queue) -> None:
    omar = a_person(name="Omar")
    members = (Member(ana.pk, {"care": 1}), Member(omar.pk, {"care": 1}))
    house = Journalled(Settings((EngineQueue("care", "care"),), members))
    house.take(PersonSet(START, ana.pk, Presence.AVAILABLE))
    chat = a_chat()
    name, at = arrives(house, chat), house.engine.board.now
    house.take(Answered(at + 2, name, ana.pk), PersonSet(at + 3, omar.pk, Presence.AVAILABLE))
    house.take(
        TransferAsked(at + 9, name, ana.pk, "It is the modem.", colleague=omar.pk), Answered(at + 12, name, omar.pk)
    )
    chat.refresh_from_db()
    assert (chat.taken_by_id, HandOver.objects.get().line) == (omar.pk, "It is the modem.")
    house.take(WrappedUp(at + 13, ana.pk))


def test_a_call_and_what_is_in_hand_are_not_queued(queue: Queue, ana: Person) -> None:
    call, chat = a_chat("call"), a_chat()
    assert not queue_contact(contact_id=call.pk, queue="care", at=timezone.now())
    care.take_contact(contact_id=chat.pk, by=ana.as_actor(), at=timezone.now())
    assert not queue_contact(contact_id=chat.pk, queue="care", at=timezone.now())
    with pytest.raises(QueueNotFoundError):
        queue_contact(contact_id=a_chat().pk, queue="nowhere", at=timezone.now())
    assert not Asked.objects.exists()


def test_the_desk_shows_what_is_written_and_opens_it(ana: Person, queue: Queue) -> None:
    chat, now = a_chat(), timezone.now()
    LivePerson.objects.create(person=ana, state="on_contact", wished="available", since=now, ringing="c")
    live = LiveContact.objects.create(
        pk=name_of(chat.pk), channel="chat", stage="offered", queue_code="care", person_id=ana.pk,
        customer_id=chat.customer_id or 0, story=story_of(chat.pk), entered_at=now - timedelta(minutes=2), since=now,
    )  # fmt: skip
    client = Client()
    client.force_login(ana)
    text = client.get("/phone").content.decode()
    for words in ("Mia", "Chat", "The modem blinks red.", "Answer"):
        assert words in text
    care.take_contact(contact_id=chat.pk, by=ana.as_actor(), at=now)
    live.stage = "talking"
    live.save()
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/"}
    answer = client.get("/phone", headers=headers)
    assert answer["HX-Redirect"] == f"/?contact={chat.pk}"
    assert "Hang up" not in answer.content.decode()


def test_what_waits_in_writing_was_told_no_wait(house: Journalled, ana: Person) -> None:
    busy, chat = "busy", a_chat()
    at = house.engine.board.now
    house.take(Arrived(at, busy, queue="care", number=NUMBER), Answered(at + 1, busy, ana.pk))
    name = arrives(house, chat)
    house.take(Arrived(house.engine.board.now, "call", queue="care", number=NUMBER))
    house.take(TakenElsewhere(house.engine.board.now + 30, name), HungUp(house.engine.board.now + 30, "call"))
    assert list(WaitPromise.objects.values_list("contact", flat=True)) == ["call"]
