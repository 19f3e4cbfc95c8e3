"""Models of statsforecast over day totals, spread by our shapes: at 96 intervals a day they would take minutes."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from tellonce.lab.forecasting.history import ORDINARY, Calendar, History
from tellonce.lab.forecasting.models import Model
from tellonce.lab.forecasting.series import WEEK, Bools, Floats
from tellonce.lab.forecasting.shapes import shapes_of

_NEIGHBOURS = 4  # weeks on either side that tell what a day would have been
_LONGEST_DAYS = 420


@dataclass(frozen=True, slots=True)
class DayTotals:
    """A model of statsforecast on the logarithm of day totals, special days put in and out by their usual ratio."""

    name: str
    make: Callable[[], Any]

    def tuned(self, history: History) -> Model:
        """Nothing to learn beforehand."""
        return self

    def points(self, history: History) -> Floats:
        """See `Model`."""
        shapes = shapes_of(history)
        totals = day_totals(history.calendar, shapes.totals, make=self.make, ahead=history.ahead)
        points: Floats = totals[:, None] * shapes.shares[history.coming]
        return points


def _of_statsforecast(name: str, **options: Any) -> Callable[[], Any]:
    """Makes a model when it is needed: loading statsforecast takes two seconds and 150 MB, which only forecasts pay."""
    return lambda: getattr(import_module("statsforecast.models"), name)(season_length=WEEK, **options)


AUTO_ETS = DayTotals("auto_ets", _of_statsforecast("AutoETS", model="AZA"))
AUTO_THETA = DayTotals("auto_theta", _of_statsforecast("AutoTheta"))
DYNAMIC_THETA = DayTotals("dynamic_optimized_theta", _of_statsforecast("DynamicOptimizedTheta"))
WEEKLY_MSTL = DayTotals("mstl", _of_statsforecast("MSTL"))


def day_totals(calendar: Calendar, totals: Floats, *, make: Callable[[], Any], ahead: int) -> Floats:
    """The totals of the days to come, shape (ahead,)."""
    days = len(totals)
    logs = np.log(totals + 0.5)
    usable = ~np.isnan(logs) & (calendar.kind[:days] == ORDINARY)
    calm = _calm(calendar, logs, usable)
    kept = calm[_weeks_with_records(~np.isnan(logs))][-_LONGEST_DAYS:]
    coming = np.asarray(make().forecast(y=kept, h=max(ahead, WEEK))["mean"])
    found = coming[:ahead].copy()
    for place in np.flatnonzero(calendar.kind[days : days + ahead] != ORDINARY):
        alike = int(calendar.like[days + place])
        first = (alike - int(calendar.weekday[days])) % WEEK
        found[place] = coming[first] + _unlike(calendar, logs, calm, kind=int(calendar.kind[days + place]))
    ahead_totals: Floats = np.maximum(np.exp(found) - 0.5, 0.0)
    return ahead_totals


def _calm(calendar: Calendar, logs: Floats, usable: Bools) -> Floats:
    """The logarithms with special and unknown days replaced by what their weekday is around them."""
    calm = logs.copy()
    for day in np.flatnonzero(~usable):
        calm[day] = _usual(calendar, logs, usable, day=int(day), weekday=int(calendar.weekday[day]))
    return calm


def _usual(calendar: Calendar, logs: Floats, usable: Bools, *, day: int, weekday: int) -> float:
    """The median of a weekday near a day; of that weekday at any time, or of all days, where none is near."""
    places = np.arange(len(logs))
    same = usable & (calendar.weekday[: len(logs)] == weekday)
    near = same & (np.abs(places - day) <= _NEIGHBOURS * WEEK)
    for chosen in (near, same, usable):
        if chosen.any():
            return float(np.median(logs[chosen]))
    return 0.0


def _unlike(calendar: Calendar, logs: Floats, calm: Floats, *, kind: int) -> float:
    """How far days of a kind were from the weekday they resemble, shrunk as if one more had been just like it."""
    days = len(logs)
    seen = np.flatnonzero((calendar.kind[:days] == kind) & ~np.isnan(logs))
    ordinary = (calendar.kind[:days] == ORDINARY) & ~np.isnan(logs)
    off = [logs[d] - _usual(calendar, calm, ordinary, day=int(d), weekday=int(calendar.like[d])) for d in seen]
    return float(np.sum(off)) / (len(seen) + 1)


def _weeks_with_records(known: Bools) -> Bools:
    """The days to keep: of a long time without records whole weeks are taken out, so that weekdays stay in step."""
    keep = np.ones(len(known), dtype=bool)
    begin = 0
    for end in [*np.flatnonzero(known).tolist(), len(known)]:
        whole = (end - begin) // WEEK * WEEK
        keep[begin : begin + whole] = False
        begin = end + 1
    return keep
