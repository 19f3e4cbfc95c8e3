"""The rate of ending, level within bins that the data choose.

With d ends in a time E watched, the rate of a bin is d / E, the maximum likelihood estimate (Holford 1976, Friedman
1982). Bins are chosen by the likelihood less log(all ends) for each bin more (Schwarz's criterion with a rate and an
edge to a bin), exactly, by dynamic programming over candidate edges (Jackson et al. 2005, optimal partitioning).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import xlogy

from tellonce.lab.survival.errors import SurvivalInputError
from tellonce.lab.survival.spells import Floats, Ints, Spells, checked_spells

_CANDIDATES = 120


@dataclass(frozen=True, slots=True)
class PiecewiseHazard:
    """A rate of ending for each bin; the last bin has no end.

    `edges` has shape (bins,) and begins with 0: bin i goes from its edge up to and with the next one. `rates` (per unit
    of time), `ended` and `exposure` (time watched) have shape (bins,).
    """

    edges: Floats
    rates: Floats
    ended: Ints
    exposure: Floats

    def rate(self, times: ArrayLike) -> Floats:
        """The rate at each of `times`, their shape."""
        rates: Floats = self.rates[self._bin_of(np.asarray(times, dtype=np.float64))]
        return rates

    def cumulative(self, times: ArrayLike) -> Floats:
        """The cumulative hazard up to each of `times` (zero or more), their shape."""
        at = np.asarray(times, dtype=np.float64)
        found = self._bin_of(at)
        hazard: Floats = self._before[found] + self.rates[found] * (at - self.edges[found])
        return hazard

    def survival(self, times: ArrayLike) -> Floats:
        """The share that lasts longer than each of `times`, their shape."""
        share: Floats = np.exp(-self.cumulative(times))
        return share

    def quantile(self, shares: ArrayLike) -> Floats:
        """The time by which each of `shares` (from 0 to 1) has ended, their shape; inf where that never comes."""
        asked = np.asarray(shares, dtype=np.float64)
        if not ((asked >= 0) & (asked <= 1)).all():
            raise SurvivalInputError("shares", "must be between 0 and 1.")
        with np.errstate(divide="ignore", invalid="ignore"):
            hazard = -np.log1p(-asked)
            found = np.searchsorted(self._before, hazard, side="right") - 1
            ahead = hazard - self._before[found]
            steps = np.where(ahead > 0, ahead / self.rates[found], 0.0)
        times: Floats = self.edges[found] + steps
        return times

    @property
    def mean(self) -> float:
        """The mean duration; inf where some never end."""
        rates = self.rates
        left = np.exp(-self._before)
        after = np.append(left[1:], 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            parts = np.where(rates > 0, (left - after) / rates, left * np.append(np.diff(self.edges), np.inf))
        return float(parts.sum())

    @property
    def _before(self) -> Floats:
        """The cumulative hazard at each edge."""
        hazard: Floats = np.concatenate(([0.0], np.cumsum(self.rates[:-1] * np.diff(self.edges))))
        return hazard

    def _bin_of(self, times: Floats) -> Ints:
        places: Ints = np.maximum(np.searchsorted(self.edges, times, side="left") - 1, 0)
        return places


def piecewise_hazard(
    durations: ArrayLike,
    observed: ArrayLike,
    *,
    entered: ArrayLike | None = None,
    edges: ArrayLike | None = None,
    least_ended: int = 10,
) -> PiecewiseHazard:
    """The rate of ending by bin.

    Args:
        durations: as in `kaplan_meier`.
        observed: see there.
        entered: see there.
        edges: where bins begin, shape (bins,), rising from 0; None lets the data choose.
        least_ended: the fewest ends in a bin that the data choose, from one.

    Raises:
        SurvivalInputError: as `kaplan_meier`; edges that do not rise from 0; an edge after which nothing was watched.
    """
    spells = checked_spells(durations, observed, entered)
    if least_ended < 1:
        raise SurvivalInputError("least_ended", "must be one or more.")
    cuts = _chosen_edges(spells, least_ended) if edges is None else np.asarray(edges, dtype=np.float64)
    if cuts.ndim != 1 or not len(cuts) or cuts[0] != 0 or not (np.diff(cuts) > 0).all():
        raise SurvivalInputError("edges", "must rise from 0.")
    ended, exposure = _between(spells, np.append(cuts, np.inf))
    if (exposure <= 0).any():
        raise SurvivalInputError("edges", "must each be followed by time that was watched.")
    return PiecewiseHazard(cuts, ended / exposure, ended, exposure)


def _between(spells: Spells, edges: Floats) -> tuple[Ints, Floats]:
    """Ends and time watched in each bin (from an edge, up to and with the next)."""
    ends = spells.ends
    until = np.searchsorted(ends, edges, side="right")
    until[0] = 0
    finite = np.minimum(edges, max(float(spells.durations.max()), float(edges[:-1].max())))
    return np.diff(until), np.diff(spells.exposure_until(finite))


def _chosen_edges(spells: Spells, least_ended: int) -> Floats:
    """The edges of the best bins among candidates at quantiles of the ends."""
    ends = spells.ends
    if len(ends) < 2 * least_ended:
        return np.zeros(1)
    spread = np.quantile(ends, np.linspace(0, 1, _CANDIDATES + 1)[1:-1], method="inverted_cdf")
    cuts = np.unique(spread[(spread > 0) & (spread < ends[-1])])
    edges = np.concatenate(([0.0], cuts, [np.inf]))
    ended, exposure = _between(spells, edges)
    d = np.concatenate(([0], np.cumsum(ended)))
    e = np.concatenate(([0.0], np.cumsum(exposure)))
    events, watched = d[None, :] - d[:, None], e[None, :] - e[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        likelihood = xlogy(events, np.where(watched > 0, events / watched, 1.0))
    likelihood[(events < least_ended) | (watched <= 0)] = -np.inf
    return edges[_best_partition(likelihood, price=float(np.log(len(ends))))]


def _best_partition(gain: Floats, *, price: float) -> Ints:
    """Where the segments of the best partition begin; `gain[i, j]` is worth segment i to j, each costs `price`."""
    places = len(gain)
    best = np.full(places, -np.inf)
    best[0] = 0.0
    came_from = np.zeros(places, dtype=np.int64)
    for j in range(1, places):
        worth = best[:j] + gain[:j, j] - price
        came_from[j] = int(np.argmax(worth))
        best[j] = worth[came_from[j]]
    starts = [int(came_from[-1])]
    while starts[-1] > 0:
        starts.append(int(came_from[starts[-1]]))
    return np.array(starts[::-1], dtype=np.int64)
