"""From parts of people to whole ones: first who has which week, for all days at once; then each day by itself.

Weeks: those with the largest part of a person get one more whole one, some at a time, and the program is solved again,
so that the others make good for it (a dive: Berthold 2006); the last are rounded together. Days: with the weeks known,
a day has to do with another through shifts past midnight only, so each is a small program of its own.
"""

import math
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np

from tellonce.lab.rostering.errors import NoRosterError
from tellonce.lab.rostering.model import Group, Model, Pool, bands_of
from tellonce.lab.rostering.program import Answer, Matrix, Program, Relaxation, solve, times
from tellonce.lab.rostering.terms import DAYS, Bools, Effort, Floats, Ints, ShiftType
from tellonce.lab.rostering.weeks import OFF, Week

SHARE_A_ROUND = 0.1  # of the weeks with parts of people
WORTH = 0.001  # of the bound: what one round may cost
MOST_WASTED = 3_000  # steps of the simplex method for raises taken back
MORE, FEWER = 1.0, 2.0  # what one more and one fewer at work count when the rest is rounded
ROUNDING_S, ROUNDING_GAP = 2.0, 0.01
OTHERS = 4  # weeks tried one by one before a round may cost more
DAY_GAP = 0.1  # of the gap asked for
_TOLERANCE = 1e-6
_APART = ((0, 2, 4), (1, 3, 5), (6,))  # days that no shift past midnight ties to each other


@dataclass(frozen=True, slots=True)
class Pace:
    """How many seconds a step has left, and whether to go on; the second is asked by the caller's thread only."""

    left: Callable[[], float]
    goes_on: Callable[[], bool]


def whole_weeks(model: Model, relaxation: Relaxation, answer: Answer, effort: Effort, pace: Pace) -> Floats:
    """The relaxation's answer with whole people in all weeks.

    A raise that costs too much is taken back: first fewer weeks are tried, then others, then it may cost more. What is
    left when the time is over, or too many steps of the simplex method were in vain, is rounded at once.

    Raises:
        NoRosterError: nothing came out of the rounding in time.
    """
    lows, worth = np.zeros(len(answer.values)), WORTH * max(answer.cost, 1.0)
    most, skipped = 0, 0
    while pace.goes_on() and pace.left() > 0 and relaxation.wasted < MOST_WASTED:
        order = _by_part(model, answer.values)
        if not order:
            break
        columns = _to_raise(model, answer.values, lows, order[skipped:], most or math.ceil(SHARE_A_ROUND * len(order)))
        raised = lows.copy()
        raised[columns] = np.floor(answer.values[columns] + _TOLERANCE) + 1
        found = relaxation.raised(columns, (lows, raised), seconds=pace.left(), worth=answer.cost + worth)
        if found is not None:
            answer, lows, most, skipped = found, raised, 0, 0
        elif len(columns) > 1:
            most = max(1, len(columns) // 3)
        elif skipped + 1 < min(OTHERS, len(order)):
            most, skipped = 1, skipped + 1
        else:
            worth, most, skipped = 3 * worth, 1, 0
    return _rounded(model, answer.values, replace(effort, seconds=ROUNDING_S, gap=ROUNDING_GAP))


def whole_days(model: Model, matrix: Matrix, values: Floats, effort: Effort, pace: Pace) -> Floats:
    """The answer with whole people everywhere, given whole weeks; as many days at a time as there are threads.

    A day that the time is too short for has all shifts and breaks as early as may be.

    Raises:
        NoRosterError: stopped.
    """
    days = _Days(model, matrix, values.copy(), replace(effort, gap=DAY_GAP * effort.gap, threads=1), pace)
    early, threads = _earliest(model, values), max(1, effort.threads)
    waves = list(_APART if days.tied else (tuple(range(DAYS)),))
    while waves:
        wave, later = waves.pop(0), sum(len(each) for each in waves)
        rounds = [math.ceil((later + len(wave) - place) / threads) for place in range(len(wave))]
        found = dict(zip(wave, days.at_once(wave, rounds, threads), strict=True))
        for day, whole in found.items():
            free = days.columns(day)
            days.values[free] = early[free] if whole is None else whole
        again = tuple(day for day, whole in found.items() if whole is None)
        waves += [again] if again and pace.left() > 0 else []
    return days.values


@dataclass(slots=True)
class _Days:
    """Days to be made whole, each with all others held at their values."""

    model: Model
    matrix: Matrix
    values: Floats
    effort: Effort
    pace: Pace
    tied: bool = field(init=False)
    part_of: Ints = field(init=False)

    def __post_init__(self) -> None:
        self.tied = _is_past_midnight(self.model)
        self.part_of = np.array(self.model.program.parts)

    def at_once(self, wave: tuple[int, ...], rounds: list[int], threads: int) -> list[Floats | None]:
        found = []
        with ThreadPoolExecutor(threads) as workers:
            for each in workers.map(self._solved, wave, rounds):
                found.append(each)
                if not self.pace.goes_on():
                    workers.shutdown(cancel_futures=True)
                    raise NoRosterError("stopped", "The search was stopped.")
        return found

    def columns(self, day: int) -> Bools:
        """Its people and breaks, and all intervals that its shifts reach."""
        days = (day, (day + 1) % DAYS) if self.tied else (day,)
        day_of = (self.part_of - DAYS) // self.model.requirement.intervals_a_day
        mine: Bools = (self.part_of == day) | ((self.part_of >= DAYS) & np.isin(day_of, days))
        return mine

    def _solved(self, day: int, rounds: int) -> Floats | None:
        effort = replace(self.effort, seconds=self.pace.left() / rounds)
        try:
            return solve(self.matrix.where(self.columns(day), self.values), effort).values
        except NoRosterError:
            return None


def _columns(group: Group) -> Ints:
    return np.array([column for _, _, column in group.weeks])


def _by_part(model: Model, values: Floats) -> list[int]:
    """The weeks that a part of a person has, the largest part first."""
    columns = np.concatenate([_columns(group) for group in model.groups])
    parts = values[columns] - np.floor(values[columns] + _TOLERANCE)
    order = np.argsort(-parts, kind="stable")
    return [int(columns[each]) for each in order if parts[each] > _TOLERANCE]


def _to_raise(model: Model, values: Floats, lows: Floats, order: list[int], most: int) -> list[int]:
    """Those that get one more, in their order, as far as their teams have people left."""
    team_of = {column: place for place, group in enumerate(model.groups) for _, _, column in group.weeks}
    people = [group.team.people - float(lows[_columns(group)].sum()) for group in model.groups]
    raised: list[int] = []
    for column in order:
        more = math.floor(values[column] + _TOLERANCE) + 1 - float(lows[column])
        if more <= people[team_of[column]] and len(raised) < most:
            people[team_of[column]] -= more
            raised.append(column)
    return raised


def _rounded(model: Model, values: Floats, effort: Effort) -> Floats:
    """Whole people in all weeks, so that on each day, by band, as many are at work as before, as nearly as may be."""
    weeks = [(group, *each) for group in model.groups for each in group.weeks]
    columns = np.array([column for *_, column in weeks])
    whole = np.floor(values[columns] + _TOLERANCE)
    parts = np.where(values[columns] - whole > _TOLERANCE, values[columns] - whole, 0.0)
    program = Program()
    ups = {at: program.column(part=0, high=1.0, whole=True) for at in np.flatnonzero(parts).tolist()}
    for group in model.groups:
        mine = [at for at, (each, *_) in enumerate(weeks) if each is group]
        missing = group.team.people - float(whole[mine].sum())
        program.row(times((ups[at] for at in mine if at in ups), 1.0), low=missing, high=missing)
    for alike in _alike([(at, *weeks[at][:3]) for at in ups]):
        kept = float(parts[alike].sum())
        more, fewer = program.column(part=0, cost=MORE), program.column(part=0, cost=FEWER)
        program.row(times((ups[at] for at in alike), 1.0), [(more, -1.0), (fewer, 1.0)], low=kept, high=kept)
    rounded = values.copy()
    rounded[columns] = whole
    if ups:
        answer = solve(program.matrix(), effort)
        rounded[columns[list(ups)]] += answer.values[list(ups.values())]
    return rounded


def _alike(weeks: list[tuple[int, Group, int, Week]]) -> list[list[int]]:
    """Places of the weeks that work on a day with the same skills and type of shift, up to each band of starts."""
    found: dict[tuple[Pool, int, ShiftType], list[tuple[int, int]]] = defaultdict(list)
    for at, group, band, week in weeks:
        for day, place in enumerate(week):
            if place != OFF:
                found[group.team.skills, day, group.team.contract.shift_types[place]].append((band, at))
    return [
        [at for other, at in each if other <= band] for each in found.values() for band in sorted({b for b, _ in each})
    ]


def _earliest(model: Model, values: Floats) -> Floats:
    """For whole weeks the people who start and who have a break, all as early as their band and window let them."""
    early, step = np.zeros(len(values)), model.requirement.step_min
    for group in model.groups:
        kinds, bands = group.team.contract.shift_types, bands_of(group.team, model.requirement)
        for band, week, column in group.weeks:
            for day, kind in ((day, kinds[place]) for day, place in enumerate(week) if place != OFF):
                start = next(each for each in bands[band] if each in group.starts[day, kind])
                early[group.starts[day, kind][start]] += values[column]
                for number, each in enumerate(kind.breaks):
                    places = model.breaks[group.team.skills, kind, day, number]
                    early[places[start, start + each.earliest_min // step]] += values[column]
    return early


def _is_past_midnight(model: Model) -> bool:
    step, intervals = model.requirement.step_min, model.requirement.intervals_a_day
    return any(
        start + kind.length_min // step > intervals
        for group in model.groups
        for (_, kind), starts in group.starts.items()
        for start in starts
    )
