"""Who was at work when, and how soon people take the next call, seen from who talked when.

A log does not say when people leave the phones. Between two calls a person was away if the others were given call after
call meanwhile: a free person who has waited longest is next, so nobody who is there is passed over for long.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tellonce.lab.fitting.contracts import QUARTER_S, AtWork, CallLog, Flags, Floats, Ints
from tellonce.lab.fitting.errors import FittingInputError
from tellonce.lab.fitting.line import WaitingLine
from tellonce.lab.survival import kaplan_meier

_SHORT_GAP_S = 60.0
_LONG_GAP_S = 1_800.0
_ROUNDS = 2.0  # calls that each of the others began, on average, while a person was away
_LEAST_WAITING = 2  # a single waiting call may be one that the person does not take
_LINE_CLOCKS_S = 3.0  # the end of a wait and the beginning of the talk differ by up to so much in real logs
_SHARES = np.linspace(0.0, 1.0, 257)


@dataclass(frozen=True, slots=True)
class Turns:
    """The calls that people talked on, sorted by person and time; arrays of shape (turns,).

    `gap_s` is the time since the same person's call before, inf for a first one; `after_break` says that the person was
    away in that gap.
    """

    call: Ints
    person: Ints
    from_s: Floats
    until_s: Floats
    gap_s: Floats
    after_break: Flags


@dataclass(frozen=True, slots=True)
class WrapUp:
    """Seconds from the end of a talk to the next while calls wait: the value at each of `shares`, shape (257,)."""

    shares: Floats
    seconds: Floats
    seen: int  # gaps that began while calls waited

    @property
    def mean_s(self) -> float:
        """The mean."""
        return float(np.sum((self.seconds[1:] + self.seconds[:-1]) / 2 * np.diff(self.shares)))


def turns(log: CallLog) -> Turns:
    """The turns of all people of a log; calls that name nobody are left out."""
    talked = np.flatnonzero(log.answered & (log.person >= 0))
    order = talked[np.lexsort((log.began_s[talked], log.person[talked]))]
    person, began = log.person[order], log.began_s[order]
    until = log.over_s[order]
    gap = np.full(len(order), np.inf)
    same = person[1:] == person[:-1]
    gap[1:][same] = (began[1:] - until[:-1])[same]
    return Turns(order, person, began, until, gap, _after_breaks(person, began, until, gap))


def at_work(log: CallLog, *, least_share: float = 0.004) -> AtWork:
    """The spells at work of all people of a log: from a first talk to the end of the last before a break.

    A person takes the kinds that make up at least `least_share` of what he or she was given.

    Raises:
        FittingInputError: the log names nobody who answered.
    """
    seen = turns(log)
    if not len(seen.call):
        raise FittingInputError("person", "must be known for some answered calls.", reason="nobody_named")
    first = np.flatnonzero(seen.after_break)
    last = np.append(first[1:], len(seen.call)) - 1
    until: Floats = np.maximum(seen.until_s[last], seen.from_s[first] + 1.0)
    given = np.zeros((len(log.people), len(log.kinds)))
    np.add.at(given, (seen.person, log.kind[seen.call]), 1)
    takes = given >= np.maximum(least_share * given.sum(axis=1, keepdims=True), 1)
    return AtWork(seen.person[first], seen.from_s[first], until, log.people, takes)


def seconds_at_work(work: AtWork, *, quarters: int) -> Floats:
    """Seconds that each person was at work in each quarter hour from time 0, shape (people, quarters)."""
    seconds = np.zeros((len(work.people), quarters))
    edges = np.arange(quarters + 1) * QUARTER_S
    for person, begin, end in zip(work.person, work.from_s, work.until_s, strict=True):
        inside = np.minimum(edges[1:], end) - np.maximum(edges[:-1], begin)
        seconds[person] += np.maximum(inside, 0.0)
    return np.minimum(seconds, QUARTER_S)


def spells_from(seconds: Floats, *, people: tuple[str, ...], takes: Flags) -> AtWork:
    """Spells at work that have these seconds in each quarter hour, shape (people, quarters).

    A part of a quarter hour joins a neighbour in which the person was at work longer, else stands in its middle.
    """
    padded: Floats = np.pad(np.where(seconds < 1.0, 0.0, seconds), ((0, 0), (1, 1)))
    before, here, after = padded[:, :-2], padded[:, 1:-1], padded[:, 2:]
    starts: Floats = np.arange(seconds.shape[1], dtype=np.float64) * QUARTER_S
    slack = QUARTER_S - here
    offset = np.where((before > after), 0.0, np.where(after > 0, slack, np.where(before > 0, 0.0, slack / 2)))
    who, quarter = np.nonzero(here)
    begin = starts[quarter] + offset[who, quarter]
    end = begin + here[who, quarter]
    new = np.ones(len(who), dtype=np.bool_)
    new[1:] = (who[1:] != who[:-1]) | (begin[1:] > end[:-1] + 1.0)
    first = np.flatnonzero(new)
    last = np.append(first[1:], len(who)) - 1
    return AtWork(who[first].astype(np.int64), begin[first], end[last], people, takes)


def wrap_up(log: CallLog) -> WrapUp:
    """How soon people take the next call while calls wait (two at least): Kaplan-Meier, cut off when the line empties.

    Breaks are left out: they are time not at work. With no gap seen while calls waited, the wrap-up is 0.
    """
    seen, line = turns(log), WaitingLine.of(log)
    inside = np.flatnonzero(~seen.after_break)
    ended = seen.from_s[inside] - seen.gap_s[inside]
    pressed = line.at(ended) >= _LEAST_WAITING
    inside, ended = inside[pressed], ended[pressed]
    if not len(inside):
        return WrapUp(_SHARES, np.zeros(len(_SHARES)), 0)
    gap = np.maximum(seen.gap_s[inside], 0.0)
    watched = line.empty_after(ended) - ended + _LINE_CLOCKS_S
    curve = kaplan_meier(np.minimum(gap, watched), gap <= watched)
    if not len(curve.times):
        return WrapUp(_SHARES, np.zeros(len(_SHARES)), len(inside))
    taken = (1.0 - curve.survival) / (1.0 - curve.survival[-1])
    seconds = curve.times[np.minimum(np.searchsorted(taken, _SHARES - 1e-12), len(taken) - 1)]
    return WrapUp(_SHARES, seconds, len(inside))


def _after_breaks(person: Ints, began: Floats, until: Floats, gap: Floats) -> Flags:
    """Which turns come after a break: a first one, a long gap, or one in which the others began two calls each."""
    away: NDArray[np.bool_] = gap > _LONG_GAP_S
    order = np.argsort(began, kind="stable")
    times, who = began[order], person[order]
    for turn in np.flatnonzero(~away & (gap > _SHORT_GAP_S)):
        low = np.searchsorted(times, until[turn - 1], side="right")
        high = np.searchsorted(times, began[turn], side="left")
        others = len(np.unique(who[low:high]))
        away[turn] = others > 0 and high - low >= _ROUNDS * others
    return away
