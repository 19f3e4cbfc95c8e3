"""What a number of people does to callers: Erlang A in each quarter hour, as if it had settled there."""

from typing import TypedDict

import numpy as np

from tellonce.lab.queueing import people_needed, queue_measures, waits_after
from tellonce.modules.planning.contracts import DAYS, QUARTER_S, PlanTerms
from tellonce.modules.planning.contracts.outlook import Demand, Floats, Ints, Outlook, Stretch

_HOUR_S = 3_600
_PER_HOUR = _HOUR_S // QUARTER_S
_LEAST_CALLS = 0.1  # in a quarter hour: fewer are nobody, and what a forecast smears over closing time
_AFTER_S = np.array([0.0, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 420, 600, 900, 1800])
_STRETCH = 8  # quarter hours that are looked at together: two hours
_NOBODY = 1e-9


def outlook(calls: Floats, people: Floats, terms: PlanTerms, *, needed: Ints | None = None) -> Outlook:
    """What callers meet with so many people on the roster; `calls` and `people` of shape (7, 96).

    `needed` saves working the requirement out again where it is known of these calls and terms.
    """
    fewer, part = _whole_and_part(people, terms)
    queue = _queue(calls, terms)
    measured = [
        queue_measures(**queue, people=np.maximum(count, 1), answer_within_s=terms.target_within_s)
        for count in (fewer, fewer + 1)
    ]
    somebody = fewer >= 1
    in_time = _between(np.where(somebody, measured[0].service_level, 0.0), measured[1].service_level, part)
    gave_up = _between(np.where(somebody, measured[0].abandonment, 1.0), measured[1].abandonment, part)
    counted = calls >= _LEAST_CALLS
    return Outlook(
        calls=calls,
        required=required(calls, terms) if needed is None else needed,
        people=people,
        in_time=in_time,
        gave_up=gave_up,
        counted=counted,
        kept=counted & (in_time >= terms.target_share - _NOBODY),
    )


def required(calls: Floats, terms: PlanTerms) -> Ints:
    """The least people on the roster that keep the target in each quarter hour; none where hardly anybody calls."""
    staffing = people_needed(
        calls_per_hour=calls * _PER_HOUR,
        aht_s=terms.handle_s,
        patience_s=terms.patience_s,
        answer_within_s=terms.target_within_s,
        service_level=terms.target_share,
        shrinkage=terms.shrinkage,
    )
    return np.where(calls >= _LEAST_CALLS, staffing.scheduled, 0)


def demand_at_top(demand: Demand, people: Floats, terms: PlanTerms) -> float:
    """The share of quarter hours kept if each of them had the calls at the top of its 80% interval."""
    return outlook(demand.high, people, terms, needed=np.zeros(people.shape, dtype=np.int64)).share_kept


def weakest_stretch(seen: Outlook, *, days_over: int = 0) -> Stretch | None:
    """The two hours with the most calls not answered in time, after the days that are over; None where all are kept."""
    late = np.where(seen.counted & ~seen.kept, seen.late_calls, 0.0)
    late[: days_over % DAYS] = 0.0
    if not late.any():
        return None
    windows = np.lib.stride_tricks.sliding_window_view(late, _STRETCH, axis=1)[:, :: _STRETCH // 2].sum(axis=2)
    day, place = np.unravel_index(int(windows.argmax()), windows.shape)
    first = int(place) * (_STRETCH // 2)
    return stretch(seen, int(day), first, first + _STRETCH)


def stretch(seen: Outlook, day: int, first: int, last: int) -> Stretch:
    """The share answered in time of the calls in these quarter hours."""
    calls, late = seen.calls[day, first:last].sum(), seen.late_calls[day, first:last].sum()
    return Stretch(day, first, last, float(1.0 - late / calls) if calls > 0 else 1.0)


def missing_people(seen: Outlook, where: Stretch) -> int:
    """How many more people it takes to keep every quarter hour of the stretch."""
    short = seen.required - seen.people
    return max(0, int(np.ceil(short[where.day, where.first : where.last].max())))


def with_more(people: Floats, where: Stretch, more: float) -> Floats:
    """The roster with so many more people in the stretch, never fewer than none."""
    changed = people.copy()
    changed[where.day, where.first : where.last] = np.maximum(changed[where.day, where.first : where.last] + more, 0.0)
    return changed


def wait_quantiles(calls: Floats, people: Floats, terms: PlanTerms) -> tuple[Floats, Floats]:
    """Seconds that half, and nine of ten, of the callers wait at most until they are answered or give up.

    `calls` and `people` of shape (96,). Between the points of a grid the distribution is taken as straight.
    """
    fewer, part = _whole_and_part(people, terms)
    queue = _queue(calls, terms)
    after, waiting = _AFTER_S[:, None], []
    for count in (fewer, fewer + 1):
        still = waits_after(after_s=after, people=np.maximum(count, 1)[None], **queue).still_waiting
        waiting.append(np.where(count >= 1, still, np.exp(-after / terms.patience_s)))
    still = _between(waiting[0], waiting[1], part[None])
    return _crossing(still, 0.5), _crossing(still, 0.1)


class _Queue(TypedDict):
    calls_per_hour: Floats
    aht_s: float
    patience_s: float


def _queue(calls: Floats, terms: PlanTerms) -> _Queue:
    return {"calls_per_hour": calls * _PER_HOUR, "aht_s": terms.handle_s, "patience_s": terms.patience_s}


def _whole_and_part(people: Floats, terms: PlanTerms) -> tuple[Floats, Floats]:
    """People at the phones: whole ones, and the share of one more."""
    at_phones = people * (1.0 - terms.shrinkage)
    fewer: Floats = np.floor(at_phones + _NOBODY)
    return fewer, np.clip(at_phones - fewer, 0.0, 1.0)


def _between(low: Floats, high: Floats, part: Floats) -> Floats:
    """A fraction of a person is taken as that share of the time with one person more."""
    mixed: Floats = low * (1.0 - part) + high * part
    return mixed


def _crossing(still: Floats, share: float) -> Floats:
    """The time at which the share still waiting falls to `share`; the grid's end where it never does."""
    below = still <= share
    place = np.where(below.any(axis=0), below.argmax(axis=0), len(_AFTER_S) - 1)
    before = np.maximum(place - 1, 0)
    high = np.take_along_axis(still, before[None], axis=0)[0]
    low = np.take_along_axis(still, place[None], axis=0)[0]
    step = np.where(high > low, (high - share) / np.where(high > low, high - low, 1.0), 0.0)
    crossed = _AFTER_S[before] + np.clip(step, 0.0, 1.0) * (_AFTER_S[place] - _AFTER_S[before])
    return np.where(place == 0, 0.0, crossed)
