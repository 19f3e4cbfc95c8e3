"""What a series takes, and what it refuses with words that help."""

from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import pytest

from tellonce.lab.forecasting import (
    Holiday,
    Outage,
    Series,
    SeriesError,
    forecast,
    monthly_days,
    series_of_arrivals,
    series_of_counts,
)
from tellonce.lab.forecasting.tests.queues import made

DAY = date(2024, 1, 1)
NOON = datetime.combine(DAY, time(12))


def test_arrivals_are_counted_in_the_interval_they_fall_in_and_days_are_whole() -> None:
    moments = [NOON, NOON + timedelta(seconds=1799), NOON + timedelta(seconds=1800), NOON + timedelta(days=1)]
    series = series_of_arrivals(moments, interval_s=1800)
    assert (series.first_day, series.counts.shape) == (DAY, (2, 48))
    assert series.counts[0, 24:26].tolist() == [2, 1]
    assert series.counts.sum() == 4


def test_times_as_an_array_and_days_outside_the_limits() -> None:
    moments = np.array(["2023-12-31T23:59:59", "2024-01-02T00:00:00"], dtype="datetime64[ns]")
    series = series_of_arrivals(moments, interval_s=900, first_day=DAY, last_day=date(2024, 1, 3), empty_days="zero")
    assert series.counts.sum(axis=1).tolist() == [0, 1, 0]


def test_a_day_without_arrivals_is_no_quiet_day_unless_somebody_says_so() -> None:
    moments = [NOON, NOON + timedelta(days=2)]
    with pytest.raises(SeriesError, match=r"1 open days \(2024-01-02\): say whether those are unknown or zero"):
        series_of_arrivals(moments, interval_s=900)
    unknown = series_of_arrivals(moments, interval_s=900, empty_days="unknown")
    assert np.isnan(unknown.counts).all(axis=1).tolist() == [False, True, False]
    closed_tuesdays = np.ones((7, 96), dtype=bool)
    closed_tuesdays[1] = False
    assert series_of_arrivals(moments, interval_s=900, open_hours=closed_tuesdays).counts[1].sum() == 0


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"interval_s": 700}, "interval_s must divide a day"),
        ({"counts": [-1.0] * 48}, "counts must be zero or more, not -1"),
        ({"counts": [1.0] * 47}, "1 are missing at the end"),
        ({"counts": ["many"] * 48}, "counts must be numbers"),
        ({"open_hours": np.ones((7, 24), dtype=bool)}, "open_hours must have the shape"),
        ({"holidays": (Holiday(DAY), Holiday(DAY, "eve"))}, "2024-01-01 more than once"),
        ({"holidays": (Holiday(DAY, like=7),)}, "weekday from 0 to 6"),
        ({"outages": (Outage(NOON, NOON),)}, "must end after they start"),
        ({"outages": (Outage(NOON.replace(tzinfo=UTC), NOON.replace(hour=13, tzinfo=UTC)),)}, "naive local time"),
    ],
)
def test_what_is_no_series_is_refused(changed: dict[str, object], words: str) -> None:
    given = {"interval_s": 1800, "counts": [1.0] * 48} | changed
    with pytest.raises(SeriesError, match=words):
        series_of_counts(DAY, **given)  # type: ignore[arg-type]


def test_what_cannot_be_forecast_is_refused() -> None:
    series = made(27).series
    with pytest.raises(SeriesError, match="27 days with records; a forecast needs at least 28: import older"):
        forecast(series, 7)
    with pytest.raises(SeriesError, match="horizon_days must be at least 1"):
        forecast(series, 0)
    with pytest.raises(SeriesError, match="no arrival at all"):
        forecast(Series(DAY, 3600, np.zeros((40, 24))), 7)
    with pytest.raises(SeriesError, match="with a name of its own"):
        forecast(series, 1, models=())


def test_bill_days_of_a_month() -> None:
    assert monthly_days((1, 31), first_day=date(2024, 1, 31), last_day=date(2024, 3, 1)) == (
        date(2024, 1, 31),
        date(2024, 2, 1),
        date(2024, 3, 1),
    )
