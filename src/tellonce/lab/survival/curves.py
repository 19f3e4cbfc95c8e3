"""How long things last when some are still going on: Kaplan-Meier and Nelson-Aalen.

References: Kaplan and Meier 1958; Greenwood 1926 (variance); Kalbfleisch and Prentice, The Statistical Analysis of
Failure Time Data (interval on the log of minus the log); Nelson 1972, Aalen 1978. Conventions: an end and a cut-off at
the same time count in that order, so what was cut off then was still at risk; a spell that is watched from a later time
(`entered`) is at risk after it, not at it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from tellonce.lab.survival.errors import SurvivalInputError
from tellonce.lab.survival.spells import Floats, Ints, Spells, checked_spells


@dataclass(frozen=True, slots=True)
class SurvivalCurve:
    """The share that lasts longer than each time at which something ended; arrays of shape (times,), rising in time.

    `variance` is Greenwood's, of the share. `lower` and `upper` bound the share with the confidence asked for; where
    the curve has come down to 0 they are nan.
    """

    times: Floats
    at_risk: Ints
    ended: Ints
    survival: Floats
    variance: Floats
    lower: Floats
    upper: Floats

    def at(self, times: ArrayLike) -> Floats:
        """The share that lasts longer than each of `times`; the curve is level after the last end."""
        steps = np.concatenate(([1.0], self.survival))
        share: Floats = steps[np.searchsorted(self.times, np.asarray(times, dtype=np.float64), side="right")]
        return share

    def quantile(self, share: float) -> float:
        """The first time by which at least `share` has ended; inf where the curve does not come down so far."""
        if not 0 <= share <= 1:
            raise SurvivalInputError("share", "must be between 0 and 1.")
        reached = np.flatnonzero(self.survival <= 1.0 - share + 1e-12)
        if share == 0:
            return 0.0
        return float(self.times[reached[0]]) if len(reached) else float("inf")

    @property
    def median(self) -> float:
        """The time by which half has ended; inf where that was not seen."""
        return self.quantile(0.5)

    def restricted_mean(self, until: float) -> float:
        """The mean of the lesser of duration and `until`: the area under the curve up to there."""
        if until < 0:
            raise SurvivalInputError("until", "must be zero or more.")
        inside = self.times < until
        edges = np.concatenate(([0.0], self.times[inside], [until]))
        return float(np.sum(np.concatenate(([1.0], self.survival[inside])) * np.diff(edges)))


@dataclass(frozen=True, slots=True)
class HazardCurve:
    """The cumulative hazard after each time at which something ended, and its variance; arrays of shape (times,)."""

    times: Floats
    cumulative: Floats
    variance: Floats

    def at(self, times: ArrayLike) -> Floats:
        """The cumulative hazard up to each of `times`."""
        steps = np.concatenate(([0.0], self.cumulative))
        hazard: Floats = steps[np.searchsorted(self.times, np.asarray(times, dtype=np.float64), side="right")]
        return hazard


def kaplan_meier(
    durations: ArrayLike, observed: ArrayLike, *, entered: ArrayLike | None = None, confidence: float = 0.95
) -> SurvivalCurve:
    """The product-limit curve.

    Args:
        durations: how long each spell was watched until, shape (n,), any unit, zero or more.
        observed: whether it ended then (True) or was only cut off (False), shape (n,).
        entered: when watching began, shape (n,); None is from the beginning. With few at risk early on, a curve
            can fall to 0 there and stay: that is the estimator, not a fault of it.
        confidence: of the interval, between 0 and 1.

    Raises:
        SurvivalInputError: no durations, negative or missing ones, shapes that differ, a confidence outside 0 to 1.
    """
    if not 0 < confidence < 1:
        raise SurvivalInputError("confidence", "must be between 0 and 1.")
    times, at_risk, ended = _risk_table(checked_spells(durations, observed, entered))
    survival = np.cumprod(1.0 - ended / at_risk, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(ended / (at_risk * (at_risk - ended)))
        logged = np.log(survival)
        width = float(ndtri(0.5 + confidence / 2)) * np.sqrt(greenwood) / -logged
        lower, upper = survival ** np.exp(width), survival ** np.exp(-width)
    alive = survival > 0
    variance = np.zeros_like(survival)
    variance[alive] = survival[alive] ** 2 * greenwood[alive]
    lower[~alive], upper[~alive] = np.nan, np.nan
    return SurvivalCurve(times, at_risk, ended, survival, variance, lower, upper)


def nelson_aalen(durations: ArrayLike, observed: ArrayLike, *, entered: ArrayLike | None = None) -> HazardCurve:
    """The cumulative hazard, sum of ended over at risk, with variance sum of ended over at risk squared.

    Arguments and errors as `kaplan_meier`.
    """
    times, at_risk, ended = _risk_table(checked_spells(durations, observed, entered))
    return HazardCurve(times, np.cumsum(ended / at_risk), np.cumsum(ended / at_risk**2))


def _risk_table(spells: Spells) -> tuple[Floats, Ints, Ints]:
    """Each time at which something ended, how many were at risk then, how many ended."""
    times, ended = np.unique(spells.durations[spells.observed], return_counts=True)
    gone = np.searchsorted(np.sort(spells.durations), times, side="left")
    # watched from the beginning is at risk from the beginning, for an end at 0 too
    later = spells.entered[spells.entered > 0]
    come = np.searchsorted(np.sort(later), times, side="left") + (len(spells.entered) - len(later))
    return times, (come - gone).astype(np.int64), ended.astype(np.int64)
