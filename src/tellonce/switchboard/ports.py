"""What the switchboard needs of the house around it; `modules/phone` gives it.

All of it waits for a database: the switchboard calls it in one thread of its own, one call at a time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from tellonce.switchboard.drivers import Phone
from tellonce.switchboard.drivers.told import Recorded
from tellonce.switchboard.facts import Arrived, Fact
from tellonce.switchboard.folding import Event
from tellonce.switchboard.settings import Settings
from tellonce.switchboard.showing import Shown


@dataclass(frozen=True, slots=True)
class Past:
    """What was kept: a frozen board, or None, and all events since."""

    board: Mapping[str, Any] | None
    events: Iterable[Event]


@dataclass(frozen=True, slots=True)
class Asking:
    """What somebody on staff asks for; kept until its answer is."""

    id: int
    fact: Fact


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept in one transaction: the events of whole steps, what was asked and is done, and what pages see."""

    events: Sequence[Event] = ()
    done: Sequence[int] = ()
    shown: Shown | None = None


class Journal(Protocol):
    """Where events are kept. One switchboard writes it at a time."""

    def take_over(self) -> bool:
        """Whether this switchboard writes from now on; False while another one does."""
        ...

    def read(self, *, whole: bool = False) -> Past:
        """What was kept; the `whole` of it without any board."""
        ...

    def keep(self, kept: Kept) -> None:
        """Keeps it in one transaction, before any command of its steps is carried out.

        If it raises, the engine knows more than the journal: it is thrown away and rebuilt. It raises JournalError
        when another switchboard may be writing by now.
        """
        ...

    def freeze(self, board: Mapping[str, Any]) -> None:
        """Keeps the board as it is after the last event."""
        ...

    def asked(self) -> Sequence[Asking]:
        """What is asked for and not done, in order."""
        ...


@dataclass(frozen=True, slots=True)
class Around:
    """What holds now: queues that are closed (and when each opens), outages (area, expected end), phones."""

    settings: Settings
    closed: Mapping[str, float] = field(default_factory=dict)
    outages: Mapping[str, tuple[str, float]] = field(default_factory=dict)
    phones: Mapping[int, Phone] = field(default_factory=dict)


class Directory(Protocol):
    """Who and what there is."""

    def around(self, at: float) -> Around:
        """Queues, people, numbers, hours, outages and phones, as they are now."""
        ...

    def known(self, arrived: Arrived) -> Arrived:
        """The same with what is on record of the number: customer, area, efforts, who had the matter last, story."""
        ...

    def file(self) -> bool:
        """Makes contacts and records of what the journal holds since the last time; whether there may be more."""
        ...

    def recorded(self, recording: Recorded) -> None:
        """A recording is whole: it becomes part of the story."""
        ...
