"""One step of the engine: what happened, what was decided, and what is to be done."""

from tellonce.switchboard.board import Board
from tellonce.switchboard.commands import Command
from tellonce.switchboard.folding import Event, fold


class Step:
    """Grows while a fact is decided on; empty if the fact came too late to mean anything.

    `has_begun` once the board may have changed; `due` is the timer that is being looked at, and whose it is.
    """

    __slots__ = ("board", "commands", "due", "events", "has_begun")

    def __init__(self, board: Board) -> None:
        self.board = board
        self.events: list[Event] = []
        self.commands: list[Command] = []
        self.has_begun = False
        self.due: tuple[str, str] | None = None

    def happened(self, event: Event) -> None:
        """Keeps the event, and changes the board by it."""
        self.has_begun = True
        fold(self.board, event)
        self.events.append(event)

    def do(self, *commands: Command) -> None:
        """Asks for something to be done."""
        self.commands.extend(commands)
