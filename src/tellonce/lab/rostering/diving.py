"""From parts of people to whole ones: first who has which week, for all days at once; then each day by itself.

Weeks: those with the largest part of a person get one more whole one, some at a time, and the program is solved again,
so that the others make good for it (a dive: Berthold 2006). Days: with the weeks known, a day has to do with another
through shifts past midnight only, so each is a small program of its own.
"""

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from tellonce.lab.rostering.errors import NoRosterError
from tellonce.lab.rostering.model import Group, Model
from tellonce.lab.rostering.program import Answer, Matrix, Relaxation, solve
from tellonce.lab.rostering.terms import DAYS, Bools, Effort, Floats, Ints

SHARE_A_ROUND = 0.1
DAY_GAP = 0.1  # of the gap asked for
_TOLERANCE = 1e-6
_APART = ((0, 2, 4), (1, 3, 5), (6,))  # days that no shift past midnight ties to each other


@dataclass(frozen=True, slots=True)
class Pace:
    """How many seconds a step has left, and whether to go on; the second is asked by the caller's thread only."""

    left: Callable[[], float]
    goes_on: Callable[[], bool]


def whole_weeks(model: Model, relaxation: Relaxation, values: Floats, pace: Pace) -> Floats:
    """The relaxation's answer with whole people in all weeks; what the time is too short for is rounded at once."""
    lows = np.zeros(len(values))
    while pace.goes_on() and pace.left() > 0:
        columns = _to_raise(model, values, lows)
        if not columns:
            break
        lows[columns] = np.floor(values[columns] + _TOLERANCE) + 1
        relaxation.raise_low(columns, lows[columns])
        try:
            values = relaxation.solve(seconds=pace.left()).values
        except NoRosterError:
            break
    return _rounded(model, values)


def whole_days(model: Model, matrix: Matrix, values: Floats, effort: Effort, pace: Pace) -> Floats:
    """The answer with whole people everywhere, given whole weeks; as many days at a time as there are threads.

    Raises:
        NoRosterError: stopped, or the time was too short for some day.
    """
    values, part_of = values.copy(), np.array(model.program.parts)
    waves = _APART if _is_past_midnight(model) else (tuple(range(DAYS)),)
    threads, begun = max(1, effort.threads), 0

    def solved(day: int, place: int) -> tuple[Bools, Answer]:
        free = _of_day(part_of, day, model.requirement.intervals_a_day, tied=len(waves) > 1)
        seconds = pace.left() / math.ceil((DAYS - place) / threads)
        mine = replace(effort, seconds=seconds, gap=DAY_GAP * effort.gap, threads=1)
        return free, solve(matrix.where(free, values), mine)

    for wave in waves:
        with ThreadPoolExecutor(threads) as workers:
            found = []
            for each in workers.map(solved, wave, range(begun, begun + len(wave))):
                found.append(each)
                if not pace.goes_on():
                    workers.shutdown(cancel_futures=True)
                    raise NoRosterError("stopped", "The search was stopped.")
        for free, answer in found:
            values[free] = answer.values
        begun += len(wave)
    return values


def _columns(group: Group) -> Ints:
    return np.array([column for _, _, column in group.weeks])


def _to_raise(model: Model, values: Floats, lows: Floats) -> list[int]:
    """The weeks that get one more: the largest parts first, as far as their teams have people left."""
    team_of = {column: place for place, group in enumerate(model.groups) for _, _, column in group.weeks}
    people = [group.team.people - float(lows[_columns(group)].sum()) for group in model.groups]
    whole = np.floor(values + _TOLERANCE)
    parts = {column: float(values[column] - whole[column]) for column in team_of}
    order = sorted((column for column in parts if parts[column] > _TOLERANCE), key=lambda each: (-parts[each], each))
    most, raised = math.ceil(SHARE_A_ROUND * len(order)), []
    for column in order:
        more = whole[column] + 1 - lows[column]
        if more <= people[team_of[column]] and len(raised) < most:
            people[team_of[column]] -= more
            raised.append(column)
    return raised


def _rounded(model: Model, values: Floats) -> Floats:
    """Whole people in all weeks, by largest remainder within each team."""
    values = values.copy()
    for group in model.groups:
        columns = _columns(group)
        whole = np.floor(values[columns] + _TOLERANCE)
        missing = group.team.people - int(whole.sum())
        whole[np.argsort(whole - values[columns], kind="stable")[:missing]] += 1
        values[columns] = whole
    return values


def _is_past_midnight(model: Model) -> bool:
    step, intervals = model.requirement.step_min, model.requirement.intervals_a_day
    return any(
        start + kind.length_min // step > intervals
        for group in model.groups
        for (_, kind), starts in group.starts.items()
        for start in starts
    )


def _of_day(part_of: Ints, day: int, intervals: int, *, tied: bool) -> Bools:
    """The columns of a day: its people and breaks, and all intervals that its shifts reach."""
    days = (day, (day + 1) % DAYS) if tied else (day,)
    return (part_of == day) | ((part_of >= DAYS) & np.isin((part_of - DAYS) // intervals, days))
