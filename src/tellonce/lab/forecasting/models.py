"""What a model is, and the two that everybody understands: last week again, and the mean of the same weekdays."""

from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np

from tellonce.lab.forecasting.history import ORDINARY, History
from tellonce.lab.forecasting.levels import Sizes, levels_of, sizes_of
from tellonce.lab.forecasting.series import Floats
from tellonce.lab.forecasting.shapes import shapes_of

_SAME_WEEKDAYS = 6


class Model(Protocol):
    """A way to forecast; `name` is stable and stands in results."""

    @property
    def name(self) -> str:
        """One lower_snake word."""

    def tuned(self, history: History) -> "Model":
        """The model with what changes slowly learned, so that origins close to each other can share it."""

    def points(self, history: History) -> Floats:
        """Expected arrivals of the days to come, shape (days to come, intervals)."""


class _Untuned:
    def tuned(self, history: History) -> Self:
        """Nothing to learn beforehand."""
        return self


@dataclass(frozen=True, slots=True)
class SeasonalNaive(_Untuned):
    """The same interval of the last week that is known, holiday or not."""

    name: str = "seasonal_naive"

    def points(self, history: History) -> Floats:
        """See `Model`."""
        return np.array([_latest(history.counts[_same_weekday(history, place)]) for place in _coming(history)])


@dataclass(frozen=True, slots=True)
class SameWeekdayMean(_Untuned):
    """The mean of the last six of the same weekday, holidays left out."""

    name: str = "same_weekday_mean"

    def points(self, history: History) -> Floats:
        """See `Model`."""
        ordinary = history.calendar.kind[: history.days] == ORDINARY
        known = ordinary & ~np.isnan(history.counts).all(axis=1)
        rows = []
        for place in _coming(history):
            same = [day for day in _same_weekday(history, place) if known[day]][:_SAME_WEEKDAYS]
            rows.append(_mean(history.counts[same]))
        return np.array(rows)


@dataclass(frozen=True, slots=True)
class LevelAndShape:
    """Our own: a Gaussian process over day totals, times a shape of the day by weekday."""

    sizes: Sizes | None = None
    name: str = "level_and_shape"

    def tuned(self, history: History) -> "LevelAndShape":
        """Learns how much each cause moves the day totals."""
        return LevelAndShape(sizes_of(history.calendar, shapes_of(history).totals))

    def points(self, history: History) -> Floats:
        """See `Model`."""
        shapes = shapes_of(history)
        sizes = self.sizes or sizes_of(history.calendar, shapes.totals)
        levels = levels_of(history.calendar, shapes.totals, ahead=history.ahead, sizes=sizes)
        points: Floats = levels[:, None] * shapes.shares[history.coming]
        return points


def _coming(history: History) -> range:
    return range(history.days, history.days + history.ahead)


def _same_weekday(history: History, place: int) -> list[int]:
    """The days of history on a weekday, latest first."""
    weekday = int(history.calendar.weekday[place])
    return [day for day in range(history.days - 1, -1, -1) if history.calendar.weekday[day] == weekday]


def _latest(rows: Floats) -> Floats:
    """The first known value of each column; zero where none is known."""
    found = np.zeros(rows.shape[1])
    for row in rows[::-1]:
        found = np.where(np.isnan(row), found, row)
    return found


def _mean(rows: Floats) -> Floats:
    """The mean of the known values of each column; zero where none is known."""
    known = (~np.isnan(rows)).sum(axis=0)
    mean: Floats = np.nansum(rows, axis=0) / np.maximum(known, 1)
    return mean
