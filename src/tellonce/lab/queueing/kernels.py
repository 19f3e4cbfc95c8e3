"""One queue at a time, compiled: what it does to callers, and the least number of people for what is asked of it."""

import math

import numpy as np
from numpy.typing import NDArray

from tellonce.lab.compiled import compiled, compiled_as
from tellonce.lab.queueing.chain import below, bounded, in_time, inverse_b
from tellonce.lab.queueing.waiting import integrals

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# columns of an answer
P_WAIT, ANSWERED, GONE, WAITING, ASA, ANSWERED_WAIT, ABANDONED, BLOCKED, OCCUPANCY, QUEUE = range(10)
COLUMNS = 10
_NEVER = 1e300  # the states with somebody free outweigh all others by so much: nobody ever waits
_UNBOUNDED = -1
_ROUNDING = 1e-15  # a load that is short of the people by no more than its own rounding is as large


@compiled
def _none_wait(out: Floats, load: float, people: int) -> None:
    out[:] = 0.0
    out[ANSWERED] = 1.0
    out[OCCUPANCY] = load / people


@compiled
def _patient(out: Floats, rate: float, service: float, people: int, within: float) -> None:
    """Erlang C."""
    load = rate / service
    surplus = people - load
    if surplus <= _ROUNDING * people:
        out[:] = 0.0
        out[P_WAIT] = out[WAITING] = out[OCCUPANCY] = 1.0
        out[ASA] = out[ANSWERED_WAIT] = out[QUEUE] = np.inf
        return
    free, busy = below(people, load), people / surplus
    if free > _NEVER:
        _none_wait(out, load, people)
        return
    all_states = free + busy
    out[:] = 0.0
    out[P_WAIT] = busy / all_states
    out[ANSWERED] = (free - busy * math.expm1(-surplus * service * within)) / all_states
    out[WAITING] = out[P_WAIT] * math.exp(-surplus * service * within)
    out[ASA] = out[ANSWERED_WAIT] = out[P_WAIT] / (surplus * service)
    out[OCCUPANCY] = load / people
    out[QUEUE] = out[ASA] * rate


@compiled
def _impatient(out: Floats, rate: float, service: float, people: int, leaving: float, within: float) -> None:
    """Erlang A."""
    load = rate / service
    free = below(people, load)
    if free > _NEVER:
        _none_wait(out, load, people)
        return
    surplus, all_busy = (people - load) * service, people * service
    first = integrals(0.0, within, surplus, all_busy, rate, leaving)
    rest = integrals(within, np.inf, surplus, all_busy, rate, leaving)
    lowest = min(first[0], rest[0])
    early = all_busy * math.exp(lowest - first[0]) if within > 0.0 else 0.0
    late = all_busy * math.exp(lowest - rest[0])
    free *= math.exp(lowest)
    busy = early * first[1] + late * rest[1]
    all_states = free + busy
    answered_late = late * rest[2]
    still = late * rest[1] * math.exp(-leaving * within)
    out[:] = 0.0
    out[P_WAIT] = busy / all_states
    out[ANSWERED] = (free + early * first[2]) / all_states
    out[WAITING] = still / all_states
    out[GONE] = (early * leaving * first[3] - late * rest[1] * math.expm1(-leaving * within)) / all_states
    out[ASA] = (early * first[3] + late * rest[3]) / all_states
    out[ANSWERED_WAIT] = (early * first[4] + late * rest[4]) / (free + early * first[2] + answered_late)
    out[ABANDONED] = leaving * out[ASA]
    out[OCCUPANCY] = (load * free - people * math.exp(lowest) + people * busy) / (people * all_states)
    out[QUEUE] = out[ASA] * rate


@compiled
def _with_lines(
    out: Floats, rate: float, service: float, people: int, leaving: float, places: int, within: float
) -> None:
    """M/M/n/n+places, with or without leaving."""
    load = rate / service
    free, first, waits, last, queue, waited = bounded(people, places, rate, service, leaving)
    entered = free + waits
    if not entered < np.inf:
        _none_wait(out, load, people)
        return
    out[:] = 0.0
    out[BLOCKED] = last / (entered + last)
    out[P_WAIT] = waits / entered
    out[QUEUE] = queue / (entered + last)
    out[ASA] = queue / (rate * entered)
    out[ABANDONED] = leaving * out[ASA]
    if places > 0:
        turn = in_time(people, places, rate, service, leaving, within, False)
        out[ANSWERED] = free / entered + out[P_WAIT] * in_time(people, places, rate, service, leaving, within, True)
        out[WAITING] = out[P_WAIT] * (1.0 - turn) * math.exp(-leaving * within)
        out[GONE] = max(1.0 - out[ANSWERED] - out[WAITING], 0.0) if leaving > 0.0 else 0.0
    else:
        out[ANSWERED] = 1.0
    busy = load * free - people * first + people * (waits + last)
    out[OCCUPANCY] = busy / (people * (entered + last))
    out[ANSWERED_WAIT] = waited / busy * load


@compiled
def _refusing(out: Floats, load: float, people: int) -> None:
    """Nobody waits a moment: who finds all busy is gone at once (Erlang B)."""
    lost = 1.0 / inverse_b(people, load)
    if lost == 0.0:
        _none_wait(out, load, people)
        return
    out[:] = 0.0
    out[P_WAIT] = out[ABANDONED] = out[GONE] = lost
    out[ANSWERED] = below(people, load) * lost
    out[OCCUPANCY] = load * out[ANSWERED] / people


@compiled
def measure(out: Floats, rate: float, service: float, people: int, leaving: float, lines: int, within: float) -> None:
    """All columns for one queue; rates a second, `lines` -1 for any number, `leaving` inf for no patience at all."""
    if rate == 0.0:
        _none_wait(out, 0.0, people)
    elif lines != _UNBOUNDED and (leaving < np.inf or lines == people):
        _with_lines(out, rate, service, people, min(leaving, 1e300), lines - people, within)
    elif leaving == np.inf:
        _refusing(out, rate / service, people)
    elif leaving == 0.0:
        _patient(out, rate, service, people, within)
    else:
        _impatient(out, rate, service, people, leaving, within)


@compiled
def _measure_apart(
    out: Floats, other: Floats, rate: float, service: float, people: int, leaving: float, lines: int, within: float,
    short: float,
) -> None:  # fmt: skip
    """As `measure`, with those who leave within `short` seconds left out of the shares answered and abandoned."""
    measure(out, rate, service, people, leaving, lines, within)
    if short > 0.0 and out[ABANDONED] > 0.0:
        measure(other, rate, service, people, leaving, lines, short)
        stayed = 1.0 - other[GONE]
        out[ANSWERED] /= stayed
        out[ABANDONED] = max(out[ABANDONED] - other[GONE], 0.0) / stayed


@compiled_as("void(f8[:,::1], f8[::1], f8[::1], i8[::1], f8[::1], i8[::1], f8[::1], f8[::1])")
def measure_all(
    out: Floats, rate: Floats, service: Floats, people: Ints, leaving: Floats, lines: Ints, within: Floats,
    short: Floats,
) -> None:  # fmt: skip
    """Fills a row of columns for each queue."""
    other = np.empty(COLUMNS)
    for i in range(len(rate)):
        _measure_apart(out[i], other, rate[i], service[i], people[i], leaving[i], lines[i], within[i], short[i])


@compiled
def _meets(out: Floats, asked: Floats) -> bool:
    """`asked`: at least this share answered in time; at most this mean wait, abandonment, occupancy, refusal."""
    return bool(
        out[ANSWERED] >= asked[0]
        and out[ASA] <= asked[1]
        and out[ABANDONED] <= asked[2]
        and out[OCCUPANCY] <= asked[3]
        and out[BLOCKED] <= asked[4]
    )


@compiled
def _least(
    out: Floats, other: Floats, rate: float, service: float, leaving: float, lines: int, within: float, short: float,
    asked: Floats, most: int,
) -> int:  # fmt: skip
    """The least people who meet all that is asked, 0 if `most` do not: strides from the load, then halves."""
    stride = 1 + int(0.5 * math.sqrt(rate / service))
    high = min(max(1, int(rate / service)), most)
    low = 0
    _measure_apart(out, other, rate, service, high, leaving, lines, within, short)
    if _meets(out, asked):
        low = high
        while low > 0:
            high, low = low, max(low - stride, 0)
            stride *= 2
            if low > 0:
                _measure_apart(out, other, rate, service, low, leaving, lines, within, short)
                if not _meets(out, asked):
                    break
    else:
        while not _meets(out, asked):
            if high >= most:
                return 0
            low, high = high, min(high + stride, most)
            stride *= 2
            _measure_apart(out, other, rate, service, high, leaving, lines, within, short)
    while high - low > 1:
        middle = (low + high) // 2
        _measure_apart(out, other, rate, service, middle, leaving, lines, within, short)
        if _meets(out, asked):
            high = middle
        else:
            low = middle
    return high


@compiled_as("void(i8[::1], f8[::1], f8[::1], f8[::1], i8[::1], f8[::1], f8[::1], f8[:,::1], i8)")
def least_all(
    people: Ints, rate: Floats, service: Floats, leaving: Floats, lines: Ints, within: Floats, short: Floats,
    asked: Floats, most: int,
) -> None:  # fmt: skip
    """Fills in the least number of people for each queue."""
    out, other = np.empty(COLUMNS), np.empty(COLUMNS)
    for i in range(len(rate)):
        bound = most if lines[i] == _UNBOUNDED else min(most, lines[i])
        people[i] = _least(out, other, rate[i], service[i], leaving[i], lines[i], within[i], short[i], asked[i], bound)


@compiled_as("void(f8[::1], i8[::1], f8[::1])")
def blocked_all(out: Floats, people: Ints, load: Floats) -> None:
    """Erlang B for each pair."""
    for i in range(len(load)):
        out[i] = 1.0 / inverse_b(people[i], load[i]) if load[i] > 0.0 else 0.0


@compiled
def _carried(people: int, load: float) -> float:
    """Of the load, what Erlang B does not refuse."""
    return load * below(people, load) / inverse_b(people, load)


@compiled_as("void(f8[::1], i8[::1], f8[::1], f8[::1])")
def redialled_all(out: Floats, people: Ints, load: Floats, again: Floats) -> None:
    """The load that the lines see when a share of those refused dial again: x(1 - again*B(x)) = load."""
    for i in range(len(load)):
        low, high = load[i], load[i] / (1.0 - again[i]) if again[i] < 1.0 else math.inf
        if low == 0.0:
            out[i] = 0.0
            continue
        if high == math.inf:
            high = 2.0 * low + people[i]
            while _carried(people[i], high) < load[i]:
                high *= 2.0
        for _ in range(200):
            middle = 0.5 * (low + high)
            if middle <= low or middle >= high:
                break
            if middle * (1.0 - again[i]) + again[i] * _carried(people[i], middle) < load[i]:
                low = middle
            else:
                high = middle
        out[i] = high
