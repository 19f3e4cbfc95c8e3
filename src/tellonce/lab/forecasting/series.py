"""Arrivals per interval of whole days, with what the calendar knows about those days."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tellonce.lab.forecasting.errors import SeriesError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

DAY_S = 86_400
WEEK = 7
_SHORTEST_INTERVAL_S = 300


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day unlike its weekday: `kind` names days that resemble each other ("holiday", "eve", "strike").

    `like` is the weekday (0 Monday to 6 Sunday) that it resembles until days of its kind were seen; without it,
    the weekday with the fewest arrivals.
    """

    day: date
    kind: str = "holiday"
    like: int | None = None


@dataclass(frozen=True, slots=True)
class Outage:
    """A time from `start` to before `end` (naive local time) in which arrivals were, or will be, unlike others.

    `kind` names outages that resemble each other: of the network (arrivals rise), of the telephones (none come).
    `planned` says that it is known beforehand.
    """

    start: datetime
    end: datetime
    kind: str = "outage"
    planned: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Arrivals of one queue.

    Attributes:
        first_day: the day of the first row.
        interval_s: seconds of an interval; divides a day, and is at least 300.
        counts: shape (days, intervals a day), arrivals; nan where nobody knows (no records). Intervals are of the
            clock on the wall, 24 hours every day: on a day of 23 hours the hour that is missing is nan, on one of
            25 hours the caller leaves the hour that is there twice nan, or gives its mean.
        open_hours: shape (7, intervals a day), Monday first; outside of them nothing is forecast. All open without.
        holidays: of the past and of the days to come.
        bill_days: days on which bills go out, of the past and of the days to come.
        outages: of the past, and the planned ones to come. They are not learned from, but their lift is.

    Raises:
        SeriesError: what is given describes no series.
    """

    first_day: date
    interval_s: int
    counts: Floats
    open_hours: Bools | None = None
    holidays: tuple[Holiday, ...] = ()
    bill_days: tuple[date, ...] = ()
    outages: tuple[Outage, ...] = ()

    def __post_init__(self) -> None:
        _check_grid(self.interval_s, self.counts, self.open_hours)
        _check_calendar(self.holidays, self.outages)

    @property
    def days(self) -> int:
        """Number of days of history."""
        return int(self.counts.shape[0])

    @property
    def intervals(self) -> int:
        """Intervals a day."""
        return DAY_S // self.interval_s

    def day(self, place: int) -> date:
        """The day of a row; rows after the last are days to come."""
        return self.first_day + timedelta(days=place)

    def first(self, days: int) -> "Series":
        """What was known at the end of the first `days` days: later counts and outages that nobody planned are gone."""
        end = datetime.combine(self.day(days), time())
        known = tuple(outage for outage in self.outages if outage.planned or outage.start < end)
        return replace(self, counts=self.counts[:days], outages=known)


def _check_grid(interval_s: int, counts: Floats, open_hours: Bools | None) -> None:
    if interval_s < _SHORTEST_INTERVAL_S or DAY_S % interval_s:
        raise SeriesError("interval_s", f"must divide a day and be at least {_SHORTEST_INTERVAL_S}, not {interval_s}.")
    shape = (len(counts), DAY_S // interval_s)
    if counts.ndim != 2 or counts.shape != shape:  # noqa: PLR2004 - rows and columns
        raise SeriesError("counts", f"must have one row a day and {shape[1]} columns, not the shape {counts.shape}.")
    wrong = counts[(counts < 0) | np.isinf(counts)]
    if wrong.size:
        raise SeriesError("counts", f"must be zero or more, not {wrong[0]:g}.")
    if open_hours is not None and open_hours.shape != (WEEK, shape[1]):
        raise SeriesError("open_hours", f"must have the shape (7, {shape[1]}), not {open_hours.shape}.")


def _check_calendar(holidays: Sequence[Holiday], outages: Sequence[Outage]) -> None:
    days = [holiday.day for holiday in holidays]
    twice = {day for day in days if days.count(day) > 1}
    if twice:
        raise SeriesError("holidays", f"name {min(twice)} more than once.")
    for holiday in holidays:
        if holiday.like is not None and holiday.like not in range(WEEK):
            raise SeriesError("holidays", f"are like a weekday from 0 to 6, not {holiday.like}.")
    for outage in outages:
        if outage.start.tzinfo or outage.end.tzinfo:
            raise SeriesError("outages", "must be in naive local time, without a time zone.")
        if outage.end <= outage.start:
            raise SeriesError("outages", f"must end after they start: {outage.start} to {outage.end}.")


def series_of_counts(first_day: date, interval_s: int, counts: ArrayLike, **calendar: object) -> Series:
    """A series of counts in one row, oldest first, from midnight to midnight.

    Args:
        first_day: the day that the counts begin on, at 00:00 local time.
        interval_s: seconds of an interval.
        counts: shape (days x intervals a day,); nan where nobody knows.
        **calendar: `open_hours`, `holidays`, `bill_days`, `outages`, as in `Series`.

    Raises:
        SeriesError: the counts are no numbers, below zero, or do not fill whole days.
    """
    try:
        row = np.asarray(counts, dtype=np.float64).reshape(-1)
    except (TypeError, ValueError) as error:
        raise SeriesError("counts", "must be numbers.") from error
    a_day = DAY_S // interval_s if interval_s > 0 and DAY_S % interval_s == 0 else 0
    if a_day == 0:
        raise SeriesError("interval_s", f"must divide a day, not {interval_s}.")
    if row.size % a_day:
        missing = a_day - row.size % a_day
        raise SeriesError("counts", f"must fill whole days of {a_day} intervals; {missing} are missing at the end.")
    return Series(first_day, interval_s, row.reshape(-1, a_day), **calendar)  # type: ignore[arg-type]


def series_of_arrivals(
    moments: Iterable[datetime] | NDArray[np.datetime64],
    *,
    interval_s: int,
    empty_days: Literal["refuse", "unknown", "zero"] = "refuse",
    first_day: date | None = None,
    last_day: date | None = None,
    **calendar: object,
) -> Series:
    """Counts arrivals, each given by its naive local time, into a series of whole days.

    Args:
        moments: in any order. On the day the clocks go back two hours fall on the same numbers.
        interval_s: seconds of an interval.
        empty_days: what days without a single arrival are: a mistake to be told, days without records, or quiet days.
            Days that `open_hours` close are quiet.
        first_day: where counting begins: the day of the earliest arrival without it.
        last_day: where counting ends: the day of the latest arrival without it.
        **calendar: `open_hours`, `holidays`, `bill_days`, `outages`, as in `Series`.

    Raises:
        SeriesError: no arrivals, arrivals with a time zone, or days without any where that is refused.
    """
    seconds = _seconds(moments)
    if seconds.size == 0:
        raise SeriesError("moments", "must hold at least one arrival.")
    begin = (first_day - date(1970, 1, 1)).days if first_day else int(seconds.min() // DAY_S)
    end = (last_day - date(1970, 1, 1)).days if last_day else int(seconds.max() // DAY_S)
    if interval_s <= 0 or DAY_S % interval_s:
        raise SeriesError("interval_s", f"must divide a day, not {interval_s}.")
    size = max(end - begin + 1, 0) * (DAY_S // interval_s)
    places = (seconds - begin * DAY_S) // interval_s
    places = places[(places >= 0) & (places < size)]
    row = np.bincount(places, minlength=size).astype(np.float64)
    series = series_of_counts(date(1970, 1, 1) + timedelta(days=begin), interval_s, row, **calendar)
    return _empty_days_settled(series, empty_days)


def _seconds(moments: Iterable[datetime] | NDArray[np.datetime64]) -> Ints:
    """Seconds since 1970 of naive times, as if they were UTC."""
    if not isinstance(moments, np.ndarray):
        moments = list(moments)
        if any(moment.tzinfo for moment in moments):
            raise SeriesError("moments", "must be in naive local time, without a time zone.")
    try:
        return np.asarray(moments, dtype="datetime64[s]").astype(np.int64)
    except (TypeError, ValueError) as error:
        raise SeriesError("moments", "must be dates with times.") from error


def _empty_days_settled(series: Series, empty_days: Literal["refuse", "unknown", "zero"]) -> Series:
    weekdays = (series.first_day.weekday() + np.arange(series.days)) % WEEK
    is_open: Bools = np.ones(WEEK, dtype=bool)
    if series.open_hours is not None:
        is_open = np.asarray(series.open_hours.any(axis=1))
    empty = (series.counts.sum(axis=1) == 0) & is_open[weekdays]
    if empty_days == "zero" or not empty.any():
        return series
    if empty_days == "refuse":
        named = ", ".join(str(series.day(place)) for place in np.flatnonzero(empty)[:5].tolist())
        text = f"hold no arrival on {int(empty.sum())} open days ({named}): say whether those are unknown or zero."
        raise SeriesError("moments", text)
    return replace(series, counts=np.where(empty[:, None], np.nan, series.counts))


def monthly_days(numbers: Sequence[int], *, first_day: date, last_day: date) -> tuple[date, ...]:
    """Every day from first to last whose day of the month is in `numbers`: bill days that come monthly."""
    days = (first_day + timedelta(days=place) for place in range((last_day - first_day).days + 1))
    return tuple(day for day in days if day.day in set(numbers))
