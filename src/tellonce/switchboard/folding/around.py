"""Settings, hours, outages and time."""

from collections.abc import Callable
from typing import Any

from tellonce.lab.routing import Calibration
from tellonce.switchboard.board import Board, Outage
from tellonce.switchboard.decisions import NewsDue, NewsWanted
from tellonce.switchboard.facts import (
    BegunAnew,
    Calibrated,
    Configured,
    OutageBegan,
    OutageEnded,
    QueueClosed,
    QueueOpened,
    TimePassed,
    TimerDropped,
)
from tellonce.switchboard.folding.configuring import configure
from tellonce.switchboard.timers import Timer


def _configured(board: Board, event: Configured) -> None:
    configure(board, event.settings)


def _calibrated(board: Board, event: Calibrated) -> None:
    board.calibration = Calibration(event.scale, event.spread)


def _time_passed(board: Board, event: TimePassed) -> None:
    board.fired = board.timers.take_due(event.at)
    for timer, whom in board.fired:
        if timer is Timer.RETELL:
            board.timers.set(timer, whom, event.at + board.settings.retell_s)


def _queue_closed(board: Board, event: QueueClosed) -> None:
    board.closed[event.queue] = event.opens_at


def _queue_opened(board: Board, event: QueueOpened) -> None:
    board.closed.pop(event.queue, None)


def _outage_began(board: Board, event: OutageBegan) -> None:
    known = board.outages.get(event.outage)
    wanted = known.wanted if known else []
    board.outages[event.outage] = Outage(event.outage, event.area, event.expected_end, wanted)


def _outage_ended(board: Board, event: OutageEnded) -> None:
    known = board.outages.pop(event.outage, None)
    board.news = known.wanted if known else []


def _news_wanted(board: Board, event: NewsWanted) -> None:
    contact = board.contacts[event.contact]
    board.outages[event.outage].wanted.append((contact.id, contact.number, contact.customer))


def _news_due(board: Board, _event: NewsDue) -> None:
    board.news = []


def _timer_dropped(board: Board, event: TimerDropped) -> None:
    board.timers.cancel(Timer(event.timer), event.whom)


def _begun_anew(board: Board, event: BegunAnew) -> None:
    """What may have been there is not: who waits for news of an outage does, whatever is known of it by now."""
    board.clear()
    board.now = event.at
    for outage, contact, number, customer in event.wanted:
        board.outages.setdefault(outage, Outage(outage, "", 0.0)).wanted.append((contact, number, customer))


FOLDS: dict[type, Callable[[Board, Any], None]] = {
    Configured: _configured,
    Calibrated: _calibrated,
    TimePassed: _time_passed,
    TimerDropped: _timer_dropped,
    BegunAnew: _begun_anew,
    QueueClosed: _queue_closed,
    QueueOpened: _queue_opened,
    OutageBegan: _outage_began,
    OutageEnded: _outage_ended,
    NewsWanted: _news_wanted,
    NewsDue: _news_due,
}
