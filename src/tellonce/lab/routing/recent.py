"""The wait of a contact in a live queue, from those ahead of it, the people at work, and what happened of late."""

from typing import Any, NamedTuple

import numpy as np
from numba import typeof
from numpy.typing import NDArray

from tellonce.lab.compiled import compiled, compiled_as, compiled_lean
from tellonce.lab.routing.calibrating import Calibration
from tellonce.lab.routing.choices import PLAN_TYPE
from tellonce.lab.routing.leaving import PRIOR_CONTACTS, PRIOR_WAIT_S, SPANS_FROM_S, count_wait
from tellonce.lab.routing.plans import Plan
from tellonce.lab.routing.waits import Z_80, wait_at, work_left

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

RECENT_S = 1800.0  # how far back the rate of arrivals looks
RECENT_CONTACTS = 500.0  # how far back handle times and leaving look
TOLD_SHARES = (0.1, 0.5, 0.9)
LEAST_AHEAD = 1e-9  # of contacts, counted in parts
_STEP_S, _STEPS = 300.0, 72  # people planned are seen in steps, so far ahead; the last goes on
_ZS = np.array([-Z_80, 0.0, Z_80])
_F, _I, _ONE, _NOW = typeof(np.empty(1)), typeof(np.empty(1, dtype=np.int64)), typeof(1), typeof(1.0)


@compiled_lean
def _shared(plan: Plan, people: Any, line: int, other: int) -> float:
    """Of the people at work who can take the other line, the share who can take this one."""
    both, all_of_it = 0.0, 0.0
    for i in range(plan.takers.shape[1]):
        group = plan.takers[other, i]
        if group < 0:
            break
        all_of_it += people[group]
        if plan.fit[line, group] > -np.inf:
            both += people[group]
    return both / max(all_of_it, 1e-9)


@compiled_lean
def handle_time(plan: Any, line: int, people: Any, handle_s: Any) -> tuple[float, float]:
    """People at work who can take the line, and the mean time of a contact with them: people / contacts a second."""
    at_work, a_second, length_s, groups = 0.0, 0.0, 0.0, 0
    for i in range(plan.takers.shape[1]):
        group = plan.takers[line, i]
        if group < 0:
            break
        at_work += people[group]
        a_second += people[group] / handle_s[group]
        length_s += handle_s[group]
        groups += 1
    return at_work, at_work / a_second if a_second > 0.0 else length_s / groups


@compiled
def _planned(
    plan: Any, line: int, at_work: float, now: float, change_at: Any, change_group: Any, change_by: Any
) -> Any:  # fmt: skip
    """Person-seconds from now on to the edges of the steps, of those who can take the line; for `time_for`."""
    steps = _STEPS if len(change_at) else 1
    planned = np.zeros(steps + 1)
    people = np.zeros(steps + 1)
    people[0] = at_work
    for i in range(len(change_at)):
        after_s = change_at[i] - now
        step = int(after_s / _STEP_S)
        if after_s > 0.0 and step < steps and plan.fit[line, change_group[i]] > -np.inf:
            planned[step + 1] += change_by[i] * ((step + 1) * _STEP_S - after_s)
            people[step + 1] += change_by[i]
    for step in range(steps):
        if step > 0:
            people[step] += people[step - 1]
        planned[step + 1] = max(planned[step] + planned[step + 1] + people[step] * _STEP_S, planned[step])
    return planned


@compiled_as((PLAN_TYPE, _F, _F, _F, _F, _F, _F, _F, _F, _I, _F, _F, _I, _F, _ONE, _NOW, _NOW))
def _told(
    plan: Plan, out: Any, zs: Any, people: Any, handle_s: Any, rate: Any, rate_at: Any, left: Any, exposure_s: Any,
    lines: Any, times: Any, change_at: Any, change_group: Any, change_by: Any, line: int, entered: float, at: float,
) -> None:  # fmt: skip
    """Contacts ahead count as far as their people could have taken this one; who entered at the same time is ahead."""
    at_work, length_s = handle_time(plan, line, people, handle_s)
    planned = _planned(plan, line, at_work, at, change_at, change_group, change_by)
    shares = np.empty(len(plan.credit))
    for other in range(len(shares)):
        shares[other] = _shared(plan, people, line, other)
    ahead, waited_s = -shares[line], -shares[line] * (at - entered)  # itself is among them
    for i in range(len(lines)):
        if times[i] - plan.credit[lines[i]] <= entered - plan.credit[line]:
            ahead += shares[lines[i]]
            waited_s += shares[lines[i]] * (at - times[i])
    ahead, age_s = max(ahead, 0.0), max(waited_s, 0.0) / max(ahead, LEAST_AHEAD)
    late, later = np.zeros((2, len(shares) + 1)), 0
    for other in range(len(shares)):
        window_s = plan.credit[other] - plan.credit[line] - (at - entered)
        if window_s > 0.0 and rate[other] > 0.0:
            late[0, later] = shares[other] * rate[other] * np.exp((rate_at[other] - at) / RECENT_S)
            late[1, later] = window_s
            later += 1
    work = work_left(ahead, age_s, planned, _STEP_S, 0.0, length_s, left, exposure_s, late)
    for i in range(len(zs)):
        out[i] = wait_at(zs[i], planned, _STEP_S, 0.0, work)


@compiled_as((_F, _F, _NOW, _NOW))
def _count_wait(left: Any, exposure_s: Any, waited_s: float, has_left: float) -> None:
    count_wait(left, exposure_s, waited_s, has_left)


class Changes(NamedTuple):
    """People planned to come (by 1) or go (by -1): arrays (C,) of times, places of their groups, and which."""

    at: Floats
    group: Ints
    by: Floats


NO_CHANGES = Changes(np.empty(0), np.empty(0, dtype=np.int64), np.empty(0))
"""As many as there are now are taken to stay."""


class RecentPast:
    """What a live queue remembers for its estimates; the simulator keeps the same, compiled.

    Attributes:
        rate: (L,) arrivals a second to each line, as of `rate_at` (L,) in seconds.
        handle_s: (G,) mean time of a contact with wrap-up, by group.
        handled: (G,) contacts that this mean is of, at most RECENT_CONTACTS.
        left, exposure_s: see `leaving`.
        rung_s, answers: seconds that phones rang of late, and how many were answered: the simulator's do not ring.
    """

    def __init__(self, plan: Plan, *, handle_s: Floats, leaving: float) -> None:
        lines = len(plan.credit)
        self.plan = plan
        self.rate, self.rate_at = np.zeros(lines), np.zeros(lines)
        self.handle_s = handle_s.astype(np.float64)
        self.handled = np.full(len(handle_s), PRIOR_CONTACTS)
        self.exposure_s = np.full(len(SPANS_FROM_S), PRIOR_CONTACTS * PRIOR_WAIT_S)
        self.left = leaving * self.exposure_s
        self.rung_s, self.answers = 0.0, PRIOR_CONTACTS

    def note_arrival(self, line: int, *, at: float) -> None:
        """Counts an arrival to the line's rate, which fades with time."""
        faded = self.rate[line] * np.exp((self.rate_at[line] - at) / RECENT_S)
        self.rate[line], self.rate_at[line] = faded + 1.0 / RECENT_S, at

    def note_end(self, waited_s: float, *, has_left: bool) -> None:
        """Counts a wait that is over to the rate of leaving."""
        _count_wait(self.left, self.exposure_s, waited_s, float(has_left))

    def note_handled(self, group: int, seconds: float) -> None:
        """Counts a time busy to the mean of the group."""
        self.handled[group] = min(self.handled[group] + 1.0, RECENT_CONTACTS)
        self.handle_s[group] += (seconds - self.handle_s[group]) / self.handled[group]

    def note_rung(self, seconds: float, *, is_answered: bool) -> None:
        """Counts how long a person's phone rang; what was not answered is part of the time until it is."""
        if is_answered:
            fade = 1.0 - 1.0 / RECENT_CONTACTS
            self.rung_s, self.answers = self.rung_s * fade, self.answers * fade + 1.0
        self.rung_s += seconds

    def told(
        self,
        line: int,
        *,
        entered: float,
        at: float,
        waiting: tuple[Ints, Floats],
        people: Floats,
        calibration: Calibration,
        changes: Changes = NO_CHANGES,
    ) -> Floats:
        """The 10%, 50% and 90% quantile of the seconds until a contact of the line is answered; inf if nobody comes.

        Args:
            line: place of its line.
            entered: when it entered.
            at: now.
            waiting: lines and times of entering, both (N,), of all who wait, itself among them.
            people: (G,) at work, free or busy.
            calibration: see `learned_calibration`.
            changes: who is planned to come and go.
        """
        waits = np.empty(len(TOLD_SHARES))
        zs = _ZS * calibration.spread
        _told(self.plan, waits, zs, people, self.handle_s, self.rate, self.rate_at, self.left, self.exposure_s,
              *waiting, *changes, line, entered, at)  # fmt: skip
        return (waits + self.rung_s / self.answers) * calibration.scale
