"""The ratio of two Poisson rates with an exact interval."""

from dataclasses import dataclass
from math import inf, isfinite
from typing import cast

from tellonce.kernel.errors import InputError
from tellonce.kernel.later import Later

_stats = Later("scipy.stats")


class RateInputError(InputError):
    """A count below zero, a time that is not above zero, or a level outside of (0, 1)."""

    code = "rate_input"


@dataclass(frozen=True, slots=True)
class RateRatio:
    """The rate after divided by the rate before, with its interval; 1 is no change.

    `ratio` is None and the interval (0, inf) where nothing happened in either; `ratio` is inf where nothing happened
    before.
    """

    before: int
    after: int
    ratio: float | None
    low: float
    high: float


def rate_ratio(*, before: int, before_time: float, after: int, after_time: float, level: float = 0.95) -> RateRatio:
    """Compares the counts of two Poisson processes that were watched for `before_time` and `after_time` (one unit).

    Given the sum of both counts, the later one is binomial with p = r·t₁ / (r·t₁ + t₀), r being the ratio of the
    rates (Przyborowski and Wilenski, 1940); the interval of p is Clopper and Pearson's (1934), and never covers less
    often than `level`. The same as R's `poisson.test(c(after, before), c(after_time, before_time))`.
    """
    for name, count in (("before", before), ("after", after)):
        if count < 0:
            raise RateInputError(name, "must not be below zero")
    for name, length in (("before_time", before_time), ("after_time", after_time)):
        if not (isfinite(length) and length > 0):
            raise RateInputError(name, "must be above zero")
    if not 0 < level < 1:
        raise RateInputError("level", "must be between 0 and 1")
    if before + after == 0:
        return RateRatio(before, after, None, 0.0, inf)
    tail = (1 - level) / 2
    low = 0.0 if after == 0 else cast("float", _stats.beta.ppf(tail, after, before + 1))
    high = 1.0 if before == 0 else cast("float", _stats.beta.ppf(1 - tail, after + 1, before))
    scale = before_time / after_time
    ratio = inf if before == 0 else after / before * scale
    return RateRatio(before, after, ratio, _odds(low) * scale, _odds(high) * scale)


def _odds(share: float) -> float:
    return inf if share >= 1 else float(share / (1 - share))
