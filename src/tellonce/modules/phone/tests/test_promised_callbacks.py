"""A call that was promised for a time is dialled then, once, keeps its promise, and what became of it is kept."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from tellonce.modules.care import actions as care
from tellonce.modules.care.models import Promise
from tellonce.modules.phone import actions
from tellonce.modules.phone.actions import CallTerms, promise_callback
from tellonce.modules.phone.contracts import BadFollowUpError
from tellonce.modules.phone.models import Asked, Call, PromisedCallback, Queue
from tellonce.modules.phone.queries import missed_callers
from tellonce.modules.phone.queries.callbacks import settled_callbacks
from tellonce.modules.phone.tests.journals import START, Journalled
from tellonce.modules.phone.tests.making import NUMBER, a_missed_call, a_queue
from tellonce.modules.record import queries as record
from tellonce.modules.record.models import Customer
from tellonce.modules.staff.models import Person
from tellonce.switchboard.codec import decode
from tellonce.switchboard.decisions import Dialled
from tellonce.switchboard.facts import Answered, DialAnswered, DialFailed, HungUp, PersonSet, Presence, TimePassed
from tellonce.switchboard.ports import Around
from tellonce.switchboard.settings import Dialling, Member, Settings
from tellonce.switchboard.settings import Queue as EngineQueue
from tellonce.switchboard.surroundings import changes
from tests.factories import a_contact, a_customer, a_person

pytestmark = pytest.mark.django_db
NOON = datetime.fromtimestamp(START, UTC)
THREE = NOON + timedelta(hours=3)


class Day(SimpleNamespace):
    """Ana answers; Mia is to be called at three."""

    ana: Person
    mia: Customer
    queue: Queue
    house: Journalled
    callback: PromisedCallback


@pytest.fixture
def day() -> Day:
    queue, ana, mia = a_queue(), a_person(name="Ana"), a_customer(name="Mia", phone=NUMBER)
    dialling = Dialling(("+1",), retry_s=300.0, tries=2)
    settings = Settings((EngineQueue("care", "care"),), (Member(ana.pk, {"care": 1}),), dialling=dialling)
    house = Journalled(settings)
    house.take(PersonSet(START, ana.pk, Presence.AVAILABLE))
    terms = CallTerms(NUMBER, queue.pk, THREE)
    made = promise_callback(customer_id=mia.pk, terms=terms, what="the move", by=ana.as_actor(), at=NOON)
    asked = Asked.objects.get()
    house.take(decode(asked.kind, asked.data))  # type: ignore[arg-type]
    return Day(ana=ana, mia=mia, queue=queue, house=house, callback=made)


def comes_due(day: Day) -> float:
    """It is three, and Ana takes it."""
    day.house.take(TimePassed(THREE.timestamp()), Answered(THREE.timestamp() + 4, day.callback.contact, day.ana.pk))
    return THREE.timestamp() + 4


def test_it_is_a_promise_that_is_due_a_quarter_of_an_hour_later(day: Day) -> None:
    promise = Promise.objects.get()
    assert (promise.kind, promise.due_at, promise.owner_person_id) == (
        "call",
        THREE + timedelta(minutes=15),
        day.ana.pk,
    )
    assert promise.what.endswith("the move")
    assert day.callback.promise_id == promise.pk
    assert not [event for event in day.house.take(TimePassed(THREE.timestamp() - 1)) if isinstance(event, Dialled)]


def test_who_is_dialled_in_time_was_kept_word_to(day: Day) -> None:
    at = comes_due(day)
    promise = Promise.objects.get()
    assert (promise.state, promise.settled_by_name) == ("kept", "Ana")
    name = day.callback.contact
    day.house.take(DialAnswered(at + 9, name), HungUp(at + 99, name))
    day.callback.refresh_from_db()
    assert (day.callback.became, day.callback.dialled_at) == ("reached", datetime.fromtimestamp(at, UTC))
    call = Call.objects.get()
    assert (call.external_id, call.outcome, call.answered_by_id) == (name, "answered", day.ana.pk)


def test_who_does_not_pick_up_is_tried_again_and_then_told_of_in_the_story(day: Day) -> None:
    at, name = comes_due(day), day.callback.contact
    day.house.take(DialFailed(at + 30, name), TimePassed(at + 330))
    assert "phone.callback_unreached" not in kinds(day.mia)
    day.house.take(Answered(at + 333, name, day.ana.pk), DialFailed(at + 360, name))
    day.callback.refresh_from_db()
    assert day.callback.became == "unreached"
    moment = record.story_page(day.mia.pk)[0]
    assert (moment.kind, moment.headline.rest) == ("phone.callback_unreached", "tried 2 times")
    assert Promise.objects.get().state == "kept"  # we called, as promised
    assert not Call.objects.exists()


def kinds(customer: Customer) -> list[str]:
    return [each.kind for each in record.story_page(customer.pk)]


def test_who_called_by_hand_is_not_dialled_as_well(day: Day) -> None:
    assert settled_callbacks() == frozenset()
    care.keep_promise(promise_id=day.callback.promise_id, by=day.ana.as_actor(), at=NOON + timedelta(hours=1))
    assert settled_callbacks() == {day.callback.contact}
    board = day.house.engine.board
    around = Around(board.settings, withdrawn=settled_callbacks())
    day.house.take(*changes(board, around, at=START + 3601))
    assert changes(board, around, at=START + 3602) == []
    day.callback.refresh_from_db()
    assert day.callback.became == "withdrawn"
    assert settled_callbacks() == frozenset()
    assert day.house.take(TimePassed(THREE.timestamp() + 60)) == []


def test_a_second_try_is_not_withdrawn_since_the_first_kept_the_promise(day: Day) -> None:
    at = comes_due(day)
    day.house.take(DialFailed(at + 30, day.callback.contact))
    assert settled_callbacks() == frozenset()


@pytest.mark.parametrize("number", ["911", "", "+4420"])
def test_a_number_that_we_do_not_dial_is_not_promised(number: str) -> None:
    queue, mia = a_queue(), a_customer()
    terms = CallTerms(number, queue.pk, THREE)
    with pytest.raises(BadFollowUpError):
        promise_callback(customer_id=mia.pk, terms=terms, what="it", by=a_person().as_actor(), at=NOON)
    assert not Promise.objects.exists()
    assert not Asked.objects.exists()


def test_who_is_missed_and_called_later_is_promised_that() -> None:
    queue, mia, dana = a_queue(), a_customer(name="Mia", phone=NUMBER), a_person(name="Dana")
    a_missed_call(queue, "m1", number=NUMBER)
    now = timezone.now()
    (caller,) = missed_callers(days=2, now=now).callers
    kept = actions.call_back(caller=caller, by=dana.as_actor(), at=now, due_at=now + timedelta(hours=1))
    promise = Promise.objects.get()
    assert (promise.customer_id, promise.owner_person_id, promise.contact_id) == (mia.pk, dana.pk, caller.contact_id)
    assert PromisedCallback.objects.get().contact == kept.callback
    assert Asked.objects.get().data["promise"] == str(promise.pk)


def test_the_desk_lets_the_switchboard_dial() -> None:
    queue, dana, mia = a_queue(), a_person(name="Dana"), a_customer(name="Mia", phone=NUMBER)
    contact = a_contact(customer=mia, taken_by=dana, at=timezone.now())
    client = Client()
    client.force_login(dana)
    address = f"/customers/{mia.pk}/do/promise?contact={contact.pk}"
    assert "for whoever is free in Care" in client.get(address).content.decode()
    due = (timezone.localtime(timezone.now()) + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    asked = {
        "kind": "write",
        "what": "The move",
        "due_at": due,
        "owner": f"person:{dana.pk}",
        "dial": f"{queue.pk}:{NUMBER}",
    }
    assert "Only a call can be dialled." in client.post(address, asked).content.decode()
    assert client.post(address, asked | {"kind": "call"}).status_code == 303
    assert Asked.objects.get().data["number"] == NUMBER
    assert Promise.objects.get().kind == "call"
    client.post(address, asked | {"kind": "call", "dial": "", "what": "By hand"})
    assert Promise.objects.count() == 2
    assert PromisedCallback.objects.count() == 1
