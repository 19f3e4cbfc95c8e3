"""Counting what happens to contacts, in the interval in which they entered."""

import math
from typing import Any

from tellonce.lab.compiled import compiled_lean
from tellonce.lab.simulation.outcome import ANSWERED, BINS, FIRST_EDGE_S, HOUR_S, IN_TIME, WIDENING
from tellonce.lab.simulation.records import (
    EFFORTS,
    ENDED,
    ENTERED_AT,
    IS_LEG,
    LEFT_AT,
    LEG,
    PERSON,
    ROW_COLUMNS,
    STREAM,
    TOLD,
)

_WIDENING_LOG = math.log(WIDENING)


@compiled_lean
def count(w: Any, stream: int, at: float, column: int) -> None:
    """One more in a column of the counts."""
    interval = min(int(at / w.setting[0].interval_s), w.counts.shape[1] - 1)
    w.counts[stream, interval, column] += 1


@compiled_lean
def count_answered(w: Any, stream: int, entered: float, waited_s: float) -> None:
    """An answer, and how long it took."""
    interval = min(int(entered / w.setting[0].interval_s), w.counts.shape[1] - 1)
    w.counts[stream, interval, ANSWERED] += 1
    if waited_s <= w.streams[stream].within_s:
        w.counts[stream, interval, IN_TIME] += 1
    place = 0
    if waited_s > 0.0:
        w.waited_s[stream, interval, 0] += waited_s
        place = 1
        if waited_s > FIRST_EDGE_S:
            place = min(2 + int(math.log(waited_s / FIRST_EDGE_S) / _WIDENING_LOG), BINS - 1)
    w.histogram[stream, place] += 1
    w.hourly[stream, min(int(entered / HOUR_S), w.hourly.shape[1] - 1), place] += 1


@compiled_lean
def open_row(w: Any, slot: int) -> None:
    """A row of the record for a contact that enters."""
    contact = w.contacts[slot]
    contact.row = w.state[0].rows
    w.state[0].rows += 1
    row = w.rows[contact.row]
    for column in range(ROW_COLUMNS):
        row[column] = 0.0
    row[STREAM], row[ENTERED_AT], row[EFFORTS] = contact.stream, contact.entered, contact.efforts
    row[IS_LEG] = contact.cause == LEG
    row[TOLD] = 0.0


@compiled_lean
def close_row(w: Any, slot: int, at: float, person: int, ended: int) -> None:
    """What became of the contact."""
    row = w.rows[w.contacts[slot].row]
    row[LEFT_AT], row[PERSON], row[ENDED] = at, person, ended
