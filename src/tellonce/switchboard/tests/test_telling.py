"""The wait that is told: nothing made up, a range when it is wide, and again when it changes for the worse."""

import math
from dataclasses import replace

import pytest

from tellonce.switchboard.commands import SayWait
from tellonce.switchboard.decisions import Form, WaitTold
from tellonce.switchboard.facts import Calibrated
from tellonce.switchboard.settings import Channel, Member
from tellonce.switchboard.telling import estimate, in_words
from tellonce.switchboard.tests.making import ANN, BOB, CARE, Floor


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (5.0, 55.0, (Form.UNDER_A_MINUTE, 0, 1)),
        (5.0, 60.0, (Form.UNDER_A_MINUTE, 0, 1)),
        (130.0, 175.0, (Form.ABOUT, 3, 3)),
        (20.0, 240.0, (Form.BETWEEN, 1, 4)),
        (130.0, 500.0, (Form.BETWEEN, 2, 9)),
        (3_700.0, 9_000.0, (Form.MORE_THAN, 60, 150)),
        (math.inf, math.inf, (Form.NOT_KNOWN, 0, 0)),
        (300.0, math.inf, (Form.NOT_KNOWN, 0, 0)),
    ],
)
def test_a_wait_is_said_as_it_is(low: float, high: float, said: tuple[Form, int, int]) -> None:
    assert in_words(low, high) == said


def busy_floor(people: int = 2) -> Floor:
    """Everybody talks, and one caller waits."""
    members = tuple(Member(i, {"care": 1}) for i in range(1, people + 1))
    floor = Floor(replace(CARE, handle_s=120.0), members=members)
    for person in range(1, people + 1):
        floor.comes(person)
        floor.calls(f"first {person}")
        floor.answers(person, f"first {person}")
    floor.calls("a")
    return floor


def test_who_waits_is_told_and_what_was_said_is_kept() -> None:
    floor = busy_floor()
    told = floor.last(WaitTold)
    assert told.low_s < told.median_s < told.high_s
    assert floor.asked(SayWait) == [SayWait("a", told.form, told.low_min, told.high_min, False, False)]


def test_who_is_taken_at_once_is_told_nothing_and_neither_is_a_mail() -> None:
    floor = Floor()
    floor.comes(ANN)
    floor.calls("a")
    floor.calls("m", channel=Channel.MAIL)
    assert not [event for event in floor.events if isinstance(event, WaitTold)]


def test_a_wait_that_holds_is_not_told_again() -> None:
    floor = busy_floor(people=20)
    assert floor.wait(0.5 * floor.last(WaitTold).high_s) == ()


def test_a_wait_is_told_again_when_people_go() -> None:
    floor = busy_floor()
    first = floor.last(WaitTold)
    floor.pauses(BOB)
    floor.wait(first.high_s)
    again = floor.last(WaitTold)
    assert again.is_again
    assert again.at + again.high_s > first.at + first.high_s
    assert floor.contact("a").due == first.at + first.high_s


def test_it_is_looked_again_and_again() -> None:
    floor = busy_floor()
    floor.wait(61.0)
    assert not floor.last(WaitTold).is_again
    floor.pauses(BOB)
    floor.wait(60.0)
    assert floor.last(WaitTold).is_again


def test_when_nobody_is_there_nothing_is_made_up_and_it_is_said_once() -> None:
    floor = Floor()
    floor.calls("a")
    assert floor.last(WaitTold).form is Form.NOT_KNOWN
    assert floor.wait(600.0) == ()
    floor.comes(ANN)
    floor.answers(ANN, "a")
    floor.calls("b")
    assert floor.last(WaitTold).form is not Form.NOT_KNOWN


def test_a_caller_hears_when_a_wait_becomes_known_at_last() -> None:
    floor = Floor()
    floor.calls("b")
    floor.calls("a")
    floor.comes(ANN)
    floor.answers(ANN, "b")
    floor.wait(60.0)
    assert (floor.last(WaitTold).contact, floor.last(WaitTold).is_again) == ("a", True)


def test_the_told_wait_ends_when_somebody_answers_not_when_a_phone_rings() -> None:
    """Ann takes 12 seconds to answer; every fourth call rings for 20 in vain first."""
    floor = Floor(CARE)
    floor.comes(ANN)
    for i in range(200):
        floor.calls(str(i))
        if i % 4 == 0:
            floor.wait(20.0)
            floor.comes(ANN)
        floor.wait(12.0)
        floor.answers(ANN, str(i))
        floor.hangs_up(str(i))
    floor.calls("busy")
    floor.answers(ANN, "busy")
    rings_s = floor.board.past.rung_s / floor.board.past.answers
    assert rings_s == pytest.approx(12.0 + 20.0 / 4, rel=0.12)
    floor.calls("a")
    told = floor.last(WaitTold)
    floor.board.past.rung_s = 0.0
    assert estimate(floor.board, floor.contact("a")) == pytest.approx(
        (told.low_s - rings_s, told.median_s - rings_s, told.high_s - rings_s)
    )


def test_those_behind_are_told_longer_waits_and_calibration_stretches_all() -> None:
    floor = busy_floor()
    first = floor.last(WaitTold)
    floor.calls("b")
    second = floor.last(WaitTold)
    assert second.median_s > first.median_s
    floor.take(Calibrated(floor.at, 2.0, 1.0))
    floor.hangs_up("b")
    floor.calls("c")
    assert floor.last(WaitTold).median_s == pytest.approx(2.0 * second.median_s, rel=0.05)
