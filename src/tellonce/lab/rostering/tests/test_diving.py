"""The program's answer made whole: near the bound where nearly every hour is needed, and over midnight too."""

import numpy as np
import pytest

from tellonce.lab.rostering import Break, Contract, Costs, Effort, Requirement, ShiftType, Team, Tour
from tellonce.lab.rostering.covering import cover, present
from tellonce.lab.rostering.dealing import explicit_tours
from tellonce.lab.rostering.diving import Pace, whole_days, whole_weeks
from tellonce.lab.rostering.errors import NoRosterError
from tellonce.lab.rostering.model import build
from tellonce.lab.rostering.prices import cost_of
from tellonce.lab.rostering.program import Relaxation
from tellonce.lab.rostering.tests.test_tours import rules_broken

EIGHT = ShiftType("8 h", 480, 420, 900, 60, (Break(30, 180, 300, paid=False),))
FIVE = ShiftType("5 h", 300, 420, 1080, 60, (Break(30, 120, 180),))
NIGHT = ShiftType("night", 480, 1260, 1380, 60, (Break(60, 180, 300, paid=False),))
FULL = Contract("full time", (EIGHT,), 5, 5, 2250, 2250, days_off_together=2)
PART = Contract("part time", (FIVE,), 5, 5, 1500, 1500, days_off_together=1, start_spread_min=180)
NIGHTS = Contract("nights", (NIGHT,), 4, 4, 1680, 1680, days_off_together=2)
SKILLS = ("calls", "letters")
TEAMS = (
    Team("a", FULL, ("calls",), 80),
    Team("b", PART, ("calls",), 40),
    Team("c", FULL, ("letters",), 40),
    Team("d", PART, SKILLS, 32),
)
UNHURRIED = Pace(lambda: 600.0, lambda: True)
OUT_OF_TIME = Pace(lambda: 0.0, lambda: True)


def all_hours_needed() -> Requirement:
    """Half hours from 7 to 23 that take 88% of the hours at work, with peaks that shifts cannot follow."""
    hour = (np.arange(48) + 0.5) / 2
    day = np.exp(-(((hour - 10.5) / 2.5) ** 2)) + 0.8 * np.exp(-(((hour - 16) / 3) ** 2)) + 0.1
    shape = np.where((hour > 7) & (hour < 23), day, 0.0)
    by_day = np.array([1.25, 1.1, 1.0, 1.0, 1.05, 0.6, 0.4])
    people = np.stack([np.round(0.62 * most * by_day[:, None] * shape) for most in (92, 52)])
    return Requirement(SKILLS, people.astype(np.int64))


def nights() -> Requirement:
    """Hours from 21 to 7 that are all a little short of people."""
    people = np.full((1, 7, 24), 3)
    people[:, :, 7:21] = 0
    return Requirement(("calls",), people)


def made_whole(requirement: Requirement, teams: tuple[Team, ...], pace: Pace) -> tuple[tuple[Tour, ...], float]:
    """The weeks, and the share of their cost above the bound."""
    model = build(requirement, teams, Costs())
    matrix = model.program.matrix()
    relaxation = Relaxation(matrix, Effort())
    answer = relaxation.solve(seconds=600.0)
    values = whole_weeks(model, relaxation, answer, Effort(), pace)
    tours = explicit_tours(model, whole_days(model, matrix, values, Effort(), pace))
    pools = present(tours, teams, step_min=requirement.step_min)
    cost = cost_of(requirement, Costs(), cover(pools, requirement, Costs()))
    return tours, (cost - answer.cost) / cost


def keeps_all_rules(tours: tuple[Tour, ...], teams: tuple[Team, ...], requirement: Requirement) -> bool:
    by_name = {team.name: team for team in teams}
    assert [tour.team for tour in tours] == [team.name for team in teams for _ in range(team.people)]
    return not any(rules_broken(tour, by_name[tour.team], requirement) for tour in tours)


def test_where_nearly_all_hours_are_needed_the_gap_stays_within_2_percent() -> None:
    """The search alone is 6% above the bound here."""
    requirement = all_hours_needed()
    tours, gap = made_whole(requirement, TEAMS, UNHURRIED)
    assert keeps_all_rules(tours, TEAMS, requirement)
    assert gap <= 0.02


def test_days_tied_by_shifts_past_midnight_are_made_whole_one_beside_the_other() -> None:
    teams = (Team("n", NIGHTS, ("calls",), 6),)
    tours, gap = made_whole(nights(), teams, UNHURRIED)
    assert keeps_all_rules(tours, teams, nights())
    assert gap <= 0.05


def test_without_time_for_it_the_weeks_still_keep_all_rules() -> None:
    tours, _ = made_whole(all_hours_needed(), TEAMS, OUT_OF_TIME)
    assert keeps_all_rules(tours, TEAMS, all_hours_needed())


def test_it_can_be_stopped_between_days() -> None:
    with pytest.raises(NoRosterError):
        made_whole(nights(), (Team("n", NIGHTS, ("calls",), 6),), Pace(lambda: 600.0, lambda: False))
