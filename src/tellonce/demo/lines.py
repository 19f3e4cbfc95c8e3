"""The made-up provider's phone line: customers ring, wait and hang up; colleagues nobody has signed in as answer."""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.conf import settings

from tellonce.demo.calls import queue_about
from tellonce.demo.colleagues import Colleagues
from tellonce.demo.errands import is_signed_in
from tellonce.demo.own_line import keep_own_line
from tellonce.demo.talk import Talk
from tellonce.demo.turns import turn_in
from tellonce.modules.care.contracts import ContactState
from tellonce.modules.care.queries import contact as contact_line
from tellonce.modules.phone.actions.asking import ask_switchboard
from tellonce.modules.phone.contracts import PersonState
from tellonce.modules.phone.models import LiveContact, LivePerson
from tellonce.modules.phone.queries import live_contacts, live_people, people_who_can
from tellonce.modules.phone.queries.filed import contact_of_call
from tellonce.modules.phone.queries.written import id_in
from tellonce.modules.staff.models import Person
from tellonce.switchboard.drivers.made_up import is_real
from tellonce.switchboard.facts import (
    Answered,
    Arrived,
    DialAnswered,
    DialFailed,
    Fact,
    Finished,
    HungUp,
    KeyPressed,
    LineLost,
    PersonSet,
    Presence,
    TransferAsked,
    WrappedUp,
)

# So many of each queue's people are on the phone at a time; two for each ten calls an hour.
ON_THE_PHONE: Final = {"care": 4, "tech": 3}
_WITH_A_VISITOR: Final = 1  # then so few, so that calls come to the visitor
_PATIENT: Final = timedelta(seconds=12)
_TURN_EVERY: Final = timedelta(hours=2)
_PATIENCE_S: Final = (90.0, 900.0)
_PICKS_UP_S: Final = (2.0, 9.0)
_TALKS_S: Final = (240.0, 700.0)  # with somebody who has signed in, who may need longer
_WRAPS_UP_S: Final = (10.0, 60.0)
_RATHER_CALLED_BACK: Final = 0.3  # of those to whom that is offered
_PRESSES_AFTER_S: Final = 12.0
_REACHED: Final = 0.8  # of customers who are called back; the others do not pick up


@dataclass(slots=True)
class _Call:
    """A caller of ours, and when they press the key for a callback, if at all."""

    talk: Talk
    leaves_at: datetime
    presses_at: datetime | None = None
    contact_id: int = 0


class PhoneLine:
    """What made-up callers and colleagues do on the phone; the switchboard decides who gets whom."""

    def __init__(self, *, rng: random.Random, colleagues: Colleagues, pace: float = 1.0) -> None:
        self.rng, self.colleagues, self.pace = rng, colleagues, pace
        self.calls: dict[str, _Call] = {}
        self.people = {person.pk: person for person in colleagues.people}
        self.there: set[int] = set()
        self.rung: dict[str, datetime] = {}
        self.called_for = datetime.min.replace(tzinfo=UTC)

    @property
    def is_open(self) -> bool:
        """Whether a switchboard serves."""
        return bool(live_people())

    def ring(self, talk: Talk, *, at: datetime) -> None:
        """Somebody calls."""
        if self.hopes_for_a_call(at):
            self.called_for = at
        call = uuid.UUID(int=self.rng.getrandbits(128)).hex
        presses = at + timedelta(seconds=_PRESSES_AFTER_S) / self.pace
        self.calls[call] = _Call(
            talk, at + self._within(_PATIENCE_S), presses if self.rng.random() < _RATHER_CALLED_BACK else None
        )
        wanted = self._visited()
        queue = queue_about(talk.voice.topic.reason)
        if wanted and queue not in wanted:
            queue = self.rng.choice(sorted(wanted))
        _ask(
            Arrived(at.timestamp(), call, queue=queue, number=talk.reached_from, customer=talk.customer_id or 0), at=at
        )

    def hopes_for_a_call(self, at: datetime) -> bool:
        """Whether somebody who has signed in has been ready for a while, and no call has come for them."""
        ready = [each for each in live_people() if each.state == PersonState.AVAILABLE and is_signed_in(each.pk)]
        is_long = any(at - each.since > _PATIENT / self.pace for each in ready)
        return is_long and at - self.called_for > _PATIENT / self.pace

    def _visited(self) -> set[str]:
        """The queues that somebody who has signed in is ready for."""
        ready = {each.pk for each in live_people() if each.state == PersonState.AVAILABLE and is_signed_in(each.pk)}
        return {queue for queue in ON_THE_PHONE if ready & people_who_can(queue)}

    def tick(self, at: datetime) -> None:
        """Who loses patience, who picks up, whose conversation is over."""
        here = {contact.id: contact for contact in live_contacts()}
        for call in [name for name, each in self.calls.items() if name not in here and at > each.leaves_at]:
            del self.calls[call]
        self.rung = {call: since for call, since in self.rung.items() if call in here}
        for contact in here.values():
            waits = contact.id in self.calls and contact.person_id is None and not contact.is_callback
            if contact.stage == "dialling" and not is_real(contact.id):
                self._be_called(contact, at=at)
            elif waits:
                self._wait(contact.id, self.calls[contact.id], at=at)
        self.there = self._on_the_phone(at)
        if settings.SETUP.phone == "embedded":
            keep_own_line(at=at)
        for person in [each for each in live_people() if each.pk in self.people]:
            self._live(person, [each for each in here.values() if each.person_id == person.pk], at=at)

    def _wait(self, name: str, call: _Call, *, at: datetime) -> None:
        """Some press the key for a callback, which means nothing where none is offered; in the end they leave."""
        if call.presses_at is not None and at >= call.presses_at:
            call.presses_at = None
            _ask(KeyPressed(at.timestamp(), name, "1"), at=at)
        if at >= call.leaves_at:
            _ask(HungUp(at.timestamp(), name), at=at)

    def _live(self, person: LivePerson, has: Sequence[LiveContact], *, at: datetime) -> None:
        """A colleague; whoever is signed in does it themselves, and only their callers hang up in the end."""
        is_visitor = is_signed_in(person.pk)
        for contact in has:
            if contact.stage == "talking":
                self._talk(contact, self.people[person.pk], is_visitor=is_visitor, at=at)
            elif contact.stage == "offered" and not (is_visitor or is_real(contact.id)) and self._is_time(contact, at):
                _ask(Answered(at.timestamp(), contact.id, person.pk), at=at)
        if not is_visitor:
            self._be_there(person, at=at)

    def _be_called(self, contact: LiveContact, *, at: datetime) -> None:
        """A customer who is called back: most pick up."""
        if self.rung.get(contact.id) != contact.since and self._is_time(contact, at):
            self.rung[contact.id] = contact.since
            what = DialAnswered if self.rng.random() < _REACHED else DialFailed
            _ask(what(at.timestamp(), contact.id), at=at)

    def _is_time(self, contact: LiveContact, at: datetime) -> bool:
        return at - contact.since >= self._within(_PICKS_UP_S)

    def _within(self, seconds: tuple[float, float]) -> timedelta:
        """So long as it takes somebody this time, at their pace."""
        return timedelta(seconds=self.rng.uniform(*seconds)) / self.pace

    def _talk(self, contact: LiveContact, person: Person, *, is_visitor: bool, at: datetime) -> None:
        """The contact is taken up when it is in the story; when that is over, the call is."""
        written = id_in(contact.story)
        if written is not None and not is_visitor:  # a chat or text; its end is heard of by the switchboard
            self._write(written, person, at=at)
        if contact.channel != "call" or is_real(contact.id) or contact.parent:
            return
        call = self.calls.get(contact.id)
        if is_visitor or call is None:  # whom we called back has no talk of ours
            if at - contact.since > self._within(_TALKS_S):
                _ask(HungUp(at.timestamp(), contact.id), at=at)
        elif not self._turns(contact, call, at=at):
            self._go_on(contact, call, person, at=at)

    def _turns(self, contact: LiveContact, call: _Call, *, at: datetime) -> bool:
        """Whether something comes between; what is passed on or broken is nobody's conversation any more."""
        fact = turn_in(contact, at=at, pace=self.pace)
        if fact is None:
            return contact.is_held
        _ask(fact, at=at)
        if isinstance(fact, TransferAsked | LineLost):
            self.colleagues.in_hand.pop(call.contact_id, None)
            call.contact_id = 0
        if isinstance(fact, LineLost):
            del self.calls[contact.id]
        return True

    def _go_on(self, contact: LiveContact, call: _Call, person: Person, *, at: datetime) -> None:
        if not call.contact_id:
            line = contact_of_call(contact.id)
            if line is not None:
                call.contact_id = line.id
                self.colleagues.know(line.id, call.talk)
                self.colleagues.hold(line, person, at=at)
        elif call.contact_id not in self.colleagues.in_hand:
            _ask(Finished(at.timestamp(), contact.id, person.pk), at=at)

    def _write(self, contact_id: int, person: Person, *, at: datetime) -> None:
        """A colleague has a chat or a text as soon as it is in the story as theirs."""
        line = contact_line(contact_id)
        is_theirs = line.taken_by_id == person.pk and line.state == ContactState.IN_HAND
        if is_theirs and contact_id not in self.colleagues.in_hand:
            self.colleagues.hold(line, person, at=at)

    def _be_there(self, person: LivePerson, *, at: datetime) -> None:
        """A few of each queue's people are on the phone, others by turns."""
        wished = Presence.AVAILABLE if person.pk in self.there else Presence.AWAY
        if person.state == PersonState.WRAPPING_UP and at - person.since > self._within(_WRAPS_UP_S):
            _ask(WrappedUp(at.timestamp(), person.pk), at=at)
        is_idle = person.state in {PersonState.AVAILABLE, PersonState.AWAY, PersonState.PAUSED}
        if person.wished != wished and is_idle:
            _ask(PersonSet(at.timestamp(), person.pk, wished), at=at)

    def _on_the_phone(self, at: datetime) -> set[int]:
        turn = int(at.timestamp() * self.pace // _TURN_EVERY.total_seconds())
        found, visited = set[int](), self._visited()
        for queue, usual in ON_THE_PHONE.items():
            many = _WITH_A_VISITOR if queue in visited else usual
            able = people_who_can(queue)
            there = [each.pk for each in self.people.values() if each.pk in able and self.colleagues.is_open(each, at)]
            found |= {there[(turn * many + n) % len(there)] for n in range(many)} if there else set()
        return found


def _ask(fact: Fact, *, at: datetime) -> None:
    ask_switchboard(fact=fact, at=at)
