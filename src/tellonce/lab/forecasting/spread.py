"""Intervals from past errors: on the square-root scale, where counts have nearly one variance, by group and size.

Groups are days ahead (1, 2 to 7, 8 to 14, more), and special days apart from them: those are known less well.

Brown et al., Statistical analysis of a telephone call center, JASA 100 (2005): sqrt(N + 1/4) of a Poisson count is
nearly normal with variance 1/4; an uncertain day adds a part that grows with the count. What is left is taken from
the errors themselves (split conformal), so that no shape is assumed where there are enough of them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from tellonce.lab.forecasting.errors import SeriesError
from tellonce.lab.forecasting.series import Bools, Floats, Ints

_LEAD_ENDS = np.array([1, 7, 14])  # the last day ahead of each group; the next group holds those farther
_SPECIAL = len(_LEAD_ENDS) + 1
_GROUPS = _SPECIAL + 1
_SIZE_ENDS = np.array([0.5, 2.0, 8.0, 30.0])  # calls expected
_LEVELS = np.linspace(0.01, 0.99, 99)
_NORMAL: Floats = ndtri(_LEVELS)
_ENOUGH = 60
_COUNTING = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """How far arrivals fall from what was expected.

    Attributes:
        day_variance: shape (groups,), squared relative error that all intervals of a day have in common
            or that chance in single calls does not explain.
        table: shape (groups, sizes, 99), quantiles 0.01 to 0.99 of the standardised error.
    """

    day_variance: Floats
    table: Floats

    def quantile(self, q: ArrayLike, *, expected: Floats, group: Ints) -> Floats:
        """The arrivals that are not exceeded with probability q.

        Args:
            q: between 0 and 1, both excluded; fits the shape of `expected`.
            expected: arrivals expected, any shape.
            group: of each, see `groups_of`, same shape.

        Raises:
            SeriesError: q is not within 0 and 1.
        """
        wanted = np.broadcast_to(np.asarray(q, dtype=np.float64), np.shape(expected))
        if not ((wanted > 0) & (wanted < 1)).all():
            raise SeriesError("q", "must be above 0 and below 1.")
        rows = self.table[group, np.digitize(expected, _SIZE_ENDS)]
        centre = np.sqrt(expected + _COUNTING)
        root = centre + _in_rows(rows, wanted) * _scale(expected, self.day_variance[group])
        arrivals: Floats = np.maximum(root, 0.0) ** 2 - _COUNTING
        return np.where(expected > 0, np.maximum(arrivals, 0.0), 0.0)


def groups_of(lead: Ints, *, special: Bools) -> Ints:
    """The group of days by how far ahead they are, from 1, and whether they are special; one shape."""
    return np.where(special, _SPECIAL, np.digitize(lead, _LEAD_ENDS, right=True))


def spread_of(expected: Floats, actual: Floats, group: Ints) -> Spread:
    """Learns from errors; all of shape (errors,).

    Args:
        expected: arrivals that were expected.
        actual: arrivals that came.
        group: of each, see `groups_of`.
    """
    error = np.sqrt(actual + _COUNTING) - np.sqrt(expected + _COUNTING)
    everywhere = _day_variance(error, expected)
    variance = np.array([_day_variance(error[group == g], expected[group == g], everywhere) for g in range(_GROUPS)])
    standard = error / _scale(expected, variance[group])
    size = np.digitize(expected, _SIZE_ENDS)
    table = np.empty((_GROUPS, len(_SIZE_ENDS) + 1, len(_LEVELS)))
    for g in range(_GROUPS):
        for s in range(table.shape[1]):
            table[g, s] = _quantiles(standard[(group == g) & (size == s)], standard[size == s], standard)
    return Spread(variance, table)


def _scale(expected: Floats, day_variance: Floats) -> Floats:
    """Standard deviation of the root of a count whose mean has a relative error."""
    scale: Floats = np.sqrt(_COUNTING + 0.25 * day_variance * expected)
    return scale


def _day_variance(error: Floats, expected: Floats, otherwise: float = 0.0) -> float:
    """By moments: the mean square of the errors is that of counting, plus a quarter of the variance of the mean."""
    if len(error) < _ENOUGH or expected.sum() <= 0:
        return otherwise
    return max(0.0, 4.0 * float((error**2 - _COUNTING).sum()) / float(expected.sum()))


def _quantiles(*candidates: Floats) -> Floats:
    """Quantiles of the first that has enough errors; the normal law where none has."""
    for errors in candidates:
        if len(errors) >= _ENOUGH:
            found: Floats = np.quantile(errors, _LEVELS, method="weibull")
            return found
    return _NORMAL


def _in_rows(rows: Floats, q: Floats) -> Floats:
    """Between the quantiles of each row; beyond the last one in proportion to the normal law."""
    place = np.clip((q - _LEVELS[0]) / (_LEVELS[1] - _LEVELS[0]), 0.0, len(_LEVELS) - 1.0)
    below = np.minimum(place.astype(np.int64), len(_LEVELS) - 2)
    low = np.take_along_axis(rows, below[..., None], axis=-1)[..., 0]
    high = np.take_along_axis(rows, below[..., None] + 1, axis=-1)[..., 0]
    within = low + (place - below) * (high - low)
    outside = (q < _LEVELS[0]) | (q > _LEVELS[-1])
    beyond = np.where(outside, ndtri(q) / ndtri(np.where(q < _LEVELS[0], _LEVELS[0], _LEVELS[-1])), 1.0)
    found: Floats = within * beyond
    return found
