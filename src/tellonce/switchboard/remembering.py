"""What a switchboard that starts knows: by the frozen board, by the whole journal, or by what pages saw last.

It never refuses to start for what another version has left: what cannot be known any more is said in the log.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tellonce.lab.routing import AS_ESTIMATED
from tellonce.switchboard.board import Board
from tellonce.switchboard.engine import Engine, rebuild
from tellonce.switchboard.errors import JournalLostError
from tellonce.switchboard.facts import Arrived, BegunAnew, CallbackPromised, Fact, PersonSet
from tellonce.switchboard.folding import Event
from tellonce.switchboard.freezing import thaw
from tellonce.switchboard.learning import WaitLearner
from tellonce.switchboard.ports import Journal, Past

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Remembered:
    """An engine, and what it has learnt.

    Attributes:
        is_of_another_version: the board that is kept cannot be read: a new one is to be frozen.
        anew: what is to be told to an engine that knows nothing, before all else; None if it knows what was kept.
        left: what is to be told to it once it is configured.
    """

    engine: Engine = field(default_factory=Engine)
    learner: WaitLearner = field(default_factory=WaitLearner)
    is_of_another_version: bool = False
    anew: BegunAnew | None = None
    left: tuple[Fact, ...] = ()


def remembered(journal: Journal) -> Remembered:
    """What can be known; JournalLostError."""
    past = journal.read()
    try:
        return _by_board(past)
    except JournalLostError:
        raise
    except Exception:
        log.exception("switchboard.board_of_another_version")
    try:
        return _by_all(journal)
    except JournalLostError:
        raise
    except Exception:
        log.exception("switchboard.journal_unreadable")
    return _by_pages(journal, past.board or {})


def engine_kept(journal: Journal) -> Engine:
    """The engine that wrote what is kept by now, which this version can read."""
    past = journal.read()
    return rebuild(past.events, since=thaw(past.board) if past.board else None)


def _by_board(past: Past) -> Remembered:
    board = thaw(past.board) if past.board else None
    return _taught(past.events, since=board)


def _by_all(journal: Journal) -> Remembered:
    found = _taught(journal.read(whole=True).events, since=None)
    found.is_of_another_version = True
    return found


def _taught(events: Iterable[Event], *, since: Board | None) -> Remembered:
    learner = WaitLearner(before=since.calibration if since else AS_ESTIMATED)

    def _learnt() -> Iterator[Event]:
        """The same; what they teach was told then, and is among them."""
        for event in events:
            learner.take(event)
            yield event

    return Remembered(rebuild(_learnt(), since=since), learner)


def _by_pages(journal: Journal, board: Mapping[str, Any]) -> Remembered:
    left = tuple(journal.left())
    anew = BegunAnew(0.0, tuple(_wanted(board)))
    log.error(
        "switchboard.begins_anew",
        extra={
            "people": sum(isinstance(fact, PersonSet) for fact in left),
            "callbacks": sum(isinstance(fact, CallbackPromised) for fact in left),
            "written": sum(isinstance(fact, Arrived) for fact in left),
            "news_wanted": len(anew.wanted),
            "lost": "counts of the day, what was learnt of waits, callers without a number",
        },
    )
    return Remembered(is_of_another_version=True, anew=anew, left=left)


def _wanted(board: Mapping[str, Any]) -> Iterator[tuple[str, str, str, int]]:
    """Who wants to hear of the end of an outage, if that can be read; of who is on record no number is needed."""
    try:
        found = [(str(outage["outage"]), *each) for outage in board.get("outages", ()) for each in outage["wanted"]]
        for outage, contact, number, customer in found:
            yield outage, str(contact), "" if customer else str(number), int(customer)
    except (KeyError, TypeError, ValueError):
        log.exception("switchboard.news_wanted_lost")
