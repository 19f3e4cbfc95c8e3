"""Measures of an outcome, as the glossary defines them: an array over replications, and its mean with an interval."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tellonce.kernel.later import Later
from tellonce.lab.simulation.errors import ScenarioError
from tellonce.lab.simulation.outcome import (
    ABANDONED,
    ANSWERED,
    BINS,
    ENTERED,
    IN_TIME,
    REPEATS,
    SHORT,
    Floats,
    Ints,
    Outcome,
    bin_edges,
)

_stats = Later("scipy.stats")


@dataclass(frozen=True, slots=True)
class Estimate:
    """Mean over replications with a confidence interval (Student); arrays of the measure's shape."""

    mean: Floats
    low: Floats
    high: Floats


def estimate(values: Floats, *, level: float = 0.95) -> Estimate:
    """Of a measure over replications (first axis); nan stands for a replication in which nothing was to be measured.

    With less than two replications the interval is nan.
    """
    values = np.asarray(values, dtype=np.float64)
    known = ~np.isnan(values)
    count = known.sum(axis=0)
    total = np.where(known, values, 0.0).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total / count
        squares = np.where(known, (values - mean) ** 2, 0.0).sum(axis=0)
        error = np.sqrt(squares / (count - 1) / count)
    wide = _stats.t.ppf(0.5 + level / 2, np.maximum(count - 1, 1)) * error
    return Estimate(np.asarray(mean), np.asarray(mean - wide), np.asarray(mean + wide))


def difference(first: Floats, second: Floats, *, level: float = 0.95) -> Estimate:
    """How much more the second is than the first, replication by replication on common random numbers.

    Raises:
        ScenarioError: they are of different numbers of replications.
    """
    if first.shape != second.shape:
        raise ScenarioError("replications", "of both outcomes must be the same to be compared.")
    return estimate(second - first, level=level)


def service_level(outcome: Outcome, *, streams: Sequence[str] = (), by_interval: bool = False) -> Floats:
    """Answered in time among those who entered, short abandons apart: (R,), or (R, T) by interval of entering."""
    counts = _counts(outcome, streams, by_interval)
    return _share(counts[..., IN_TIME], counts[..., ENTERED] - counts[..., SHORT])


def abandonment(outcome: Outcome, *, streams: Sequence[str] = (), by_interval: bool = False) -> Floats:
    """Left the queue among those who entered, short abandons apart: (R,), or (R, T)."""
    counts = _counts(outcome, streams, by_interval)
    return _share(counts[..., ABANDONED], counts[..., ENTERED] - counts[..., SHORT])


def speed_of_answer(outcome: Outcome, *, streams: Sequence[str] = (), by_interval: bool = False) -> Floats:
    """Mean wait of the answered in seconds: (R,), or (R, T)."""
    chosen = _places(outcome, streams)
    waited = outcome.waited_s[..., 0][:, chosen].sum(axis=1)
    counts = _counts(outcome, streams, by_interval)
    return _share(waited if by_interval else waited.sum(axis=1), counts[..., ANSWERED])


def repeats(outcome: Outcome, *, streams: Sequence[str] = (), by_interval: bool = False) -> Floats:
    """Repeat contacts among all that came: (R,), or (R, T)."""
    counts = _counts(outcome, streams, by_interval)
    return _share(counts[..., REPEATS], counts[..., ENTERED])


def totals(outcome: Outcome, column: int, *, streams: Sequence[str] = (), by_interval: bool = False) -> Floats:
    """A column of the counts: (R,), or (R, T)."""
    return _counts(outcome, streams, by_interval)[..., column].astype(np.float64)


def intervals_kept(outcome: Outcome, *, target: float, streams: Sequence[str] = ()) -> Floats:
    """The headline: share of the intervals with contacts in which the service level met the target: (R,)."""
    levels = service_level(outcome, streams=streams, by_interval=True)
    known = ~np.isnan(levels)
    return _share((known & (levels >= target)).sum(axis=1), known.sum(axis=1))


def occupancy(outcome: Outcome, *, site: tuple[str, str] | None = None, by_interval: bool = False) -> Floats:
    """Seconds busy among seconds at work: (R,), or (R, T); for one pair of site and partner, or all."""
    chosen = slice(None) if site is None else [outcome.sites.index(site)]
    busy, staffed = outcome.busy_s[:, chosen].sum(axis=1), outcome.staffed_s[:, chosen].sum(axis=1)
    return _share(busy, staffed) if by_interval else _share(busy.sum(axis=1), staffed.sum(axis=1))


def wait_quantile(outcome: Outcome, share: float, *, streams: Sequence[str] = ()) -> Floats:
    """The wait in seconds that this share of the answered did not exceed, right within 2%: (R,)."""
    return _quantiles(outcome.histogram[:, _places(outcome, streams)].sum(axis=1), share)


def hourly_wait_quantile(outcome: Outcome, share: float, *, streams: Sequence[str] = ()) -> Floats:
    """The same by hour of entering, over all replications together: (hours,); nan where nobody was answered."""
    return _quantiles(outcome.hourly[_places(outcome, streams)].sum(axis=0), share)


def _places(outcome: Outcome, streams: Sequence[str]) -> list[int]:
    unknown = [name for name in streams if name not in outcome.streams]
    if unknown:
        raise ScenarioError("streams", f"has no {unknown[0]!r}.")
    return [outcome.streams.index(name) for name in streams] or list(range(len(outcome.streams)))


def _counts(outcome: Outcome, streams: Sequence[str], by_interval: bool) -> Ints:
    axes = (1,) if by_interval else (1, 2)
    return np.asarray(outcome.counts[:, _places(outcome, streams)].sum(axis=axes, dtype=np.int64))


def _share(part: NDArray[np.generic], whole: NDArray[np.generic]) -> Floats:
    """Part of the whole, nan of nothing."""
    divisor = np.asarray(whole, dtype=np.float64)
    return np.asarray(part, dtype=np.float64) / np.where(divisor > 0, divisor, np.nan)


def _quantiles(histograms: NDArray[np.integer], share: float) -> Floats:
    """Along the last axis, linear within a bin."""
    edges = bin_edges()
    reached = np.cumsum(histograms, axis=-1, dtype=np.float64)
    wanted = share * reached[..., -1:]
    place = np.minimum((reached < wanted).sum(axis=-1), BINS - 1)[..., None]
    inside = np.take_along_axis(np.asarray(histograms, dtype=np.float64), place, -1)
    before = np.take_along_axis(reached, place, -1) - inside
    with np.errstate(invalid="ignore", divide="ignore"):
        part = (wanted - before) / inside
    low, high = edges[place], edges[place + 1]
    return np.where(reached[..., -1] > 0, (low + (high - low) * part)[..., 0], np.nan)
