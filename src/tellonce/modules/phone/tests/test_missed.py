"""Who hung up: who is on the list, who has left it, and how they are followed up, once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from tellonce.modules.care import actions as care
from tellonce.modules.phone import actions, queries
from tellonce.modules.phone.contracts import (
    BadFollowUpError,
    BadIntervalError,
    FollowedUpError,
    MissedCaller,
    ToldWait,
)
from tellonce.modules.phone.models import Asked, FollowUp, JournalEvent, LiveContact, Queue
from tellonce.modules.phone.tests.journals import Journalled
from tellonce.modules.phone.tests.making import NUMBER, a_missed_call, a_queue, an_answered_call, answered
from tellonce.modules.record import actions as record
from tellonce.modules.record.contracts import FlagKind
from tellonce.modules.staff.contracts import SYSTEM, Actor, ActorKind
from tellonce.switchboard.codec import decode
from tellonce.switchboard.facts import Arrived, CallbackPromised, HungUp, KeyPressed, LineLost, QueueClosed, TimePassed
from tellonce.switchboard.settings import Dialling, Entry, Settings
from tellonce.switchboard.settings import Queue as EngineQueue
from tests.factories import a_contact, a_customer, a_partner, a_person

pytestmark = pytest.mark.django_db
OTHER = "+12025550177"


@pytest.fixture
def queue() -> Queue:
    return a_queue()


def missed(**more: object) -> tuple[MissedCaller, ...]:
    asked = {"days": 2, "now": timezone.now()} | more
    return queries.missed_callers(**asked).callers  # type: ignore[arg-type] # what a test says otherwise


def the_one(**more: object) -> MissedCaller:
    (found,) = missed(**more)
    return found


def ago(minutes: float) -> datetime:
    return timezone.now() - timedelta(minutes=minutes)


def live(name: str, **more: object) -> LiveContact:
    now = timezone.now()
    said = {"channel": "call", "stage": "waiting", "queue_code": "care", "entered_at": now, "since": now}
    return LiveContact.objects.create(pk=name, **said | more)


def test_one_line_for_each_caller_with_all_their_tries(queue: Queue) -> None:
    mia = a_customer(name="Mia", phone=NUMBER)
    a_missed_call(queue, "m1", number=NUMBER, minutes_ago=40, wait_s=300)
    a_missed_call(queue, "m2", number=NUMBER, minutes_ago=20, wait_s=60)
    a_missed_call(queue, "o1", number=OTHER, minutes_ago=30, wait_s=5)
    assert [(each.name, each.number, each.tries, each.longest_wait_s) for each in missed()] == [
        ("", OTHER, 1, 5),
        ("Mia", NUMBER, 2, 300),
    ]
    assert missed()[1].customer_id == mia.pk
    assert missed()[1].over_at - missed()[1].missed_at == timedelta(seconds=60)


def test_short_abandons_other_sources_and_other_days_are_not_there(queue: Queue) -> None:
    a_missed_call(queue, "short", number=NUMBER, wait_s=4)
    a_missed_call(queue, "log", number=NUMBER, source="import")
    a_missed_call(queue, "long-ago", number=NUMBER, minutes_ago=4 * 24 * 60)
    assert missed() == ()
    assert the_one(days=7).number == NUMBER
    for days in (0, 8):
        with pytest.raises(BadIntervalError, match="1 to 7 days"):
            missed(days=days)


def test_withheld_numbers_are_counted_alone(queue: Queue) -> None:
    a_missed_call(queue, "w1", number="")
    a_missed_call(queue, "w2", number="")
    found = queries.missed_callers(days=2, now=timezone.now())
    assert (found.callers, found.withheld) == ((), 2)


def test_what_they_were_told_last(queue: Queue) -> None:
    a_missed_call(queue, "m1", number=NUMBER)
    for low, high in ((2, 4), (5, 9)):
        data = {"form": "between", "low_min": low, "high_min": high}
        JournalEvent.objects.create(at=1.0, kind="WaitTold", contact="m1", data=data)
    JournalEvent.objects.create(at=1.0, kind="WaitTold", contact="else", data={"form": "about"})
    assert the_one().told == ToldWait("between", 5, 9)


def test_whom_a_person_has_had_since_is_gone(queue: Queue) -> None:
    mia, dana = a_customer(phone=NUMBER), a_person()
    a_missed_call(queue, "m1", number=NUMBER, minutes_ago=30)
    care.begin_contact(channel="chat", at=timezone.now(), by=SYSTEM, customer_id=mia.pk)
    assert the_one().tries == 1  # it waits for somebody
    a_contact(customer=mia, taken_by=dana, channel="chat", at=ago(20))
    assert missed() == ()
    a_missed_call(queue, "m2", number=NUMBER, minutes_ago=10)
    assert the_one().tries == 1  # since then


def test_a_contact_before_the_call_is_no_getting_through(queue: Queue) -> None:
    mia = a_customer(phone=NUMBER)
    a_contact(customer=mia, taken_by=a_person(), at=ago(40))
    a_missed_call(queue, "m1", number=NUMBER, minutes_ago=30)
    assert the_one().name == str(mia)


def test_an_unknown_number_that_was_answered_later_is_gone_though_it_became_a_customer(queue: Queue) -> None:
    a_missed_call(queue, "m1", number=NUMBER, minutes_ago=30)
    a_missed_call(queue, "o1", number=OTHER, minutes_ago=30)
    answered = an_answered_call(queue, "a1", number=NUMBER, minutes_ago=10, by=a_person())
    care.match_contact(contact_id=answered, customer_id=a_customer().pk, by=SYSTEM, at=timezone.now())
    assert the_one().number == OTHER


def test_a_call_that_another_system_logged_as_answered_counts(queue: Queue) -> None:
    mia = a_customer(phone=NUMBER)
    a_missed_call(queue, "m1", number=NUMBER, minutes_ago=30)
    later = answered(queue, customer_id=mia.pk, arrived_at=ago(10), queued_at=ago(9), source="pbx")
    actions.load_calls([later], by=SYSTEM, at=timezone.now())
    assert missed() == ()


def test_who_waits_or_is_called_back_now_is_not_there(queue: Queue) -> None:
    mia = a_customer(phone=NUMBER)
    a_missed_call(queue, "m1", number=NUMBER)
    a_missed_call(queue, "o1", number=OTHER)
    live("mail", channel="mail", customer_id=mia.pk)
    assert len(missed()) == 2
    live("back", stage="scheduled", is_callback=True, customer_id=mia.pk)
    assert the_one().number == OTHER
    live("again", number=OTHER)
    assert missed() == ()


def test_merged_customers_are_one_line(queue: Queue) -> None:
    first, second = a_customer(name="Mia", phone=NUMBER), a_customer(name="Mia A.", phone=OTHER)
    a_missed_call(queue, "m1", number=NUMBER, minutes_ago=30)
    a_missed_call(queue, "m2", number=OTHER, minutes_ago=20)
    record.merge_customers(winner_id=first.pk, loser_id=second.pk, by=SYSTEM, at=timezone.now())
    assert (the_one().customer_id, the_one().tries, the_one().number) == (first.pk, 2, OTHER)


def test_a_partner_sees_its_own_customers_alone(queue: Queue) -> None:
    partner = a_partner()
    mia = a_customer(name="Mia", phone=NUMBER)
    a_customer(name="Omar", phone=OTHER)
    a_contact(customer=mia, taken_by=a_person(partner=partner), at=ago(60))
    for name, number in (("m1", NUMBER), ("o1", OTHER), ("n1", "+12025550188"), ("w1", "")):
        a_missed_call(queue, name, number=number)
    found = queries.missed_callers(days=2, now=timezone.now(), partner_id=partner.pk)
    assert ([each.name for each in found.callers], found.withheld) == (["Mia"], 0)
    assert len(missed()) == 3


def test_flags_that_must_be_known_first(queue: Queue) -> None:
    mia = a_customer(phone=NUMBER)
    record.set_flag(customer_id=mia.pk, kind=FlagKind.DO_NOT_CALL, reason="asked for it", by=SYSTEM, at=ago(60))
    a_missed_call(queue, "m1", number=NUMBER)
    assert the_one().flags == (FlagKind.DO_NOT_CALL,)


def test_done_with_a_note_takes_them_off_until_they_try_again(queue: Queue) -> None:
    a_missed_call(queue, "m1", number=NUMBER, minutes_ago=30)
    caller, dana, now = the_one(), a_person(name="Dana"), timezone.now()
    with pytest.raises(BadFollowUpError, match="few words"):
        actions.follow_up(caller=caller, note="  ", by=dana.as_actor(), at=now)
    actions.follow_up(caller=caller, note="Wrote  them a text.", by=dana.as_actor(), at=now)
    assert missed() == ()
    kept = FollowUp.objects.get()
    assert (kept.number, kept.customer_id, kept.note, kept.by_id) == (NUMBER, 0, "Wrote them a text.", dana.pk)
    a_missed_call(queue, "m2", number=NUMBER, minutes_ago=5)
    assert the_one().tries == 1


def test_of_two_people_the_second_is_told(queue: Queue) -> None:
    a_missed_call(queue, "m1", number=NUMBER)
    caller, now = the_one(), timezone.now()
    actions.call_back(caller=caller, by=a_person(name="Dana").as_actor(), at=now)
    with pytest.raises(FollowedUpError, match="Dana has asked for a callback"):
        actions.call_back(caller=caller, by=a_person().as_actor(), at=now)
    with pytest.raises(FollowedUpError, match="Dana"):
        actions.follow_up(caller=caller, note="Called.", by=a_person().as_actor(), at=now)
    assert Asked.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUp.objects.create(
            contact_id=caller.contact_id, number=NUMBER, missed_at=now, at=now, by_name="?", note="twice"
        )


def test_a_callback_is_asked_of_the_switchboard(queue: Queue) -> None:
    mia = a_customer(phone=NUMBER)
    a_missed_call(queue, "m1", number=NUMBER)
    at = timezone.now()
    due_at = at + timedelta(hours=3)
    kept = actions.call_back(caller=the_one(), by=SYSTEM, at=at, due_at=due_at)
    asked = Asked.objects.get()
    assert decode(asked.kind, asked.data) == CallbackPromised(
        at.timestamp(), kept.callback, "care", NUMBER, due_at.timestamp(), customer=mia.pk
    )
    assert missed() == ()  # before the switchboard has read it


def test_a_callback_that_did_not_reach_them_may_be_tried_again(queue: Queue) -> None:
    a_missed_call(queue, "m1", number=NUMBER, minutes_ago=30)
    dana, now = a_person(name="Dana").as_actor(), timezone.now()
    first = actions.call_back(caller=the_one(), by=dana, at=now)
    Asked.objects.all().delete()
    scheduled = live(first.callback, stage="scheduled", is_callback=True, number=NUMBER)
    assert missed() == ()
    scheduled.delete()
    back = the_one()
    assert back.called_back is not None
    assert (back.called_back.by, back.tries) == ("Dana", 1)
    again = actions.call_back(caller=back, by=a_person(name="Omar").as_actor(), at=now)
    assert (FollowUp.objects.get().by_name, again.callback != first.callback) == ("Omar", True)


@pytest.mark.parametrize("number", ["911", "+4930123456", "anonymous"])
def test_numbers_that_we_do_not_dial(queue: Queue, number: str) -> None:
    a_missed_call(queue, "m1", number=number)
    with pytest.raises(BadFollowUpError, match="do not dial"):
        actions.call_back(caller=the_one(), by=SYSTEM, at=timezone.now())
    assert not FollowUp.objects.exists()


def test_times_and_queues_that_cannot_be(queue: Queue) -> None:
    a_missed_call(queue, "m1", number=NUMBER)
    now = timezone.now()
    for due_at in (now - timedelta(minutes=1), now + timedelta(days=15)):
        with pytest.raises(BadFollowUpError, match="from now on"):
            actions.call_back(caller=the_one(), by=SYSTEM, at=now, due_at=due_at)
    actions.retire_queue(queue_id=queue.pk, by=SYSTEM, at=now)
    with pytest.raises(BadFollowUpError, match="takes no calls"):
        actions.call_back(caller=the_one(), by=SYSTEM, at=now)


def test_follow_ups_are_exported_and_erased_also_those_of_a_number_that_became_theirs(queue: Queue) -> None:
    mia = a_customer(phone=NUMBER)
    for name, number in (("m1", NUMBER), ("n1", OTHER), ("s1", "+12025550188")):
        a_missed_call(queue, name, number=number)
    for caller in missed():
        actions.follow_up(caller=caller, note=f"Wrote to {caller.number}.", by=SYSTEM, at=timezone.now())
    theirs = FollowUp.objects.get(number=OTHER).contact_id
    care.match_contact(contact_id=theirs, customer_id=mia.pk, by=SYSTEM, at=timezone.now())
    told = actions.personal_data([mia.pk])["followed_up"]
    assert sorted((each["note"], each["number"]) for each in told) == [
        (f"Wrote to {NUMBER}.", ""),
        (f"Wrote to {OTHER}.", OTHER),
    ]
    record.erase_customer(customer_id=mia.pk, by=SYSTEM, at=timezone.now())
    assert list(FollowUp.objects.values_list("number", flat=True)) == ["+12025550188"]


def test_follow_ups_are_kept_for_a_month(queue: Queue) -> None:
    a_missed_call(queue, "m1", number=NUMBER, minutes_ago=40 * 24 * 60)
    a_missed_call(queue, "o1", number=OTHER)
    then = timezone.now() - timedelta(days=31)
    old = queries.missed_callers(days=7, now=then - timedelta(days=5)).callers[0]
    actions.follow_up(caller=old, note="Called.", by=SYSTEM, at=then)
    actions.follow_up(caller=the_one(), note="Called.", by=SYSTEM, at=timezone.now())
    assert FollowUp.objects.get().number == OTHER


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_calls_back(queue: Queue) -> None:
    a_missed_call(queue, "m1", number=NUMBER)
    caller, both = the_one(), Barrier(2)

    def press(name: str) -> str:
        try:
            both.wait(timeout=60)
            actions.call_back(caller=caller, by=Actor(ActorKind.SYSTEM, name), at=timezone.now())
        except FollowedUpError as error:
            return str(error)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(press, ("Dana", "Omar")))
    assert sorted(bool(words) for words in told) == [False, True]
    assert FollowUp.objects.get().by_name in "".join(told)
    assert Asked.objects.count() == 1


def test_who_was_turned_away_while_closed_or_cut_off_before_a_queue_is_there_too(queue: Queue) -> None:
    mia = a_customer(name="Mia", phone=NUMBER)
    other = a_queue("other")
    queues = (EngineQueue("other", "other"), EngineQueue("care", "care"))
    entries = (Entry("100", "care"), Entry("200", "care", {"1": "other"}))
    house = Journalled(Settings(queues, (), entries, dialling=Dialling(("+1",))))
    at = timezone.now().timestamp() - 600
    house.take(Arrived(at, "cut", entry="200", number=OTHER), LineLost(at + 2, "cut"))
    house.take(Arrived(at, "menu", entry="200", number="+12025550188"), HungUp(at + 3, "menu"))
    house.take(QueueClosed(at + 4, "care", at + 9_000))
    house.take(Arrived(at + 5, "heard", entry="100", number=NUMBER, customer=mia.pk), TimePassed(at + 120))
    house.take(Arrived(at + 130, "left", entry="100", number=NUMBER, customer=mia.pk), HungUp(at + 133, "left"))
    house.take(Arrived(at + 140, "wants", entry="100", number="+12025550189"), KeyPressed(at + 141, "wants", "1"))
    found = {each.number: each for each in missed()}
    assert {number: (each.tries, each.longest_wait_s) for number, each in found.items()} == {
        OTHER: (1, 0),
        NUMBER: (2, 0),
    }
    assert (found[NUMBER].name, found[NUMBER].queue_id) == ("Mia", queue.pk)
    assert other.pk != queue.pk
    a_contact(customer=mia, taken_by=a_person(), at=timezone.now())
    assert [each.number for each in missed()] == [OTHER]
