"""Weeks go to people at the least cost there is; wishes, days away and the past count."""

from itertools import permutations

import numpy as np
import pytest

from tellonce.lab.rostering import Contract, Fairness, Person, Shift, Team, Tour, assign
from tellonce.lab.rostering.people import week_cost
from tellonce.lab.rostering.tests import weeks

TEAM = Team("t", Contract("c", (weeks.DAY,), 1, 7, 0, 9999), ("bills",), 6)


def tour(days: tuple[int, ...], start: int) -> Tour:
    return Tour("t", tuple(Shift(day, "8 h", start, 480, ()) for day in days))


TOURS = (
    tour((0, 1, 2, 3, 4), 420), tour((0, 1, 2, 3, 4), 780), tour((2, 3, 4, 5, 6), 780), tour((3, 4, 5, 6, 0), 420),
    tour((1, 2, 3, 5), 600), tour((4, 5, 6), 800),
)  # fmt: skip


def people(seed: int) -> tuple[Person, ...]:
    rng = np.random.default_rng(seed)
    return tuple(
        Person(
            name, "t", earliest_start_min=int(rng.choice([0, 480, 700])), days_off=frozenset({int(rng.integers(7))}),
            away=frozenset({int(rng.integers(7))}) if rng.random() < 0.3 else frozenset(),
            dislikes_late=float(rng.random()), late_before=int(rng.integers(9)), weekend_before=int(rng.integers(9)),
        )
        for name in "abcdef"
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_no_other_assignment_costs_less(seed: int) -> None:
    rules, named = Fairness(), people(seed)
    costs = np.array([[week_cost(person, each, rules) for each in TOURS] for person in named])
    best = min(sum(costs[row, column] for row, column in enumerate(order)) for order in permutations(range(6)))
    found = assign(tours=TOURS, people=named, teams=(TEAM,))
    assert found.cost == pytest.approx(best)
    assert found.gap == pytest.approx(0.0, abs=1e-9)
    assert sorted(map(repr, (each.tour for each in found.weeks if not each.open_days))) == sorted(
        repr(each) for each in TOURS if repr(each) in {repr(w.tour) for w in found.weeks if not w.open_days}
    )


def test_who_had_the_late_and_weekend_shifts_gets_others_now() -> None:
    named = tuple(Person(str(n), "t", late_before=5 * (n < 3), weekend_before=2 * (n < 3)) for n in range(6))
    fair = assign(tours=TOURS, people=named, teams=(TEAM,))
    blind = assign(tours=TOURS, people=named[::-1], teams=(TEAM,), fairness=Fairness(fair_weight=0.0))
    assert fair.after.late_most < max(fair.before.late_most, blind.after.late_most)
    assert fair.after.late_deviation < fair.before.late_deviation
    assert fair.after.weekend_deviation <= blind.after.weekend_deviation


def test_a_day_away_is_worked_around_or_left_open_and_said() -> None:
    away = tuple(Person(name, "t", away=frozenset({5, 6}), days_off=frozenset({0})) for name in "ab")
    found = assign(tours=(TOURS[0], TOURS[2], TOURS[4]), people=away, teams=(TEAM,))
    opened = {each.tour.days: each.open_days for each in found.weeks}
    assert opened == {frozenset(range(5)): frozenset(), frozenset({1, 2, 3}): frozenset({5})}
    assert found.open_tours == (TOURS[2],)
    assert sorted(each.met for each in found.weeks) == [(), ("day_off_0",)]
    assert found.wishes_met == 0.5
