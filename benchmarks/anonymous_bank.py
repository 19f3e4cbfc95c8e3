"""The calls of AnonymousBank (Technion, 1999) as a call log.

Faults of the record that are known: virtual calls (PHANTOM) are no calls; a caller who did not have to wait is not
identified, so neither code nor priority is known; talks of over two hours are a line left open.
"""

import csv
import gzip
import math
from datetime import date
from pathlib import Path

import numpy as np

from tellonce.lab.fitting import UNKNOWN, CallLog, Ending

FILE = "callcentre/anonymousbank_calls_1999_jan_feb_aug.csv.gz"
KINDS = ("PS", "NW", "NE", "IN", "PE", "TT")
DAY_S = 86_400
_HALF_DAY_S = DAY_S // 2
_OPEN_LINE_S = 7_200


def read_calls(path: Path, *, months: tuple[int, ...]) -> CallLog:
    """The calls of these months of 1999; times count from the first midnight of the first of them."""
    first = date(1999, months[0], 1)
    with gzip.open(path, "rt", newline="") as file:
        rows = [row for row in csv.DictReader(file) if int(row["date"][5:7]) in months and _is_call(row)]
    people = tuple(sorted({row["server"] for row in rows} - {"NO_SERVER"}))
    lines = np.array([_line(row, first=first, people=people) for row in rows])
    columns = [lines[:, place] for place in range(9)]
    whole = [column.astype(np.int64) for column in (columns[3], *columns[5:])]
    return CallLog(columns[0], columns[1], columns[2], whole[0], columns[4], *whole[1:], kinds=KINDS, people=people)


def _is_call(row: dict[str, str]) -> bool:
    return row["outcome"] != "PHANTOM" and row["type"] in KINDS and int(row["ser_time"]) <= _OPEN_LINE_S


def _line(row: dict[str, str], *, first: date, people: tuple[str, ...]) -> tuple[float, ...]:
    day = (date.fromisoformat(row["date"]) - first).days * DAY_S
    entered, left = _seconds(row["vru_entry"]), _seconds(row["vru_exit"])
    if left < entered - _HALF_DAY_S:  # over midnight
        left += DAY_S
    waited = int(row["q_time"]) if row["q_start"] != "0:00:00" or row["q_time"] != "0" else None
    answered = row["outcome"] == "AGENT"
    ending = Ending.ANSWERED if answered else Ending.LEFT_IN_MENU if waited is None else Ending.ABANDONED
    who = int(float(row["customer_id"])) or UNKNOWN
    priority = UNKNOWN if waited is None and who == UNKNOWN else int(row["priority"])
    person = people.index(row["server"]) if answered and row["server"] in people else UNKNOWN
    talked = float(row["ser_time"]) if answered else math.nan
    kind = KINDS.index(row["type"])
    return (day + entered, day + max(left, entered), waited or 0, ending, talked, person, kind, priority, who)


def _seconds(clock: str) -> int:
    hours, minutes, seconds = clock.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds)
