"""How many arrivals will come, interval by interval, and how good such forecasts have been."""

from tellonce.lab.forecasting.backtest import CHOSEN, SHORTEST_DAYS, Backtest, Score, backtest
from tellonce.lab.forecasting.errors import SeriesError
from tellonce.lab.forecasting.forecast import MODELS, Forecast, forecast
from tellonce.lab.forecasting.models import LevelAndShape, Model, SameWeekdayMean, SeasonalNaive
from tellonce.lab.forecasting.series import (
    Holiday,
    Outage,
    Series,
    monthly_days,
    series_of_arrivals,
    series_of_counts,
)

__all__ = [
    "CHOSEN", "MODELS", "SHORTEST_DAYS", "Backtest", "Forecast", "Holiday", "LevelAndShape", "Model", "Outage",
    "SameWeekdayMean", "Score", "SeasonalNaive", "Series", "SeriesError", "backtest", "forecast", "monthly_days",
    "series_of_arrivals", "series_of_counts",
]  # fmt: skip
