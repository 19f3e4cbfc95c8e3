"""A series as the models see it: what may be learned from, and what the calendar says about past and coming days."""

from dataclasses import dataclass
from datetime import datetime, time

import numpy as np

from tellonce.lab.forecasting.series import WEEK, Bools, Floats, Ints, Outage, Series

LONG_AGO = 60  # days since a bill day that count as never
ORDINARY = -1


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """The days from the first of history to the last to come; every array has one entry a day.

    `weekday` is 0 for Monday; `kind` numbers the kinds of special days, ORDINARY for all others; `like` is the
    weekday a day resembles; `since_bill` are days since a bill day, LONG_AGO without.
    """

    weekday: Ints
    kind: Ints
    like: Ints
    since_bill: Ints
    month_day: Ints


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """What was known at an origin.

    Attributes:
        counts: shape (days, intervals); nan where unknown, within an outage, or closed.
        calendar: of all days, those to come included.
        is_open: shape (days and days to come, intervals).
    """

    series: Series
    counts: Floats
    calendar: Calendar
    is_open: Bools
    ahead: int

    @property
    def days(self) -> int:
        """Days of history; the places from here on are to come."""
        return int(self.counts.shape[0])

    @property
    def coming(self) -> slice:
        """The days to come, as places in the calendar."""
        return slice(self.days, self.days + self.ahead)


def history_of(series: Series, *, ahead: int) -> History:
    """The history of a series, with a calendar that reaches `ahead` days beyond it."""
    days = series.days + ahead
    weekday = (series.first_day.weekday() + np.arange(days)) % WEEK
    shape = (days, series.intervals)
    is_open = np.ones(shape, dtype=bool) if series.open_hours is None else series.open_hours[weekday]
    hidden = ~is_open[: series.days]
    for outage in series.outages:
        hidden |= within(series, outage, days=series.days)
    counts = np.where(hidden, np.nan, series.counts)
    return History(series, counts, _calendar(series, weekday, counts), is_open, ahead)


def within(series: Series, outage: Outage, *, days: int) -> Bools:
    """The intervals that an outage touches, shape (days, intervals)."""
    midnight = datetime.combine(series.first_day, time())
    first = int((outage.start - midnight).total_seconds() // series.interval_s)
    last = -int(-(outage.end - midnight).total_seconds() // series.interval_s)
    touched = np.zeros(days * series.intervals, dtype=bool)
    touched[max(first, 0) : max(last, 0)] = True
    return touched.reshape(days, series.intervals)


def _calendar(series: Series, weekday: Ints, counts: Floats) -> Calendar:
    kinds = sorted({holiday.kind for holiday in series.holidays})
    kind = np.full(len(weekday), ORDINARY)
    like = weekday.copy()
    quietest = _quietest(weekday[: series.days], counts)
    for holiday in series.holidays:
        place = (holiday.day - series.first_day).days
        if 0 <= place < len(weekday):
            kind[place] = kinds.index(holiday.kind)
            like[place] = quietest if holiday.like is None else holiday.like
    dates = [series.day(place) for place in range(len(weekday))]
    month_day = np.array([day.day for day in dates])
    return Calendar(weekday, kind, like, _since_bill(series, len(weekday)), month_day)


def _quietest(weekday: Ints, counts: Floats) -> int:
    """The weekday with the fewest arrivals on the days known."""
    means = np.full(WEEK, np.inf)
    totals = np.nansum(counts, axis=1)
    known = ~np.isnan(counts).all(axis=1)
    for day in range(WEEK):
        here = known & (weekday == day)
        if here.any():
            means[day] = totals[here].mean()
    return int(means.argmin())


def _since_bill(series: Series, days: int) -> Ints:
    since = np.full(days, LONG_AGO)
    for bill in series.bill_days:
        place = (bill - series.first_day).days
        for after in range(max(place, 0), min(place + LONG_AGO, days)):
            since[after] = min(since[after], after - place)
    return since
