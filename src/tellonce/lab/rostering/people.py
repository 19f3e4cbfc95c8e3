"""Stage two: who gets which week, by what people wished, when they are away, and what is fair after the weeks before.

Each person gets at most one week of their own team, so whatever a week costs a person adds up: the program is an
assignment, whose linear relaxation has whole answers. Fairness is the square of a person's late and weekend shifts,
those of weeks before included: the sum of squares is least when all have alike, and one person with a hard past does
not hide the others as a largest difference would.
"""

from dataclasses import dataclass, field

import numpy as np

from tellonce.lab.rostering.errors import RosterInputError
from tellonce.lab.rostering.program import Program, solve, times
from tellonce.lab.rostering.terms import DAY_MIN, DAYS, Effort, Floats, Team, Tour


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a team, with what they wish for the week.

    Args:
        name: unique.
        team: the name of their team (contract, skills and site are the team's).
        earliest_start_min: wishes not to start before, minutes from midnight; None is no wish.
        latest_end_min: wishes not to end after, minutes from the midnight of the shift's day; None is no wish.
        days_off: days (0 to 6) wished off.
        away: days (0 to 6) on which the person cannot work; a shift on them stays open.
        dislikes_late: from 0 (no matter) on; 1 weighs a late shift as a wish missed.
        dislikes_weekend: likewise for a weekend shift.
        late_before: late shifts had in the weeks before that count.
        weekend_before: weekend shifts had in those.
    """

    name: str
    team: str
    earliest_start_min: int | None = None
    latest_end_min: int | None = None
    days_off: frozenset[int] = field(default_factory=frozenset)
    away: frozenset[int] = field(default_factory=frozenset)
    dislikes_late: float = 0.0
    dislikes_weekend: float = 0.0
    late_before: int = 0
    weekend_before: int = 0


@dataclass(frozen=True, slots=True)
class Fairness:
    """What counts as late and weekend, and the weights.

    Args:
        late_after_min: a shift that ends after it is late (minutes from its day's midnight).
        weekend: the days of the weekend.
        fair_weight: weight of the squares of late and weekend shifts.
        wish_weight: weight of a wish missed.
        open_weight: weight of a shift that falls on a day away.
    """

    late_after_min: int = 1200
    weekend: frozenset[int] = frozenset({5, 6})
    fair_weight: float = 0.1
    wish_weight: float = 1.0
    open_weight: float = 100.0


@dataclass(frozen=True, slots=True)
class Assigned:
    """One person's week: the shifts worked, those left open, wishes by name, and counts after the week."""

    person: str
    tour: Tour
    open_days: frozenset[int]
    met: tuple[str, ...]
    missed: tuple[str, ...]
    late: int
    weekend: int


@dataclass(frozen=True, slots=True)
class Spread:
    """How unequal late and weekend shifts are within teams: the largest difference in any team, and the deviation."""

    late_most: int
    weekend_most: int
    late_deviation: float
    weekend_deviation: float


@dataclass(frozen=True, slots=True)
class Assignment:
    """Everybody's week; weeks that nobody could take; the spread before and after; cost and HiGHS's proven bound."""

    weeks: tuple[Assigned, ...]
    open_tours: tuple[Tour, ...]
    before: Spread
    after: Spread
    cost: float
    bound: float

    @property
    def gap(self) -> float:
        """The share of the cost that a better assignment could save at most."""
        return max(0.0, self.cost - self.bound) / self.cost if self.cost > 0 else 0.0

    @property
    def wishes_met(self) -> float:
        """The share of all wishes that was met; 1 where nobody wished."""
        met, missed = (sum(len(each) for each in sides) for sides in zip(*self._wishes(), strict=True))
        return met / (met + missed) if met + missed else 1.0

    def _wishes(self) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
        return [(each.met, each.missed) for each in self.weeks] or [((), ())]


def assign(
    *,
    tours: tuple[Tour, ...],
    people: tuple[Person, ...],
    teams: tuple[Team, ...],
    fairness: Fairness | None = None,
    effort: Effort | None = None,
) -> Assignment:
    """Gives each person a week of their team at the least sum of wishes missed, unfairness and shifts left open.

    People who are away all week get none. Where a team has more weeks than people the dearest are left open, where it
    has fewer some people get none.

    Raises:
        RosterInputError: names that repeat, a team that does not exist, days outside 0 to 6, negative weights.
    """
    fairness, effort = fairness or Fairness(), effort or Effort(gap=0.0)
    _check(tours, people, teams, fairness)
    chosen: list[tuple[Person, Tour]] = []
    left: list[Tour] = []
    cost = bound = 0.0
    for team in teams:
        mine = [each for each in people if each.team == team.name and len(each.away) < DAYS]
        weeks = [each for each in tours if each.team == team.name]
        if mine and weeks:
            pairs, found, proven = _assign_team(mine, weeks, fairness, effort)
            chosen += [(mine[row], weeks[column]) for row, column in pairs]
            cost, bound = cost + found, bound + proven
            taken = {column for _, column in pairs}
            weeks = [each for column, each in enumerate(weeks) if column not in taken]
        left += weeks
    assigned = tuple(_assigned(person, tour, fairness) for person, tour in chosen)
    after = {each.person: (each.late, each.weekend) for each in assigned}
    history = {each.name: (each.late_before, each.weekend_before) for each in people}
    before, later = _spread(people, history), _spread(people, history | after)
    return Assignment(assigned, tuple(left), before, later, cost, min(bound, cost))


def late_shifts(tour: Tour, fairness: Fairness) -> int:
    """How many shifts end late."""
    return sum(shift.end_min > fairness.late_after_min for shift in tour.shifts)


def weekend_shifts(tour: Tour, fairness: Fairness) -> int:
    """How many shifts are on a weekend's day."""
    return sum(shift.day in fairness.weekend for shift in tour.shifts)


def wishes(person: Person, tour: Tour) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The person's wishes that the week meets, and those it misses: earliest_start, latest_end, day_off_0 to 6."""
    asked: list[tuple[str, bool]] = []
    if person.earliest_start_min is not None:
        asked.append(("earliest_start", all(each.start_min >= person.earliest_start_min for each in tour.shifts)))
    if person.latest_end_min is not None:
        asked.append(("latest_end", all(each.end_min <= person.latest_end_min for each in tour.shifts)))
    asked += [(f"day_off_{day}", day not in tour.days) for day in sorted(person.days_off)]
    return tuple(name for name, met in asked if met), tuple(name for name, met in asked if not met)


def week_cost(person: Person, tour: Tour, fairness: Fairness) -> float:
    """What a week costs a person: wishes missed, dislikes, squares of late and weekend work, shifts left open."""
    worked = _worked(person, tour)
    late, weekend = late_shifts(worked, fairness), weekend_shifts(worked, fairness)
    missed = len(wishes(person, worked)[1]) + person.dislikes_late * late + person.dislikes_weekend * weekend
    unfair = float((person.late_before + late) ** 2 + (person.weekend_before + weekend) ** 2)
    opened = len(tour.days & person.away)
    return fairness.wish_weight * missed + fairness.fair_weight * unfair + fairness.open_weight * opened


def _worked(person: Person, tour: Tour) -> Tour:
    return Tour(tour.team, tuple(each for each in tour.shifts if each.day not in person.away))


def _assign_team(
    people: list[Person], weeks: list[Tour], fairness: Fairness, effort: Effort
) -> tuple[list[tuple[int, int]], float, float]:
    """Pairs of person and week, their cost, and the bound."""
    costs: Floats = np.array([[week_cost(person, tour, fairness) for tour in weeks] for person in people])
    program = Program()
    columns = np.array([[program.column(part=0, cost=cost, high=1.0, whole=True) for cost in row] for row in costs])
    fewer = min(len(people), len(weeks))
    for line in columns:
        program.row(times((int(each) for each in line), 1.0), low=float(len(people) == fewer), high=1.0)
    for line in columns.T:
        program.row(times((int(each) for each in line), 1.0), low=float(len(weeks) == fewer), high=1.0)
    answer = solve(program.matrix(), effort)
    chosen = np.round(answer.values[columns]) == 1
    pairs = [(int(row), int(column)) for row, column in zip(*np.nonzero(chosen), strict=True)]
    return pairs, float(costs[chosen].sum()), answer.bound


def _assigned(person: Person, tour: Tour, fairness: Fairness) -> Assigned:
    worked = _worked(person, tour)
    met, missed = wishes(person, worked)
    late = person.late_before + late_shifts(worked, fairness)
    weekend = person.weekend_before + weekend_shifts(worked, fairness)
    return Assigned(person.name, worked, tour.days & person.away, met, missed, late, weekend)


def _spread(people: tuple[Person, ...], counts: dict[str, tuple[int, int]]) -> Spread:
    teams: dict[str, list[tuple[int, int]]] = {}
    for person in people:
        teams.setdefault(person.team, []).append(counts[person.name])
    if not teams:
        return Spread(0, 0, 0.0, 0.0)
    most = np.max([np.ptp(np.array(each), axis=0) for each in teams.values()], axis=0)
    apart = np.concatenate([np.array(each) - np.mean(each, axis=0) for each in teams.values()])
    deviation = np.sqrt((apart**2).mean(axis=0))
    return Spread(int(most[0]), int(most[1]), float(deviation[0]), float(deviation[1]))


def _check(tours: tuple[Tour, ...], people: tuple[Person, ...], teams: tuple[Team, ...], fairness: Fairness) -> None:
    names = {team.name for team in teams}
    if len({each.name for each in people}) < len(people):
        raise RosterInputError("people", "must each have a name of their own.")
    for field_name, team in [("team", each.team) for each in people] + [("tours", each.team) for each in tours]:
        if team not in names:
            raise RosterInputError(field_name, f"names {team}, which is not among the teams; add or change it.")
    for person in people:
        _check_person(person)
    for name in ("fair_weight", "wish_weight", "open_weight"):
        if getattr(fairness, name) < 0:
            raise RosterInputError(name, "must be zero or more.")


def _check_person(person: Person) -> None:
    if not (person.days_off | person.away) <= set(range(DAYS)):
        raise RosterInputError("days_off", f"and away of {person.name} must be days 0 to {DAYS - 1}.")
    if min(person.dislikes_late, person.dislikes_weekend, person.late_before, person.weekend_before) < 0:
        raise RosterInputError("dislikes_late", f"and the other numbers of {person.name} must be zero or more.")
    for name, value in (("earliest_start_min", person.earliest_start_min), ("latest_end_min", person.latest_end_min)):
        if value is not None and not 0 <= value <= 2 * DAY_MIN:
            raise RosterInputError(name, f"of {person.name} must be minutes from midnight, not {value}.")
