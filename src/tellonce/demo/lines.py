"""The made-up provider's phone line: customers ring, wait and hang up; colleagues nobody has signed in as answer."""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from tellonce.demo.calls import queue_about
from tellonce.demo.colleagues import Colleagues
from tellonce.demo.errands import is_signed_in
from tellonce.demo.talk import Talk
from tellonce.modules.care.queries import contact_by_source
from tellonce.modules.phone.actions.asking import ask_switchboard
from tellonce.modules.phone.contracts import PersonState
from tellonce.modules.phone.models import LiveContact, LivePerson
from tellonce.modules.phone.queries import live_contacts, live_people, people_who_can
from tellonce.modules.phone.serving.filing import SOURCE
from tellonce.modules.staff.models import Person
from tellonce.switchboard.facts import Answered, Arrived, Fact, Finished, HungUp, PersonSet, Presence

# So many of each queue's people are on the phone at a time; two for each ten calls an hour.
ON_THE_PHONE: Final = {"care": 4, "tech": 3}
_WITH_A_VISITOR: Final = 1  # then so few, so that calls come to the visitor
_PATIENT: Final = timedelta(seconds=12)
_TURN_EVERY: Final = timedelta(hours=2)
_PATIENCE_S: Final = (90.0, 900.0)
_PICKS_UP_S: Final = (2.0, 9.0)
_TALKS_S: Final = (240.0, 700.0)  # with somebody who has signed in, who may need longer


@dataclass(slots=True)
class _Call:
    talk: Talk
    leaves_at: datetime
    contact_id: int = 0


class PhoneLine:
    """What made-up callers and colleagues do on the phone; the switchboard decides who gets whom."""

    def __init__(self, *, rng: random.Random, colleagues: Colleagues) -> None:
        self.rng, self.colleagues = rng, colleagues
        self.calls: dict[str, _Call] = {}
        self.people = {person.pk: person for person in colleagues.people}
        self.there: set[int] = set()
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
        self.calls[call] = _Call(talk, at + timedelta(seconds=self.rng.uniform(*_PATIENCE_S)))
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
        is_long = any(at - each.since > _PATIENT for each in ready)
        return is_long and at - self.called_for > _PATIENT

    def _visited(self) -> set[str]:
        """The queues that somebody who has signed in is ready for."""
        ready = {each.pk for each in live_people() if each.state == PersonState.AVAILABLE and is_signed_in(each.pk)}
        return {queue for queue in ON_THE_PHONE if ready & people_who_can(queue)}

    def tick(self, at: datetime) -> None:
        """Who loses patience, who picks up, whose conversation is over."""
        here = {contact.id: contact for contact in live_contacts()}
        for call in [name for name, each in self.calls.items() if name not in here and at > each.leaves_at]:
            del self.calls[call]
        for contact in here.values():
            if contact.id in self.calls and contact.person_id is None and at >= self.calls[contact.id].leaves_at:
                _ask(HungUp(at.timestamp(), contact.id), at=at)
        self.there = self._on_the_phone(at)
        for person in [each for each in live_people() if each.pk in self.people]:
            self._live(person, [each for each in here.values() if each.person_id == person.pk], at=at)

    def _live(self, person: LivePerson, has: Sequence[LiveContact], *, at: datetime) -> None:
        """A colleague; whoever is signed in does it themselves, and only their callers hang up in the end."""
        is_visitor = is_signed_in(person.pk)
        for contact in has:
            if contact.stage == "talking":
                self._talk(contact, self.people[person.pk], is_visitor=is_visitor, at=at)
            elif contact.stage == "offered" and not is_visitor and self._is_time(contact, at):
                _ask(Answered(at.timestamp(), contact.id, person.pk), at=at)
        if not is_visitor:
            self._be_there(person, at=at)

    def _is_time(self, contact: LiveContact, at: datetime) -> bool:
        return at - contact.since >= timedelta(seconds=self.rng.uniform(*_PICKS_UP_S))

    def _talk(self, contact: LiveContact, person: Person, *, is_visitor: bool, at: datetime) -> None:
        """The contact is taken up when it is in the story; when that is over, the call is."""
        call = self.calls.get(contact.id)
        if call is None:
            return
        if is_visitor:
            if at - contact.since > timedelta(seconds=self.rng.uniform(*_TALKS_S)):
                _ask(HungUp(at.timestamp(), contact.id), at=at)
        elif not call.contact_id:
            line = contact_by_source(source=SOURCE, external_id=contact.id)
            if line is not None:
                call.contact_id = line.id
                self.colleagues.know(line.id, call.talk)
                self.colleagues.hold(line, person, at=at)
        elif call.contact_id not in self.colleagues.in_hand:
            _ask(Finished(at.timestamp(), contact.id, person.pk), at=at)

    def _be_there(self, person: LivePerson, *, at: datetime) -> None:
        """A few of each queue's people are on the phone, others by turns."""
        wished = Presence.AVAILABLE if person.pk in self.there else Presence.AWAY
        is_idle = person.state in {PersonState.AVAILABLE, PersonState.AWAY, PersonState.PAUSED}
        if person.wished != wished and is_idle:
            _ask(PersonSet(at.timestamp(), person.pk, wished), at=at)

    def _on_the_phone(self, at: datetime) -> set[int]:
        turn = int(at.timestamp() // _TURN_EVERY.total_seconds())
        found, visited = set[int](), self._visited()
        for queue, usual in ON_THE_PHONE.items():
            many = _WITH_A_VISITOR if queue in visited else usual
            able = people_who_can(queue)
            there = [each.pk for each in self.people.values() if each.pk in able and self.colleagues.is_open(each, at)]
            found |= {there[(turn * many + n) % len(there)] for n in range(many)} if there else set()
        return found


def _ask(fact: Fact, *, at: datetime) -> None:
    ask_switchboard(fact=fact, at=at)
