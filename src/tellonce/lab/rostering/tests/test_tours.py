"""Weeks keep every rule, cost what is said, are as good as the best there is where that is known, and deal exactly."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tellonce.lab.rostering import (
    Break,
    Contract,
    Costs,
    Effort,
    Requirement,
    Roster,
    ShiftType,
    Team,
    Tour,
    solve_tours,
)
from tellonce.lab.rostering.annealing import begin, tours_of
from tellonce.lab.rostering.covering import cover, present
from tellonce.lab.rostering.dealing import explicit_tours, whole_values
from tellonce.lab.rostering.model import build
from tellonce.lab.rostering.prices import cost_of, price_table
from tellonce.lab.rostering.tests import weeks
from tellonce.lab.rostering.weeks import longest_off

QUICK = Effort(seconds=4.0, gap=0.02)


@pytest.fixture(scope="module")
def roster() -> Roster:
    return solve_tours(requirement=weeks.requirement(), teams=weeks.TEAMS, effort=QUICK)


def rules_broken(tour: Tour, team: Team, requirement: Requirement) -> list[str]:
    contract, kinds = team.contract, {kind.name: kind for kind in team.contract.shift_types}
    week = tuple(0 if day in tour.days else -1 for day in range(7))
    starts = [shift.start_min for shift in tour.shifts]
    by_day = {shift.day: shift for shift in tour.shifts}
    found = [
        ("days", contract.fewest_days <= len(tour.shifts) == len(tour.days) <= contract.most_days),
        ("hours", contract.least_paid_min <= tour.paid_min <= contract.most_paid_min),
        ("days off", longest_off(week) >= contract.days_off_together),
        ("spread", max(starts) - min(starts) <= contract.start_spread_min),
        ("rest", all(
            by_day[(day + 1) % 7].start_min + 1440 - shift.end_min >= contract.rest_min
            for day, shift in by_day.items() if (day + 1) % 7 in by_day
        )),
    ]  # fmt: skip
    for shift in tour.shifts:
        kind = kinds[shift.type_name]
        allowed = range(kind.first_start_min, kind.last_start_min + 1, kind.start_every_min)
        found.append(("start", shift.start_min in allowed and shift.length_min == kind.length_min))
        for rule, taken in zip(kind.breaks, shift.breaks, strict=True):
            fits = rule.earliest_min <= taken.start_min - shift.start_min <= rule.latest_min
            found.append(("break", fits and (taken.length_min, taken.paid) == (rule.length_min, rule.paid)))
        if requirement.open_at is not None:
            step = requirement.step_min
            inside = np.arange(shift.start_min // step, shift.end_min // step) + shift.day * requirement.intervals_a_day
            found.append(("open", bool(requirement.open_at.reshape(-1).take(inside, mode="wrap").all())))
    return [name for name, holds in found if not holds]


def test_every_week_keeps_every_rule(roster: Roster) -> None:
    by_name = {team.name: team for team in weeks.TEAMS}
    assert [tour.team for tour in roster.tours] == [team.name for team in weeks.TEAMS for _ in range(team.people)]
    assert [rules_broken(tour, by_name[tour.team], weeks.requirement()) for tour in roster.tours] == [[]] * 12


def test_the_cost_is_that_of_the_weeks_and_not_below_the_bound(roster: Roster) -> None:
    pools = present(roster.tours, weeks.TEAMS, step_min=15)
    assert (cover(pools, weeks.requirement(), Costs()) == roster.cover).all()
    assert roster.cover.sum() == sum(each.sum() for each in pools.values())
    assert cost_of(weeks.requirement(), Costs(), roster.cover) == pytest.approx(roster.cost)
    assert 0 < roster.bound <= roster.cost


@settings(max_examples=10, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000))
def test_numbers_of_people_are_dealt_as_weeks_with_the_same_people_present(seed: int) -> None:
    """From any weeks to the program's numbers and back: other weeks may come out, but all counts stay."""
    requirement = weeks.requirement(seed)
    model = build(requirement, weeks.TEAMS, Costs())
    search = begin(model, Costs(), seed)
    search.run(rounds=3_000, hot=1e9, cold=1e8)
    before = tours_of(search, model)
    values = whole_values(model, before, len(model.program.parts))
    after = explicit_tours(model, values)
    was, now = (present(each, weeks.TEAMS, step_min=15) for each in (before, after))
    assert all((was[pool] == now[pool]).all() for pool in was)
    counted = [c for group in model.groups for each in group.starts.values() for c in each.values()]
    counted += [c for each in model.breaks.values() for c in each.values()]
    assert (whole_values(model, after, len(values))[counted] == values[counted]).all()
    by_name = {team.name: team for team in weeks.TEAMS}
    assert not any(rules_broken(tour, by_name[tour.team], requirement) for tour in after)


def test_the_best_of_all_weeks_is_found_and_proven(capfd: pytest.CaptureFixture[str]) -> None:
    kind = ShiftType("shift", 360, 480, 720, 120, (Break(120, 120, 120, paid=False),))
    contract = Contract("three days", (kind,), 3, 3, 720, 720, days_off_together=2, start_spread_min=0)
    rng = np.random.default_rng(5)
    people = rng.integers(0, 3, (1, 7, 12))
    requirement = Requirement(("calls",), people)
    teams = (Team("two", contract, ("calls",), 2),)
    options = []
    for days, start in product(combinations(range(7), 3), (4, 5, 6)):
        if longest_off(tuple(0 if day in days else -1 for day in range(7))) >= 2:
            one = np.zeros((7, 12), dtype=np.int64)
            for day in days:
                one[day, [start, start + 2]] += 1
            options.append(one)
    price, places = price_table(requirement, Costs(), 4)[:, 0], np.arange(84)
    best = min(price[places, (a + b).reshape(-1)].sum() for a in options for b in options)
    found = solve_tours(requirement=requirement, teams=teams, effort=Effort(seconds=10.0, gap=0.0))
    assert found.cost == pytest.approx(best)
    assert found.bound == pytest.approx(best)
    assert capfd.readouterr().out == ""


def test_a_night_shift_covers_the_next_morning_and_the_last_the_first() -> None:
    night = ShiftType("night", 480, 1320, 1320, 60)
    contract = Contract("nights", (night,), 7, 7, 3360, 3360, start_spread_min=0)
    people = np.zeros((1, 7, 24), dtype=np.int64)
    people[0, :, [22, 23, 0, 1, 2, 3, 4, 5]] = 1
    found = solve_tours(requirement=Requirement(("calls",), people), teams=(Team("n", contract, ("calls",), 1),))
    assert found.cost == 0
    assert (found.cover == people).all()


def test_the_search_can_be_stopped_and_keeps_what_it_has() -> None:
    seen: list[float] = []

    def stop(done: float, _cost: float, _bound: float) -> bool:
        seen.append(done)
        return True

    found = solve_tours(requirement=weeks.requirement(), teams=weeks.TEAMS, progress=stop)
    assert len(seen) == 1
    assert len(found.tours) == 12
