"""A simulator's scenario from what was learned, the calls expected and the people at work."""

import math
from dataclasses import replace
from typing import Final

import numpy as np

from tellonce.lab.fitting.contracts import QUARTER_S, UNKNOWN, Arrivals, AtWork, Floats
from tellonce.lab.fitting.errors import FittingInputError
from tellonce.lab.fitting.learning import Fitted
from tellonce.lab.fitting.returns import Returns
from tellonce.lab.routing.rules import Rules
from tellonce.lab.simulation.contracts import (
    Empirical,
    Exponential,
    Lengths,
    Lognormal,
    Matter,
    Patience,
    Person,
    Scenario,
    Shift,
    Stream,
)
from tellonce.lab.survival import PiecewiseHazard

_DAY_S = 86_400.0
_HEAD_STEP_S = 5.0  # head starts are learned to so many seconds: a step of a stream's priority
_AS_LEARNED: Final = Rules(priority_s=_HEAD_STEP_S, effort_s=0.0, continuity_s=0.0, breadth_s=0.0, shares_s=0.0)
_PACE_STEP = 0.1  # hours whose talk times differ by less are taken together
_QUANTILES = slice(None, None, 4)


def expected_calls(fitted: Fitted, arrivals: Arrivals, *, intervals: int, interval_s: float = QUARTER_S) -> Floats:
    """The calls of each kind and priority in each interval from time 0, shape (kinds, priorities, intervals).

    A call whose priority is not known counts in parts, as the priorities of its kind were mixed in the log.

    Raises:
        FittingInputError: a call outside the intervals, or of a kind or priority that was not learned.
    """
    place = np.floor(arrivals.at_s / interval_s).astype(np.int64)
    if ((place < 0) | (place >= intervals)).any():
        raise FittingInputError("at_s", f"must lie within the {intervals} intervals.")
    if ((arrivals.kind < 0) | (arrivals.kind >= len(fitted.kinds)) | (arrivals.priority >= fitted.priorities)).any():
        raise FittingInputError("kind", "and priority must be among those learned.")
    counts = np.zeros((len(fitted.kinds), fitted.priorities, intervals))
    said = arrivals.priority != UNKNOWN
    np.add.at(counts, (arrivals.kind[said], arrivals.priority[said], place[said]), 1.0)
    unsaid = np.zeros((len(fitted.kinds), intervals))
    np.add.at(unsaid, (arrivals.kind[~said], place[~said]), 1.0)
    return counts + fitted.priority_mix[:, :, None] * unsaid[:, None, :]


def scenario(
    fitted: Fitted,
    *,
    expected: Floats,
    people: AtWork,
    interval_s: float = QUARTER_S,
    answer_within_s: float = 60.0,
    calls_again: bool = False,
    counted: bool = False,
    rules: Rules | None = None,
) -> Scenario:
    """The scenario.

    Args:
        fitted: what a log taught.
        expected: calls that come to the queue, shape (kinds, priorities, intervals), kinds as in `fitted`; time 0 is a
            midnight, for the hours of the day.
        people: who is at work when; a person that the log did not name talks at the usual pace.
        interval_s: length of an interval in seconds.
        answer_within_s: what counts as answered in time.
        calls_again: whether redials and repeat contacts are simulated, as far as callers could be followed in the
            log; `expected` then counts first calls only. Else it counts every call, and nobody calls again.
        counted: whether `expected` was counted, so that as many calls come; else calls scatter around it.
        rules: by which the calls are routed, a call's priority as in the log; None for those that the log shows, which
            are the head starts of its priorities. Kept in steps of five seconds, so that a small one can be added.

    Raises:
        FittingInputError: arrays whose shapes do not fit.
    """
    if expected.ndim != 3 or expected.shape[:2] != (len(fitted.kinds), fitted.priorities):  # noqa: PLR2004 (its axes)
        raise FittingInputError("expected", "must have a row for each kind and priority.")
    if people.takes.shape[1] != len(fitted.kinds):
        raise FittingInputError("takes", "must have a column for each kind.")
    hours = (np.arange(expected.shape[2]) * interval_s % _DAY_S // 3600).astype(np.int64)
    paces = np.maximum(np.round(fitted.service.by_hour[hours] / _PACE_STEP), 1.0) * _PACE_STEP
    streams, used = [], {}
    for kind, priority in np.ndindex(*expected.shape[:2]):
        for pace in np.unique(paces):
            calls = np.where(paces == pace, expected[kind, priority], 0.0)
            if calls.any():
                matter = _matter(fitted, kind, pace=float(pace), calls_again=calls_again)
                used[matter.name] = matter
                streams.append(
                    _stream(fitted, kind, int(priority), matter=matter, calls=calls, within_s=answer_within_s,
                            head_s=_head_s(fitted, int(priority), rules),
                            redial=fitted.redial if calls_again else None)
                )  # fmt: skip
    return Scenario(
        interval_s=interval_s,
        intervals=expected.shape[2],
        matters=tuple(used.values()),
        streams=tuple(streams),
        people=_people(fitted, people),
        rules=_AS_LEARNED if rules is None else replace(rules, priority_s=_HEAD_STEP_S),
        short_abandon_s=0.0,
        counted=counted,
    )


def _head_s(fitted: Fitted, priority: int, rules: Rules | None) -> float:
    return float(fitted.head_starts.seconds[priority]) if rules is None else priority * rules.priority_s


def _matter(fitted: Fitted, kind: int, *, pace: float, calls_again: bool) -> Matter:
    again = fitted.repeat if calls_again else None
    return Matter(
        name=f"{fitted.kinds[kind]} at {pace:.1f}",
        service=_talk(fitted, kind, pace=pace),
        wrap_up=Empirical(tuple(fitted.wrap_up.seconds[_QUANTILES].tolist())),
        solved=1.0 if again is None else float(again.solved[kind]),
        returns=0.0 if again is None else 1.0,
        return_after=_delay(again),
    )


def _stream(
    fitted: Fitted,
    kind: int,
    priority: int,
    *,
    matter: Matter,
    calls: Floats,
    within_s: float,
    head_s: float,
    redial: Returns | None,
) -> Stream:
    return Stream(
        name=f"{matter.name}, priority {priority}",
        matter=matter.name,
        skill=fitted.kinds[kind],
        arrivals=tuple(calls.tolist()),
        priority=round(head_s / _HEAD_STEP_S),
        patience=_patience(fitted.patience.of(kind=kind, priority=priority)),
        redials=0.0 if redial is None else float(redial.share[kind]),
        redial_after=_delay(redial),
        answer_within_s=within_s,
        segment=f"priority {priority}",
    )


def _talk(fitted: Fitted, kind: int, *, pace: float) -> Lengths:
    service = fitted.service
    if service.is_lognormal[kind]:
        return Lognormal(float(service.mean_s[kind]) * pace, math.sqrt(math.expm1(float(service.log_sd[kind]) ** 2)))
    return Empirical(tuple((service.table[kind] * pace).tolist()))


def _patience(hazard: PiecewiseHazard) -> Patience:
    return Patience(tuple(hazard.edges.tolist()), tuple(hazard.rates.tolist()))


def _delay(again: Returns | None) -> Lengths:
    return Exponential(_DAY_S) if again is None else Empirical(tuple(again.delay_s.tolist()))


def _people(fitted: Fitted, work: AtWork) -> tuple[Person, ...]:
    """Those with a spell at work who take some kind of call."""
    pace = dict(zip(fitted.people, fitted.service.by_person.tolist(), strict=True))
    people = []
    for place, name in enumerate(work.people):
        mine = work.person == place
        takes = {kind: 1 for kind, can in zip(fitted.kinds, work.takes[place], strict=True) if can}
        if mine.any() and takes:
            spells = zip(work.from_s[mine].tolist(), work.until_s[mine].tolist(), strict=True)
            shifts = tuple(Shift(begin, end) for begin, end in spells)
            people.append(Person(name, takes, shifts, pace=pace.get(name, 1.0)))
    return tuple(people)
