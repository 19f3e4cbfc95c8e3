"""The told wait knows who is planned to come and to go."""

import math

import pytest

from tellonce.switchboard.decisions import Form, WaitTold
from tellonce.switchboard.engine import rebuild
from tellonce.switchboard.facts import ShiftPlanned
from tellonce.switchboard.settings import Member, Queue
from tellonce.switchboard.tests.making import ANN, BOB, CAT, Floor, snapshot

NOON = 1_000.0
HOUR_S = 3_600.0
CARE = Queue("care", "care", handle_s=1_200.0, leaving=0.0)


def floor_of(*people: int) -> Floor:
    """Those people talk; nobody else is there."""
    floor = Floor(CARE, members=tuple(Member(person, {"care": 1}) for person in (ANN, BOB, CAT)))
    for person in people:
        floor.comes(person)
        floor.calls(f"first {person}", number=f"+1202555000{person}")
        floor.answers(person, f"first {person}")
    return floor


def plans(floor: Floor, person: int, *spells: tuple[float, float]) -> None:
    floor.take(ShiftPlanned(floor.at, person, spells))


def told(floor: Floor, contact: str = "a") -> WaitTold:
    floor.calls(contact, number="+12025550199")
    return floor.last(WaitTold)


def test_when_people_go_soon_the_wait_is_longer() -> None:
    as_now, going = floor_of(ANN, BOB), floor_of(ANN, BOB)
    plans(going, BOB, (0.0, NOON + 60.0))
    plans(going, ANN, (0.0, NOON + 8 * HOUR_S))
    assert told(going).median_s > 1.5 * told(as_now).median_s


def test_when_people_come_soon_the_wait_is_shorter() -> None:
    as_now, coming = floor_of(ANN), floor_of(ANN)
    for person in (BOB, CAT):
        plans(coming, person, (NOON + 120.0, NOON + HOUR_S))
    assert told(coming).high_s < 0.6 * told(as_now).high_s


def test_with_nobody_there_the_wait_is_known_when_somebody_is_planned_to_come() -> None:
    floor = floor_of()
    plans(floor, ANN, (NOON + 900.0, NOON + 4 * HOUR_S))
    wait = told(floor)
    assert wait.form is not Form.NOT_KNOWN
    assert 900.0 < wait.low_s < wait.high_s < math.inf


def test_after_the_last_has_gone_nothing_is_made_up() -> None:
    floor = floor_of(ANN)
    plans(floor, ANN, (0.0, NOON + 300.0))
    assert told(floor).form is Form.NOT_KNOWN


def test_who_stays_on_after_the_end_counts_as_staying() -> None:
    floor, as_now = floor_of(ANN), floor_of(ANN)
    plans(floor, ANN, (0.0, NOON + 30.0))
    floor.wait(60.0)
    assert told(floor).median_s == pytest.approx(told(as_now).median_s, rel=0.05)


def test_who_has_gone_early_is_counted_on_from_the_next_spell_only() -> None:
    floor = floor_of(ANN)
    plans(floor, ANN, (0.0, NOON + HOUR_S), (NOON + 2 * HOUR_S, NOON + 3 * HOUR_S))
    floor.hangs_up("first 1")
    floor.pauses(ANN)
    assert told(floor).low_s > 2 * HOUR_S - 1.0


def test_plans_of_other_skills_of_nobody_and_of_no_length_change_nothing() -> None:
    plain = floor_of(ANN, BOB)
    floor = Floor(CARE, members=(*(Member(person, {"care": 1}) for person in (ANN, BOB)), Member(CAT, {"tech": 1})))
    for person in (ANN, BOB):
        floor.comes(person)
        floor.calls(f"first {person}", number=f"+1202555000{person}")
        floor.answers(person, f"first {person}")
    plans(floor, CAT, (NOON + 10.0, NOON + HOUR_S))
    plans(floor, 99, (NOON + 10.0, NOON + HOUR_S))
    plans(floor, BOB, (NOON + 50.0, NOON + 20.0))
    assert told(floor).median_s == told(plain).median_s


def test_a_plan_can_be_taken_back_and_survives_a_kill() -> None:
    floor, as_now = floor_of(ANN, BOB), floor_of(ANN, BOB)
    plans(floor, BOB, (0.0, NOON + 60.0))
    rebuilt = rebuild(floor.events)
    assert snapshot(rebuilt.board) == snapshot(floor.board)
    assert rebuilt.board.planned.spells == {BOB: ((0.0, NOON + 60.0),)}
    plans(floor, BOB)
    assert told(floor).median_s == told(as_now).median_s
