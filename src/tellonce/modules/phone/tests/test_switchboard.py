"""The switchboard over a real database, with a phone in memory: calls come in, are answered, and survive a kill."""

import pytest
from django.utils import timezone

from tellonce.modules.care.models import Contact, HandOver
from tellonce.modules.phone.actions.following_up import call_back
from tellonce.modules.phone.actions.telephone import go_on_recording, pause_recording
from tellonce.modules.phone.contracts import MissedCaller, ToldWait
from tellonce.modules.phone.models import Asked, Call, Checkpoint, JournalEvent, LiveContact, LivePerson, Skill
from tellonce.modules.phone.queries import missed_callers
from tellonce.modules.phone.serving.filing import file_events
from tellonce.modules.phone.serving.journal import PostgresJournal
from tellonce.modules.phone.tests.making import NUMBER
from tellonce.modules.phone.tests.switchboards import (
    asks,
    comes,
    conninfo,
    dana,
    in_thread,
    journals,
    run,
    serving,
    talks,
    until,
)
from tellonce.modules.staff.contracts import SYSTEM
from tellonce.modules.staff.models import Person
from tellonce.switchboard.drivers.fake import FakeDriver
from tellonce.switchboard.engine import rebuild
from tellonce.switchboard.errors import DriverError, JournalError
from tellonce.switchboard.facts import ListeningAsked, ListeningEnded, PersonSet, Presence, TransferAsked
from tellonce.switchboard.freezing import thaw
from tellonce.switchboard.prompts import Prompt
from tellonce.switchboard.replaying import facts_of, replay
from tellonce.switchboard.server import Times
from tellonce.switchboard.wiring import Manners
from tests.factories import a_customer, a_person

__all__ = ["dana", "journals"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)


def test_pages_know_who_answers_before_anything_happens(dana: Person, journals: list[PostgresJournal]) -> None:
    LivePerson.objects.create(person=a_person(), state="available", wished="available", since=timezone.now())

    async def day() -> None:
        async with serving(journals):
            await until(lambda: list(LivePerson.objects.values_list("person_id", "state")) == [(dana.pk, "away")])

    run(day)


def test_a_call_reaches_a_person_and_pages_see_it(dana: Person, journals: list[PostgresJournal]) -> None:
    mia = a_customer(name="Mia", phone=NUMBER)

    async def day() -> None:
        async with serving(journals) as (board, driver):
            await comes(dana)
            driver.call("c1", "100", NUMBER)
            await until(lambda: LiveContact.objects.filter(pk="c1", stage="offered", person_id=dana.pk).exists())
            await until(lambda: driver.lines["c1"].rings == dana.pk)
            assert driver.lines["c1"].shown == f"Mia {NUMBER}"
            seen = await in_thread(lambda: LiveContact.objects.get(pk="c1"))
            assert (seen.customer_id, seen.queue_code, seen.number) == (mia.pk, "care", NUMBER)
            driver.pick_up("c1", dana.pk)
            await until(lambda: LivePerson.objects.get(pk=dana.pk).state == "on_contact" and driver.lines["c1"].hears)
            await until(lambda: driver.lines["c1"].hears == dana.pk)
            driver.leave("c1")
            await until(lambda: not LiveContact.objects.exists())
            await until(lambda: LivePerson.objects.get(pk=dana.pk).state == "wrapping_up")
            assert board.engine.board.tallies["care"].answered == 1

    run(day)
    kinds = list(JournalEvent.objects.order_by("id").values_list("kind", flat=True))
    assert {"Configured", "PersonSet", "Arrived", "Entered", "Offered", "Answered", "HungUp", "Ended"} <= set(kinds)
    assert not Asked.objects.exists()


def test_the_call_is_a_contact_of_the_story_and_a_record(dana: Person, journals: list[PostgresJournal]) -> None:
    mia = a_customer(name="Mia", phone=NUMBER)

    async def day() -> None:
        async with serving(journals) as (_board, driver):
            await comes(dana)
            driver.call("c1", "100", NUMBER)
            await until(lambda: driver.lines["c1"].rings == dana.pk)
            driver.call("c2", "100", NUMBER)
            driver.pick_up("c1", dana.pk)
            await until(lambda: Contact.objects.filter(external_id="c1").exists())
            driver.leave("c2")
            driver.leave("c1")
            await until(lambda: Call.objects.count() == 2)

    run(day)
    taken, missed = (Contact.objects.get(external_id=name) for name in ("c1", "c2"))
    assert (taken.customer_id, taken.taken_by_id, taken.state, taken.channel) == (mia.pk, dana.pk, "in_hand", "call")
    assert (missed.customer_id, missed.taken_by_id, missed.state) == (mia.pk, None, "ended")
    answered, abandoned = (Call.objects.get(external_id=name) for name in ("c1", "c2"))
    assert (answered.outcome, answered.answered_by_id, answered.contact_id) == ("answered", dana.pk, taken.pk)
    assert (abandoned.outcome, abandoned.handle_s, abandoned.contact_id) == ("abandoned", None, missed.pk)
    assert not file_events()


def test_a_transfer_is_a_hand_over_with_its_line(dana: Person, journals: list[PostgresJournal]) -> None:
    omar = a_person(name="Omar")
    Skill.objects.create(person=omar, code="care")

    async def day() -> None:
        async with serving(journals) as (_board, driver):
            await talks(dana, driver)
            await comes(omar)
            await asks(TransferAsked(0.0, "c1", dana.pk, "The modem was swapped twice.", queue="care"))
            await until(lambda: driver.lines["c1"].rings == omar.pk)
            driver.pick_up("c1", omar.pk)
            await until(lambda: Contact.objects.filter(external_id="c1", taken_by_id=omar.pk).exists())

    run(day)
    passed = HandOver.objects.get()
    assert (passed.from_person_id, passed.taken_by_id, passed.line) == (
        dana.pk,
        omar.pk,
        "The modem was swapped twice.",
    )


def test_a_recording_pauses_for_the_phone_and_for_pages(dana: Person, journals: list[PostgresJournal]) -> None:
    async def day() -> None:
        async with serving(journals, records=True) as (_board, driver):
            await comes(dana)
            driver.call("c1", "100", NUMBER)
            await until(lambda: driver.lines["c1"].rings == dana.pk)
            driver.pick_up("c1", dana.pk)
            await until(lambda: LiveContact.objects.filter(pk="c1", recording="on").exists())
            assert not driver.lines["c1"].is_private
            await in_thread(lambda: pause_recording(person_id=dana.pk, contact="c1", at=timezone.now()))
            await until(lambda: LiveContact.objects.filter(pk="c1", recording="paused").exists())
            await until(lambda: driver.lines["c1"].is_private)
            await in_thread(lambda: go_on_recording(person_id=dana.pk, contact="c1", at=timezone.now()))
            await until(lambda: LiveContact.objects.filter(pk="c1", recording="on").exists())
            await until(lambda: not driver.lines["c1"].is_private)

    run(day)


def test_where_nothing_is_to_be_recorded_no_phone_records(dana: Person, journals: list[PostgresJournal]) -> None:
    async def day() -> None:
        async with serving(journals) as (_board, driver):
            await talks(dana, driver)
            assert driver.lines["c1"].is_private
            assert await in_thread(lambda: LiveContact.objects.get(pk="c1").recording) == ""

    run(day)


class Listening(FakeDriver):
    """A phone that lets supervisors listen in, unless they have none."""

    can_listen_in = True
    heard: list[tuple[str, int, bool]]

    async def listen_in(self, call: str, supervisor: int, *, whispers: bool) -> None:
        """Noted."""
        if supervisor == NO_PHONE:
            raise DriverError("There is no phone to listen with.")
        self.heard = [(call, supervisor, whispers)]

    async def stop_listening(self, supervisor: int) -> None:
        """Noted."""
        self.heard = []


NO_PHONE, SUE = 98, 99


def test_a_supervisor_listens_and_one_without_a_phone_does_not(dana: Person, journals: list[PostgresJournal]) -> None:
    async def day() -> None:
        async with serving(journals, driver=Listening()) as (_board, driver):
            await talks(dana, driver)
            await asks(ListeningAsked(0.0, "c1", SUE, whispers=True))
            await until(lambda: LiveContact.objects.filter(pk="c1", listener_id=SUE, whispers=True).exists())
            await until(lambda: driver.heard == [("c1", SUE, True)])
            await asks(ListeningEnded(0.0, "c1", SUE))
            await until(lambda: LiveContact.objects.filter(pk="c1", listener_id=None).exists() and not driver.heard)
            await asks(ListeningAsked(0.0, "c1", NO_PHONE))
            await until(lambda: JournalEvent.objects.filter(kind="ListeningEnded").count() == 2)
            assert await in_thread(lambda: LiveContact.objects.get(pk="c1").listener_id) is None

    run(day)


def test_what_was_journalled_is_replayed_the_same(dana: Person, journals: list[PostgresJournal]) -> None:
    async def day() -> None:
        async with serving(journals) as (_board, driver):
            await comes(dana)
            for number in range(4):
                driver.call(f"c{number}", "100", f"+1202555010{number}")
            await until(lambda: LiveContact.objects.count() == 4)
            first, second, *_ = sorted(driver.lines, key=lambda call: driver.lines[call].rings != dana.pk)
            driver.pick_up(first, dana.pk)
            driver.leave(second)
            await until(lambda: LiveContact.objects.filter(stage="talking").exists())
            driver.leave(first)
            await until(lambda: LiveContact.objects.count() == 2)

    run(day)
    journal = PostgresJournal(conninfo())
    journals.append(journal)
    assert journal.take_over()
    Checkpoint.objects.all().delete()
    events = list(journal.read().events)
    assert len(list(facts_of(events))) > 8
    assert replay(events) == events


def test_after_a_kill_who_waited_is_called_back_first(dana: Person, journals: list[PostgresJournal]) -> None:
    """The calls are gone with the phone's process; who was on the line keeps their place."""

    async def before() -> None:
        async with serving(journals) as (board, driver):
            driver.call("c1", "100", NUMBER)
            await until(lambda: LiveContact.objects.filter(pk="c1", stage="waiting").exists())
            board.journal.close()  # as a kill does: nothing more can be kept
            board.wake()
            await until(lambda: not board.is_serving)
            assert not driver.lines

    greeting = Manners(called_back=lambda is_lost: Prompt("en", (str(is_lost),)), seconds=lambda _prompt: 0.2)

    async def after() -> None:
        async with serving(journals, manners=greeting) as (board, driver):
            await until(lambda: LiveContact.objects.filter(pk="c1", is_callback=True, stage="waiting").exists())
            await asks(PersonSet(0.0, dana.pk, Presence.AVAILABLE))
            await until(lambda: LiveContact.objects.filter(pk="c1", stage="offered").exists())
            driver.pick_up("c1", dana.pk)
            await until(lambda: driver.dialled == {"c1": NUMBER})
            driver.answer_dialled("c1", is_there=True)
            await until(lambda: [each.pieces for each in driver.lines["c1"].said] == [("True",)])
            assert driver.lines["c1"].hears == -1  # not before they have heard why we call
            await until(lambda: driver.lines["c1"].hears == dana.pk)
            await until(lambda: LiveContact.objects.filter(pk="c1", stage="talking").exists())
            tally = board.engine.board.tallies["care"]
            assert (tally.entered, tally.answered, tally.waiting, tally.callback) == (1, 1, 0, 0)

    with pytest.raises(JournalError, match="given back"):
        run(before)
    run(after)


def test_a_standby_takes_over_when_the_first_is_gone(dana: Person, journals: list[PostgresJournal]) -> None:
    async def day() -> None:
        async with serving(journals) as (first, _), serving(journals, waits=False) as (second, driver):
            await comes(dana)
            assert first.is_serving
            assert not second.is_serving
            first.journal.close()
            first.wake()
            await until(lambda: second.is_serving)
            await until(lambda: second.engine.board.people[dana.pk].presence is Presence.AVAILABLE)
            driver.call("c1", "100", NUMBER)
            await until(lambda: driver.lines["c1"].rings == dana.pk)
            done.append("rings")

    done: list[str] = []
    with pytest.raises(JournalError, match="given back"):  # the first, as its end is told when all is over
        run(day)
    assert done == ["rings"]
    assert LiveContact.objects.filter(pk="c1").exists()


def test_a_board_that_was_frozen_goes_on(dana: Person, journals: list[PostgresJournal]) -> None:
    async def day() -> None:
        async with serving(journals, times=Times(0.05, 5.0, 1)) as (_board, driver):
            await comes(dana)
            driver.call("c1", "100", NUMBER)
            await until(lambda: driver.lines["c1"].rings == dana.pk)

    run(day)
    journal = PostgresJournal(conninfo())
    journals.append(journal)
    assert journal.take_over()
    past = journal.read()
    assert past.board is not None
    engine = rebuild(past.events, since=thaw(past.board))
    assert engine.board.contacts["c1"].person == dana.pk
    assert Checkpoint.objects.count() == 2  # the last, and the first of the day


def test_who_hung_up_is_called_back_and_leaves_the_list(dana: Person, journals: list[PostgresJournal]) -> None:
    mia = a_customer(name="Mia", phone=NUMBER)

    def the_missed() -> tuple[MissedCaller, ...]:
        return missed_callers(days=2, now=timezone.now()).callers

    async def day() -> None:
        async with serving(journals) as (_board, driver):
            driver.call("c1", "100", NUMBER)
            await until(lambda: LiveContact.objects.filter(pk="c1", stage="waiting").exists())
            driver.leave("c1")
            await until(lambda: Call.objects.filter(external_id="c1").exists())
            await in_thread(lambda: Call.objects.update(wait_s=90))  # nobody waits that long in a test
            (caller,) = await in_thread(the_missed)
            assert (caller.customer_id, caller.told) == (mia.pk, ToldWait("not_known", 0, 0))
            await in_thread(lambda: call_back(caller=caller, by=SYSTEM, at=timezone.now()))
            await until(lambda: LiveContact.objects.filter(is_callback=True, stage="waiting").exists())
            assert await in_thread(the_missed) == ()
            await asks(PersonSet(0.0, dana.pk, Presence.AVAILABLE))
            await until(lambda: LiveContact.objects.filter(stage="offered").exists())
            (callback,) = [each async for each in LiveContact.objects.all()]
            driver.pick_up(callback.pk, dana.pk)
            await until(lambda: driver.dialled == {callback.pk: NUMBER})
            driver.answer_dialled(callback.pk, is_there=True)
            await until(lambda: Contact.objects.filter(external_id=callback.pk, taken_by_id=dana.pk).exists())
            driver.leave(callback.pk)
            await until(lambda: not LiveContact.objects.exists())

    run(day)
    assert the_missed() == ()


def test_who_cannot_be_read_is_left_out(dana: Person, journals: list[PostgresJournal]) -> None:
    Asked.objects.create(kind="Nonsense", data={}, asked_at=timezone.now())

    async def day() -> None:
        async with serving(journals):
            await comes(dana)

    run(day)
    assert not Asked.objects.exists()
