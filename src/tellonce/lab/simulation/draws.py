"""Random numbers by counting: each is a hash of whose it is and what for, so all policies draw the same.

The hash is the finaliser of SplitMix64 (Steele, Lea and Flood 2014); the normal quantile is AS 241 (Wichura 1988).
"""

import math
from typing import Any

import numpy as np

from tellonce.lab.compiled import compiled_lean

# what a number is for
(
    PATIENCE, SERVICE, WRAP_UP, PASSED_ON, SOLVED, RETURNS, RETURN_AFTER, REDIALS, REDIAL_AFTER, ACCEPTS, PICKS_UP,
    MENU, AGAIN, GAP, COUNT,
) = range(1, 16)  # fmt: skip

LOGNORMAL, EXPONENTIAL, CONSTANT, EMPIRICAL = range(4)

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_UNIT = 2.0**-53
_CENTRE, _CENTRE_SQUARE = 0.425, 0.180625
_FAR = 5.0


@compiled_lean
def mixed(key: Any, count: Any) -> Any:
    """A new key (uint64) from a key and a number."""
    z = key + _STEP * np.uint64(count)
    z = (z ^ (z >> _S30)) * _FIRST
    z = (z ^ (z >> _S27)) * _SECOND
    return z ^ (z >> _S31)


@compiled_lean
def uniform(key: Any, purpose: int) -> float:
    """Between 0 and 1, neither included."""
    return float((mixed(key, purpose) >> _S11) + 0.5) * _UNIT


@compiled_lean
def normal_quantile(share: float) -> float:
    """Of the standard normal distribution."""
    q = share - 0.5
    if abs(q) <= _CENTRE:
        r = _CENTRE_SQUARE - q * q
        above = (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
                + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r
                + 133.14166789178437745) * r + 3.387132872796366608)  # fmt: skip
        below = (((((((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r
                + 21213.794301586595867) * r + 5394.1960214247511077) * r + 687.1870074920579083) * r
                + 42.313330701600911252) * r + 1.0)  # fmt: skip
        return q * above / below
    r = math.sqrt(-math.log(min(share, 1.0 - share)))
    if r <= _FAR:
        r -= 1.6
        above = (((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r
                + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r
                + 4.6303378461565452959) * r + 1.42343711074968357734)  # fmt: skip
        below = (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r
                + 0.14810397642748007459) * r + 0.68976733498510000455) * r + 1.6763848301838038494) * r
                + 2.05319162663775882187) * r + 1.0)  # fmt: skip
    else:
        r -= 5.0
        above = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r
                + 0.026532189526576123093) * r + 0.29656057182850489123) * r + 1.7848265399172913358) * r
                + 5.4637849111641143699) * r + 6.6579046435011037772)  # fmt: skip
        below = (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r
                + 7.868691311456132591e-4) * r + 0.0148753612908506148525) * r + 0.13692988092273580531) * r
                + 0.59983220655588793769) * r + 1.0)  # fmt: skip
    return math.copysign(above / below, q)


@compiled_lean
def length(lengths: Any, quantiles: Any, kind: int, key: Any, purpose: int) -> float:
    """A length of a kind (row of `lengths`)."""
    row = lengths[kind]
    shape = row.shape
    if shape == CONSTANT:
        return float(row.first)
    u = uniform(key, purpose)
    if shape == EXPONENTIAL:
        return float(-row.first * math.log(u))
    if shape == LOGNORMAL:
        return math.exp(row.first + row.second * normal_quantile(u))
    place = u * (row.count - 1)
    low = int(place)
    at = quantiles[row.start + low]
    return float(at + (place - low) * (quantiles[row.start + low + 1] - at))


@compiled_lean
def patience(hazards: Any, start: int, key: Any) -> float:
    """How long somebody waits; rows (from, rate) of `hazards` from `start` to the one that begins at inf."""
    left = -math.log(uniform(key, PATIENCE))
    while True:
        rate = hazards[start, 1]
        room = hazards[start + 1, 0] - hazards[start, 0]
        if left <= rate * room or room == np.inf:
            return float(hazards[start, 0] + left / rate) if rate > 0.0 else np.inf
        left -= rate * room
        start += 1
