"""Told waits and what became of them, from the events of a real engine."""

import math
from dataclasses import replace

import pytest

from tellonce.lab.routing import AS_ESTIMATED, Calibration
from tellonce.switchboard.commands import Dial
from tellonce.switchboard.decisions import Form
from tellonce.switchboard.facts import (
    Calibrated,
    CallbackWithdrawn,
    ConsultAsked,
    DialAnswered,
    DialFailed,
    LineLost,
    NotAnswered,
    TransferAsked,
    TransferDone,
)
from tellonce.switchboard.promises import Became, WaitPromise, WaitPromises, wait_promises
from tellonce.switchboard.settings import Dialling, Member, Queue
from tellonce.switchboard.tests.making import ANN, BOB, CARE, CAT, Floor

OFFERING = replace(CARE, callback_above_s=60.0)
TECH = Queue("tech", "tech")
BOTH = (Member(ANN, {"care": 1}), Member(BOB, {"tech": 1}), Member(CAT, {"tech": 1}))


def settled(floor: Floor) -> list[WaitPromise]:
    fold = WaitPromises()
    return [promise for event in floor.events for promise in fold.take(event)]


def what_became(floor: Floor) -> list[tuple[str, Became, float]]:
    return [(each.contact, each.became, each.waited_s) for each in settled(floor)]


def busy(*queues: Queue) -> Floor:
    """Ann and Bob talk; a caller waits and was told how long."""
    floor = Floor(*(queues or (CARE,)))
    for person in (ANN, BOB):
        floor.comes(person)
        floor.calls(f"first {person}", number=f"+1202555000{person}")
        floor.answers(person, f"first {person}")
    floor.calls("a")
    return floor


def test_a_wait_is_over_when_somebody_answers_not_when_somebody_rings() -> None:
    floor = busy()
    floor.wait(40.0)
    floor.hangs_up("first 1")
    floor.wait(3.0)
    floor.answers(ANN, "a")
    (promise,) = settled(floor)
    assert (promise.contact, promise.queue, promise.told_at) == ("a", "care", 1_000.0)
    assert (promise.became, promise.waited_s, promise.is_over) == (Became.ANSWERED, 43.0, True)
    assert promise.low_s < promise.median_s < promise.high_s
    assert promise.said_until_s == 60.0 * promise.high_min >= promise.high_s
    assert promise.calibration == AS_ESTIMATED


def test_a_person_who_does_not_answer_ends_no_wait() -> None:
    floor = busy()
    floor.wait(10.0)
    floor.hangs_up("first 1")
    floor.take(NotAnswered(floor.at, "a", ANN))
    assert settled(floor) == []
    floor.wait(10.0)
    floor.hangs_up("first 2")
    floor.answers(BOB, "a")
    assert what_became(floor) == [("a", Became.ANSWERED, 20.0)]


def test_who_hangs_up_is_cut_off_there() -> None:
    floor = busy()
    floor.wait(25.0)
    floor.hangs_up("a")
    (promise,) = settled(floor)
    assert (promise.became, promise.waited_s, promise.is_over) == (Became.ABANDONED, 25.0, False)


def test_a_wait_that_is_told_again_is_a_promise_of_its_own_and_marks_the_first() -> None:
    floor = busy()
    floor.pauses(BOB)
    floor.wait(600.0)
    floor.hangs_up("first 1")
    floor.answers(ANN, "a")
    first, *later = settled(floor)
    assert later
    assert not first.is_again
    assert all(each.is_again for each in later)
    assert first.told_at + first.again_s == later[0].told_at
    assert later[-1].again_s == math.inf
    assert {each.told_at + each.waited_s for each in (first, *later)} == {floor.at}


def test_the_wait_for_a_callback_runs_on_until_we_dial() -> None:
    floor = busy(OFFERING)
    floor.wait(20.0)
    floor.presses("1", "a")
    floor.hangs_up("a")
    floor.wait(100.0)
    floor.hangs_up("first 1")
    assert settled(floor) == []
    floor.wait(5.0)
    floor.answers(ANN, "a")
    assert floor.asked(Dial)
    floor.wait(9.0)
    floor.take(DialAnswered(floor.at, "a"))
    floor.hangs_up("a")
    assert what_became(floor) == [("a", Became.CALLED_BACK, 125.0)]


def test_that_a_customer_does_not_pick_up_makes_their_wait_no_longer() -> None:
    floor = busy(OFFERING)
    floor.presses("1", "a")
    floor.wait(50.0)
    floor.hangs_up("first 1")
    floor.answers(ANN, "a")
    floor.take(DialFailed(floor.at, "a"))
    floor.wait(2_000.0)
    assert what_became(floor) == [("a", Became.CALLED_BACK, 50.0)]


@pytest.mark.parametrize("how", ["withdrawn", "came back"])
def test_a_callback_that_is_needed_no_more_is_cut_off(how: str) -> None:
    floor = busy(OFFERING)
    floor.presses("1", "a")
    floor.wait(50.0)
    if how == "withdrawn":
        floor.take(CallbackWithdrawn(floor.at, "a"))
    else:
        floor.calls("again")
    became = {"withdrawn": Became.GIVEN_UP, "came back": Became.CAME_BACK}[how]
    assert what_became(floor) == [("a", became, 50.0)]


def test_a_line_that_breaks_leaves_the_wait_running_if_we_may_call_back() -> None:
    floor = busy()
    floor.wait(10.0)
    floor.take(LineLost(floor.at, "a"))
    floor.wait(30.0)
    assert settled(floor) == []
    floor.hangs_up("first 1")
    floor.answers(ANN, "a")
    assert what_became(floor) == [("a", Became.CALLED_BACK, 40.0)]


def test_a_line_that_breaks_for_good_cuts_it_off() -> None:
    floor = Floor(dialling=Dialling())
    floor.comes(ANN)
    floor.calls("first")
    floor.calls("a")
    floor.wait(10.0)
    floor.take(LineLost(floor.at, "a"))
    assert what_became(floor) == [("a", Became.LOST, 10.0)]


def test_a_blind_transfer_begins_a_new_wait_in_the_other_queue() -> None:
    floor = Floor(CARE, TECH, members=BOTH)
    floor.comes(ANN, BOB)
    floor.calls("t", queue="tech", number="+12025550001")
    floor.answers(BOB, "t")
    floor.calls("first", number="+12025550002")
    floor.answers(ANN, "first")
    floor.calls("a")
    floor.wait(30.0)
    floor.hangs_up("first")
    floor.answers(ANN, "a")
    floor.wait(60.0)
    floor.take(TransferAsked(floor.at, "a", ANN, "Third modem.", queue="tech"))
    floor.wait(15.0)
    floor.hangs_up("a")
    assert [(each.queue, each.became, each.waited_s, each.is_again) for each in settled(floor)] == [
        ("care", Became.ANSWERED, 30.0, False), ("tech", Became.ABANDONED, 15.0, False),
    ]  # fmt: skip


def test_a_warm_transfer_tells_nobody_and_promises_nothing() -> None:
    floor = Floor(CARE, TECH, members=BOTH)
    floor.comes(ANN)
    floor.calls("a")
    floor.answers(ANN, "a")
    floor.take(ConsultAsked(floor.at, "a", ANN, "leg", "Third modem.", queue="tech"))
    floor.wait(20.0)
    floor.comes(BOB)
    floor.answers(BOB, "leg")
    floor.take(TransferDone(floor.at, "a", ANN))
    floor.hangs_up("a")
    assert settled(floor) == []


def test_a_wait_that_is_not_known_is_kept_as_such() -> None:
    floor = Floor()
    floor.calls("a")
    floor.wait(30.0)
    floor.hangs_up("a")
    (promise,) = settled(floor)
    assert (promise.form, promise.is_known, promise.said_until_s) == (Form.NOT_KNOWN, False, math.inf)


def test_who_still_waits_is_cut_off_at_the_end_and_settled_by_what_comes() -> None:
    floor = busy()
    floor.wait(12.0)
    fold = WaitPromises()
    assert [promise for event in floor.events for promise in fold.take(event)] == []
    (waiting,) = fold.unsettled(at=floor.at)
    assert (waiting.contact, waiting.became, waiting.waited_s) == ("a", Became.WAITING, 12.0)
    floor.hangs_up("a")
    assert [each.became for each in wait_promises(floor.events)] == [Became.ABANDONED]


def test_a_promise_says_with_which_calibration_it_was_estimated() -> None:
    floor = busy()
    floor.take(Calibrated(floor.at, 2.0, 1.5))
    floor.calls("b", number="+12025550007")
    floor.hangs_up("a")
    floor.hangs_up("b")
    assert [each.calibration for each in settled(floor)] == [AS_ESTIMATED, Calibration(2.0, 1.5)]
