"""The fold: each event changes the board in one way, whether it happens now or is read from the journal."""

from collections.abc import Callable
from typing import Any

from tellonce.switchboard.board import Board
from tellonce.switchboard.decisions import Decision
from tellonce.switchboard.errors import JournalError
from tellonce.switchboard.facts import Fact
from tellonce.switchboard.folding import around, callbacks, contacts, listening, people, recordings

Event = Fact | Decision

_FOLDS: dict[type, Callable[[Board, Any], None]] = {
    kind: fold
    for module in (around, callbacks, contacts, listening, people, recordings)
    for kind, fold in module.FOLDS.items()
}


def fold(board: Board, event: Event) -> None:
    """Changes the board by an event. What is only asked for changes nothing: the decision that follows does.

    JournalError when the event cannot follow on those before it.
    """
    board.now = event.at
    change = _FOLDS.get(type(event))
    if change is None:
        return
    try:
        change(board, event)
    except KeyError as error:
        raise JournalError(f"{type(event).__name__} speaks of {error}, which is not there.") from error
