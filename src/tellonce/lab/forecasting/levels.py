"""Day totals by Gaussian-process regression: weekday, kind of day, days since the bill, slow level, short echo.

The logarithm of a day's total is a sum of Gaussian parts, each with a covariance between days (Rasmussen and
Williams, Gaussian Processes for Machine Learning, 2006, chapters 2 and 5.4); their sizes maximise the marginal
likelihood. Days that nobody knows are left out; days that nothing explains weigh less.
"""

from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from tellonce.kernel.later import Later
from tellonce.lab.forecasting.history import LONG_AGO, ORDINARY, Calendar
from tellonce.lab.forecasting.series import Bools, Floats, Ints

_linear, _lapack, _best = Later("scipy.linalg"), Later("scipy.linalg.lapack"), Later("scipy.optimize")
_SLOW_DAYS, _ECHO_DAYS, _DRIFT_DAYS = 60.0, 3.0, 365.0
_BILL_DAYS = 1.5
_START = np.log(np.array([0.5, 0.5, 0.05, 0.05, 0.1, 0.1, 0.05]))  # standard deviations of the parts, and of the rest
_PRIOR_SPREAD = 1.5  # of the logarithms of those, around where they start
_CONSTANT = 10.0
_LONGEST_DAYS = 400
_FAR_OFF = 2.5  # standard deviations beyond which an unexplained day weighs less
_STEPS = 20


@dataclass(frozen=True, slots=True, eq=False)
class Sizes:
    """The variance that each part gives to the logarithm of a day's total, and what is left without a cause."""

    parts: Floats
    rest: float


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """The days learned from: covariances of size one (parts, days, days), centred logarithms, counting noise."""

    parts: Floats
    values: Floats
    counting: Floats
    middle: float
    places: Ints


def sizes_of(calendar: Calendar, totals: Floats) -> Sizes:
    """The sizes with the largest marginal likelihood, with a weak prior; `totals` has shape (days,), nan unknown."""
    known = _known(calendar, totals)
    start, spare = _START, np.ones(len(known.values))
    with threadpool_limits(limits=1, user_api="blas"):
        for _ in range(2):
            options = {"maxiter": _STEPS}
            start = _best.minimize(_loss, start, args=(known, spare), jac=True, method="L-BFGS-B", options=options).x
            spare = _widened(_as_sizes(start), known, np.ones(len(known.values)))
    return _as_sizes(start)


def levels_of(calendar: Calendar, totals: Floats, *, ahead: int, sizes: Sizes) -> Floats:
    """Forecasts the totals of the days after those given, shape (ahead,).

    Args:
        calendar: of the days given and those to come.
        totals: shape (days,), nan where unknown.
        ahead: number of days to come.
        sizes: of the parts.
    """
    known = _known(calendar, totals)
    coming = np.arange(len(totals), len(totals) + ahead)
    with threadpool_limits(limits=1, user_api="blas"):
        spare = _widened(sizes, known, np.ones(len(known.values)))
        factor = _linear.cholesky(_covariance(sizes, known, spare), lower=True)
        across = _CONSTANT + np.tensordot(sizes.parts, _parts(calendar, coming, known.places), axes=1)
        mean = known.middle + across @ _linear.cho_solve((factor, True), known.values)
    totals_ahead: Floats = np.maximum(np.exp(mean) - 0.5, 0.0)
    return totals_ahead


def _known(calendar: Calendar, totals: Floats) -> _Known:
    places = np.flatnonzero(~np.isnan(totals))[-_LONGEST_DAYS:]
    logs = np.log(totals[places] + 0.5)
    middle = float(np.median(logs))
    counting = 1.0 / (totals[places] + 0.5)
    return _Known(_parts(calendar, places, places), logs - middle, counting, middle, places)


def _parts(calendar: Calendar, rows: Ints, columns: Ints) -> Floats:
    """The covariance of each part at size one, between two sets of days (places in the calendar)."""
    apart = np.abs(rows[:, None] - columns[None, :]).astype(np.float64)

    def same(values: Ints) -> Bools:
        equal: Bools = values[rows][:, None] == values[columns][None, :]
        return equal

    def near(values: Ints, known: Bools) -> Floats:
        gap = (values[rows][:, None] - values[columns][None, :]) / _BILL_DAYS
        close: Floats = np.exp(-0.5 * gap**2) * (known[rows][:, None] & known[columns][None, :])
        return close

    special = calendar.kind != ORDINARY
    return np.array([
        same(calendar.like) * np.exp(-apart / _DRIFT_DAYS),
        same(calendar.kind) & special[rows][:, None],
        near(calendar.since_bill, calendar.since_bill < LONG_AGO),
        near(calendar.month_day, np.ones(len(special), dtype=bool)),
        np.exp(-apart / _SLOW_DAYS),
        np.exp(-apart / _ECHO_DAYS),
    ])  # fmt: skip


def _as_sizes(logs: Floats) -> Sizes:
    return Sizes(np.exp(2 * logs[:-1]), float(np.exp(2 * logs[-1])))


def _covariance(sizes: Sizes, known: _Known, spare: Floats) -> Floats:
    covariance: Floats = _CONSTANT + np.tensordot(sizes.parts, known.parts, axes=1)
    covariance[np.diag_indices_from(covariance)] += known.counting + sizes.rest * spare
    return covariance


def _inverse(sizes: Sizes, known: _Known, spare: Floats) -> tuple[Floats, float]:
    """The inverse of the covariance and the logarithm of its determinant."""
    factor = _linear.cholesky(_covariance(sizes, known, spare), lower=True)
    half, _ = _lapack.dpotri(factor, lower=1)
    inverse: Floats = np.tril(half) + np.tril(half, -1).T
    return inverse, 2 * float(np.log(np.diag(factor)).sum())


def _loss(logs: Floats, known: _Known, spare: Floats) -> tuple[float, Floats]:
    """Minus twice the log marginal likelihood with a normal prior on the sizes' logarithms, and its gradient."""
    sizes = _as_sizes(logs)
    inverse, determinant = _inverse(sizes, known, spare)
    weights = inverse @ known.values
    away = (logs - _START) / _PRIOR_SPREAD
    pull = np.outer(weights, weights) - inverse
    slopes = -2 * sizes.parts * np.tensordot(known.parts, pull, axes=2)
    rest = -2 * sizes.rest * float(np.diag(pull) @ spare)
    gradient = np.append(slopes, rest) + 2 * away / _PRIOR_SPREAD
    return float(known.values @ weights) + determinant + float(away @ away), gradient


def _widened(sizes: Sizes, known: _Known, spare: Floats) -> Floats:
    """How much wider a day's rest must be for its leave-one-out error to be no surprise."""
    inverse, _ = _inverse(sizes, known, spare)
    error = (inverse @ known.values) / np.sqrt(np.diag(inverse))
    widened: Floats = np.maximum(1.0, (error / _FAR_OFF) ** 2)
    return widened
