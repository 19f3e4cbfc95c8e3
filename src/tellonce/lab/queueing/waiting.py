"""The wait that an arriving caller is offered when lines are unbounded and patience is exponential.

While all are busy its density is proportional to exp(-psi(x)) with psi(x) = n*service*x - rate*(1 - exp(-leaving*x))
/ leaving (Zeltyn and Mandelbaum 2005). Everything asked of Erlang A is an integral of that times something positive,
so nothing cancels, and psi is convex, so the places where it matters are known beforehand.
"""

import math

import numpy as np

from tellonce.lab.compiled import compiled

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_FAR = 46.0  # exp(-46) is below 1e-19
_NEAR_ZERO = 0.3
_UNSEEN = 1e-17


@compiled
def excess(y: float) -> float:
    """Gives y - 1 + exp(-y) without cancellation."""
    if abs(y) > _NEAR_ZERO:
        return y + math.expm1(-y)
    total = 1.0
    for k in range(13, 2, -1):
        total = 1.0 - y * total / k
    return 0.5 * y * y * total


@compiled
def depth(x: float, surplus: float, rate: float, leaving: float) -> float:
    """psi(x), by the surplus of the people's rate over the callers' so that small differences survive."""
    return surplus * x + rate * excess(leaving * x) / leaving


@compiled
def _start(low: float, peak: float, slope: float, bend: float, leaving: float) -> float:
    """The point between `low` and the peak from where on the density is at least exp(-46) of the peak's."""
    x = low - peak
    if slope * x + bend * excess(leaving * x) / leaving <= _FAR:
        return low
    high = 0.0
    for _ in range(60):
        middle = 0.5 * (x + high)
        if slope * middle + bend * excess(leaving * middle) / leaving > _FAR:
            x = middle
        else:
            high = middle
    return peak + x


@compiled
def _step(x: float, peak: float, slope: float, bend: float, rate: float, leaving: float) -> float:
    """How far sixteen nodes carry from x: ten units of the exponent, two widths, four times the patience."""
    faded = math.exp(-leaving * (x - peak))
    tilt = abs(slope + bend * (1.0 - faded))
    step = min(10.0 / tilt, 4.0 / math.sqrt(bend * leaving * faded))
    if math.exp(-leaving * x) * (1.0 + rate / leaving) > _UNSEEN:
        step = min(step, 4.0 / leaving)
    return step


@compiled
def integrals(
    low: float, high: float, surplus: float, all_busy: float, rate: float, leaving: float
) -> tuple[float, float, float, float, float]:
    """From `low` to `high`: psi where the density peaks, and four integrals of exp(psi there - psi(x)).

    Weighed by 1; exp(-leaving*x); (1 - exp(-leaving*x)) / leaving; x*exp(-leaving*x). Composite Gauss-Legendre.
    """
    peak = low
    bend = rate * math.exp(-leaving * low)
    slope = surplus - rate * math.expm1(-leaving * low)
    if slope < 0.0:
        top = -math.log1p(surplus / rate) / leaving
        peak = min(top, high)
        bend = rate * math.exp(-leaving * peak)
        slope = surplus - rate * math.expm1(-leaving * peak)
        if top < high:
            bend, slope = all_busy, 0.0
    x = _start(low, peak, slope, bend, leaving) if peak > low else low
    plain, stays, gone, waited = 0.0, 0.0, 0.0, 0.0
    while x < high:
        end = min(x + _step(x, peak, slope, bend, rate, leaving), high)
        half = 0.5 * (end - x)
        for node in range(_NODES.size):
            at = x + half * (1.0 + _NODES[node])
            fall = slope * (at - peak) + bend * excess(leaving * (at - peak)) / leaving
            density = half * _WEIGHTS[node] * math.exp(-fall)
            patient = math.exp(-leaving * at)
            plain += density
            stays += density * patient
            gone += density * (-math.expm1(-leaving * at) / leaving)
            waited += density * patient * at
        if end == x:
            break
        x = end
        if x > peak and slope * (x - peak) + bend * excess(leaving * (x - peak)) / leaving > _FAR:
            break
    return depth(peak, surplus, rate, leaving), plain, stays, gone, waited
