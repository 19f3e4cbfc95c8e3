"""What a roster means to callers: the share of intervals in which enough are answered in time."""

from dataclasses import dataclass
from typing import TypedDict

import numpy as np
from numpy.typing import ArrayLike

from tellonce.lab.queueing import queue_measures
from tellonce.lab.rostering.errors import RosterInputError
from tellonce.lab.rostering.terms import Floats, Ints

HOURS_A_DAY = 24.0


class _Queue(TypedDict):
    calls_per_hour: Floats
    aht_s: Floats
    patience_s: Floats
    answer_within_s: Floats


@dataclass(frozen=True, slots=True)
class Interval:
    """One interval: place of the skill, day, interval of the day, people at work, and the share answered in time."""

    skill: int
    day: int
    interval: int
    people: int
    answered: float


@dataclass(frozen=True, slots=True)
class RosterWaits:
    """What callers meet under a roster; only intervals in which somebody calls count.

    Args:
        kept: share of the intervals that keep the target.
        answered: share of all callers answered in time.
        by_interval: share answered in time, shape (skills, 7, intervals a day); nan where nobody calls.
        worst: the intervals with the least share, worst first, at most ten.
        cover: people scheduled, same shape.
    """

    kept: float
    answered: float
    by_interval: Floats
    worst: tuple[Interval, ...]
    cover: Ints


@dataclass(frozen=True, slots=True)
class Demand:
    """Who calls, and what is promised to them.

    Args:
        calls: calls of each interval, shape (skills, 7, intervals a day), zero or more.
        aht_s: mean seconds of a call; a number, or an array that broadcasts with `calls`.
        patience_s: mean seconds until a caller gives up; inf is never.
        answer_within_s: seconds within which an answer is in time.
        target: share to be answered in time for an interval to be kept, above 0 to 1.
        shrinkage: share of those scheduled who are not at the phones, from 0 to below 1.
    """

    calls: Floats
    aht_s: ArrayLike
    patience_s: ArrayLike = np.inf
    answer_within_s: float = 20.0
    target: float = 0.8
    shrinkage: float = 0.0


def roster_waits(*, cover: Ints, demand: Demand) -> RosterWaits:
    """What callers meet in each interval by Erlang A, as if each interval had settled.

    `cover` is people scheduled per skill, whole, shape as the calls. Where nobody is at work nobody is answered.

    Raises:
        RosterInputError: a cover of another shape, negative, or a target or shrinkage outside its bounds.
        QueueInputError: a negative rate or time.
    """
    _check(cover, demand)
    return _summed(cover, _answered(cover, demand, np.ones(cover.shape, dtype=bool)), demand)


def with_people_changed(waits: RosterWaits, *, more: Ints, demand: Demand) -> RosterWaits:
    """The same with `more` people (fewer where negative) in some intervals; only those are worked out again.

    `more` has the shape of the cover; nobody is taken where nobody is. Errors as `roster_waits`.
    """
    if more.shape != waits.cover.shape:
        raise RosterInputError("more", f"must have the shape {waits.cover.shape}, as the cover.")
    cover = np.maximum(waits.cover + more, 0)
    _check(cover, demand)
    changed = cover != waits.cover
    return _summed(cover, np.where(changed, _answered(cover, demand, changed), waits.by_interval), demand)


def _answered(cover: Ints, demand: Demand, where: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Floats:
    """The share answered in time where asked for; nan elsewhere and where nobody calls."""
    people = np.floor(cover * (1.0 - demand.shrinkage) + 1e-9)
    asked, answered = where & (demand.calls > 0), np.full(cover.shape, np.nan)
    answered[asked] = 0.0
    staffed = asked & (people >= 1)
    queue: _Queue = {
        "calls_per_hour": demand.calls[staffed] * (cover.shape[-1] / HOURS_A_DAY),
        "aht_s": np.broadcast_to(demand.aht_s, cover.shape)[staffed],
        "patience_s": np.broadcast_to(demand.patience_s, cover.shape)[staffed],
        "answer_within_s": np.broadcast_to(demand.answer_within_s, cover.shape)[staffed],
    }
    if staffed.any():
        answered[staffed] = queue_measures(**queue, people=people[staffed]).service_level
    return answered


def _summed(cover: Ints, answered: Floats, demand: Demand) -> RosterWaits:
    counts = demand.calls > 0
    level, calls = answered[counts], demand.calls[counts]
    kept = float((level >= demand.target - 1e-12).mean()) if level.size else 1.0
    served = float((level * calls).sum() / calls.sum()) if level.size else 1.0
    places = np.argwhere(counts)
    worst = tuple(_interval(places[at], cover, float(level[at])) for at in np.argsort(level, kind="stable")[:10])
    return RosterWaits(kept, served, answered, worst, cover)


def _interval(place: Ints, cover: Ints, answered: float) -> Interval:
    skill, day, interval = (int(each) for each in place)
    return Interval(skill, day, interval, int(cover[skill, day, interval]), answered)


def _check(cover: Ints, demand: Demand) -> None:
    if cover.shape != demand.calls.shape:
        raise RosterInputError("cover", f"must have the shape {demand.calls.shape}, as the calls, not {cover.shape}.")
    if not np.issubdtype(cover.dtype, np.integer) or (cover < 0).any():
        raise RosterInputError("cover", "must be whole people, zero or more.")
    if not np.isfinite(demand.calls).all() or (demand.calls < 0).any():
        raise RosterInputError("calls", "must be zero or more.")
    if not 0 < demand.target <= 1:
        raise RosterInputError("target", f"must be above 0 and at most 1, not {demand.target:g}.")
    if not 0 <= demand.shrinkage < 1:
        raise RosterInputError("shrinkage", f"must be at least 0 and below 1, not {demand.shrinkage:g}.")
