"""Settings, hours and outages as they are, against what the board knows."""

from tellonce.switchboard.board import Board
from tellonce.switchboard.facts import Configured, Fact, OutageBegan, OutageEnded, QueueClosed, QueueOpened
from tellonce.switchboard.ports import Around


def changes(board: Board, around: Around, *, at: float) -> list[Fact]:
    """What the board does not know yet, or not any more; settings come first."""
    known = {name: (outage.area, outage.expected_end) for name, outage in board.outages.items()}
    facts: list[Fact] = []
    if around.settings != board.configured:
        facts.append(Configured(at, around.settings))
    facts += [QueueOpened(at, queue) for queue in board.closed if queue not in around.closed]
    facts += [QueueClosed(at, queue, opens) for queue, opens in around.closed.items()
              if board.closed.get(queue) != opens]  # fmt: skip
    facts += [OutageEnded(at, outage) for outage in known if outage not in around.outages]
    facts += [OutageBegan(at, outage, area, end) for outage, (area, end) in around.outages.items()
              if known.get(outage) != (area, end)]  # fmt: skip
    return facts
