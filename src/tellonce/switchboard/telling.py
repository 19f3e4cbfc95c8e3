"""The wait that a contact is told: estimated by routing, rounded for the ear, nothing made up."""

import math

import numpy as np

from tellonce.switchboard.arrays import Floats
from tellonce.switchboard.board import Board
from tellonce.switchboard.contacts import Contact
from tellonce.switchboard.decisions import Form
from tellonce.switchboard.facts import Presence

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
        people=_at_work(board) if contact.needs_phone and board.phones is not None else board.at_work,
        calibration=board.calibration,
        changes=board.planned.changes(board.people, now=board.now),
    )
    return float(low), float(median), float(high)


def _at_work(board: Board) -> Floats:
    """(G,) people at work who have a phone."""
    counts: Floats = np.zeros_like(board.at_work)
    for number in board.phones or ():
        person = board.people.get(number)
        if person is not None and person.presence is Presence.AVAILABLE and person.group >= 0:
            counts[person.group] += 1.0
    return counts


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
