"""Whatever happens, in whatever order: nobody is lost, nobody holds two calls, nobody is called twice at once."""

import json
from collections import Counter
from dataclasses import asdict, replace
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tellonce.lab.routing import Rules
from tellonce.switchboard.codec import decode, encode
from tellonce.switchboard.commands import Command, Dial
from tellonce.switchboard.contacts import Account, Contact, Stage
from tellonce.switchboard.deciding.offers import best_contact, best_person
from tellonce.switchboard.decisions import CallbackKept, Choice, ConsultBegan, Ended, Entered, Outcome
from tellonce.switchboard.dialling import refusal_to_dial
from tellonce.switchboard.engine import Engine, rebuild
from tellonce.switchboard.facts import (
    Answered,
    Arrived,
    CallbackPromised,
    CallbackWithdrawn,
    ChoiceSaid,
    Configured,
    ConsultAsked,
    ConsultEnded,
    DialAnswered,
    DialFailed,
    Fact,
    Finished,
    Held,
    HungUp,
    KeyPressed,
    LineLost,
    ListeningAsked,
    ListeningEnded,
    NotAnswered,
    OutageBegan,
    OutageEnded,
    PersonSet,
    PhonesKnown,
    Presence,
    QueueClosed,
    QueueOpened,
    RecordingPaused,
    RecordingResumed,
    Resumed,
    TakenElsewhere,
    TimePassed,
    TransferAsked,
    TransferDone,
    WrappedUp,
)
from tellonce.switchboard.folding import Event, fold
from tellonce.switchboard.folding.contacts import heard
from tellonce.switchboard.freezing import freeze, thaw
from tellonce.switchboard.replaying import facts_of, replay
from tellonce.switchboard.settings import WHOLE, Channel, Dialling, Entry, Member, Queue, Settings
from tellonce.switchboard.tests.making import snapshot

PEOPLE = st.integers(1, 4)
QUEUES = ("care", "tech")
NUMBERS = ("+12025550101", "+12025550102", "", "911")
SETTINGS = Settings(
    (
        Queue("care", "care", wrap_s=20.0, callback_above_s=30.0, home=("east",), overflow_to=("p",),
              overflow_after_s=40.0),
        Queue("tech", "tech", priority=1, callback_above_s=0.0),
    ),
    (
        Member(1, {"care": 1}, "east"),
        Member(2, {"care": 2, "tech": 1}, "east"),
        Member(3, {"care": 1, "tech": 2}, "west", "p"),
        Member(4, {"tech": 1}, "west"),
    ),
    (Entry("menu", "care", {"1": "care", "2": "tech"}),),
    Rules(priority_s=60.0, promise_s=30.0, shares={"p": 0.3}, reserve={"tech": 1}),
    dialling=Dialling(("+1",), retry_s=50.0, tries=2),
    misses=2,
    retell_s=15.0,
    records=True,
    pause_s=25.0,
)  # fmt: skip


ONLY_CARE = replace(SETTINGS, queues=SETTINGS.queues[:1], entries=(), rules=replace(SETTINGS.rules, reserve={}))
"""The second queue was retired."""


class Switchboard(RuleBasedStateMachine):
    """Facts in any order, true or late or wrong, and what must hold after each."""

    def __init__(self) -> None:
        super().__init__()
        self.engine, self.at, self.number = Engine(), 0.0, 0
        self.steps: list[tuple[Event, ...]] = []
        self.counted: dict[str, tuple[str, str]] = {}
        self.called_back: set[str] = set()
        self.legs: set[str] = set()
        self.take(Configured(0.0, SETTINGS))
        for person in range(1, 4):
            self.take(PersonSet(0.0, person, Presence.AVAILABLE))

    def take(self, fact: Fact) -> None:
        before = {name: contact.stage for name, contact in self.engine.board.contacts.items()}
        result = self.engine.take(fact)
        if result.events:
            self.steps.append(result.events)
        for event in result.events:
            self.count(event)
        self.check_commands(result.commands)
        self.check_nobody_is_lost(before, result.events)

    def count(self, event: Event) -> None:
        """What became of each contact, from what happened alone: its queue and account."""
        match event:
            case ConsultBegan():
                self.legs.add(event.leg)
            case Entered():
                self.becomes(event.contact, Account.WAITING, event.queue)
            case CallbackKept() | CallbackPromised():
                self.called_back.add(event.contact)
                if self.counted.get(event.contact, ("", ""))[1] != Account.ANSWERED:
                    self.becomes(event.contact, Account.CALLBACK, event.queue)
            case Answered() if event.contact not in self.called_back | self.legs:
                self.becomes(event.contact, Account.ANSWERED)
            case DialAnswered():
                self.called_back.discard(event.contact)
                self.becomes(event.contact, Account.ANSWERED)
            case Ended() if self.counted.get(event.contact, ("", ""))[1] == Account.WAITING:
                is_taken = event.outcome is Outcome.TAKEN
                self.becomes(event.contact, Account.ANSWERED if is_taken else Account.ABANDONED)

    def becomes(self, contact: str, account: Account, queue: str = "") -> None:
        """It counts where it entered first."""
        self.counted[contact] = self.counted.get(contact, (queue, ""))[0], account

    def check_commands(self, commands: tuple[Command, ...]) -> None:
        for command in commands:
            if isinstance(command, Dial):
                assert not self.up(command.number)
                assert refusal_to_dial(command.number, SETTINGS.dialling) is None
                assert self.engine.board.contacts[command.contact].stage is Stage.DIALLING

    def up(self, number: str) -> list[str]:
        """Calls of the number in which somebody is on the line."""
        mine = [each for each in self.contacts() if each.number == number and each.channel == Channel.CALL]
        return [each.id for each in mine if not each.is_callback]

    def check_nobody_is_lost(self, before: dict[str, Stage], events: tuple[Event, ...]) -> None:
        """A contact is gone only if that was decided, or it was handed over with the one it asked about."""
        ended = {event.contact for event in events if isinstance(event, Ended)}
        handed_over = {event.leg for event in events if hasattr(event, "leg") and hasattr(event, "colleague")}
        assert set(before) - set(self.engine.board.contacts) <= ended | handed_over

    def contacts(self, *stages: Stage) -> list[Contact]:
        return [each for each in self.engine.board.contacts.values() if not stages or each.stage in stages]

    def wrapping(self) -> set[int]:
        return {each.person for each in self.engine.board.people.values() if each.is_wrapping}

    @rule(seconds=st.sampled_from([0.0, 1.0, 7.0, 20.0, 60.0]))
    def time_goes_by(self, seconds: float) -> None:
        until = self.at + seconds
        while (due := self.engine.next_due) is not None and due <= until:
            self.take(TimePassed(due))
        self.at = until

    @rule(
        person=PEOPLE,
        presence=st.sampled_from([Presence.AVAILABLE, Presence.AVAILABLE, Presence.PAUSED, Presence.AWAY]),
    )
    def person_changes(self, person: int, presence: Presence) -> None:
        if presence is Presence.AVAILABLE and person in self.wrapping():
            self.take(WrappedUp(self.at, person))
        self.take(PersonSet(self.at, person, presence, "lunch"))

    @rule(
        channel=st.sampled_from([Channel.CALL, Channel.CALL, Channel.CHAT, Channel.MAIL]),
        entry=st.sampled_from(["", "", "", "menu"]),
        queue=st.sampled_from(QUEUES),
        number=st.sampled_from(NUMBERS),
        area=st.sampled_from(["", "", "north"]),
        last=st.sampled_from([-1, 1, 3]),
        efforts=st.integers(0, 3),
        needs_phone=st.booleans(),
    )
    def somebody_arrives(self, **more: Any) -> None:
        self.number += 1
        last = more.pop("last")
        self.take(Arrived(self.at, f"c{self.number}", last_person=last, last_at=self.at - 100.0, **more))

    @rule(number=st.sampled_from(NUMBERS), queue=st.sampled_from(QUEUES), after=st.sampled_from([0.0, 30.0]))
    def a_callback_is_promised(self, number: str, queue: str, after: float) -> None:
        self.number += 1
        self.take(CallbackPromised(self.at, f"p{self.number}", queue, number, self.at + after))

    @precondition(lambda self: self.contacts(Stage.OFFERED))
    @rule(data=st.data())
    def a_phone_is_answered(self, data: st.DataObject) -> None:
        contact = data.draw(st.sampled_from(self.contacts(Stage.OFFERED)))
        self.take(Answered(self.at, contact.id, contact.person))

    @precondition(lambda self: self.contacts(Stage.OFFERED))
    @rule(data=st.data(), is_answered=st.sampled_from([True, True, True, False]))
    def a_phone_is_answered_or_not(self, data: st.DataObject, is_answered: bool) -> None:
        contact = data.draw(st.sampled_from(self.contacts(Stage.OFFERED)))
        self.take((Answered if is_answered else NotAnswered)(self.at, contact.id, contact.person))

    @precondition(lambda self: self.contacts(Stage.OFFERED))
    @rule(data=st.data())
    def somebody_declines(self, data: st.DataObject) -> None:
        contact = data.draw(st.sampled_from(self.contacts(Stage.OFFERED)))
        person, missed = contact.person, self.engine.board.people[contact.person].missed
        self.take(NotAnswered(self.at, contact.id, person, is_miss=False))
        if person in self.engine.board.people:
            assert self.engine.board.people[person].missed == missed
            assert self.engine.board.people[person].ringing != contact.id

    @rule(persons=st.sets(PEOPLE))
    def phones_are_there(self, persons: set[int]) -> None:
        self.take(PhonesKnown(self.at, tuple(sorted(persons))))

    @precondition(lambda self: self.contacts(Stage.DIALLING))
    @rule(data=st.data(), is_answered=st.booleans())
    def a_customer_is_reached_or_not(self, data: st.DataObject, is_answered: bool) -> None:
        contact = data.draw(st.sampled_from(self.contacts(Stage.DIALLING)))
        self.take((DialAnswered if is_answered else DialFailed)(self.at, contact.id))

    @precondition(lambda self: self.contacts(Stage.TALKING))
    @rule(data=st.data(), kind=st.sampled_from([Finished, Held, Resumed, ConsultEnded, TransferDone]))
    def a_person_acts(self, data: st.DataObject, kind: Any) -> None:
        contact = data.draw(st.sampled_from(self.contacts(Stage.TALKING)))
        self.take(kind(self.at, contact.id, contact.person))

    @precondition(lambda self: self.contacts(Stage.TALKING))
    @rule(
        data=st.data(), queue=st.sampled_from(["", *QUEUES]), colleague=st.sampled_from([-1, -1, 1, 2, 3, 4]),
        is_warm=st.booleans(),
    )  # fmt: skip
    def a_person_passes_on(self, data: st.DataObject, queue: str, colleague: int, is_warm: bool) -> None:
        contact = data.draw(st.sampled_from(self.contacts(Stage.TALKING)))
        self.number += 1
        if is_warm:
            leg = f"l{self.number}"
            self.take(ConsultAsked(self.at, contact.id, contact.person, leg, "line", queue, colleague))
        else:
            self.take(TransferAsked(self.at, contact.id, contact.person, "line", queue, colleague))

    @precondition(lambda self: self.asking())
    @rule(data=st.data(), kind=st.sampled_from([TransferDone, TransferDone, ConsultEnded]))
    def a_consult_leads_to_something(self, data: st.DataObject, kind: Any) -> None:
        contact = data.draw(st.sampled_from(self.asking()))
        leg = self.engine.board.contacts[contact.consult]
        if leg.stage is Stage.OFFERED:
            self.take(Answered(self.at, leg.id, leg.person))
        self.take(kind(self.at, contact.id, contact.person))

    def asking(self) -> list[Contact]:
        return [each for each in self.contacts(Stage.TALKING) if each.consult]

    @precondition(lambda self: self.contacts())
    @rule(data=st.data(), kind=st.sampled_from([HungUp, HungUp, LineLost, CallbackWithdrawn]))
    def a_contact_ends(self, data: st.DataObject, kind: Any) -> None:
        self.take(kind(self.at, data.draw(st.sampled_from(self.contacts())).id))

    @precondition(lambda self: self.contacts(Stage.FRONT, Stage.WAITING, Stage.OFFERED))
    @rule(data=st.data(), key=st.sampled_from(["0", "1", "1", "2", "9"]))
    def a_key_is_pressed(self, data: st.DataObject, key: str) -> None:
        contact = data.draw(st.sampled_from(self.contacts(Stage.FRONT, Stage.WAITING, Stage.OFFERED)))
        self.take(KeyPressed(self.at, contact.id, key))

    @precondition(lambda self: self.contacts(Stage.FRONT))
    @rule(data=st.data())
    def a_choice_has_been_said(self, data: st.DataObject) -> None:
        contact = data.draw(st.sampled_from(self.contacts(Stage.FRONT)))
        self.take(ChoiceSaid(self.at, contact.id, heard(Choice(contact.choice), contact.about)))

    @precondition(lambda self: self.contacts())
    @rule(data=st.data())
    def somebody_has_it_anyway(self, data: st.DataObject) -> None:
        self.take(TakenElsewhere(self.at, data.draw(st.sampled_from(self.contacts())).id))

    @precondition(lambda self: self.contacts(Stage.TALKING))
    @rule(data=st.data(), what=st.sampled_from(["pause", "refuse", "go on", "listen", "stop"]))
    def a_talk_is_not_recorded_or_listened_to(self, data: st.DataObject, what: str) -> None:
        contact = data.draw(st.sampled_from(self.contacts(Stage.TALKING)))
        match what:
            case "go on":
                self.take(RecordingResumed(self.at, contact.id, contact.person))
            case "listen":
                self.take(ListeningAsked(self.at, contact.id, data.draw(st.sampled_from([1, 9]))))
            case "stop":
                self.take(ListeningEnded(self.at, contact.id, data.draw(st.sampled_from([1, 9]))))
            case _:
                self.take(RecordingPaused(self.at, contact.id, contact.person, what == "refuse"))

    @rule(
        person=PEOPLE, contact=st.integers(1, 30), kind=st.sampled_from([Answered, NotAnswered, Finished, TransferDone])
    )
    def something_is_told_that_is_not_so(self, person: int, contact: int, kind: Any) -> None:
        self.take(kind(self.at, f"c{contact}", person))

    @rule(what=st.sampled_from(["opens", "opens", "closes", "outage", "fixed", "settings"]), data=st.data())
    def something_around_changes(self, what: str, data: st.DataObject) -> None:
        queue = data.draw(st.sampled_from(QUEUES))
        match what:
            case "opens":
                self.take(QueueOpened(self.at, queue))
            case "closes":
                self.take(QueueClosed(self.at, queue, data.draw(st.sampled_from([self.at + 45.0, 0.0]))))
            case "outage":
                self.take(OutageBegan(self.at, "o", "north", self.at + 90.0))
            case "fixed":
                self.take(OutageEnded(self.at, "o"))
            case _:
                without = data.draw(st.sampled_from([0, 1, 4]))
                members = tuple(member for member in SETTINGS.members if member.person != without)
                others = ONLY_CARE if data.draw(st.booleans()) else SETTINGS
                self.take(Configured(self.at, replace(others, members=members)))

    @invariant()
    def the_accounts_add_up(self) -> None:
        for queue, tally in self.engine.board.tallies.items():
            assert tally.entered == tally.answered + tally.abandoned + tally.callback + tally.waiting
            mine = [each for each in self.contacts() if each.account_queue == queue]
            assert tally.waiting == sum(each.account is Account.WAITING for each in mine)
            assert tally.callback >= sum(each.account is Account.CALLBACK for each in mine)

    @invariant()
    def the_accounts_are_what_happened(self) -> None:
        for queue, tally in self.engine.board.tallies.items():
            mine = Counter(account for where, account in self.counted.values() if where == queue)
            told = {name: count for name, count in asdict(tally).items() if name != "entered" and count}
            assert mine == Counter(told)

    @invariant()
    def everybody_is_where_they_are_said_to_be(self) -> None:
        board = self.engine.board
        for contact in self.contacts():
            is_with_a_person = contact.stage in {Stage.OFFERED, Stage.DIALLING, Stage.TALKING}
            assert is_with_a_person == (contact.person >= 0)
            assert (contact.stage is Stage.WAITING) == (contact.id in board.waiting.ids)
            if is_with_a_person:
                assert contact.id in board.people[contact.person].contacts

    @invariant()
    def nobody_holds_more_than_one_person_can(self) -> None:
        for person in self.engine.board.people.values():
            assert sum(person.contacts.values()) <= WHOLE
            whole = [contact for contact, weight in person.contacts.items() if weight == WHOLE]
            assert len(whole) <= 1
            assert not whole or len(person.contacts) == 1
            assert all(self.engine.board.contacts[each].person == person.person for each in person.contacts)
            assert self.engine.board.free.rooms.get(person.person, 0) == person.room

    @invariant()
    def who_listens_hears_one_call_and_is_offered_nothing(self) -> None:
        board = self.engine.board
        heard = {each.listener: each.id for each in self.contacts() if each.listener >= 0}
        assert {each.person: each.listens for each in board.people.values() if each.listens} == {
            listener: contact for listener, contact in heard.items() if listener in board.people
        }
        for person in board.people.values():
            assert not (person.listens and person.contacts)

    @invariant()
    def nobody_is_offered_what_they_may_not_take(self) -> None:
        for contact in self.contacts(Stage.OFFERED):
            assert contact.person not in contact.not_now
        expected = {each.id for each in self.contacts() if each.not_now or each.needs_phone}
        assert self.engine.board.choosy == expected

    @invariant()
    def no_number_is_called_twice_at_once(self) -> None:
        called = [each.number for each in self.contacts(Stage.OFFERED, Stage.DIALLING) if each.is_callback]
        assert len(called) == len(set(called))

    @invariant()
    def nobody_waits_for_whom_routing_would_give_them(self) -> None:
        """Except for a reserve: who was kept looks again when free anew, as in the simulator."""
        board = self.engine.board
        for contact in self.contacts(Stage.WAITING):
            person = best_person(board, contact) if len(board.free) else None
            if person is None or person.room < WHOLE or contact.is_callback:
                continue
            if not board.lines.plan.guard[contact.line, person.group]:
                assert best_contact(board, person) is not contact, (contact, person)

    @invariant()
    def whoever_waits_will_be_looked_after(self) -> None:
        due = self.engine.board.timers.due
        for contact in self.contacts():
            named = [timer for timer, whom in due if whom == contact.id]
            if contact.stage in {Stage.FRONT, Stage.SCHEDULED, Stage.OFFERED, Stage.DIALLING}:
                assert named, contact

    def teardown(self) -> None:
        """Rebuilt after any step it is the same, and decides the same again."""
        again = Engine()
        rebuilt = rebuild(())
        for step in self.steps:
            assert again.take(next(facts_of(step))).events == step
            for event in step:
                fold(rebuilt.board, event)
            assert snapshot(rebuilt.board) == snapshot(again.board)
        assert snapshot(again.board) == snapshot(self.engine.board)
        events = [event for step in self.steps for event in step]
        assert replay(events) == events
        self.kept_and_read_again(events)

    def kept_and_read_again(self, events: list[Event]) -> None:
        """Through JSON every event is the same, and so is the board, which decides as it would have."""
        assert [decode(*_through_json(encode(event))) for event in events] == events
        thawed = Engine(thaw(_through_json(freeze(self.engine.board))))
        assert snapshot(thawed.board) == snapshot(self.engine.board)
        for later in (0.0, 30.0, 500.0):
            fact = TimePassed(self.at + later)
            assert thawed.take(fact) == self.engine.take(fact)


def _through_json(values: Any) -> Any:
    return json.loads(json.dumps(values, allow_nan=False))


TestSwitchboard = Switchboard.TestCase
TestSwitchboard.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
