"""Who talks to whom: each rule decides where it should, and says so."""

from dataclasses import replace

import numpy as np
import pytest

from tellonce.lab.routing import (
    SENTENCES,
    Group,
    Line,
    Rules,
    choose_contact,
    choose_person,
    contact_worth_by_rule,
    count_given,
    deciding_rule,
    person_worth_by_rule,
    routing_plan,
)  # fmt: skip

NONE = Rules(priority_s=0.0, effort_s=0.0, continuity_s=0.0, breadth_s=0.0, shares_s=0.0)
LINES = [
    Line("billing"),
    Line("billing", priority=1),
    Line("billing", efforts=2),
    Line("internet", level=2, priority=2),
]
GROUPS = [Group({"billing": 1}, "east"), Group({"billing": 2, "internet": 2}, "west", "partner")]
NOW = 1_000.0


def contact(rules: Rules, waiting: list[tuple[int, float, float, int]], group: int = 1, free: int = 0) -> int:
    """Of contacts (line, entered, due, last person), which one person 7 of a group takes."""
    plan = routing_plan(LINES, GROUPS, rules)
    line, entered, due, last = (np.array(column) for column in zip(*waiting, strict=True))
    return choose_contact(
        plan, NOW, 7, group, line.astype(np.int64), entered.astype(float), due.astype(float), last.astype(np.int64),
        np.full(len(line), 900.0), np.full(2, free), np.zeros((2, len(plan.target))),
    )  # fmt: skip


NEVER = np.inf


@pytest.mark.parametrize(
    ("rules", "waiting", "chosen"),
    [
        (NONE, [(0, 950.0, NEVER, -1), (0, 940.0, NEVER, -1), (2, 945.0, NEVER, -1)], 1),
        (replace(NONE, priority_s=20.0), [(0, 940.0, NEVER, -1), (1, 950.0, NEVER, -1)], 1),
        (replace(NONE, priority_s=5.0), [(0, 940.0, NEVER, -1), (1, 950.0, NEVER, -1)], 0),
        (replace(NONE, effort_s=10.0), [(0, 940.0, NEVER, -1), (2, 950.0, NEVER, -1)], 1),
        (replace(NONE, promise_s=20.0), [(0, 940.0, NEVER, -1), (1, 950.0, 990.0, -1)], 1),
        (replace(NONE, continuity_s=20.0), [(0, 940.0, NEVER, -1), (0, 950.0, NEVER, 7)], 1),
        (replace(NONE, continuity_s=20.0, continuity_within_s=50.0), [(0, 940.0, NEVER, 3), (0, 950.0, NEVER, 7)], 0),
        (replace(NONE, level_s=20.0), [(3, 940.0, NEVER, -1), (0, 950.0, NEVER, -1)], 1),
        (replace(NONE, reserve={"internet": 1}), [(0, 940.0, NEVER, -1)], -1),
        (replace(NONE, reserve={"internet": 1}), [(0, 940.0, NEVER, -1), (3, 999.0, NEVER, -1)], 1),
    ],
)
def test_a_person_takes_the_contact_that_the_rules_say(
    rules: Rules, waiting: list[tuple[int, float, float, int]], chosen: int
) -> None:
    assert contact(rules, waiting) == chosen


def test_nobody_takes_what_they_cannot_do_and_a_reserve_lets_go_when_others_are_free() -> None:
    assert contact(NONE, [(3, 0.0, NEVER, -1)], group=0) == -1
    assert contact(replace(NONE, reserve={"internet": 1}), [(0, 940.0, NEVER, -1)], free=1) == 0


def person(rules: Rules, line: int, people: list[tuple[int, int, float]], last: int = -1, lag: float = 0.0) -> int:
    """Of people (number, group, free since), which one gets a contact of a line."""
    plan = routing_plan(LINES, GROUPS, rules)
    number, group, since = (np.array(column) for column in zip(*people, strict=True))
    lags = np.full((2, len(plan.target)), lag)
    return choose_person(
        plan, NOW, line, last, 900.0, number.astype(np.int64), group.astype(np.int64), since.astype(float),
        np.full(2, 1), lags,
    )  # fmt: skip


def test_a_contact_gets_the_person_that_the_rules_say() -> None:
    both = [(4, 0, 950.0), (5, 1, 940.0)]
    assert person(NONE, 0, both) == 1
    assert person(replace(NONE, breadth_s=20.0), 0, both) == 0
    assert person(replace(NONE, continuity_s=20.0), 0, both, last=4) == 0
    assert person(replace(NONE, shares_s=100.0, shares={"east": 0.5}), 0, both, lag=0.3) == 0
    assert person(replace(NONE, reserve={"internet": 1}), 0, both) == 0
    assert person(NONE, 3, [(4, 0, 900.0)]) == -1


def test_shares_lag_by_what_was_given() -> None:
    plan = routing_plan(LINES, GROUPS, replace(NONE, shares={"east": 0.25, "partner": 0.5}))
    lag, given = np.zeros((2, 2)), np.zeros((2, 3))
    for i in range(2_000):
        count_given(plan, lag, given, 0, 0 if i % 2 else 1)
    assert lag[0] == pytest.approx([-0.25, 0.0], abs=0.01)
    assert not lag[1].any()


def test_the_rule_that_decided_is_named() -> None:
    rules = Rules(priority_s=100.0)
    first = contact_worth_by_rule(LINES[1], GROUPS[1], rules, waited_s=10.0)
    second = contact_worth_by_rule(LINES[0], GROUPS[1], rules, waited_s=60.0)
    assert deciding_rule(first, [second]) == "priority"
    assert deciding_rule(person_worth_by_rule(LINES[0], GROUPS[0], rules, free_s=5.0),
                         [person_worth_by_rule(LINES[0], GROUPS[1], rules, free_s=20.0)]) == "skill"  # fmt: skip
    assert {*first, "reserve"} == set(SENTENCES)
