"""A recording pauses while a card number is spoken, and for good where the customer wishes none."""

import pytest

from tellonce.switchboard.commands import Connect, GoOnRecording, PauseRecording
from tellonce.switchboard.contacts import Recording
from tellonce.switchboard.decisions import RecordingWentOn
from tellonce.switchboard.engine import rebuild
from tellonce.switchboard.facts import (
    ConsultAsked,
    DialAnswered,
    LineLost,
    RecordingPaused,
    RecordingResumed,
    TransferAsked,
    TransferDone,
)
from tellonce.switchboard.freezing import freeze, thaw
from tellonce.switchboard.outstanding import outstanding
from tellonce.switchboard.replaying import replay
from tellonce.switchboard.settings import Channel
from tellonce.switchboard.tests.making import ANN, BOB, Floor, snapshot


@pytest.fixture
def floor() -> Floor:
    """Ann talks, and the call is recorded."""
    floor = Floor(records=True)
    floor.comes(ANN)
    floor.calls("a")
    floor.answers(ANN, "a")
    return floor


def pause(floor: Floor, person: int = ANN, *, is_for_good: bool = False) -> None:
    floor.take(RecordingPaused(floor.at, "a", person, is_for_good))


def test_it_pauses_and_goes_on_by_itself(floor: Floor) -> None:
    assert floor.contact("a").recording is Recording.ON
    pause(floor)
    assert (floor.commands, floor.contact("a").recording) == ((PauseRecording("a"),), Recording.PAUSED)
    assert floor.wait(179.0) == ()
    assert floor.wait(1.0) == (GoOnRecording("a"),)
    assert floor.contact("a").recording is Recording.ON


def test_asked_for_again_it_lasts_longer_and_is_ordered_once(floor: Floor) -> None:
    pause(floor)
    floor.wait(100.0)
    pause(floor)
    assert floor.commands == ()
    assert floor.wait(170.0) == ()
    assert floor.wait(10.0) == (GoOnRecording("a"),)


def test_it_goes_on_when_the_person_says_so(floor: Floor) -> None:
    pause(floor)
    floor.take(RecordingResumed(floor.at, "a", ANN))
    assert floor.commands == (GoOnRecording("a"),)
    assert floor.wait(600.0) == ()


def test_what_the_customer_refused_does_not_begin_again(floor: Floor) -> None:
    pause(floor, is_for_good=True)
    pause(floor)
    assert floor.wait(600.0) == ()
    assert floor.contact("a").recording is Recording.REFUSED
    floor.comes(BOB)
    floor.take(TransferAsked(floor.at, "a", ANN, "a line", queue="care"))
    floor.answers(BOB, "a")
    assert floor.contact("a").recording is Recording.REFUSED
    assert GoOnRecording("a") not in floor.commands


def test_who_refused_and_lost_the_line_is_not_recorded_when_called_back(floor: Floor) -> None:
    pause(floor, is_for_good=True)
    floor.take(LineLost(floor.at, "a"))
    floor.wait(100.0)
    floor.comes(ANN)
    floor.answers(ANN, "a")
    floor.take(DialAnswered(floor.at, "a"))
    assert floor.commands == (PauseRecording("a"), Connect("a", ANN))


def test_a_pause_does_not_go_along_with_the_call(floor: Floor) -> None:
    floor.comes(BOB)
    pause(floor)
    floor.take(TransferAsked(floor.at, "a", ANN, "a line", colleague=BOB))
    assert floor.commands[0] == GoOnRecording("a")
    floor.answers(BOB, "a")
    pause(floor, BOB)
    floor.comes(ANN)
    floor.take(ConsultAsked(floor.at, "a", BOB, "leg", "a line", colleague=ANN))
    floor.answers(ANN, "leg")
    floor.take(TransferDone(floor.at, "a", BOB))
    assert floor.commands[0] == GoOnRecording("a")
    assert floor.contact("a").recording is Recording.ON


def test_a_callback_of_a_lost_line_is_a_recording_of_its_own(floor: Floor) -> None:
    pause(floor)
    floor.take(LineLost(floor.at, "a"))
    assert floor.contact("a").recording is Recording.NONE
    assert GoOnRecording("a") not in floor.wait(600.0)
    assert not [event for event in floor.events if isinstance(event, RecordingWentOn)]


def test_only_who_talks_pauses_and_only_what_is_recorded(floor: Floor) -> None:
    pause(floor, BOB)
    assert floor.contact("a").recording is Recording.ON
    silent = Floor()
    silent.comes(ANN)
    silent.calls("a")
    silent.answers(ANN, "a")
    pause(silent)
    assert (silent.commands, silent.contact("a").recording) == ((), Recording.NONE)


def test_a_chat_is_not_recorded() -> None:
    floor = Floor(records=True)
    floor.comes(ANN)
    floor.calls("a", channel=Channel.CHAT)
    floor.answers(ANN, "a")
    assert floor.contact("a").recording is Recording.NONE


def test_it_survives_a_kill_and_a_replay(floor: Floor) -> None:
    pause(floor)
    again = rebuild(floor.events)
    assert snapshot(again.board) == snapshot(floor.board) == snapshot(thaw(freeze(floor.board)))
    assert outstanding(again.board) == (PauseRecording("a"), Connect("a", ANN))
    floor.wait(200.0)
    assert replay(floor.events) == floor.events
