"""The wait in a live queue, from those ahead, the people at work, and what happened of late."""

import numpy as np
import pytest

from tellonce.lab.routing import (
    Calibration,
    Changes,
    Group,
    Line,
    RecentPast,
    Rules,
    can_take,
    routing_plan,
    wait_quantiles,
)
from tellonce.lab.routing.leaving import leaving_rate

RULES = Rules(priority_s=100.0, effort_s=0.0)
LINES = [Line("billing"), Line("billing", priority=1), Line("internet")]
GROUPS = [Group({"billing": 1}), Group({"internet": 1}), Group({"billing": 1, "internet": 1})]
AS_IT_IS = Calibration()


def past(leaving: float = 0.001) -> RecentPast:
    return RecentPast(routing_plan(LINES, GROUPS, RULES), handle_s=np.array([200.0, 300.0, 400.0]), leaving=leaving)


def told(
    one: RecentPast, line: int, waiting: list[tuple[int, float]], people: list[float], at: float = 1_000.0
) -> float:
    """The median of what a contact is told that entered at 1,000, after those who wait."""
    rows = [*waiting, (line, 1_000.0)]
    lines, times = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    waits = one.told(
        line, entered=1_000.0, at=at, waiting=(lines, times), people=np.array(people), calibration=AS_IT_IS
    )
    return float(waits[1])


def test_it_is_the_wait_of_those_ahead_with_the_people_who_can_take_it() -> None:
    waits = told(past(), 0, [(0, 900.0), (0, 950.0)], [6.0, 9.0, 0.0])
    assert waits == pytest.approx(wait_quantiles(0.5, ahead=2, people=6.0, handle_s=200.0, leaving=0.001)[0])


def test_contacts_of_another_line_count_as_far_as_they_share_its_people() -> None:
    people = [6.0, 3.0, 3.0]
    shared = told(past(), 0, [(2, 900.0)], people)
    assert shared == pytest.approx(wait_quantiles(0.5, ahead=0.5, people=9.0, handle_s=240.0, leaving=0.001)[0])


def test_who_comes_later_with_more_credit_is_ahead_if_the_credit_is_more_than_the_delay() -> None:
    nobody = told(past(), 0, [], [5.0, 0.0, 0.0])
    assert told(past(), 0, [(1, 1_050.0)], [5.0, 0.0, 0.0]) > nobody
    assert told(past(), 0, [(1, 1_150.0)], [5.0, 0.0, 0.0]) == nobody
    assert told(past(), 0, [(0, 1_001.0)], [5.0, 0.0, 0.0]) == nobody


def test_arrivals_that_will_overtake_make_it_longer_and_fade() -> None:
    one, two = past(), [(0, 900.0), (0, 950.0)]
    before = told(one, 0, two, [5.0, 0.0, 0.0])
    for i in range(20):
        one.note_arrival(1, at=900.0 + i)
    soon, late = told(one, 0, two, [5.0, 0.0, 0.0]), told(one, 0, two, [5.0, 0.0, 0.0], at=50_000.0)
    assert soon > before
    assert late == pytest.approx(before)


def test_with_nobody_there_it_has_no_end() -> None:
    assert told(past(), 0, [], [0.0, 5.0, 0.0]) == np.inf


def test_what_happens_of_late_is_learnt() -> None:
    one = past(leaving=0.0)
    for _ in range(3_000):
        one.note_handled(0, 100.0)
        one.note_end(100.0, has_left=False)
        one.note_end(100.0, has_left=True)
    assert one.handle_s[0] == pytest.approx(100.0, rel=0.01)
    assert leaving_rate(one.left, one.exposure_s, 0.0, 100.0) == pytest.approx(1 / 200.0, rel=0.01)


def test_a_line_of_some_places_is_for_the_people_there() -> None:
    line = Line("billing", places=("east", "partner"))
    there, employed, elsewhere = (
        Group({"billing": 1}, *where) for where in (("east",), ("west", "partner"), ("west",))
    )
    assert [can_take(line, group) for group in (there, employed, elsewhere)] == [True, True, False]
    plan = routing_plan([line], [there, employed, elsewhere], RULES)
    assert plan.takers[0].tolist() == [0, 1, -1, -1]


def test_people_who_come_and_go_count_from_then_on() -> None:
    """As many as `wait_quantiles` is told in steps; those of other lines, and what is over, change nothing."""
    one, two = past(), [(0, 900.0), (0, 950.0)]
    times, groups, by = [400.0, 1_300.0, 1_300.0, 1_600.0], [0, 0, 1, 2], [-1.0, -4.0, 5.0, 3.0]
    waits = one.told(
        0, entered=1_000.0, at=1_000.0, waiting=(np.array([0] * 30), np.linspace(900.0, 1_000.0, 30)),
        people=np.array([6.0, 9.0, 0.0]), calibration=AS_IT_IS,
        changes=Changes(np.array(times), np.array(groups), np.array(by)),
    )  # fmt: skip
    expected = wait_quantiles(
        [0.1, 0.5, 0.9], ahead=29, people=[6.0, 2.0] + [5.0] * 70, handle_s=200.0, leaving=0.001
    )  # fmt: skip
    assert waits == pytest.approx(expected, rel=0.02)
    assert waits[1] > 1.2 * told(one, 0, [(0, 900.0)] * 29, [6.0, 9.0, 0.0])
    assert told(one, 0, two, [6.0, 9.0, 0.0]) < waits[0]
