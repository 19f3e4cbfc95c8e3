"""Made-up colleagues: they answer what nobody who is signed in takes, solve most of it, and keep most promises."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from tellonce.demo import writing
from tellonce.demo.errands import NOBODY, Errands, is_signed_in
from tellonce.demo.reasons import INDEX
from tellonce.demo.staffing import team_for
from tellonce.demo.talk import Talk
from tellonce.demo.writing import Topic, Voice, topic_of
from tellonce.kernel.errors import DomainError
from tellonce.modules.care import actions as care
from tellonce.modules.care import queries as care_queries
from tellonce.modules.care.contracts import ContactLine
from tellonce.modules.staff import queries as staff
from tellonce.modules.staff.contracts import Role
from tellonce.modules.staff.models import Person

LEFT_FOR_PEOPLE: Final = 2
_LONGEST_WAIT: Final = timedelta(minutes=6)
_QUICK: Final = {"call", "chat", "text"}
_COMES_BACK: Final = 0.07
_REMEMBERED: Final = 500  # contacts that others took are never asked for again


@dataclass(frozen=True, slots=True)
class _InHand:
    """A conversation that one of us has in hand, and when it is over."""

    contact_id: int
    person: Person
    talk: Talk
    ends_at: datetime


class Colleagues:
    """People on staff whom nobody has signed in as. They touch only contacts that wait, and those they took."""

    def __init__(self, *, rng: random.Random, matters: dict[str, int], pace: float = 1.0) -> None:
        self.rng, self.matters, self.pace = rng, matters, pace
        self.codes = {known: code for code, known in matters.items()}
        self.errands = Errands(rng=rng, codes=self.codes)
        everybody = [person for person in staff.people() if person.is_active]
        self.people = [person for person in everybody if person.role == Role.REPRESENTATIVE]
        self.technicians = [person for person in everybody if person.role == Role.TECHNICIAN]
        sites = list(staff.sites())
        self.calendars = {site.pk: staff.calendar_of_site(site.pk) for site in sites}
        self.office = next(self.calendars[site.pk] for site in sites if site.partner_id is None)
        self.teams = {team.name: team.pk for team in staff.teams()}
        self.known: dict[int, Talk] = {}
        self.patience: dict[int, timedelta] = {}
        self.in_hand: dict[int, _InHand] = {}

    def know(self, contact_id: int, talk: Talk) -> None:
        """A contact that a made-up caller began, and what it is really about; the oldest are forgotten."""
        self.known[contact_id] = talk
        while len(self.known) > _REMEMBERED:
            del self.known[next(iter(self.known))]

    def answer(self, waiting: Sequence[ContactLine], *, at: datetime) -> None:
        """Takes one who waited longer than colleagues would let them, and leaves a few for whoever is signed in."""
        self.patience = {c.id: self._patience(c) for c in waiting}
        patient = timedelta() if len(waiting) > LEFT_FOR_PEOPLE else _LONGEST_WAIT / self.pace
        ripe = [c for c in waiting if at - c.began_at > max(patient, self.patience[c.id])]
        person = self._somebody(self.people, at=at) if ripe else None
        if person is None:
            return
        try:
            care.take_contact(contact_id=ripe[0].id, by=person.as_actor(), at=at)
        except DomainError:
            return  # somebody who is signed in took it first
        self.hold(ripe[0], person, at=at)

    def take_up(self, at: datetime) -> None:
        """After a restart: what colleagues whom nobody is signed in as still have in hand is ended by them."""
        for person in self.people:
            if not is_signed_in(person.pk):
                for contact in care_queries.in_hand(person.pk):
                    if contact.taken_by_id == person.pk:
                        self.hold(contact, person, at=at)

    def hold(self, contact: ContactLine, person: Person, *, at: datetime) -> None:
        """They talk for a while."""
        talk = self.known.pop(contact.id, None) or self._heard(contact)
        ends_at = at + timedelta(seconds=self.rng.uniform(80, 300)) / self.pace
        self.in_hand[contact.id] = _InHand(contact.id, person, talk, ends_at)

    def finish(self, *, at: datetime) -> list[tuple[datetime, Talk]]:
        """Ends the conversations that are over; returns who will be in touch again, and when."""
        again: list[tuple[datetime, Talk]] = []
        for held in [each for each in self.in_hand.values() if each.ends_at <= at]:
            del self.in_hand[held.contact_id]
            try:
                back = self._finish(held, at=at)
            except DomainError:
                continue  # a supervisor merged, moved or ended it meanwhile
            if back is not None:
                again.append((back, replace(held.talk, round=held.talk.round + 1)))
        return again

    def run_errands(self, *, at: datetime) -> None:
        """One colleague looks at what lies on their list."""
        person = self._somebody([*self.people, *self.technicians], at=at)
        if person is not None:
            self.errands.run(person, at=at)

    def _finish(self, held: _InHand, *, at: datetime) -> datetime | None:
        talk, voice, by = held.talk, held.talk.voice, held.person.as_actor()
        draws = [self.rng.getrandbits(30) for _ in range(writing.DRAWS)]
        contact = care_queries.contact(held.contact_id)
        if contact.taken_by_id != held.person.pk or contact.ended_at is not None:
            return None  # handed over or ended by somebody else
        matter_id = self.matters.get(voice.topic.matter) or next(iter(self.matters.values()))
        if contact.customer_id is None:
            care.end_contact(contact_id=contact.id, by=by, at=at, note="Answered; no customer of ours yet.")
            return None
        if self.rng.random() < (talk.reason.solved if talk.round == 0 else 0.6):
            note = voice.solution(draws)
            care.solve_contact(
                contact_id=contact.id, matter_id=self._open_matter(contact, matter_id), by=by, at=at, note=note
            )
            return self._later(at, 20, 90) if self.rng.random() < _COMES_BACK else None
        self._promise(contact, talk, matter_id=matter_id, person=held.person, draws=draws, at=at)
        note = voice.note(draws)
        care.end_contact(contact_id=contact.id, by=by, at=at, matter_id=matter_id, note=note)
        return self._later(at, 8, 60) if self.rng.random() < 0.45 else None

    def _promise(
        self, contact: ContactLine, talk: Talk, *, matter_id: int, person: Person, draws: list[int], at: datetime
    ) -> None:
        assert contact.customer_id is not None
        by = person.as_actor()
        matter = self._open_matter(contact, matter_id)
        opened = [c for c in care_queries.customer_cases((contact.customer_id,)) if c.is_open and c.matter_id == matter]
        case_id = (
            opened[0].id
            if opened
            else care.open_case(
                customer_id=contact.customer_id,
                matter_id=matter,
                title=self._title(talk.voice, matter, draws),
                by=by,
                at=at,
                contact_id=contact.id,
            ).pk
        )
        kind = self.rng.choice(talk.reason.promise)
        team_id = self.teams.get(team_for(kind, reason=talk.reason, is_west=talk.is_west))
        care.make_promise(
            what=talk.voice.promised(kind, draws),
            due_at=self._due(at),
            owner_team_id=team_id,
            by=by,
            at=at,
            kind=kind,
            customer_id=contact.customer_id,
            case_id=case_id,
            contact_id=contact.id,
        )  # fmt: skip

    def _open_matter(self, contact: ContactLine, matter_id: int) -> int:
        """The matter of a case that is open on nearly the same thing, so that one problem stays one case."""
        code, codes = self.codes[matter_id], self.codes
        for case in care_queries.customer_cases((contact.customer_id or 0,)):
            if case.is_open and case.matter_id and codes[case.matter_id].split(".")[:2] == code.split(".")[:2]:
                return case.matter_id
        return matter_id

    def _title(self, voice: Voice, matter_id: int, draws: list[int]) -> str:
        """A title of the matter of the case; a matter that somebody added has only its own name."""
        code = self.codes.get(matter_id, "")
        if "title" not in writing.words("en").get(code, {}):
            return ""
        topic = Topic(voice.topic.reason, code)
        return Voice(topic=topic, speaker=voice.speaker, seed=voice.seed).title(draws)

    def _due(self, at: datetime) -> datetime:
        """A full or half hour within our own next working hours, by day whoever promises it."""
        due = self.office.add_open_minutes(at, self.rng.uniform(45, 1100))
        return due - timedelta(minutes=due.minute % 30, seconds=due.second, microseconds=due.microsecond)

    def _somebody(self, among: Sequence[Person], *, at: datetime) -> Person | None:
        """Somebody whose site is open, who has nothing in hand and whom nobody has signed in as."""
        busy = {held.person.pk for held in self.in_hand.values()}
        free = [person for person in among if person.pk not in busy and self.is_open(person, at)]
        self.rng.shuffle(free)
        return next((person for person in free if not is_signed_in(person.pk)), None)

    def is_open(self, person: Person, at: datetime) -> bool:
        """Whether the person's site is open."""
        calendar = self.calendars.get(person.site_id or 0)
        return calendar is None or calendar.is_open(at)

    def _patience(self, contact: ContactLine) -> timedelta:
        longest = (50, 170) if contact.channel in _QUICK else (240, 1500)
        return self.patience.get(contact.id) or timedelta(seconds=self.rng.uniform(*longest)) / self.pace

    def _heard(self, contact: ContactLine) -> Talk:
        """What a contact is about of which only the words are known, such as one from before a restart."""
        topic = topic_of(contact.said) or Topic(INDEX["bill_question"], "billing.question")
        speaker = replace(NOBODY, name=contact.customer_name or contact.said_name)
        return Talk(
            customer_id=contact.customer_id,
            voice=Voice(topic=topic, speaker=speaker, seed=contact.id),
            channel=contact.channel,
            reached_from=contact.reached_from,
            round=0,
        )

    def _later(self, at: datetime, least: float, most: float) -> datetime:
        return at + timedelta(minutes=self.rng.uniform(least, most)) / self.pace
