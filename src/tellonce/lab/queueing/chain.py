"""States of the queue as a birth-death chain: below n people busy, and above with a bounded number of lines."""

import math

from tellonce.lab.compiled import compiled

# exp(-43) is below 1e-18: what lies so many units of the exponent away changes no digit of a float64
_FAR = 9.3  # sqrt(2 * 43)
_INFINITE = 1e305
_LARGE = 1e100
_SMALL = 1e-100
_NO_MORE = 1e-18
_LONG = 10.0


@compiled
def inverse_b(people: int, load: float) -> float:
    """1/B of Erlang's loss formula, by 1/B(k) = 1 + k/load/B(k-1).

    An error made at k shrinks by 1 - B(k) with each step, so the recursion may begin 9.3 standard deviations below
    the load with any value: the work grows with the root of the load. Where it overflows, B is below 1e-308.
    """
    start = min(people, int(load)) - int(_FAR * math.sqrt(load)) - 2
    total = 1.0
    if start > 0:
        total = load / (load - start)
    for k in range(max(start, 0) + 1, people + 1):
        total = 1.0 + total * (k / load)
        if total > _INFINITE:
            return math.inf
    return total


@compiled
def below(people: int, load: float) -> float:
    """The states in which somebody is free, together, over the state in which all are busy and nobody waits."""
    return people / load * inverse_b(people - 1, load)


@compiled
def bounded(
    people: int, places: int, rate: float, service: float, leaving: float
) -> tuple[float, float, float, float, float, float]:
    """Walks up from n busy to `places` waiting; all relative to the state that was reached, so nothing overflows.

    Gives the weights of: somebody free, all busy and nobody waits, those who enter and wait, the last state (refused),
    the waiting counted by their number, and the seconds waited by those who are answered.
    """
    free = below(people, rate / service)
    all_busy = people * service
    unit, first, waits, queue, waited, mean = 1.0, 1.0, 0.0, 0.0, 0.0, 0.0
    for j in range(places):
        out = all_busy + (j + 1) * leaving
        mean += 1.0 / out  # of those with j ahead who are answered: each stage is faster by one rate of leaving
        waits += unit
        queue += j * unit
        waited += unit * mean * (all_busy / out)
        step = out / rate
        free, first, waits = free * step, first * step, waits * step
        queue, waited = queue * step, waited * step
        if free + waits > _LARGE:
            free, first, waits = free * _SMALL, first * _SMALL, waits * _SMALL
            queue, waited, unit = queue * _SMALL, waited * _SMALL, unit * _SMALL
    return free, first, waits, unit, queue + places * unit, waited


@compiled
def never_that_few(places: int, base: float, spread: float, leaving: float, within: float) -> bool:
    """Whether fewer than `places` stages in the time have a probability below 1e-18 (Chernoff's bound)."""
    growth = math.exp(leaving * within)
    mean = base * spread * growth
    return places < mean - _FAR * math.sqrt(mean * growth)


@compiled
def tail_from(first: int, base: float, spread: float, leaving: float) -> float:
    """The probability of `first` or more stages in the time, over that of exactly `first`."""
    total, term, i, step = 1.0, 1.0, first, 2.0
    while step >= 1.0 or term > _NO_MORE * total * (1.0 - step):
        step = spread * (base + leaving * i) / (i + 1)
        term *= step
        total += term
        i += 1
    return total


@compiled
def _in_long_time(places: int, all_busy: float, base: float, rate: float, leaving: float, within: float) -> float:
    """As `in_time` when the time is ten patiences or more: fewer stages than `places` are rare, so count those."""
    spread = -math.expm1(-leaving * within) / leaving
    term = math.exp(-base * within)
    few = 0.0
    unit, weight, total = 1.0, 0.0, 0.0
    for j in range(places):
        few += term
        term *= spread * (base + leaving * j) / (j + 1)
        share = all_busy / (all_busy + (j + 1) * leaving) if base > all_busy else 1.0
        weight += unit
        total += unit * share * max(1.0 - few, 0.0)
        step = (all_busy + (j + 1) * leaving) / rate
        weight, total = weight * step, total * step
        if weight > _LARGE:
            unit, weight, total = unit * _SMALL, weight * _SMALL, total * _SMALL
    return total / weight


@compiled
def in_time(
    people: int, places: int, rate: float, service: float, leaving: float, within: float, answered: bool
) -> float:
    """Of those who enter and wait: the share answered within the time (or, if not `answered`, whose turn would come).

    With j ahead the turn comes after stages of rates people * service + i * leaving, i = 0..j; weighing by patience
    adds `leaving` to each. The number of stages that fit into the time is negative binomial (Poisson without leaving).
    """
    all_busy = people * service
    base = all_busy + leaving if answered else all_busy
    spread = -math.expm1(-leaving * within) / leaving if leaving > 0.0 else within
    if base * within < _NO_MORE:
        return 0.0
    if leaving * within > _LONG:
        return _in_long_time(places, all_busy, base, rate, leaving, within)
    is_sure = never_that_few(places, base, spread, leaving, within)
    tail = 1.0 if is_sure else tail_from(places, base, spread, leaving)
    term, unit, weight, total = 0.0 if is_sure else 1.0, 1.0, 0.0, 0.0
    for j in range(places - 1, -1, -1):
        share = all_busy / (all_busy + (j + 1) * leaving) if base > all_busy else 1.0
        weight += unit
        total += unit * share * tail
        term *= (j + 1) / (spread * (base + leaving * j))
        tail += term
        unit *= (all_busy + j * leaving) / rate
        if tail > _LARGE:
            tail, term, total = tail * _SMALL, term * _SMALL, total * _SMALL
        if weight > _LARGE:
            unit, weight, total = unit * _SMALL, weight * _SMALL, total * _SMALL
    return total / weight / tail
