"""A recorded day is run through the engine again: what is decided must be what was decided."""

from collections.abc import Iterable, Iterator
from typing import get_args

from tellonce.switchboard.board import Board
from tellonce.switchboard.decisions import Offered
from tellonce.switchboard.engine import Engine
from tellonce.switchboard.facts import Fact
from tellonce.switchboard.folding import Event

_FACTS = get_args(Fact)


def facts_of(events: Iterable[Event]) -> Iterator[Fact]:
    """What came from outside."""
    return (event for event in events if isinstance(event, _FACTS))


def replay(events: Iterable[Event], *, since: Board | None = None) -> list[Event]:
    """The events of a new engine that is told the same facts; equal to `events` unless it decides in another way.

    They are all that there are, or those after that board was frozen, which is changed by it.
    """
    engine = Engine(since)
    seen: list[Event] = []
    for fact in facts_of(events):
        seen.extend(engine.take(fact).events)
    return seen


def assignments(events: Iterable[Event]) -> list[tuple[float, str, int]]:
    """Who was offered what, and when."""
    return [(event.at, event.contact, event.person) for event in events if isinstance(event, Offered)]
