"""The state of the switchboard, and the small steps in which it changes."""

import math
from dataclasses import dataclass, field

from tellonce.lab.routing import Calibration, RecentPast
from tellonce.switchboard.arrays import Floats, Free, Waiting
from tellonce.switchboard.contacts import Account, Contact, Stage, Tally
from tellonce.switchboard.errors import JournalError
from tellonce.switchboard.facts import NOBODY, Presence
from tellonce.switchboard.lines import Lines
from tellonce.switchboard.people import Person
from tellonce.switchboard.planned import PlannedPeople
from tellonce.switchboard.settings import WHOLE, Queue, Settings
from tellonce.switchboard.timers import Key, Timer, Timers


@dataclass(slots=True)
class Outage:
    """A known outage, and who wants to hear of its end: contact, number, customer."""

    outage: str
    area: str
    expected_end: float
    wanted: list[tuple[str, str, int]] = field(default_factory=list)


class Board:
    """Everything that is known; changed by folding events only.

    Attributes:
        callbacks: callers who wait for a callback, to their contact.
        dialled: numbers that are being dialled or talked to because we called.
        fired: what the last TimePassed found due.
        phones: who has a phone, None where all that answer have.
        choosy: contacts that not everybody who can may take now.
        news: who is to hear of the outage that has just ended.
        lines, past, free: made from the settings by `configuring`.
        at_work: (G,) people who are available, or will be when they have finished.
        lag, given: routing's of agreed shares.
    """

    lines: Lines
    past: RecentPast
    free: Free
    at_work: Floats
    lag: Floats
    given: Floats

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Nothing is known."""
        self.now = -math.inf
        self.contacts: dict[str, Contact] = {}
        self.people: dict[int, Person] = {}
        self.tallies: dict[str, Tally] = {}
        self.outages: dict[str, Outage] = {}
        self.news: list[tuple[str, str, int]] = []
        self.closed: dict[str, float] = {}
        self.callbacks: dict[tuple[str, int], str] = {}
        self.dialled: dict[str, str] = {}
        self.timers = Timers()
        self.fired: list[Key] = []
        self.phones: frozenset[int] | None = None
        self.choosy: set[str] = set()
        self.waiting = Waiting()
        self.planned = PlannedPeople()
        self.calibration = Calibration()
        self.configured: Settings | None = None

    @property
    def settings(self) -> Settings:
        """As configured last; JournalError before."""
        if self.configured is None:
            raise JournalError("The first event of a journal must say what queues there are.")
        return self.configured

    def queue_of(self, contact: Contact) -> Queue:
        """Where it waits or waited."""
        return self.lines.queues[contact.queue]

    def set_line(self, contact: Contact) -> None:
        """After a change of its queue, its efforts, or who may take it."""
        contact.line = self.lines.place(contact.queue, efforts=contact.efforts, is_overflowing=contact.is_overflowing)

    def note_choosy(self, contact: Contact) -> None:
        """After a change of who may not take it."""
        if contact.not_now or contact.needs_phone:
            self.choosy.add(contact.id)
        else:
            self.choosy.discard(contact.id)

    def may_take(self, contact: Contact, person: int) -> bool:
        """Whether nothing but skill and room stands between them."""
        has_phone = not contact.needs_phone or self.phones is None or person in self.phones
        return has_phone and person not in contact.not_now

    def may_ask_again(self, contact: Contact) -> None:
        """Whoever declined it may be offered it."""
        contact.not_now = ()
        self.timers.cancel(Timer.ASK_AGAIN, contact.id)
        self.note_choosy(contact)

    def set_presence(self, person: Person, presence: Presence, reason: str) -> None:
        """What a person wishes."""
        self.planned.forget()
        self.count_at_work(person, -1)
        person.presence, person.reason = presence, reason
        self.count_at_work(person, 1)
        self.refresh(person)

    def count_at_work(self, person: Person, by: int) -> None:
        """Adds the person to those at work in their group, or takes them away."""
        if person.presence is Presence.AVAILABLE and person.group >= 0:
            self.at_work[person.group] += by

    def refresh(self, person: Person) -> None:
        """Whether the person is free, and how far; nothing changes for who is free as before."""
        if self.free.rooms.get(person.person, 0) == person.room:
            return
        self.set_free(person, since=self.now)

    def set_free(self, person: Person, *, since: float) -> None:
        """Shows the person among the free, or not, as their room is now."""
        room = person.room
        before = self.free.rooms.get(person.person, 0)
        if before:
            self.free.remove(person.person)
        if room:
            self.free.add(person.person, group=person.group, room=room, since=since)
        whole = (room == WHOLE) - (before == WHOLE)
        if whole:
            self.free.by_skill += whole * self.lines.skills[person.group]

    def join(self, contact: Contact) -> None:
        """The contact waits in its line."""
        contact.stage = Stage.WAITING
        times = (contact.entered, contact.due, contact.last_at)
        self.waiting.add(contact.id, whole=(contact.line, contact.last_person), times=times)
        queue = self.queue_of(contact)
        if queue.overflows and not contact.is_overflowing:
            self.timers.set(Timer.OVERFLOW, contact.id, max(contact.entered + queue.overflow_after_s, self.now))
        if contact.told_until and not contact.is_callback:
            self.timers.set(Timer.RETELL, contact.id, self.now + self.settings.retell_s)

    def leave(self, contact: Contact) -> None:
        """The contact is no more where it was: in a line, scheduled, or hearing a choice."""
        if contact.stage is Stage.WAITING:
            self.waiting.remove(contact.id)
            self.timers.cancel(Timer.OVERFLOW, contact.id)
            self.timers.cancel(Timer.RETELL, contact.id)
        elif contact.stage is Stage.SCHEDULED:
            self.timers.cancel(Timer.CALLBACK, contact.id)
        elif contact.stage is Stage.FRONT:
            self.timers.cancel(Timer.CHOICE, contact.id)
        elif contact.stage is Stage.OFFERED:
            self.timers.cancel(Timer.RING, contact.id)
        elif contact.stage is Stage.DIALLING:
            self.timers.cancel(Timer.DIAL, contact.id)

    def release(self, contact: Contact, *, wrap_until: float) -> None:
        """The contact's person, if any, is rid of it, and wraps up until then (0: not at all)."""
        self.end_listening(contact)
        person = self.people.get(contact.person)
        contact.person = NOBODY
        if person is None:
            return
        weight = person.contacts.pop(contact.id, 0)
        if person.ringing == contact.id:
            person.ringing = ""
        if wrap_until:
            person.is_wrapping = True
            self.timers.set(Timer.WRAP, str(person.person), wrap_until)
        elif weight == WHOLE and person.began:
            self.note_handled(person)
        self.refresh(person)
        if person.group < 0 and not person.contacts:
            self.timers.cancel(Timer.WRAP, str(person.person))
            del self.people[person.person]

    def begin_listening(self, contact: Contact, supervisor: int) -> None:
        """The supervisor, who may be one of those who answer, hears the contact."""
        contact.listener = supervisor
        person = self.people.get(supervisor)
        if person is not None:
            person.listens = contact.id
            self.refresh(person)

    def end_listening(self, contact: Contact) -> None:
        """Nobody hears it any more; whoever did is free again, as far as they were."""
        person = self.people.get(contact.listener)
        contact.listener = NOBODY
        if person is not None:
            person.listens = ""
            self.refresh(person)

    def note_handled(self, person: Person) -> None:
        """A contact that took the person whole is over, wrap-up included."""
        if person.group >= 0 and person.began:
            self.past.note_handled(person.group, self.now - person.began)
        person.began = 0.0

    def end_wrap(self, person: Person) -> None:
        """The person has wrapped up."""
        person.is_wrapping = False
        self.timers.cancel(Timer.WRAP, str(person.person))
        self.note_handled(person)
        self.refresh(person)

    def book(self, contact: Contact, account: Account) -> None:
        """What became of it; a consult is no contact of its own."""
        if contact.parent or contact.account is account:
            return
        contact.account_queue = contact.account_queue or contact.queue
        tally = self.tallies[contact.account_queue]
        if contact.account:
            setattr(tally, contact.account, getattr(tally, contact.account) - 1)
        else:
            tally.entered += 1
        setattr(tally, account, getattr(tally, account) + 1)
        contact.account = account
