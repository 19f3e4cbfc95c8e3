"""Made-up queues whose truth is known."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from tellonce.lab.forecasting import Holiday, Outage, Series
from tellonce.lab.forecasting.series import Floats

FIRST_DAY = date(2024, 1, 1)  # a Monday
INTERVAL_S = 3600
WEEKDAYS = np.array([1.3, 1.1, 1.0, 1.0, 1.2, 0.5, 0.2])
HOURS = np.exp(-0.5 * ((np.arange(24) - 11.0) / 3.0) ** 2) + 0.6 * np.exp(-0.5 * ((np.arange(24) - 18.0) / 2.0) ** 2)


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """Arrivals and the rates that they were drawn from, shape (days, 24)."""

    series: Series
    rates: Floats


def made(
    days: int,
    *,
    calls_a_day: float = 800.0,
    day_error: float = 0.05,
    seed: int = 1,
    holidays: tuple[Holiday, ...] = (),
    outages: tuple[Outage, ...] = (),
    bill_days: tuple[date, ...] = (),
    factors: dict[int, float] | None = None,
) -> Made:
    """Poisson arrivals by weekday and hour, each day off by a lognormal error; `factors` multiply single days."""
    random = np.random.default_rng(seed)
    level = calls_a_day * WEEKDAYS[np.arange(days) % 7] * np.exp(random.normal(0.0, day_error, days))
    for place, factor in (factors or {}).items():
        level[place] *= factor
    rates = level[:, None] * HOURS / HOURS.sum()
    counts = random.poisson(rates).astype(np.float64)
    series = Series(FIRST_DAY, INTERVAL_S, counts, holidays=holidays, outages=outages, bill_days=bill_days)
    return Made(series, rates)
