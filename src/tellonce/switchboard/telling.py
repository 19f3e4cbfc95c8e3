"""The wait that a contact is told: estimated by routing, rounded for the ear, nothing made up."""

import math

from tellonce.switchboard.board import Board
from tellonce.switchboard.contacts import Contact
from tellonce.switchboard.decisions import Form

_MINUTE_S = 60.0
_LONGEST_MIN = 60


def estimate(board: Board, contact: Contact) -> tuple[float, float, float]:
    """10%, 50% and 90% quantile of the seconds that a contact still waits; inf if nobody is there to take it."""
    waiting = board.waiting
    low, median, high = board.past.told(
        contact.line,
        entered=contact.entered,
        at=board.now,
        waiting=(waiting.line, waiting.entered),
        people=board.at_work,
        calibration=board.calibration,
        changes=board.planned.changes(board.people, now=board.now),
    )
    return float(low), float(median), float(high)


def in_words(low_s: float, high_s: float) -> tuple[Form, int, int]:
    """How a wait between these is said, in whole minutes: a range when it is wide."""
    if math.isinf(high_s):
        return Form.NOT_KNOWN, 0, 0
    low, high = int(low_s // _MINUTE_S), math.ceil(high_s / _MINUTE_S)
    if high <= 1:
        return Form.UNDER_A_MINUTE, 0, 1
    if low >= _LONGEST_MIN:
        return Form.MORE_THAN, _LONGEST_MIN, high
    if high - low <= 1:
        return Form.ABOUT, high, high
    return Form.BETWEEN, max(low, 1), high
