"""The forecast of one queue, by the model that was best on its own past."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike

from tellonce.lab.forecasting.backtest import Backtest, backtest, day_groups, points_of
from tellonce.lab.forecasting.history import history_of
from tellonce.lab.forecasting.models import LevelAndShape, Model, SameWeekdayMean, SeasonalNaive
from tellonce.lab.forecasting.series import Floats, Ints, Series
from tellonce.lab.forecasting.spread import Spread
from tellonce.lab.forecasting.statistical import AUTO_ETS, AUTO_THETA, DYNAMIC_THETA, WEEKLY_MSTL

MODELS: tuple[Model, ...] = (
    LevelAndShape(),
    SeasonalNaive(),
    SameWeekdayMean(),
    AUTO_ETS,
    AUTO_THETA,
    DYNAMIC_THETA,
    WEEKLY_MSTL,
)


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """Arrivals to come.

    Attributes:
        first_day: the first day to come.
        interval_s: seconds of an interval.
        point: shape (days, intervals), arrivals expected.
        lower, upper: same shape, the bounds that `level` of the intervals should lie within.
        level: between 0 and 1.
        model: that made it: the best of the backtest.
        backtest: how good each model has been.
        spread: how far arrivals fall from the point.
        groups: shape (days,), in which errors are alike.
    """

    first_day: date
    interval_s: int
    point: Floats
    lower: Floats
    upper: Floats
    level: float
    model: str
    backtest: Backtest
    spread: Spread
    groups: Ints

    def quantile(self, q: ArrayLike) -> Floats:
        """Arrivals not exceeded with probability q, shape (days, intervals); q above 0 and below 1.

        Raises:
            SeriesError: q is not within 0 and 1.
        """
        return self.spread.quantile(q, expected=self.point, group=_by_interval(self.groups, self.point))

    @property
    def day_error(self) -> Floats:
        """Relative standard deviation of what all intervals of a day have in common, shape (days,)."""
        error: Floats = np.sqrt(self.spread.day_variance[self.groups])
        return error


def forecast(
    series: Series,
    horizon_days: int,
    *,
    models: Sequence[Model] = MODELS,
    origins: int = 12,
    level: float = 0.8,
) -> Forecast:
    """Forecasts by the model that had the least WAPE over rolling origins.

    Args:
        series: at least 28 days with records.
        horizon_days: days to come, from 1.
        models: to choose from.
        origins: of the backtest, at most.
        level: share that `lower` to `upper` should cover.

    Raises:
        SeriesError: too little history, or a number that makes no sense.
    """
    tested = backtest(series, horizon_days, models=models, origins=origins, level=level)
    best = next(model for model in models if model.name == tested.best)
    history = history_of(series, ahead=horizon_days)
    point = points_of(best, history)
    spread, groups = tested.spread(best.name), day_groups(series, first=series.days, ahead=horizon_days)
    group = _by_interval(groups, point)
    lower = spread.quantile((1 - level) / 2, expected=point, group=group)
    upper = spread.quantile((1 + level) / 2, expected=point, group=group)
    first_day = series.day(series.days)
    return Forecast(first_day, series.interval_s, point, lower, upper, level, best.name, tested, spread, groups)


def _by_interval(groups: Ints, point: Floats) -> Ints:
    """The group of each interval."""
    return np.broadcast_to(groups[:, None], point.shape)
