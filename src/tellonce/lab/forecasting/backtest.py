"""Rolling origins: every model forecasts from days in the past what is known by now, and its errors are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from tellonce.lab.forecasting.errors import SeriesError
from tellonce.lab.forecasting.history import ORDINARY, History, history_of
from tellonce.lab.forecasting.models import Model
from tellonce.lab.forecasting.outages import lift_ahead
from tellonce.lab.forecasting.series import Floats, Ints, Series
from tellonce.lab.forecasting.spread import Spread, groups_of, spread_of

CHOSEN = "chosen"
SHORTEST_DAYS = 28
_FIRST_ORIGIN = 21
_TUNED_FOR_DAYS = 28
_STEPS = (3, 4, 5)  # days between origins: none divides a week, so that each weekday is an origin


@dataclass(frozen=True, slots=True)
class Score:
    """How good a model was over the origins, on the intervals known and open.

    Attributes:
        model: its name, or "chosen": at each origin the model that had been best until then.
        first_lead: first day ahead, from 1.
        last_lead: last day ahead, included.
        wape: sum of absolute errors over sum of arrivals.
        bias: sum of forecast less actual, over sum of arrivals; above 0 is too many.
        coverage: share of intervals within the interval made at the origin from earlier errors; nan without any.
        intervals: number of intervals scored.
    """

    model: str
    first_lead: int
    last_lead: int
    wape: float
    bias: float
    coverage: float
    intervals: int


@dataclass(frozen=True, slots=True, eq=False)
class Backtest:
    """Forecasts made in the past and what came.

    Attributes:
        first_day: of the series.
        origins: shape (origins,), number of days known at each.
        models: their names, the chosen last.
        expected: shape (models, origins, days ahead, intervals).
        lower, upper: bounds of the interval made at the origin, same shape; nan where no errors were known yet.
        actual: shape (origins, days ahead, intervals), nan where unknown, closed, to come or within an outage.
        groups: shape (origins, days ahead), in which errors are alike, see `lab.forecasting.spread`.
        level: that the intervals should cover.
    """

    first_day: date
    origins: Ints
    models: tuple[str, ...]
    expected: Floats
    lower: Floats
    upper: Floats
    actual: Floats
    groups: Ints
    level: float

    def score(self, model: str, *, first_lead: int = 1, last_lead: int | None = None) -> Score:
        """The score of a model over some days ahead, all without `last_lead`.

        Raises:
            SeriesError: the model or the days ahead were not tested.
        """
        last = self.expected.shape[2] if last_lead is None else last_lead
        if model not in self.models:
            raise SeriesError("model", f"must be one of {', '.join(self.models)}, not {model}.")
        if not 1 <= first_lead <= last <= self.expected.shape[2]:
            raise SeriesError("last_lead", f"must lie within the {self.expected.shape[2]} days tested.")
        place, leads = self.models.index(model), slice(first_lead - 1, last)
        actual = self.actual[:, leads]
        scored = ~np.isnan(actual)
        came = actual[scored]
        error = self.expected[place, :, leads][scored] - came
        low, high = self.lower[place, :, leads][scored], self.upper[place, :, leads][scored]
        bounded = ~np.isnan(low)
        inside = (came >= low) & (came <= high)
        total = max(float(came.sum()), 1e-9)
        coverage = float(inside[bounded].mean()) if bounded.any() else float("nan")
        wape, bias = float(np.abs(error).sum()) / total, float(error.sum()) / total
        return Score(model, first_lead, last, wape, bias, coverage, int(scored.sum()))

    @property
    def best(self) -> str:
        """The model with the least WAPE over all days ahead."""
        return min(self.models[:-1], key=lambda model: self.score(model).wape)

    def spread(self, model: str) -> Spread:
        """What the errors of a model say about how far arrivals fall from its forecast."""
        place = self.models.index(model)
        return _spread(self.expected[place], self.actual, self.groups)


def backtest(
    series: Series,
    horizon_days: int,
    *,
    models: Sequence[Model],
    origins: int = 12,
    level: float = 0.8,
) -> Backtest:
    """Lets models forecast from several origins, each seeing only what was known then.

    Args:
        series: at least 28 days with records.
        horizon_days: days ahead of each origin, from 1.
        models: to be compared, with different names.
        origins: how many at most, the latest the day before the last.
        level: share that intervals should cover, between 0 and 1.

    Raises:
        SeriesError: too little history, or a number that makes no sense.
    """
    _check(series, horizon_days, models, level)
    places = _origins(series, horizon_days, most=origins)
    return backtest_at(series, horizon_days, models=models, origins=places, level=level)


def backtest_at(
    series: Series, horizon_days: int, *, models: Sequence[Model], origins: Ints, level: float = 0.8
) -> Backtest:
    """The same from given origins, in order: numbers of days known, shape (origins,)."""
    shape = (len(origins), horizon_days, series.intervals)
    actual = np.full(shape, np.nan)
    expected = np.zeros((len(models) + 1, *shape))
    seen = history_of(series, ahead=0).counts
    tuned, tuned_at = list(models), -_TUNED_FOR_DAYS
    for row, origin in enumerate(origins):
        came = seen[origin : origin + horizon_days]
        actual[row, : len(came)] = came
        history = history_of(series.first(int(origin)), ahead=horizon_days)
        if origin - tuned_at >= _TUNED_FOR_DAYS:
            tuned, tuned_at = [model.tuned(history) for model in models], int(origin)
        for place, model in enumerate(tuned):
            expected[place, row] = points_of(model, history)
    for row in range(len(origins)):
        best = _best_until(expected[:-1], actual, origins, until=row)
        expected[-1, row] = expected[best, row]
    groups = np.array([day_groups(series, first=int(origin), ahead=horizon_days) for origin in origins])
    lower, upper = _bounds(expected, actual, origins, groups, level)
    names = (*(model.name for model in models), CHOSEN)
    return Backtest(series.first_day, origins, names, expected, lower, upper, actual, groups, level)


def day_groups(series: Series, *, first: int, ahead: int) -> Ints:
    """The groups of the days ahead of a place in a series, shape (ahead,)."""
    special = history_of(series.first(first), ahead=ahead).calendar.kind[first:] != ORDINARY
    return groups_of(np.arange(1, ahead + 1), special=special)


def points_of(model: Model, history: History) -> Floats:
    """What a model expects, nothing where closed, with the lift of planned outages."""
    points = np.maximum(model.points(history), 0.0)
    found: Floats = np.where(history.is_open[history.coming], points, 0.0) * lift_ahead(history)
    return found


def _check(series: Series, horizon_days: int, models: Sequence[Model], level: float) -> None:
    if horizon_days < 1:
        raise SeriesError("horizon_days", f"must be at least 1, not {horizon_days}.")
    if not models or len({model.name for model in models}) < len(models):
        raise SeriesError("models", "must be at least one, each with a name of its own.")
    if not 0 < level < 1:
        raise SeriesError("level", f"must be above 0 and below 1, not {level:g}.")
    known = int((~np.isnan(series.counts).all(axis=1)).sum())
    if known < SHORTEST_DAYS:
        text = f"hold {known} days with records; a forecast needs at least {SHORTEST_DAYS}: import older arrivals."
        raise SeriesError("counts", text, reason="few_days", days=known, least=SHORTEST_DAYS)
    if not np.nansum(series.counts) > 0:
        raise SeriesError("counts", "hold no arrival at all.", reason="no_arrival")


def _origins(series: Series, horizon_days: int, *, most: int) -> Ints:
    """Days known at each origin: backwards from the day before the last, after three weeks with records."""
    known = np.cumsum(~np.isnan(series.counts).all(axis=1))
    first = int(np.searchsorted(known, _FIRST_ORIGIN)) + 1
    step = _STEPS[np.searchsorted((7, 14), horizon_days)]
    places = np.arange(series.days - 1, first - 1, -step)
    usable = [place for place in places if not np.isnan(series.counts[place : place + horizon_days]).all()]
    return np.array(usable[:most][::-1], dtype=np.int64)


def _known_by(actual: Floats, origins: Ints, *, until: int) -> Floats:
    """What had come by the origin in a row, nan elsewhere."""
    day = origins[:, None] + np.arange(actual.shape[1])
    known: Floats = np.where((day < origins[until])[:, :, None], actual, np.nan)
    return known


def _best_until(expected: Floats, actual: Floats, origins: Ints, *, until: int) -> int:
    """The model with the least absolute error by then; the first given where there is none yet."""
    error = np.abs(expected - _known_by(actual, origins, until=until))
    return int(np.nansum(error, axis=(1, 2, 3)).argmin())


def _spread(expected: Floats, actual: Floats, groups: Ints) -> Spread:
    used = ~np.isnan(actual)
    return spread_of(expected[used], actual[used], np.broadcast_to(groups[:, :, None], actual.shape)[used])


def _bounds(expected: Floats, actual: Floats, origins: Ints, groups: Ints, level: float) -> tuple[Floats, Floats]:
    """The interval that each forecast would have had; nan where no error was known."""
    lower, upper = np.full_like(expected, np.nan), np.full_like(expected, np.nan)
    for row in range(len(origins)):
        known = _known_by(actual, origins, until=row)
        if np.isnan(known).all():
            continue
        group = np.broadcast_to(groups[row][:, None], actual.shape[1:])
        for place in range(len(expected)):
            spread = _spread(expected[place], known, groups)
            here = expected[place, row]
            lower[place, row] = spread.quantile((1 - level) / 2, expected=here, group=group)
            upper[place, row] = spread.quantile((1 + level) / 2, expected=here, group=group)
    return lower, upper
