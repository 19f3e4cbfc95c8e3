"""A small switchboard for tests: says what happened, and what is seen."""

from dataclasses import asdict
from typing import Any, TypeVar

import numpy as np

from tellonce.switchboard.board import Board
from tellonce.switchboard.commands import Command
from tellonce.switchboard.contacts import Contact
from tellonce.switchboard.decisions import Choice
from tellonce.switchboard.engine import Engine
from tellonce.switchboard.facts import (
    Answered,
    Arrived,
    ChoiceSaid,
    Configured,
    Fact,
    HungUp,
    KeyPressed,
    PersonSet,
    Presence,
    TimePassed,
)
from tellonce.switchboard.folding import Event
from tellonce.switchboard.folding.contacts import heard
from tellonce.switchboard.settings import Dialling, Member, Queue, Settings

ANN, BOB, CAT = 1, 2, 3
NUMBER = "+12025550123"
MAY_DIAL = Dialling(beginnings=("+1",))
CARE = Queue("care", "care")
TEAM = (Member(ANN, {"care": 1}), Member(BOB, {"care": 1}))

One = TypeVar("One")


class Floor:
    """An engine with a journal, a clock that is moved by hand, and what it asked for last."""

    def __init__(self, *queues: Queue, members: tuple[Member, ...] = TEAM, **more: Any) -> None:
        self.engine, self.at = Engine(), 1_000.0
        self.steps: list[tuple[Event, ...]] = []
        self.commands: tuple[Command, ...] = ()
        more.setdefault("dialling", MAY_DIAL)
        self.take(Configured(self.at, Settings(queues or (CARE,), members, **more)))

    def take(self, fact: Fact) -> tuple[Command, ...]:
        result = self.engine.take(fact)
        if result.events:
            self.steps.append(result.events)
        self.commands = result.commands
        return result.commands

    @property
    def board(self) -> Board:
        return self.engine.board

    @property
    def events(self) -> list[Event]:
        return [event for step in self.steps for event in step]

    def wait(self, seconds: float) -> tuple[Command, ...]:
        """Time passes, and everything due within it is told in turn."""
        until = self.at + seconds
        done: list[Command] = []
        while (due := self.engine.next_due) is not None and due <= until:
            done += self.take(TimePassed(due))
        self.at = until
        self.commands = tuple(done)
        return self.commands

    def comes(self, *people: int) -> None:
        for person in people:
            self.take(PersonSet(self.at, person, Presence.AVAILABLE))

    def pauses(self, person: int, reason: str = "lunch") -> None:
        self.take(PersonSet(self.at, person, Presence.PAUSED, reason))

    def calls(self, contact: str, **more: Any) -> tuple[Command, ...]:
        more.setdefault("queue", "care")
        more.setdefault("number", NUMBER)
        return self.take(Arrived(self.at, contact, **more))

    def answers(self, person: int, contact: str) -> tuple[Command, ...]:
        return self.take(Answered(self.at, contact, person))

    def hangs_up(self, contact: str) -> tuple[Command, ...]:
        return self.take(HungUp(self.at, contact))

    def hears(self, contact: str) -> tuple[Command, ...]:
        """The caller has heard the choice that they are given, to its end."""
        given = self.contact(contact)
        return self.take(ChoiceSaid(self.at, contact, heard(Choice(given.choice), given.about)))

    def presses(self, key: str, contact: str) -> tuple[Command, ...]:
        return self.take(KeyPressed(self.at, contact, key))

    def contact(self, name: str) -> Contact:
        return self.board.contacts[name]

    def state(self, person: int) -> str:
        return self.board.people[person].state

    def ringing(self, person: int) -> str:
        return self.board.people[person].ringing

    def last(self, kind: type[One]) -> One:
        return [event for event in self.events if isinstance(event, kind)][-1]

    def asked(self, kind: type[One]) -> list[One]:
        """The commands of a kind that were given last."""
        return [command for command in self.commands if isinstance(command, kind)]

    def accounts(self, queue: str = "care") -> dict[str, int]:
        return asdict(self.board.tallies[queue])


def snapshot(board: Board) -> dict[str, Any]:
    """Everything a board knows, to be compared."""
    past = board.past
    return {
        "now": board.now,
        "settings": board.settings,
        "contacts": {name: asdict(contact) for name, contact in board.contacts.items()},
        "people": {number: asdict(person) for number, person in board.people.items()},
        "tallies": {name: asdict(tally) for name, tally in board.tallies.items()},
        "outages": {name: asdict(outage) for name, outage in board.outages.items()},
        "timers": dict(board.timers.due),
        "next": board.timers.next_due(),
        "around": (
            board.news,
            board.closed,
            board.callbacks,
            board.dialled,
            board.calibration,
            board.phones,
            board.choosy,
        ),
        "waiting": (list(board.waiting.ids), *_lists(board.waiting.line, board.waiting.entered, board.waiting.due)),
        "free": _lists(board.free.person, board.free.room, board.free.since, board.free.by_skill),
        "past": _lists(past.rate, past.rate_at, past.handle_s, past.handled, past.left, past.exposure_s),
        "rung": (past.rung_s, past.answers),
        "planned": dict(board.planned.spells),
        "shares": _lists(board.lag, board.given, board.at_work),
    }


def _lists(*arrays: np.ndarray[Any, Any]) -> list[Any]:
    return [array.tolist() for array in arrays]
