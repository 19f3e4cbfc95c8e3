"""What goes in: a provider's own call log, the calls that come, the people at work.

Times are seconds since one moment for all arrays, the midnight (local) with which the first day begins.
"""

from dataclasses import dataclass, fields, replace
from enum import IntEnum
from typing import Self

import numpy as np
from numpy.typing import NDArray

from tellonce.lab.fitting.errors import FittingInputError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

QUARTER_S = 900.0
UNKNOWN = -1


class Ending(IntEnum):
    """How a call ended in the queue."""

    ANSWERED = 0
    ABANDONED = 1
    LEFT_IN_MENU = 2  # never came to the queue
    SOLVED_IN_MENU = 3


@dataclass(frozen=True, slots=True)
class CallLog:
    """Calls as they went, each array of shape (calls,), in any order.

    `kind` is a place in `kinds` (the queue, matter or service type), `person` a place in `people`, or -1 where nobody
    is recorded. `priority` is 0 or more, higher goes first, -1 where the log does not say. `caller` is any code that is
    the same for the same caller, -1 where the caller is not known. `wait_s` is the time in the queue, 0 for a call that
    was answered at once; `service_s` is nan where nobody talked or the log does not say how long.
    """

    arrived_s: Floats
    queued_s: Floats
    wait_s: Floats
    ending: Ints
    service_s: Floats
    person: Ints
    kind: Ints
    priority: Ints
    caller: Ints
    kinds: tuple[str, ...]
    people: tuple[str, ...]

    def __post_init__(self) -> None:
        shape = self.arrived_s.shape
        for each in fields(self)[:9]:
            column = getattr(self, each.name)
            if column.shape != shape or column.ndim != 1:
                raise FittingInputError(each.name, "must have one value for each call.")
        _refuse("wait_s", ~(np.isfinite(self.wait_s) & (self.wait_s >= 0)), "must be zero or more")
        _refuse("service_s", (self.service_s < 0) | np.isinf(self.service_s), "must be zero or more, or nan")
        _refuse("queued_s", ~(self.queued_s >= self.arrived_s), "must not be before the call came in")
        _refuse("kind", (self.kind < 0) | (self.kind >= len(self.kinds)), "must be one of the kinds")
        _refuse("person", (self.person < UNKNOWN) | (self.person >= len(self.people)), "must be one of the people")

    def __len__(self) -> int:
        return len(self.arrived_s)

    def where(self, chosen: Flags) -> Self:
        """The calls for which `chosen`, of shape (calls,), is true."""
        return replace(self, **{each.name: getattr(self, each.name)[chosen] for each in fields(self)[:9]})

    def ended_as(self, ending: Ending) -> Flags:
        """Which calls ended so."""
        flags: Flags = self.ending == ending
        return flags

    @property
    def answered(self) -> Flags:
        """Which calls a person answered."""
        return self.ended_as(Ending.ANSWERED)

    @property
    def in_queue(self) -> Flags:
        """Which calls came to the queue, or were answered at once."""
        return self.answered | self.ended_as(Ending.ABANDONED)

    @property
    def waited(self) -> Flags:
        """Which calls stood in the queue for some time."""
        return self.in_queue & ((self.wait_s > 0) | self.ended_as(Ending.ABANDONED))

    @property
    def began_s(self) -> Floats:
        """When the talk began, for those answered; when the caller gave up, for the others."""
        return self.queued_s + self.wait_s

    @property
    def over_s(self) -> Floats:
        """When the call was over; for a talk of unknown length, when it began."""
        over: Floats = self.began_s + np.nan_to_num(self.service_s)
        return over

    @property
    def priorities(self) -> int:
        """How many priorities there are, 0 included."""
        return max(int(self.priority.max(initial=0)), 0) + 1


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Calls that come to the queue, each array of shape (calls,), rising in time; a priority of -1 is not known."""

    at_s: Floats
    kind: Ints
    priority: Ints

    def __post_init__(self) -> None:
        if not (np.diff(self.at_s) >= 0).all():
            raise FittingInputError("at_s", "must rise.")
        if not self.at_s.shape == self.kind.shape == self.priority.shape:
            raise FittingInputError("kind", "and priority must have one value for each call.")

    @classmethod
    def seen_in(cls, log: CallLog) -> Self:
        """The calls of a log that came to the queue, in order of coming."""
        came = np.flatnonzero(log.in_queue)
        order = came[np.argsort(log.queued_s[came], kind="stable")]
        return cls(log.queued_s[order], log.kind[order], log.priority[order])


@dataclass(frozen=True, slots=True)
class AtWork:
    """Spells at work: `person` (a place in `people`) is there from `from_s` until `until_s`, arrays of shape (spells,).

    `takes` of shape (people, kinds) says which kinds of call each person takes.
    """

    person: Ints
    from_s: Floats
    until_s: Floats
    people: tuple[str, ...]
    takes: Flags

    def __post_init__(self) -> None:
        _refuse("until_s", ~(self.until_s > self.from_s), "must be after the spell began")
        _refuse("person", (self.person < 0) | (self.person >= len(self.people)), "must be one of the people")
        if self.takes.shape[:1] != (len(self.people),):
            raise FittingInputError("takes", "must have a row for each person.")


def _refuse(field: str, wrong: Flags, rule: str) -> None:
    if wrong.any():
        raise FittingInputError(field, f"{rule} (call or spell {int(np.flatnonzero(wrong)[0])}, counted from 0).")
