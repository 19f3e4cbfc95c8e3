"""How well arrivals are forecast: every model beside last week again, from rolling origins, on a bank's real calls.

Protocol. Nothing is drawn at random. From each origin every model sees the days before it alone, with the calendar of
Israel's holidays, and forecasts seven days; what a model tunes slowly is tuned at the first origin and every 28 days
after it. Scored are all 24 hours of all days with records. Half hours of January to September 1999: every second day
from the 43rd on is an origin. Quarter hours of January, February and August: an origin a day from the 29th day on
where all of the two weeks before and some of the week after have records. "chosen" is, at each origin, the model with
the least error until then. Intervals are made at each origin from the errors known by then. The constants of
level_and_shape were set on January to May.
Run: python -m benchmarks.forecasting [--json]
"""

import csv
import gzip
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from benchmarks.report import Figure, say
from tellonce.lab.forecasting import MODELS, Backtest, Holiday, Series, forecast, series_of_arrivals, series_of_counts
from tellonce.lab.forecasting.backtest import backtest_at
from tests.shared import DATA

COUNTS = DATA / "callcentre" / "anonymousbank_6min_counts_1999_jan_sep.csv.gz"
CALLS = DATA / "callcentre" / "anonymousbank_calls_1999_jan_feb_aug.csv.gz"
FRIDAY, SATURDAY = 4, 5
LEADS = {"one day ahead": (1, 1), "one week ahead": (7, 7), "days 1 to 7": (1, 7)}
LIMIT = 0.9  # of the WAPE of last week again
COVERS = (0.75, 0.85)
HORIZON_DAYS, PLANNED_DAYS = 7, 28
JUNE = 151  # days of January to May


def holidays() -> tuple[Holiday, ...]:
    """Israel's days off in 1999 (5759 and 5760), their eves, and the days between first and last."""
    off = ["04-01", "04-07", "04-21", "05-17", "05-21", "09-11", "09-12", "09-20", "09-25"]
    eves = ["03-31", "04-06", "04-20", "05-20", "09-10", "09-19", "09-24"]
    between = ["04-02", "04-03", "04-04", "04-05", "09-26", "09-27", "09-28", "09-29", "09-30"]
    days = [Holiday(date.fromisoformat(f"1999-{day}"), "holiday", SATURDAY) for day in off]
    days += [Holiday(date.fromisoformat(f"1999-{day}"), "eve", FRIDAY) for day in eves]
    for day in (date.fromisoformat(f"1999-{day}") for day in between):
        days.append(Holiday(day, "between", day.weekday()))
    return tuple(days)


def rows_of(path: object) -> Iterator[dict[str, str]]:
    """The rows of a gzipped CSV file."""
    with gzip.open(str(path), "rt", newline="") as file:
        yield from csv.DictReader(file)


def half_hours() -> Series:
    """The counts per 6 minutes, five to a half hour."""
    counts = np.array([float(row["calls"]) for row in rows_of(COUNTS)]).reshape(-1, 5).sum(axis=1)
    return series_of_counts(date(1999, 1, 1), 1800, counts, holidays=holidays())


def quarter_hours() -> Series:
    """Every call by the time it entered the menu; days without any are days without records."""
    entered = [datetime.strptime(f"{row['date']} {row['vru_entry']}", "%Y-%m-%d %H:%M:%S") for row in rows_of(CALLS)]  # noqa: DTZ007
    return series_of_arrivals(entered, interval_s=900, empty_days="unknown", holidays=holidays())


def recorded_origins(series: Series, *, first: int) -> NDArray[np.int64]:
    """Days with two recorded weeks before them and something recorded in the week after."""
    known = np.asarray(~np.isnan(series.counts).all(axis=1))
    places = [p for p in range(first, series.days) if known[p - 14 : p].all() and known[p : p + HORIZON_DAYS].any()]
    return np.array(places)


def scores(name: str, tested: Backtest) -> None:
    """Every model's WAPE beside that of last week again, its bias and what its intervals cover."""
    say(Figure(f"{name}: origins", len(tested.origins), "days"))
    for ahead, (first, last) in LEADS.items():
        naive = tested.score("seasonal_naive", first_lead=first, last_lead=last).wape
        for model in tested.models:
            score = tested.score(model, first_lead=first, last_lead=last)
            what = f"{name}, {ahead}, {model}"
            say(Figure(f"{what}: WAPE", score.wape, "", "seasonal naive", naive))
            say(Figure(f"{what}: bias", score.bias, ""))
            say(Figure(f"{what}: covered by the 80% interval", score.coverage, "", "level", 0.8))
        chosen = tested.score("chosen", first_lead=first, last_lead=last)
        say(Figure(f"{name}, {ahead}: chosen over seasonal naive", chosen.wape / naive, "", "limit", LIMIT))
        say(Figure(f"{name}, {ahead}: covered, least asked", chosen.coverage, "", "limit", COVERS[0]))
        say(Figure(f"{name}, {ahead}: covered, most allowed", chosen.coverage, "", "limit", COVERS[1]))


def of_later_months(tested: Backtest, *, origin: int) -> Backtest:
    """The same from an origin on: what our model's constants were not set on."""
    kept = tested.origins >= origin
    parts = {name: getattr(tested, name)[:, kept] for name in ("expected", "lower", "upper")}
    parts |= {name: getattr(tested, name)[kept] for name in ("origins", "actual", "groups")}
    return replace(tested, **parts)


def planning() -> None:
    """Processor seconds for four weeks of one queue by quarter hour (half hours cut in two), model choice included."""
    series = half_hours()
    quarters = np.repeat(series.counts / 2, 2, axis=1)
    finer = Series(series.first_day, 900, quarters, holidays=series.holidays)
    began = time.process_time()
    forecast(finer, PLANNED_DAYS)
    took = time.process_time() - began
    say(Figure("four weeks by quarter hour of nine months, chosen from seven models", took, "s", "limit", 20.0))


def main() -> None:
    """Runs everything."""
    halves, quarters = half_hours(), quarter_hours()
    at = np.arange(42, halves.days, 2)
    tested = backtest_at(halves, HORIZON_DAYS, models=MODELS, origins=at)
    scores("half hours", tested)
    scores("half hours, June to September", of_later_months(tested, origin=JUNE))
    at = recorded_origins(quarters, first=28)
    scores("quarter hours", backtest_at(quarters, HORIZON_DAYS, models=MODELS, origins=at))
    planning()


if __name__ == "__main__":
    main()
