"""A week as a grid of quarter hours on the queue's own clock, and who is there in each."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from tellonce.modules.phone.contracts import Arrivals
from tellonce.modules.planning.contracts import DAYS, QUARTER_S, QUARTERS, ShiftLine
from tellonce.modules.planning.contracts.outlook import Bools, Floats

_MINUTE_S = 60


def monday_of(day: date) -> date:
    """The Monday of the week that the day is in."""
    return day - timedelta(days=day.weekday())


def moment(day: date, quarter: int, zone: ZoneInfo) -> datetime:
    """When the wall clock shows that quarter hour of the day; 96 is midnight at its end."""
    ahead, within = divmod(quarter, QUARTERS)
    wall = time(within // 4, within % 4 * 15)
    return datetime.combine(day + timedelta(days=ahead), wall, tzinfo=zone)


def week_bounds(week: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From Monday's midnight until before the next one's."""
    return moment(week, 0, zone), moment(week + timedelta(days=DAYS), 0, zone)


def middles_s(week: date, zone: ZoneInfo) -> Floats:
    """The middle of each quarter hour as seconds since 1970, of shape (7, 96)."""
    starts = [[moment(week + timedelta(days=n), q, zone).timestamp() for q in range(QUARTERS)] for n in range(DAYS)]
    return np.array(starts) + QUARTER_S / 2


def presence(middles: Floats, shifts: Sequence[ShiftLine], away: Iterable[tuple[int, datetime, datetime]]) -> Bools:
    """Who is at work and on no break: shape (shifts, 7, 96), one row for each shift.

    `away` are absences: the person's id, from, until.
    """
    starts, ends = _seconds([(shift.starts_at, shift.ends_at) for shift in shifts])
    there = (middles >= starts) & (middles < ends)
    for row, shift in enumerate(shifts):
        begin = shift.starts_at.timestamp()
        for pause in shift.pauses:
            leaves = begin + pause.after_min * _MINUTE_S
            there[row] &= ~((middles >= leaves) & (middles < leaves + pause.length_min * _MINUTE_S))
    rows: dict[int, list[int]] = {}
    for row, shift in enumerate(shifts):
        if shift.person_id is not None:
            rows.setdefault(shift.person_id, []).append(row)
    for person_id, since, until in away:
        gone = (middles >= since.timestamp()) & (middles < until.timestamp())
        for row in rows.get(person_id, []):
            there[row] &= ~gone
    return there


def extra(middles: Floats, changes: Iterable[tuple[datetime, datetime, int]]) -> Floats:
    """People more or fewer than the shifts say, shape (7, 96), from times and numbers."""
    total = np.zeros(middles.shape)
    for since, until, people in changes:
        total += people * ((middles >= since.timestamp()) & (middles < until.timestamp()))
    return total


def by_wall_clock(arrivals: Arrivals, first: date, days: int, zone: ZoneInfo) -> Floats:
    """Counts of quarter hours in rows of days of the wall clock from `first` on, shape (days, 96).

    An hour that the clock shows twice is taken as its mean, one that it skips is nan.
    """
    total, times = np.zeros(days * QUARTERS), np.zeros(days * QUARTERS)
    midnight = datetime.combine(first, time())
    walls = (datetime.fromtimestamp(each, zone).replace(tzinfo=None) - midnight for each in arrivals.starts_s.tolist())
    places = np.array([int(wall.total_seconds()) // QUARTER_S for wall in walls], dtype=np.int64)
    inside = (places >= 0) & (places < len(total))
    np.add.at(total, places[inside], arrivals.counts[inside])
    np.add.at(times, places[inside], 1)
    return np.where(times > 0, total / np.maximum(times, 1), np.nan).reshape(days, QUARTERS)


def _seconds(spans: Sequence[tuple[datetime, datetime]]) -> tuple[Floats, Floats]:
    each = np.array([[since.timestamp(), until.timestamp()] for since, until in spans], dtype=np.float64).reshape(-1, 2)
    return each[:, 0, None, None], each[:, 1, None, None]
