"""One step of the engine: what happened, what was decided, and what is to be done."""

from tellonce.switchboard.board import Board
from tellonce.switchboard.commands import Command
from tellonce.switchboard.folding import Event, fold


class Step:
    """Grows while a fact is decided on; empty if the fact came too late to mean anything."""

    __slots__ = ("board", "commands", "events")

    def __init__(self, board: Board) -> None:
        self.board = board
        self.events: list[Event] = []
        self.commands: list[Command] = []

    def happened(self, event: Event) -> None:
        """Keeps the event, and changes the board by it."""
        fold(self.board, event)
        self.events.append(event)

    def do(self, *commands: Command) -> None:
        """Asks for something to be done."""
        self.commands.extend(commands)
