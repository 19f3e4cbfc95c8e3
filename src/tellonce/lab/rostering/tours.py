"""Stage one: the anonymous weeks that fit a requirement best, and how near they are to the proven bound."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from tellonce.lab.rostering.annealing import Search, begin, take_over, tours_of
from tellonce.lab.rostering.checks import check_week
from tellonce.lab.rostering.covering import cover, present
from tellonce.lab.rostering.dealing import explicit_tours, whole_values
from tellonce.lab.rostering.diving import Pace, whole_days, whole_weeks
from tellonce.lab.rostering.errors import NoRosterError
from tellonce.lab.rostering.model import Model, build
from tellonce.lab.rostering.prices import cost_of
from tellonce.lab.rostering.program import Answer, Matrix, Relaxation, solve
from tellonce.lab.rostering.terms import Costs, Effort, Ints, Requirement, Team, Tour

ROUNDS_A_PERSON = 45_000
STAGES = 160
WEEKS_SHARE, DAYS_SHARE, SEARCH_SHARE = 0.5, 0.8, 0.9  # of the time, when a step ends at the latest
MOST_WHOLE = 5_000  # columns up to which HiGHS finds better whole answers than the search; beyond it only takes time
# from and to which temperature the search cools, times the median price of one person short
FROM_EVEN, FROM_GOOD = (2.0, 0.1), (0.1, 0.02)
Progress = Callable[[float, float, float], bool]
"""Told the share of the time gone, the best cost and the bound so far; gives True to stop and keep what there is."""


@dataclass(frozen=True, slots=True)
class Roster:
    """Anonymous weeks, one for each person of each team, in the order of the teams.

    Args:
        tours: the weeks.
        cover: people who cover each skill, shape (skills, 7, intervals a day).
        cost: what people short and over cost together, as in `Costs`.
        bound: the least that any roster of these teams can cost, proven by HiGHS.
        seconds: how long it took.
    """

    tours: tuple[Tour, ...]
    cover: Ints
    cost: float
    bound: float
    seconds: float

    @property
    def gap(self) -> float:
        """The share of the cost that a better roster could save at most; 0 where the cost is 0."""
        return max(0.0, self.cost - self.bound) / self.cost if self.cost > 0 else 0.0


def solve_tours(
    *,
    requirement: Requirement,
    teams: tuple[Team, ...],
    costs: Costs | None = None,
    effort: Effort | None = None,
    progress: Progress | None = None,
    clock: Callable[[], float] = perf_counter,
) -> Roster:
    """The weeks of all people that cost least in people short and over, as far as found within the effort.

    HiGHS proves the bound, and its answer is made whole: the weeks, then each day. Where the gap is still wider than
    asked and time is left, weeks are changed one at a time, and where the program is small HiGHS goes on from what was
    found. The same seed gives the same roster unless time runs out.

    Raises:
        RosterInputError: something that describes no requirement, shift, contract or team; hours no week can have.
        NoRosterError: there was no time for the bound.
    """
    costs, effort = costs or Costs(), effort or Effort()
    check_week(requirement, teams, costs)
    run = _Run(build(requirement, teams, costs), teams, costs, effort, progress, clock, clock())
    return run.solve()


@dataclass(slots=True)
class _Run:
    model: Model
    teams: tuple[Team, ...]
    costs: Costs
    effort: Effort
    progress: Progress | None
    clock: Callable[[], float]
    began: float
    stopped: bool = False

    def solve(self) -> Roster:
        matrix = self.model.program.matrix()
        relaxation = Relaxation(matrix, self.effort)
        answer = relaxation.solve(seconds=self.effort.seconds)
        search = begin(self.model, self.costs, self.effort.seed)
        found = self._roster(tours_of(search, self.model), answer.bound)
        if self._goes_on(found):
            found = self._dived(matrix, relaxation, answer, found)
        if self._goes_on(found):
            found = self._annealed(search, found)
        if self._goes_on(found) and matrix.whole.sum() <= MOST_WHOLE:
            found = self._improved(matrix, found, self._left(1.0))
        return replace(found, seconds=self._seconds())

    def _dived(self, matrix: Matrix, relaxation: Relaxation, answer: Answer, found: Roster) -> Roster:
        def pace(share: float) -> Pace:
            return Pace(lambda: self._left(share), lambda: not self._tell(found))

        try:
            values = whole_weeks(self.model, relaxation, answer, self.effort, pace(WEEKS_SHARE))
            values = whole_days(self.model, matrix, values, self.effort, pace(DAYS_SHARE))
        except NoRosterError:
            return found
        better = self._roster(explicit_tours(self.model, values), found.bound)
        return better if better.cost < found.cost else found

    def _annealed(self, search: Search, found: Roster) -> Roster:
        """The search from the best weeks so far; hot if those are the even ones it began with."""
        hottest, coldest = FROM_GOOD if search.cost > found.cost else FROM_EVEN
        take_over(search, found.tours, self.model)
        typical = float(np.median(search.price[:, :, 0] / np.maximum(self.model.requirement.people.max(), 1)))
        begun, done, rounds = self._seconds(), 0.0, len(search.kinds) * ROUNDS_A_PERSON // STAGES
        while done < 1.0 and self._goes_on(found):
            late = (self._seconds() - begun) / max(SEARCH_SHARE * self.effort.seconds - begun, 1e-9)
            nxt = min(1.0, max(done + 1.0 / STAGES, late))
            hot, cold = (hottest * (coldest / hottest) ** share for share in (done, nxt))
            search.run(rounds=rounds, hot=hot * typical, cold=cold * typical)
            done = nxt
            if search.cost < found.cost - 1e-9:
                found = replace(found, tours=tours_of(search, self.model), cost=search.cost)
        return self._roster(found.tours, found.bound)

    def _improved(self, matrix: Matrix, found: Roster, left: float) -> Roster:
        values = whole_values(self.model, found.tours, len(matrix.cost))
        start = values + 0.0
        rest = matrix.where(~matrix.whole, values)
        start[~matrix.whole] = solve(rest, self.effort, relaxed=True).values
        try:
            effort = replace(self.effort, seconds=left)
            answer = solve(matrix, effort, begin_with=start, stopped=lambda: self.stopped)
        except NoRosterError:
            return found
        bound = max(found.bound, min(answer.bound, found.cost))
        better = self._roster(explicit_tours(self.model, answer.values), bound)
        return better if better.cost < found.cost else replace(found, bound=bound, seconds=self._seconds())

    def _roster(self, tours: tuple[Tour, ...], bound: float) -> Roster:
        requirement = self.model.requirement
        pools = present(tours, self.teams, step_min=requirement.step_min)
        covered = cover(pools, requirement, self.costs)
        cost = cost_of(requirement, self.costs, covered)
        return Roster(tours, covered, cost, min(bound, cost), self._seconds())

    def _goes_on(self, found: Roster) -> bool:
        """Whether there is more to ask for, time for it, and nobody who stops it."""
        return found.gap > self.effort.gap and self._left(1.0) > 0 and not self._tell(found)

    def _tell(self, found: Roster) -> bool:
        """Tells how far it is; gives whether to stop."""
        done = min(1.0, self._seconds() / self.effort.seconds)
        if not self.stopped and self.progress is not None and self.progress(done, found.cost, found.bound):
            self.stopped = True
        return self.stopped

    def _left(self, share: float) -> float:
        """Seconds until a share of the time is over."""
        return share * self.effort.seconds - self._seconds()

    def _seconds(self) -> float:
        return self.clock() - self.began
