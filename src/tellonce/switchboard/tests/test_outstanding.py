"""After a kill the world is brought to what was kept, and nobody is dialled anew."""

from dataclasses import replace

from tellonce.switchboard.commands import Connect, Hold, Music, Ring, SayChoice
from tellonce.switchboard.decisions import Choice
from tellonce.switchboard.engine import rebuild
from tellonce.switchboard.facts import Held, OutageBegan
from tellonce.switchboard.outstanding import outstanding
from tellonce.switchboard.tests.making import ANN, BOB, CARE, Floor


def test_everything_that_was_kept_is_asked_for_again() -> None:
    floor = Floor(replace(CARE, callback_above_s=60.0))
    floor.calls("kept")
    floor.presses("1", "kept")
    floor.calls("a", number="")
    floor.comes(ANN)
    floor.answers(ANN, "kept")
    floor.comes(BOB)
    floor.answers(BOB, "a")
    floor.calls("b", number="")
    floor.take(OutageBegan(floor.at, "o1", "north", 9_000.0))
    floor.calls("c", area="north")
    assert outstanding(rebuild(floor.events).board) == (
        Connect("a", BOB), Music("b"), SayChoice("c", Choice.OUTAGE, "o1", 9_000.0),
    )  # fmt: skip


def test_who_rings_is_rung_and_who_is_held_is_held() -> None:
    floor = Floor()
    floor.comes(ANN, BOB)
    floor.calls("a", story="case 7")
    floor.answers(ANN, "a")
    floor.take(Held(floor.at, "a", ANN))
    floor.calls("b")
    assert outstanding(floor.board) == (Hold("a"), Ring("b", BOB))
