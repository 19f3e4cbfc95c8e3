"""What is to be done still, after a kill: commands of the last step may have been lost with it."""

from collections.abc import Iterator

from tellonce.switchboard.board import Board
from tellonce.switchboard.commands import Command, Connect, Hold, Music, PauseRecording, Ring, SayChoice
from tellonce.switchboard.contacts import Contact, Recording, Stage
from tellonce.switchboard.decisions import Choice


def outstanding(board: Board) -> tuple[Command, ...]:
    """Commands that bring the world to what the board says; what is so already may be ignored.

    Nobody is dialled by them: a call that was not picked up, or never made, is over when its time is.
    """
    return tuple(command for contact in board.contacts.values() for command in _of(board, contact))


def _of(board: Board, contact: Contact) -> Iterator[Command]:
    if contact.stage is Stage.TALKING and contact.recording in {Recording.PAUSED, Recording.REFUSED}:
        yield PauseRecording(contact.id)
    match contact.stage:
        case Stage.FRONT if contact.choice:
            yield SayChoice(contact.id, Choice(contact.choice), contact.about, _time_of(board, contact))
        case Stage.WAITING if not contact.is_callback:
            yield Music(contact.id)
        case Stage.OFFERED:
            yield Ring(contact.id, contact.person, contact.story, contact.note)
        case Stage.TALKING if contact.is_held:
            yield Hold(contact.id)
        case Stage.TALKING:
            yield Connect(contact.id, contact.person)


def _time_of(board: Board, contact: Contact) -> float:
    outage = board.outages.get(contact.about)
    return outage.expected_end if outage else board.closed.get(contact.about, 0.0)
