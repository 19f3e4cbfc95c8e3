"""What the switchboard needs of the house around it; `modules/phone` gives it.

All of it waits for a database. The journal is called in one thread of its own, one call at a time; the directory in
some others.
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
    """Where events are kept. One switchboard writes it at a time.

    Whatever needs the database raises JournalLostError while that cannot be reached: see `regain`.
    """

    def take_over(self) -> bool:
        """Whether this switchboard writes from now on; False while another one does."""
        ...

    def regain(self) -> bool:
        """After JournalLostError: whether this switchboard can write again.

        JournalError when another one has written since, or can now: then there is nothing to go on with.
        """
        ...

    def read(self, *, whole: bool = False) -> Past:
        """What was kept; the `whole` of it without any board, JournalError if its beginning is there no more."""
        ...

    def left(self) -> Sequence[Fact]:
        """What pages saw last, as far as it can be told to an engine that knows nothing: people, callbacks, chats.

        Calls that were up, of numbers that can be called back, are callbacks with the place that they had.
        """
        ...

    def keep(self, kept: Kept) -> None:
        """Keeps it in one transaction, before any command of its steps is carried out.

        If it raises, the engine knows more than the journal: it is thrown away and rebuilt, unless the same is kept
        after all once the journal is regained. NotKeptError when the database refuses something of it.
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
    """What holds now: queues that are closed (and when each opens), outages (area, expected end), phones.

    Times that are not known are 0.
    `shifts` are the spells (from, until) for which people are planned to be there; None without plans.
    `withdrawn` are callbacks that nobody needs any more, `elsewhere` chats, texts and mails that somebody has taken, or
    ended, without the switchboard.
    """

    settings: Settings
    closed: Mapping[str, float] = field(default_factory=dict)
    outages: Mapping[str, tuple[str, float]] = field(default_factory=dict)
    phones: Sequence[Phone] = ()
    shifts: Mapping[int, tuple[tuple[float, float], ...]] | None = None
    withdrawn: frozenset[str] = frozenset()
    elsewhere: frozenset[str] = frozenset()


class Directory(Protocol):
    """Who and what there is."""

    def around(self, at: float) -> Around:
        """Queues, people, numbers, hours, outages and phones, as they are now."""
        ...

    def known(self, arrived: Arrived) -> Arrived:
        """The same with what is on record of the number: customer, area, efforts, who talked with them last.

        The story of a customer is found by the customer; of anything else by what whoever told of it gave as `story`.
        """
        ...

    def name_of(self, customer: int) -> str:
        """What the customer is called, for the phone that rings; "" if that is not known."""
        ...

    def file(self) -> bool:
        """Makes contacts and records of what the journal holds since the last time; whether there may be more."""
        ...

    def recorded(self, recording: Recorded) -> None:
        """A recording is whole: it becomes part of the story."""
        ...
