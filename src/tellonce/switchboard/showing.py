"""What pages see of the floor: contacts, people and accounts that a step has touched, as they are after it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from tellonce.switchboard.board import Board
from tellonce.switchboard.contacts import Contact, Tally
from tellonce.switchboard.decisions import WaitTold
from tellonce.switchboard.facts import NOBODY, Configured, ListeningAsked
from tellonce.switchboard.folding import Event
from tellonce.switchboard.timers import Timer


@dataclass(frozen=True, slots=True)
class PersonShown:
    """Somebody who answers: what they do, since when, what rings, and until when they may wrap up (0: not)."""

    person: int
    state: str
    wished: str
    reason: str
    since: float
    ringing: str
    wrap_until: float


@dataclass(frozen=True, slots=True)
class ContactShown:
    """A contact as the engine sees it, and since when it is in its stage."""

    contact: Contact
    since: float


@dataclass(frozen=True, slots=True)
class Shown:
    """What has changed: contacts, people and accounts (by queue) as they are now, who is gone, and told waits.

    With `is_all` there are no others. `acted` are people who did something, with why it is refused ("": it is not).
    """

    contacts: tuple[ContactShown, ...] = ()
    over: tuple[str, ...] = ()
    people: tuple[PersonShown, ...] = ()
    gone: tuple[int, ...] = ()
    told: tuple[WaitTold, ...] = ()
    is_all: bool = False
    acted: tuple[tuple[int, str], ...] = ()
    tallies: tuple[tuple[str, Tally], ...] = ()


@dataclass(slots=True)
class Showing:
    """Remembers what was shown last, so that only what has changed is shown again."""

    stages: dict[str, tuple[str, float]] = field(default_factory=dict)
    holders: dict[str, int] = field(default_factory=dict)
    listeners: dict[str, int] = field(default_factory=dict)
    asked_about: dict[str, str] = field(default_factory=dict)
    people: dict[int, PersonShown] = field(default_factory=dict)
    tallies: dict[str, Tally] = field(default_factory=dict)

    def everything(self, board: Board) -> Shown:
        """All of it, for pages that know nothing."""
        self.people.clear()
        self.tallies.clear()
        return replace(self._shown(board, [*board.contacts], [*board.people], ()), is_all=True)

    def changed(self, board: Board, events: Iterable[Event]) -> Shown:
        """What these events have touched."""
        contacts: dict[str, None] = {}
        people: dict[int, None] = {}
        told = []
        for event in events:
            if isinstance(event, WaitTold):
                told.append(event)
            if isinstance(event, Configured):
                people |= dict.fromkeys({*board.people, *self.people})
            if isinstance(event, ListeningAsked):  # instead of a call that no event names
                contacts |= dict.fromkeys(self._heard_by(event.supervisor))
            contacts |= dict.fromkeys(_named(event, "contact", "leg"))
            people |= dict.fromkeys(_named(event, "person", "colleague", "supervisor"))
        contacts |= dict.fromkeys(self.asked_about[name] for name in contacts if name in self.asked_about)
        for name in contacts:
            people[self.holders.get(name, NOBODY)] = None
            people[self.listeners.get(name, NOBODY)] = None
            if name in board.contacts:
                people[board.contacts[name].person] = None
        return self._shown(board, contacts, people, tuple(told))

    def _heard_by(self, supervisor: int) -> list[str]:
        return [name for name, listener in self.listeners.items() if listener == supervisor]

    def _shown(self, board: Board, contacts: Iterable[str], people: Iterable[int], told: tuple[WaitTold, ...]) -> Shown:
        names = list(contacts)
        here = [board.contacts[name] for name in names if name in board.contacts]
        over = tuple(name for name in names if name not in board.contacts)
        shown = tuple(ContactShown(each, self._since(board, each)) for each in here)
        self.asked_about |= {each.id: each.parent for each in here if each.parent}
        for name in over:
            self.asked_about.pop(name, None)
            self.stages.pop(name, None)
            self.holders.pop(name, None)
            self.listeners.pop(name, None)
        return Shown(
            contacts=shown,
            over=over,
            people=tuple(self._changed_people(board, people)),
            gone=tuple(self._gone(board, people)),
            told=told,
            tallies=tuple(self._changed_tallies(board)),
        )

    def _since(self, board: Board, contact: Contact) -> float:
        self.holders[contact.id] = contact.person
        self.listeners[contact.id] = contact.listener
        stage, since = self.stages.get(contact.id, ("", 0.0))
        if stage != contact.stage:
            self.stages[contact.id] = stage, since = contact.stage, board.now
        return since

    def _changed_people(self, board: Board, people: Iterable[int]) -> Iterator[PersonShown]:
        for number in people:
            person, before = board.people.get(number), self.people.get(number)
            if person is None:
                continue
            until = board.timers.due_at(Timer.WRAP, str(number)) if person.is_wrapping else 0.0
            since = before.since if before and before.state == person.state else board.now
            now = PersonShown(number, person.state, person.presence, person.reason, since, person.ringing, until)
            if now != before:
                self.people[number] = now
                yield now

    def _changed_tallies(self, board: Board) -> Iterator[tuple[str, Tally]]:
        for queue, tally in board.tallies.items():
            if tally != self.tallies.get(queue):
                self.tallies[queue] = replace(tally)
                yield queue, self.tallies[queue]

    def _gone(self, board: Board, people: Iterable[int]) -> Iterator[int]:
        for number in people:
            if number not in board.people and self.people.pop(number, None) is not None:
                yield number


def _named(event: Event, *fields: str) -> Iterator[Any]:
    for name in fields:
        value = getattr(event, name, None)
        if value not in {None, "", NOBODY}:
            yield value
