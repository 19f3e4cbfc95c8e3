"""Who chose to hear of an outage's end is told once, in writing or by a person."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import pytest

from tellonce.modules.care.models import Promise
from tellonce.modules.channels import actions as channels
from tellonce.modules.channels.transports import NoTransport
from tellonce.modules.network import actions as network
from tellonce.modules.network.models import Outage
from tellonce.modules.phone.models import Asked, Call, Filed
from tellonce.modules.phone.models import Entry as NumberOf
from tellonce.modules.phone.models import Queue as KeptQueue
from tellonce.modules.phone.queries import queue_line
from tellonce.modules.phone.queries.dialling import may_be_called_from
from tellonce.modules.phone.serving.directory import PhoneDirectory
from tellonce.modules.phone.serving.filing import file_events
from tellonce.modules.phone.tests.journals import START, Journalled
from tellonce.modules.phone.tests.making import NUMBER, a_queue
from tellonce.modules.record import actions as record
from tellonce.modules.record import queries as record_queries
from tellonce.modules.record.contracts import ToldMoment
from tellonce.modules.record.models import Customer
from tellonce.modules.staff import actions as staff
from tellonce.modules.staff.contracts import SYSTEM, Span
from tellonce.modules.staff.models import Person
from tellonce.switchboard.codec import decode
from tellonce.switchboard.decisions import Dialled
from tellonce.switchboard.facts import (
    Answered,
    Arrived,
    CallbackPromised,
    DialAnswered,
    HungUp,
    KeyPressed,
    OutageBegan,
    OutageEnded,
    PersonSet,
    Presence,
    TimePassed,
)
from tellonce.switchboard.settings import Dialling, Entry, Member, Queue, Settings
from tests.factories import a_customer, a_person, a_site

pytestmark = pytest.mark.django_db
BEGAN = datetime.fromtimestamp(START, UTC)
FIXED = BEGAN + timedelta(hours=2)


@pytest.fixture
def outage() -> Outage:
    a_queue("care")
    area = record.add_area(kind="region", name="Eastmoor", code="E", parent_id=None)
    return network.report_outage(
        area_id=area.pk, kind="lost", began_at=BEGAN, expected_until=None, cause="", by=SYSTEM, at=BEGAN
    )


def wants_news(customer: Customer, outage: Outage) -> Journalled:
    """The customer calls in the outage, and presses 1."""
    house, area = Journalled(Settings((Queue("care", "care"),), ())), str(outage.area_id)
    house.take(
        OutageBegan(START, str(outage.pk), area),
        Arrived(START + 60, "c1", queue="care", number=NUMBER, customer=customer.pk, area=area),
        KeyPressed(START + 70, "c1", "1"),
    )
    return house


def is_fixed(house: Journalled, outage: Outage) -> None:
    network.end_outage(outage_id=outage.pk, by=SYSTEM, at=FIXED)
    house.take(OutageEnded(FIXED.timestamp(), str(outage.pk)))


def told(customer: Customer) -> list[ToldMoment]:
    return [each for each in record_queries.story_page(customer.pk) if each.kind == "care.message_written"]


def test_the_wish_and_the_news_stand_in_the_story(outage: Outage) -> None:
    mia = a_customer(name="Mia", mail="mia@example.net")
    house = wants_news(mia, outage)
    assert told(mia) == []
    wish = record_queries.story_page(mia.pk)[0]
    assert (wish.kind, wish.headline.rest, wish.at) == ("phone.news_wanted", "Eastmoor", BEGAN + timedelta(seconds=70))
    is_fixed(house, outage)
    (letter,) = told(mia)
    assert letter.at == FIXED
    assert "Eastmoor" in letter.words
    assert "fixed now" in letter.words


def test_a_kill_and_a_second_filing_tell_nobody_twice(outage: Outage) -> None:
    mia = a_customer(mail="mia@example.net")
    house = wants_news(mia, outage)
    is_fixed(house, outage)
    house.take(OutageEnded(FIXED.timestamp() + 9, str(outage.pk)))
    assert file_events() == 0
    assert Filed.objects.get().event_id > 0
    assert len(told(mia)) == 1


def test_who_has_no_address_is_told_by_a_person(outage: Outage) -> None:
    a_person(role="supervisor")
    mia = a_customer(phone=NUMBER)
    is_fixed(wants_news(mia, outage), outage)
    (letter,) = told(mia)
    channels.send_mail(customer_id=mia.pk, moment_id=UUID(str(letter.id)), transport=NoTransport(), at=FIXED)
    promise = Promise.objects.get(customer_id=mia.pk)
    assert (promise.kind, promise.due_at > FIXED) == ("call", True)
    assert "Eastmoor" in promise.what


def calls_without_a_name(outage: Outage, *, number: str = NUMBER, entry: str = "") -> tuple[Journalled, Person]:
    """Somebody who is on no record calls in the outage, and presses 1; Ana answers calls."""
    ana, area = a_person(name="Ana"), str(outage.area_id)
    queues = (Queue("care", "care"), Queue("tech", "tech"))
    members = (Member(ana.pk, {"care": 1, "tech": 1}),)
    entries = (Entry("+12025550000", "tech"),)
    house = Journalled(Settings(queues, members, entries, dialling=Dialling(("+1",), tries=2)))
    house.take(
        PersonSet(START, ana.pk, Presence.AVAILABLE),
        OutageBegan(START, str(outage.pk), area),
        Arrived(START + 60, "c1", queue="" if entry else "care", entry=entry, number=number, area=area),
        KeyPressed(START + 70, "c1", "1"),
    )
    return house, ana


def promised() -> CallbackPromised:
    asked = Asked.objects.get()
    fact = decode(asked.kind, asked.data)
    assert isinstance(fact, CallbackPromised)
    return fact


def test_who_is_known_by_their_number_only_is_called_back_once(outage: Outage) -> None:
    house, ana = calls_without_a_name(outage)
    assert not Asked.objects.exists()
    is_fixed(house, outage)
    asked = promised()
    assert (asked.number, asked.queue, asked.customer, asked.promise) == (NUMBER, "care", 0, "")
    assert "Eastmoor" in asked.note
    assert "It is fixed" in asked.note
    house.take(OutageEnded(FIXED.timestamp() + 9, str(outage.pk)))
    assert file_events() == 0
    assert Asked.objects.count() == 1
    events = house.take(asked, asked, TimePassed(asked.due_at), Answered(asked.due_at + 5, asked.contact, ana.pk))
    assert [(each.contact, each.person) for each in events if isinstance(each, Dialled)] == [(asked.contact, ana.pk)]
    assert house.engine.board.contacts[asked.contact].note == asked.note
    house.take(DialAnswered(asked.due_at + 15, asked.contact), HungUp(asked.due_at + 60, asked.contact))
    call = Call.objects.get(external_id=asked.contact)
    assert (call.outcome, call.answered_by_id) == ("answered", ana.pk)
    assert not house.engine.board.contacts


def test_what_was_no_outage_is_not_called_fixed_on_the_phone_either(outage: Outage) -> None:
    house, _ana = calls_without_a_name(outage)
    network.withdraw_outage(outage_id=outage.pk, by=SYSTEM, at=FIXED)
    house.take(OutageEnded(FIXED.timestamp(), str(outage.pk)))
    assert "by mistake" in promised().note
    assert "fixed" not in promised().note


def served_in(area_id: int, *, name: str) -> None:
    customer = a_customer(name=name, phone=NUMBER)
    premise = record.add_premise(line=f"{customer.pk} Juniper Court", area_id=area_id)
    record.move_in(customer_id=customer.pk, premise_id=premise.pk, by=SYSTEM, at=BEGAN)


def test_a_number_of_several_customers_has_no_name_but_an_area_if_they_share_one(
    outage: Outage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tellonce.modules.phone.serving.directory.close_old_connections", lambda: None)
    called = Arrived(START, "c1", number=NUMBER)
    served_in(outage.area_id, name="Ida")
    served_in(outage.area_id, name="Ola")
    assert PhoneDirectory().known(called) == replace(called, area=str(outage.area_id))
    served_in(record.add_area(kind="region", name="Westmoor", code="W", parent_id=None).pk, name="Eli")
    assert PhoneDirectory().known(called) == called


def test_they_are_called_for_the_queue_that_they_had_called(outage: Outage) -> None:
    tech = a_queue("tech")
    NumberOf.objects.create(number="+12025550000", queue=tech)
    house, _ana = calls_without_a_name(outage, entry="+12025550000")
    is_fixed(house, outage)
    assert promised().queue == "tech"


def test_nobody_is_called_at_night(outage: Outage) -> None:
    KeptQueue.objects.update(time_zone="America/New_York")
    house, _ana = calls_without_a_name(outage)
    at = datetime(2026, 3, 3, 3, 30, tzinfo=UTC)  # half past ten in the evening there
    network.end_outage(outage_id=outage.pk, by=SYSTEM, at=at)
    house.take(OutageEnded(at.timestamp(), str(outage.pk)))
    assert datetime.fromtimestamp(promised().due_at, UTC) == datetime(2026, 3, 3, 13, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "called_at"),
    [
        ("2026-03-02T15:00", "2026-03-02T15:00"),  # a Monday, open
        ("2026-03-02T08:30", "2026-03-02T10:00"),  # before it opens
        ("2026-03-02T19:00", "2026-03-03T10:00"),  # after it has closed
        ("2026-03-02T23:00", "2026-03-03T10:00"),
        ("2026-03-06T19:00", "2026-03-09T10:00"),  # over the weekend
    ],
)
def test_nobody_is_called_while_the_queue_is_closed(at: str, called_at: str) -> None:
    site = a_site(time_zone="UTC")
    weekdays = [(day, Span(time(10), time(18))) for day in range(5)]
    staff.set_open_hours(site_id=site.pk, hours=weekdays, by=SYSTEM, at=BEGAN)
    queue = queue_line(a_queue("shop", site_id=site.pk).pk)
    asked = may_be_called_from(queue, at=datetime.fromisoformat(at).replace(tzinfo=UTC))
    assert asked == datetime.fromisoformat(called_at).replace(tzinfo=UTC)


def test_what_was_no_outage_is_not_called_fixed(outage: Outage) -> None:
    mia = a_customer(mail="mia@example.net")
    house = wants_news(mia, outage)
    network.withdraw_outage(outage_id=outage.pk, by=SYSTEM, at=FIXED)
    house.take(OutageEnded(FIXED.timestamp(), str(outage.pk)))
    (letter,) = told(mia)
    assert "by mistake" in letter.words
    assert "fixed now" not in letter.words
