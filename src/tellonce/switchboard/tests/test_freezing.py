"""A board that was frozen and thawed is the same, with what was learnt and planned, and tells the same waits."""

import json

import pytest

from tellonce.switchboard.decisions import WaitTold
from tellonce.switchboard.engine import Engine
from tellonce.switchboard.errors import JournalError
from tellonce.switchboard.facts import Arrived, Calibrated, NotAnswered, ShiftPlanned
from tellonce.switchboard.freezing import VERSION, freeze, thaw
from tellonce.switchboard.tests.making import ANN, BOB, Floor, snapshot


def test_what_was_learnt_and_planned_goes_on_after_a_thaw() -> None:
    floor = Floor(misses=5)
    floor.comes(ANN, BOB)
    for i in range(12):
        floor.calls(f"{i}", number=f"+120255501{i:02}")
        for person in (ANN, BOB):
            if floor.ringing(person):
                floor.wait(4.0)
                if i % 5 == 0:
                    floor.take(NotAnswered(floor.at, floor.ringing(person), person))
                elif floor.ringing(person):
                    floor.answers(person, floor.ringing(person))
        floor.wait(50.0)
        if i % 3 == 0:
            floor.hangs_up(f"{i}")
    floor.take(Calibrated(floor.at, 1.3, 1.1))
    floor.take(ShiftPlanned(floor.at, BOB, ((0.0, floor.at + 400.0),)))
    thawed = Engine()
    thawed.board = thaw(json.loads(json.dumps(freeze(floor.board), allow_nan=False)))
    assert floor.board.past.rung_s > 0.0
    assert snapshot(thawed.board) == snapshot(floor.board)
    caller = Arrived(floor.at, "next", queue="care", number="+12025550777")
    events = thawed.take(caller).events
    assert any(isinstance(event, WaitTold) for event in events)
    assert events == floor.engine.take(caller).events


def test_a_board_of_another_version_is_not_taken_for_one_of_ours() -> None:
    floor = Floor()
    frozen = freeze(floor.board)
    assert frozen["version"] == VERSION
    with pytest.raises(JournalError, match="version"):
        thaw(frozen | {"version": VERSION + 1})
    before_versions = {name: value for name, value in frozen.items() if name != "version"}
    assert snapshot(thaw(before_versions)) == snapshot(floor.board)
