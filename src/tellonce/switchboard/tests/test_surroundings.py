"""What has changed around the switchboard is told to the engine, once."""

from dataclasses import replace

from tellonce.switchboard.engine import rebuild
from tellonce.switchboard.facts import ShiftPlanned
from tellonce.switchboard.freezing import freeze, thaw
from tellonce.switchboard.ports import Around
from tellonce.switchboard.surroundings import changes
from tellonce.switchboard.tests.making import ANN, BOB, Floor

STRANGER = 99
SHIFT = ((1_000.0, 9_000.0), (9_900.0, 12_000.0))


def test_planned_shifts_are_told_once_and_again_when_they_change() -> None:
    floor = Floor()
    around = Around(floor.board.settings, shifts={ANN: SHIFT, BOB: (), STRANGER: SHIFT})
    (told,) = changes(floor.board, around, at=floor.at)
    assert told == ShiftPlanned(floor.at, ANN, SHIFT)
    floor.take(told)
    for board in (floor.board, thaw(freeze(floor.board)), rebuild(floor.events).board):
        assert changes(board, around, at=floor.at) == []
    later = replace(around, shifts={ANN: SHIFT[:1]})
    assert changes(floor.board, later, at=floor.at) == [ShiftPlanned(floor.at, ANN, SHIFT[:1])]
    assert changes(floor.board, replace(around, shifts={}), at=floor.at) == [ShiftPlanned(floor.at, ANN, ())]


def test_where_nothing_is_known_of_plans_none_are_taken_back() -> None:
    floor = Floor()
    floor.take(ShiftPlanned(floor.at, ANN, SHIFT))
    assert changes(floor.board, Around(floor.board.settings), at=floor.at) == []


def test_a_queue_without_an_opening_to_come_is_closed_once() -> None:
    floor = Floor()
    around = Around(floor.board.settings, closed={"care": 0.0})
    (told,) = changes(floor.board, around, at=floor.at)
    floor.take(told)
    assert changes(floor.board, around, at=floor.at + 5.0) == []
