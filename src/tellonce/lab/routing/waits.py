"""How long a contact will wait: a distribution from those ahead, the people at work and planned, and recent history.

The wait ends with as many departures as there are contacts ahead and one more. With j ahead left they come at rate
people / handle time + j * leaving: a pure death process (Whitt 1999, Predicting queueing delays). Its mean and variance
make a gamma distribution, whose quantiles are taken by Wilson and Hilferty's cube.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from tellonce.lab.compiled import compiled_as, compiled_lean
from tellonce.lab.routing.calibrating import AS_ESTIMATED, Calibration
from tellonce.lab.routing.errors import RoutingInputError
from tellonce.lab.routing.leaving import leaving_rate

Floats = NDArray[np.float64]

Z_80 = 1.2815515655446004  # of the 90% quantile: the bound of an 80% interval
_TERMS = 8  # of the sums that are added one by one; an integral does for the rest
_LEAST_RATE = 0.1  # share of the completions that is left when others overtake
_ROUNDS, _ROUNDS_LEFT = 3, 5


@compiled_lean
def wait_moments(
    ahead: float, rate: float, leaving: float, overtaking: float, closed: float
) -> tuple[float, float]:  # fmt: skip
    """Mean in seconds and gamma's shape; `rate` of completions, of leaving each, and of contacts that overtake.

    `closed` is the share of those who overtake that can do so for a part of the wait only: a long wait lets no more of
    them by, while with the others it grows by itself, as a busy period does.
    """
    base = max(rate - overtaking, _LEAST_RATE * rate)
    mean, variance = 0.0, 0.0
    terms = min(float(_TERMS), np.floor(ahead) + 1.0)
    for j in range(int(terms)):
        each = base + j * leaving
        mean += 1.0 / each
        variance += 1.0 / (each * each)
    low, high = base + (terms - 0.5) * leaving, base + (ahead + 0.5) * leaving
    rest = ahead + 1.0 - terms
    if rest > 0.0:
        if leaving * rest < 1e-6 * low:
            mean += rest / low
            variance += rest / (low * low)
        else:
            mean += np.log(high / low) / leaving
            variance += (1.0 / low - 1.0 / high) / leaving
    if overtaking > 0.0:
        variance *= (rate + overtaking) / base * (base / rate) ** (2.0 * closed)
    return mean, mean * mean / variance


@compiled_lean
def gamma_factor(shape: float, z: float) -> float:
    """Quantile of a gamma distribution with mean 1, at the normal quantile z."""
    root = 1.0 - 1.0 / (9.0 * shape) + z / (3.0 * np.sqrt(shape))
    return float(max(root, 0.0) ** 3)


@compiled_lean
def time_for(planned: Any, cell_s: float, now: float, work: float) -> float:
    """How long until people have been there for so many person-seconds; `planned` sums them up at the cells' edges."""
    last = len(planned) - 1
    cell = min(int(now / cell_s), last - 1)
    at = now
    while cell < last:
        people = (planned[cell + 1] - planned[cell]) / cell_s
        room = (cell + 1) * cell_s - at
        if people * room >= work and people > 0.0:
            return float(at + work / people - now)
        work -= people * max(room, 0.0)
        at = (cell + 1) * cell_s
        cell += 1
    people = (planned[last] - planned[last - 1]) / cell_s
    return float(at + work / people - now) if people > 0.0 else np.inf


@compiled_lean
def work_ahead(
    ahead: float,
    planned: Any,
    cell_s: float,
    now: float,
    handle_s: float,
    leaving: float,
    overtaking: float,
    closed: float,
) -> tuple[float, float]:
    """Person-seconds (mean) until the contact is answered, and gamma's shape; for `time_for`."""
    cell = min(int(now / cell_s), len(planned) - 2)
    people = (planned[cell + 1] - planned[cell]) / cell_s
    work, shape = (ahead + 1.0) * handle_s, ahead + 1.0
    for _ in range(_ROUNDS):
        if people > 0.0:
            mean, shape = wait_moments(ahead, people / handle_s, leaving, overtaking, closed)
            work = people * mean
        took = time_for(planned, cell_s, now, work)
        if took == np.inf or took <= 0.0:
            break
        people = work / took
    return work, shape


@compiled_lean
def _overtaking(late: Any, took_s: float) -> tuple[float, float]:
    """Contacts a second that come ahead over so long a wait, and the share of them that can for a part of it only."""
    rate, closed = 0.0, 0.0
    for i in range(late.shape[1]):
        if late[1, i] <= 0.0:
            break
        some = late[0, i] * min(1.0, late[1, i] / took_s)
        rate += some
        closed += some if late[1, i] < took_s else 0.0
    return rate, closed / rate if rate > 0.0 else 0.0


@compiled_lean
def work_left(
    ahead: float, age_s: float, planned: Any, cell_s: float, now: float, handle_s: float, left: Any, exposure_s: Any,
    late: Any,
) -> tuple[float, float, float, float]:  # fmt: skip
    """As `work_ahead`, with who leaves and overtakes within a wait that depends on both; then with nobody overtaking.

    Those ahead have waited `age_s` on average. `late` (2, L) are contacts a second that come to lines, and for how long
    from now on those overtake; the first with 0 or less ends them.
    """
    work, shape = (ahead + 1.0) * handle_s, ahead + 1.0
    least, least_shape = work, shape
    took = took_s = time_for(planned, cell_s, now, work)
    for _ in range(_ROUNDS_LEFT):
        if took == np.inf or took <= 0.0:
            break
        people = work / took
        leaving = leaving_rate(left, exposure_s, age_s, took_s)
        least, least_shape = wait_moments(ahead, people / handle_s, leaving, 0.0, 0.0)
        mean, shape = least, least_shape
        overtaking, closed = _overtaking(late, took_s)
        if overtaking > 0.0:
            overtaking *= np.exp(-leaving_rate(left, exposure_s, 0.0, took_s / 2.0) * took_s / 2.0)
            mean, shape = wait_moments(ahead, people / handle_s, leaving, overtaking, closed)
        work, least = people * mean, people * least
        took = time_for(planned, cell_s, now, work)
        took_s = (took_s + took) / 2.0  # by halves: it would swing to and fro
    return work, shape, least, least_shape


@compiled_lean
def wait_at(z: float, planned: Any, cell_s: float, now: float, work: Any) -> float:
    """The wait at the normal quantile z, of what `work_left` gave: those who overtake do not make it shorter."""
    most = work[0] * gamma_factor(work[1], z)
    if z >= 0.0:
        most = max(most, work[2] * gamma_factor(work[3], z))
    return time_for(planned, cell_s, now, most)


_F, _ONE = "f8[::1]", "f8"


@compiled_as(f"void({_F},{_F},{_F},{_ONE},{_ONE},{_ONE},{_ONE},{_ONE})")
def _quantiles(
    out: Floats, zs: Floats, planned: Floats, cell_s: float, ahead: float, handle_s: float, leaving: float,
    overtaking: float,
) -> None:  # fmt: skip
    work, shape = work_ahead(ahead, planned, cell_s, 0.0, handle_s, leaving, overtaking, 0.0)
    for i in range(len(zs)):
        out[i] = time_for(planned, cell_s, 0.0, work * gamma_factor(shape, zs[i]))


def wait_quantiles(
    shares: ArrayLike,
    *,
    ahead: float,
    people: ArrayLike,
    handle_s: float,
    step_s: float = 300.0,
    leaving: float = 0.0,
    overtaking: float = 0.0,
    calibration: Calibration = AS_ESTIMATED,
) -> Floats:
    """The waits in seconds that these shares of contacts in this place will not exceed; inf if nobody comes.

    Args:
        shares: between 0 and 1; the median is 0.5, an 80% interval 0.1 and 0.9.
        ahead: contacts to be answered before it (a part of one where only some of the people are shared).
        people: at work for the line, free or busy: now, and after each step; the last goes on.
        handle_s: mean time of a contact with wrap-up of late; or people / `completion_rate`.
        step_s: length of a step of `people`.
        leaving: rate at which each who waits leaves, a second: abandoned contacts over seconds waited, of late.
        overtaking: contacts a second that come later and are answered before it.
        calibration: see `learned_calibration`.

    Raises:
        RoutingInputError: a number outside its bounds.
    """
    wanted = np.atleast_1d(np.asarray(shares, dtype=np.float64))
    staff = np.atleast_1d(np.asarray(people, dtype=np.float64))
    if not ((wanted > 0) & (wanted < 1)).all():
        raise RoutingInputError("shares", "must be between 0 and 1.")
    if not (np.isfinite(staff) & (staff >= 0)).all():
        raise RoutingInputError("people", "must be at least 0.")
    for name, value in (("ahead", ahead), ("leaving", leaving), ("overtaking", overtaking)):
        if not 0 <= value < np.inf:
            raise RoutingInputError(name, "must be at least 0 and finite.")
    for name, value in (("handle_s", handle_s), ("step_s", step_s)):
        if not 0 < value < np.inf:
            raise RoutingInputError(name, "must be more than 0 and finite.")
    planned = np.concatenate(([0.0], np.cumsum(staff * step_s)))
    waits = np.empty(len(wanted))
    zs = special.ndtri(wanted) * calibration.spread
    _quantiles(waits, zs, planned, step_s, ahead, handle_s, leaving, overtaking)
    return waits * calibration.scale


def completion_rate(elapsed_s: ArrayLike, seen_s: ArrayLike) -> float:
    """Conversations that end a second, of those under way so long, by the lengths (n,) seen of late.

    Each ends at 1 / its mean residual length; what is longer than all seen is taken as the longest.

    Raises:
        RoutingInputError: no lengths have been seen.
    """
    seen = np.sort(np.asarray(seen_s, dtype=np.float64))
    if not len(seen):
        raise RoutingInputError("seen_s", "must hold at least one length.")
    elapsed = np.atleast_1d(np.asarray(elapsed_s, dtype=np.float64))
    longer = np.minimum(np.searchsorted(seen, elapsed, side="right"), len(seen) - 1)
    sums = np.concatenate((np.cumsum(seen[::-1])[::-1], [0.0]))
    residual = sums[longer] / (len(seen) - longer) - elapsed
    return float((1.0 / np.maximum(residual, 0.1 * seen.mean())).sum())
