"""What a queue does to those who call, and how many people it takes: Erlang B, C and A, with bounded lines.

Callers come at random (Poisson), calls and patience are exponential, whoever waited longest is next. References:
Erlang 1917 (B and C); Palm 1957, Baccelli and Hebuterne 1981, Garnett, Mandelbaum and Reiman 2002, Zeltyn and
Mandelbaum 2005 (A, M/M/n+M); Gross and Harris, Fundamentals of Queueing Theory (M/M/n/K); Iversen, Teletraffic
Engineering Handbook (lines with repeated attempts).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tellonce.lab.queueing import inputs, kernels
from tellonce.lab.queueing.errors import QueueInputError, UnreachableTargetError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class Measures:
    """What callers meet; each an array of the arguments' common shape (of shape () for plain numbers).

    Shares are of the calls that entered; `blocked` is of all calls. A queue whose load is not below its people, with
    patience and lines without bound, grows for ever: waits are inf, the service level is 0.
    """

    p_wait: Floats  # finds everybody busy
    service_level: Floats  # answered within the time asked for, of those who entered, short abandons apart
    asa_s: Floats  # mean time in the queue of all who entered, those who gave up included
    answered_wait_s: Floats  # mean time in the queue of those answered
    abandonment: Floats  # gave up, of those who entered, short abandons apart
    blocked: Floats  # found all lines taken
    occupancy: Floats  # share of the people's time spent on calls
    mean_queue: Floats  # how many wait, on average


@dataclass(frozen=True, slots=True)
class Waits:
    """Where those who entered are, so many seconds later; the three sum to 1."""

    answered: Floats
    gave_up: Floats
    still_waiting: Floats


@dataclass(frozen=True, slots=True)
class Staffing:
    """The least people at work, those to schedule so that as many are at work, and what callers then meet."""

    people: Ints
    scheduled: Ints
    measures: Measures


def queue_measures(
    *,
    calls_per_hour: ArrayLike,
    aht_s: ArrayLike,
    people: ArrayLike,
    patience_s: ArrayLike = np.inf,
    lines: ArrayLike = np.inf,
    answer_within_s: ArrayLike = 20.0,
    short_abandon_s: ArrayLike = 0.0,
) -> Measures:
    """What callers of M/M/n/K+M meet; arguments are numbers or arrays whose shapes broadcast.

    Args:
        calls_per_hour: calls that come, zero or more.
        aht_s: mean seconds of a call with everything after it, above zero.
        people: people at work, whole, from one.
        patience_s: mean seconds that a caller waits before giving up; inf is Erlang C, 0 is Erlang B by leaving.
        lines: calls that may be in progress or waiting; inf is any number, `people` is Erlang B by a busy tone.
        answer_within_s: seconds within which an answer counts for the service level.
        short_abandon_s: who gives up within so many seconds is left out of service level and abandonment.

    Raises:
        QueueInputError: a negative rate, nobody at work, fewer lines than people, shapes that do not fit.
    """
    shape, rows = _rows(calls_per_hour, aht_s, people, patience_s, lines, answer_within_s, short_abandon_s)
    return _measures(rows, shape)


def erlang_b(*, load: ArrayLike, people: ArrayLike) -> Floats:
    """The share of calls that find all `people` (or lines) taken and are lost.

    `load` is in erlangs (calls an hour times seconds a call over 3600), zero or more; arrays broadcast.

    Raises:
        QueueInputError: a negative load, nobody at work.
    """
    shape, (loads, counts) = inputs.together(inputs.at_least_zero("load", load), inputs.whole("people", people))
    out = np.empty(len(loads))
    kernels.blocked_all(out, counts.astype(np.int64), loads)
    return out.reshape(shape)


def erlang_b_redialled(*, load: ArrayLike, people: ArrayLike, redial: ArrayLike) -> tuple[Floats, Floats]:
    """The share of attempts lost, and the load with redials, when a share `redial` of those refused dials again.

    The extended Erlang B model: repeated attempts are taken for as random as first ones, so the load x that the lines
    see solves x (1 - redial B(x)) = load. Where all dial again the load must be below `people`.

    Raises:
        QueueInputError: a negative load, nobody at work, a share outside 0 to 1, a load that redials let grow for ever.
    """
    shape, (loads, counts, again) = inputs.together(
        inputs.at_least_zero("load", load), inputs.whole("people", people), inputs.share("redial", redial)
    )
    if ((again == 1.0) & (loads >= counts)).any():
        raise QueueInputError("load", "must be below the number of people where everybody dials again.")
    whole, total = counts.astype(np.int64), np.empty(len(loads))
    kernels.redialled_all(total, whole, loads, again)
    return erlang_b(load=total, people=counts).reshape(shape), total.reshape(shape)


def waits_after(
    *,
    after_s: ArrayLike,
    calls_per_hour: ArrayLike,
    aht_s: ArrayLike,
    people: ArrayLike,
    patience_s: ArrayLike = np.inf,
    lines: ArrayLike = np.inf,
) -> Waits:
    """The distribution of the wait: of those who entered, who is answered, gone and still waiting `after_s` later.

    Arguments and errors as `queue_measures`; arrays broadcast, `after_s` too.
    """
    shape, rows = _rows(calls_per_hour, aht_s, people, patience_s, lines, after_s, 0.0, within="after_s")
    out = _columns(rows)
    columns = (out[:, c].reshape(shape) for c in (kernels.ANSWERED, kernels.GONE, kernels.WAITING))
    return Waits(*columns)


def people_needed(
    *,
    calls_per_hour: ArrayLike,
    aht_s: ArrayLike,
    patience_s: ArrayLike = np.inf,
    lines: ArrayLike = np.inf,
    answer_within_s: ArrayLike = 20.0,
    short_abandon_s: ArrayLike = 0.0,
    service_level: ArrayLike = 0.0,
    asa_s: ArrayLike = np.inf,
    abandonment: ArrayLike = 1.0,
    occupancy: ArrayLike = 1.0,
    blocked: ArrayLike = 1.0,
    shrinkage: ArrayLike = 0.0,
) -> Staffing:
    """The least people with whom every target is met: all smaller numbers miss one. At least one person.

    Args:
        calls_per_hour: as the next five, see `queue_measures`.
        aht_s: see there.
        patience_s: see there.
        lines: see there.
        answer_within_s: see there.
        short_abandon_s: see there.
        service_level: at least this share answered in time, from 0 to below 1.
        asa_s: at most this mean time in the queue, above 0.
        abandonment: at most this share gives up, above 0 to 1.
        occupancy: at most this share of the time on calls, above 0 to 1.
        blocked: at most this share finds all lines taken, above 0 to 1.
        shrinkage: share of the scheduled who are not at the phones, from 0 to below 1.

    Raises:
        QueueInputError: a number that describes no queue, or a target outside its bounds.
        UnreachableTargetError: the lines are too few for the target.
    """
    targets = (
        inputs.share_below_one("service_level", service_level),
        inputs.checked("asa_s", asa_s, holds=lambda x: x > 0, rule="more than zero"),
        inputs.share_above_zero("abandonment", abandonment),
        inputs.share_above_zero("occupancy", occupancy),
        inputs.share_above_zero("blocked", blocked),
    )
    away = inputs.share_below_one("shrinkage", shrinkage)
    shape, rows = _rows(
        calls_per_hour, aht_s, 1, patience_s, lines, answer_within_s, short_abandon_s, others=(*targets, away)
    )
    rate, service, _, leaving, counted, within, short, *asked, away = rows
    line_counts, people = inputs.as_lines(counted), np.empty(len(rate), dtype=np.int64)
    kernels.least_all(
        people, rate, service, leaving, line_counts, within, short,
        np.ascontiguousarray(np.stack(asked, axis=1)), inputs.MOST_PEOPLE,
    )  # fmt: skip
    if (people == 0).any():
        raise UnreachableTargetError(tuple(int(i) for i in np.flatnonzero(people == 0)), inputs.MOST_PEOPLE)
    scheduled = np.ceil(people / (1.0 - away) * (1.0 - 4 * np.finfo(np.float64).eps)).astype(np.int64)
    measures = _measures([rate, service, people.astype(np.float64), leaving, counted, within, short], shape)
    return Staffing(people.reshape(shape), scheduled.reshape(shape), measures)


def _rows(
    calls_per_hour: ArrayLike,
    aht_s: ArrayLike,
    people: ArrayLike,
    patience_s: ArrayLike,
    lines: ArrayLike,
    within_s: ArrayLike,
    short_s: ArrayLike,
    *,
    within: str = "answer_within_s",
    others: tuple[Floats, ...] = (),
) -> tuple[tuple[int, ...], list[Floats]]:
    """Rates a second and counts, checked and flattened to one shape."""
    shape, rows = inputs.together(
        inputs.at_least_zero("calls_per_hour", calls_per_hour) / _HOUR_S,
        1.0 / inputs.above_zero("aht_s", aht_s),
        inputs.whole("people", people),
        inputs.as_rate(inputs.seconds_or_never("patience_s", patience_s)),
        inputs.lines_or_any(lines),
        inputs.at_least_zero(within, within_s),
        inputs.at_least_zero("short_abandon_s", short_s),
        *others,
    )
    if (rows[4] < rows[2]).any():
        raise QueueInputError("lines", "must be at least as many as the people.")
    return shape, rows


def _columns(rows: list[Floats]) -> Floats:
    rate, service, people, leaving, lines, within, short = rows
    out = np.empty((len(rate), kernels.COLUMNS))
    whole = people.astype(np.int64)
    kernels.measure_all(out, rate, service, whole, leaving, inputs.as_lines(lines), within, short)
    return out


def _measures(rows: list[Floats], shape: tuple[int, ...]) -> Measures:
    out = _columns(rows)
    wanted = (
        kernels.P_WAIT, kernels.ANSWERED, kernels.ASA, kernels.ANSWERED_WAIT, kernels.ABANDONED, kernels.BLOCKED,
        kernels.OCCUPANCY, kernels.QUEUE,
    )  # fmt: skip
    return Measures(*(out[:, column].reshape(shape) for column in wanted))
