"""The engine: what happened goes in, what is to be done comes out; its state is a fold over what is journalled.

It has no clock, no chance and no connection to anything. Both decisions, and the estimate of waits, are those of
`lab.routing`, compiled: the same as in rehearsals.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tellonce.switchboard.board import Board
from tellonce.switchboard.commands import Command
from tellonce.switchboard.deciding import decide
from tellonce.switchboard.deciding.step import Step
from tellonce.switchboard.errors import HalfStepError, JournalError
from tellonce.switchboard.facts import BegunAnew, Configured, Fact
from tellonce.switchboard.folding import Event, fold


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a fact: the events to keep, in one transaction and in this order, and then what to do.

    Both are empty for a fact that came too late to mean anything.
    """

    events: tuple[Event, ...]
    commands: tuple[Command, ...]


class Engine:
    """One group of lines. Its first fact says what queues there are, unless it goes on from a board."""

    def __init__(self, board: Board | None = None) -> None:
        self.board = board or Board()

    def take(self, fact: Fact) -> Result:
        """Takes what happened. A clock that steps back stands still.

        Raises:
            JournalError: nothing was configured yet.
            SettingsError, RoutingInputError: new settings do not fit together; nothing has changed then.
            HalfStepError: it broke off half-way, and the engine is not to be used any more. Any other error changes
                nothing.
        """
        if self.board.configured is None and not isinstance(fact, Configured | BegunAnew):
            raise JournalError("The first event of a journal must say what queues there are.")
        if fact.at < self.board.now:
            fact = replace(fact, at=self.board.now)
        step = Step(self.board)
        try:
            decide(step, fact)
        except Exception as error:
            if step.has_begun:
                raise HalfStepError(type(fact).__name__, step.due) from error
            raise
        return Result(tuple(step.events), tuple(step.commands))

    @property
    def next_due(self) -> float | None:
        """When a `TimePassed` is due next, None for never; later is harmless."""
        return self.board.timers.next_due()


def rebuild(events: Iterable[Event], *, since: Board | None = None) -> Engine:
    """The engine that journalled these events, whole steps: identical to what it was.

    They are all that there are, or all `since` that board was frozen.

    Nothing is decided, so nothing is done twice.

    Raises:
        JournalError: no engine can have written them.
    """
    engine = Engine(since)
    for event in events:
        fold(engine.board, event)
    return engine
