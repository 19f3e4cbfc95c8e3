"""How long people talk, by kind of call, person and hour.

Talk times are near lognormal (Brown et al. 2005); where a kind's are not, its own quantiles stand for them. A person's
factor is the time talked over the time that the kinds of call would take on average, drawn towards 1 as if thirty calls
of average length had been seen before; the factor of an hour likewise.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from tellonce.lab.fitting.contracts import CallLog, Floats
from tellonce.lab.fitting.errors import FittingInputError

_PRIOR_CALLS = 30
_LEAST_CALLS = 100
_NEAR_LOGNORMAL = 0.03
_SHORT_S = 10.0
_HOUR_S = 3600.0
_HOURS = 24
_SHARES = np.linspace(0.0, 1.0, 513)


@dataclass(frozen=True, slots=True)
class ServiceTimes:
    """Talk times in seconds.

    `table` (kinds, shares) holds each kind's quantiles at `shares`; `log_mean` and `log_sd` (kinds,) its lognormal, and
    `is_lognormal` whether that is within 0.03 of the shares seen. `by_person` (people,) and `by_hour` (24,) multiply.
    `short_share` is the share under 10 s: people who hang up on callers, or callers who hang up on being answered.
    """

    shares: Floats
    table: Floats
    mean_s: Floats
    log_mean: Floats
    log_sd: Floats
    is_lognormal: NDArray[np.bool_]
    by_person: Floats
    by_hour: Floats
    short_share: float


def learn_service(log: CallLog) -> ServiceTimes:
    """The talk times of the answered calls; a kind with fewer than 100 takes those of all.

    Raises:
        FittingInputError: no call was answered.
    """
    answered = log.where(log.answered & np.isfinite(log.service_s))
    if not len(answered):
        raise FittingInputError("service_s", "must be known for some answered calls.", reason="no_talk_times")
    times = [_of_kind(answered, kind) for kind in range(len(log.kinds))]
    mean = np.array([each.mean() for each in times])
    logged = [np.log(np.maximum(each, 1.0)) for each in times]
    centre, spread = np.array([each.mean() for each in logged]), np.array([each.std() for each in logged])
    near = [_distance(each, c, s) < _NEAR_LOGNORMAL for each, c, s in zip(logged, centre, spread, strict=True)]
    expected = mean[answered.kind]
    hour = (answered.began_s // _HOUR_S).astype(np.int64) % _HOURS
    by_hour = _factors(hour, answered.service_s, expected, groups=_HOURS)
    known = answered.person >= 0
    by_person = _factors(
        answered.person[known], answered.service_s[known], (expected * by_hour[hour])[known], groups=len(log.people)
    )
    table = np.vstack([np.quantile(each, _SHARES) for each in times])
    short = float((answered.service_s < _SHORT_S).mean())
    return ServiceTimes(_SHARES, table, mean, centre, spread, np.array(near), by_person, by_hour, short)


def _of_kind(answered: CallLog, kind: int) -> Floats:
    chosen = answered.kind == kind
    return answered.service_s[chosen] if chosen.sum() >= _LEAST_CALLS else answered.service_s


def _distance(logged: Floats, centre: float, spread: float) -> float:
    """The largest difference between the shares seen and those of the lognormal (Kolmogorov and Smirnov's)."""
    ordered = np.sort(logged)
    seen = np.arange(1, len(ordered) + 1) / len(ordered)
    model = ndtr((ordered - centre) / max(spread, 1e-9))
    return float(np.maximum(np.abs(seen - model), np.abs(seen - 1 / len(ordered) - model)).max())


def _factors(group: NDArray[np.int64], seconds: Floats, expected: Floats, *, groups: int) -> Floats:
    """Time talked over time expected, by group, drawn towards 1."""
    prior = _PRIOR_CALLS * expected.mean() if len(expected) else 1.0
    talked = np.bincount(group, weights=seconds, minlength=groups)
    usual = np.bincount(group, weights=expected, minlength=groups)
    factors: Floats = (talked + prior) / (usual + prior)
    return factors
