"""Whether a call is recorded: it begins with the first person, and is paused or refused."""

from collections.abc import Callable
from typing import Any

from tellonce.switchboard.board import Board
from tellonce.switchboard.contacts import Contact, Recording
from tellonce.switchboard.decisions import RecordingWentOn
from tellonce.switchboard.facts import RecordingPaused, RecordingResumed
from tellonce.switchboard.settings import Channel
from tellonce.switchboard.timers import Timer


def begin_recording(board: Board, contact: Contact) -> None:
    """A customer and a person hear each other; what was refused stays so, whoever has the call."""
    is_recorded = board.settings.records and contact.channel == Channel.CALL and not contact.parent
    if is_recorded and contact.recording is Recording.NONE:
        contact.recording = Recording.ON


def end_recording(board: Board, contact: Contact) -> None:
    """The call is over, the contact may not be: it is called back."""
    board.timers.cancel(Timer.RECORDING, contact.id)
    if contact.recording is not Recording.REFUSED:
        contact.recording = Recording.NONE


def _paused(board: Board, event: RecordingPaused) -> None:
    contact = board.contacts[event.contact]
    contact.recording = Recording.REFUSED if event.is_for_good else Recording.PAUSED
    if event.is_for_good:
        board.timers.cancel(Timer.RECORDING, contact.id)
    else:
        board.timers.set(Timer.RECORDING, contact.id, event.at + board.settings.pause_s)


def _goes_on(board: Board, event: RecordingResumed | RecordingWentOn) -> None:
    contact = board.contacts[event.contact]
    contact.recording = Recording.ON
    board.timers.cancel(Timer.RECORDING, contact.id)


FOLDS: dict[type, Callable[[Board, Any], None]] = {
    RecordingPaused: _paused,
    RecordingResumed: _goes_on,
    RecordingWentOn: _goes_on,
}
