"""Recording pauses while a card number is spoken, and for good where the customer wishes none."""

from tellonce.switchboard.board import Board
from tellonce.switchboard.commands import GoOnRecording, PauseRecording
from tellonce.switchboard.contacts import Contact, Recording, Stage
from tellonce.switchboard.deciding.step import Step
from tellonce.switchboard.decisions import RecordingWentOn
from tellonce.switchboard.facts import RecordingPaused, RecordingResumed


def recording_paused(step: Step, fact: RecordingPaused) -> None:
    """Asked for again it lasts longer; what was refused is not shortened to a pause."""
    contact = _recorded(step.board, fact)
    if contact is None or contact.recording is Recording.REFUSED:
        return
    was_on = contact.recording is Recording.ON
    step.happened(fact)
    if was_on:
        step.do(PauseRecording(contact.id))


def recording_resumed(step: Step, fact: RecordingResumed) -> None:
    contact = _recorded(step.board, fact)
    if contact is not None and contact.recording is not Recording.ON:
        step.happened(fact)
        step.do(GoOnRecording(contact.id))


def go_on(step: Step, contact: Contact) -> None:
    """A pause is over: after its time, or when whoever asked for it leaves the call."""
    if contact.recording is Recording.PAUSED:
        step.happened(RecordingWentOn(step.board.now, contact.id))
        step.do(GoOnRecording(contact.id))


def _recorded(board: Board, fact: RecordingPaused | RecordingResumed) -> Contact | None:
    contact = board.contacts.get(fact.contact)
    is_mine = contact is not None and contact.stage is Stage.TALKING and contact.person == fact.person
    return contact if contact is not None and is_mine and contact.recording else None
