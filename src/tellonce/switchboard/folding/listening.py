"""Supervisors who hear a call."""

from collections.abc import Callable
from typing import Any

from tellonce.switchboard.board import Board
from tellonce.switchboard.facts import NOBODY, ListeningAsked, ListeningEnded


def _asked(board: Board, event: ListeningAsked) -> None:
    for other in board.contacts.values():  # one call is heard at a time
        if other.listener == event.supervisor:
            other.listener = NOBODY
    contact = board.contacts[event.contact]
    contact.whispers = event.whispers
    board.begin_listening(contact, event.supervisor)


def _ended(board: Board, event: ListeningEnded) -> None:
    board.end_listening(board.contacts[event.contact])


FOLDS: dict[type, Callable[[Board, Any], None]] = {ListeningAsked: _asked, ListeningEnded: _ended}
