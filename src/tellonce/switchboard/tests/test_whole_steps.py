"""A step is whole or was never told; what is due and cannot be decided on holds up nothing else."""

from typing import Any

import pytest

from tellonce.lab.routing import Calibration
from tellonce.switchboard.deciding import around, offers
from tellonce.switchboard.engine import Engine, rebuild
from tellonce.switchboard.errors import HalfStepError, JournalError
from tellonce.switchboard.facts import (
    Answered,
    BegunAnew,
    Configured,
    KeyPressed,
    OutageBegan,
    OutageEnded,
    TimePassed,
    TimerDropped,
)
from tellonce.switchboard.replaying import replay
from tellonce.switchboard.settings import Settings
from tellonce.switchboard.tests.making import ANN, CARE, MAY_DIAL, NUMBER, TEAM, Floor, snapshot
from tellonce.switchboard.timers import Timer


def breaks(*_args: Any, **_more: Any) -> None:
    raise KeyError("a fault of ours")


def test_a_step_that_breaks_off_when_the_board_has_changed_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    floor = Floor()
    floor.comes(ANN)
    floor.calls("a")
    monkeypatch.setattr(offers, "serve", breaks)
    with pytest.raises(HalfStepError) as caught:
        floor.answers(ANN, "a")
    assert caught.value.due is None


def test_a_step_that_fails_before_has_changed_nothing() -> None:
    floor = Floor()
    before = snapshot(floor.board)
    with pytest.raises(Exception, match="queues"):
        floor.take(Configured(floor.at + 9.0, Settings((), TEAM)))
    assert snapshot(floor.board) == before
    with pytest.raises(JournalError):
        Engine().take(Answered(1.0, "a", ANN))


def test_what_was_due_when_it_broke_off_is_named_and_can_be_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    floor = Floor()
    floor.comes(ANN)
    floor.calls("a")
    with monkeypatch.context() as patched:
        patched.setattr(around, "lapse", breaks)
        with pytest.raises(HalfStepError) as caught:
            floor.take(TimePassed(floor.at + 20.0))
    assert caught.value.due == (Timer.RING, "a")
    whole = rebuild(floor.events)
    whole.take(TimerDropped(floor.at, Timer.RING, "a"))
    assert whole.next_due is None
    assert whole.board.contacts["a"].person == ANN


def test_after_a_beginning_anew_nothing_is_known_but_who_wants_news() -> None:
    floor = Floor()
    floor.take(OutageBegan(floor.at, "7", "north"))
    floor.calls("a", area="north", customer=5)
    floor.take(KeyPressed(floor.at, "a", "1"))
    floor.comes(ANN)
    floor.calls("b")
    floor.take(BegunAnew(floor.at, (("7", "a", "", 5),)))
    board = floor.board
    assert (board.configured, board.contacts, board.people, board.timers.next_due()) == (None, {}, {}, None)
    assert board.calibration == Calibration()
    floor.take(Configured(floor.at, Settings((CARE,), TEAM, dialling=MAY_DIAL)))
    floor.take(OutageEnded(floor.at, "7"))
    assert [type(event).__name__ for event in floor.steps[-1]] == ["OutageEnded", "NewsDue", "NewsOwed"]
    floor.calls("c", number=NUMBER)
    assert snapshot(rebuild(floor.events).board) == snapshot(board)
    assert replay(floor.events) == floor.events
