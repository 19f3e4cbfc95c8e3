"""The two decisions, compiled: the simulator asks them with the heads of its lines, the switchboard with all contacts.

Everything is counted in seconds of waiting. Within a line the contact that entered first is next.
"""

from typing import Any

import numpy as np
from numba import typeof

from tellonce.lab.compiled import compiled_as, compiled_lean
from tellonce.lab.routing.plans import (
    CONTINUITY_S,
    CONTINUITY_WITHIN_S,
    PROMISE_S,
    SHARES_S,
    Group,
    Line,
    Plan,
    routing_plan,
)
from tellonce.lab.routing.rules import Rules

PLAN_TYPE = typeof(routing_plan([Line("")], [Group({"": 1})], Rules()))
HALF_LIFE = 500.0  # contacts after which a share given counts about half


@compiled_lean
def may_take(plan: Plan, line: int, group: int, tight: int) -> bool:
    """Whether the group can do what the line asks, and no reserve of a skill in `tight` (bits) keeps it off."""
    return bool(plan.fit[line, group] > -np.inf and plan.guard[line, group] & tight == 0)


@compiled_lean
def contact_worth(plan: Plan, now: float, line: int, group: int, entered: float, due: float, lag: Any) -> float:
    """What it is worth that somebody of the group takes this contact: seconds."""
    worth = now - entered + plan.credit[line] + plan.fit[line, group]
    if now > due:
        worth += plan.weights[PROMISE_S]
    pool = plan.pool[group]
    if pool >= 0:
        worth += plan.weights[SHARES_S] * lag[plan.skill[line], pool]
    return float(worth)


@compiled_lean
def person_worth(plan: Plan, now: float, line: int, group: int, free_since: float, lag: Any) -> float:
    """What it is worth that this free person of the group takes a contact of the line: seconds."""
    worth = now - free_since + plan.fit[line, group]
    pool = plan.pool[group]
    if pool >= 0:
        worth += plan.weights[SHARES_S] * lag[plan.skill[line], pool]
    return float(worth)


@compiled_lean
def continues(plan: Plan, now: float, last_at: float) -> bool:
    """Whether the last talk is near enough for continuity."""
    return bool(plan.weights[CONTINUITY_S] > 0.0 and now - last_at <= plan.weights[CONTINUITY_WITHIN_S])


@compiled_lean
def choose_line(
    plan: Plan, now: float, group: int, oldest: Any, due: Any, lag: Any, tight: int
) -> tuple[int, float]:  # fmt: skip
    """The line whose first contact somebody of the group should take, and its worth; -1 for none.

    `oldest` and `due` (L,) are when the first of each line entered (inf: nobody waits) and when its promise is over.
    """
    best, most = -1, -np.inf
    for i in range(plan.takes.shape[1]):
        line = plan.takes[group, i]
        if line < 0:
            break
        if oldest[line] == np.inf or plan.guard[line, group] & tight != 0:
            continue
        worth = contact_worth(plan, now, line, group, oldest[line], due[line], lag)
        if worth > most:
            best, most = line, worth
    return best, most


@compiled_lean
def choose_group(plan: Plan, now: float, line: int, free_since: Any, lag: Any, tight: int) -> tuple[int, float]:
    """The group whose longest free person should take a contact of the line, and its worth; -1 for none.

    `free_since` (G,) is since when that person is free (inf: nobody is).
    """
    best, most = -1, -np.inf
    for i in range(plan.takers.shape[1]):
        group = plan.takers[line, i]
        if group < 0:
            break
        if free_since[group] == np.inf or plan.guard[line, group] & tight != 0:
            continue
        worth = person_worth(plan, now, line, group, free_since[group], lag)
        if worth > most:
            best, most = group, worth
    return best, most


@compiled_lean
def tight_skills(plan: Plan, free: Any, extra: int) -> int:
    """Bits of the skills whose reserve (of `free` (K,), with one more for the skills in `extra`) may not shrink."""
    tight = 0
    for skill in range(len(plan.reserve)):
        kept = plan.reserve[skill]
        if kept > 0 and free[skill] + ((extra >> skill) & 1) <= kept:
            tight |= 1 << skill
    return tight


@compiled_lean
def count_share(plan: Plan, lag: Any, given: Any, skill: int, group: int) -> None:
    """As `count_given`; the last column of `given` counts all."""
    last = given.shape[1] - 1
    fade = 0.5 ** (1.0 / HALF_LIFE)
    for pool in range(last + 1):
        given[skill, pool] *= fade
    given[skill, last] += 1.0
    if plan.pool[group] >= 0:
        given[skill, plan.pool[group]] += 1.0
    for pool in range(last):
        lag[skill, pool] = plan.target[pool] - given[skill, pool] / given[skill, last]


_ARRAYS = (typeof(np.empty(1)), typeof(np.empty(1, dtype=np.int64)), typeof(np.empty((1, 1))))
_F, _I, _FF = _ARRAYS
_NOW, _ONE = typeof(1.0), typeof(1)


@compiled_as((PLAN_TYPE, _NOW, _ONE, _ONE, _I, _F, _F, _I, _F, _I, _FF))
def choose_contact(
    plan: Plan, now: float, person: int, group: int, line: Any, entered: Any, due: Any, last_person: Any,
    last_at: Any, free: Any, lag: Any,
) -> int:  # fmt: skip
    """Which of N waiting contacts a person who becomes free should take; -1 for none.

    Args:
        plan: lines, groups and rules.
        now: seconds, on the clock of all other times.
        person: their number, as in `last_person`.
        group: place of their group.
        line: (N,) places of the contacts' lines.
        entered: (N,) when they entered the queue.
        due: (N,) when the wait they were told is over, inf for none.
        last_person: (N,) who had the matter last, -1 for nobody.
        last_at: (N,) when that was.
        free: (K,) people free now by skill, this person not counted.
        lag: (K, M) by how much each share lags, zeros at first; see `count_given`.
    """
    tight = tight_skills(plan, free, plan.bits[group])
    heads = np.full(len(plan.credit), -1, dtype=np.int64)
    oldest, first_due = np.full(len(heads), np.inf), np.full(len(heads), np.inf)
    own, own_worth = -1, -np.inf
    for i in range(len(line)):
        at = line[i]
        if entered[i] < oldest[at]:
            heads[at], oldest[at], first_due[at] = i, entered[i], due[i]
        if last_person[i] == person and continues(plan, now, last_at[i]) and may_take(plan, at, group, tight):
            worth = contact_worth(plan, now, at, group, entered[i], due[i], lag) + plan.weights[CONTINUITY_S]
            if worth > own_worth:
                own, own_worth = i, worth
    best, most = choose_line(plan, now, group, oldest, first_due, lag, tight)
    return int(own if own >= 0 and own_worth >= most else (heads[best] if best >= 0 else -1))


@compiled_as((PLAN_TYPE, _NOW, _ONE, _ONE, _NOW, _I, _I, _F, _I, _FF))
def choose_person(
    plan: Plan, now: float, line: int, last_person: int, last_at: float, person: Any, group: Any, since: Any,
    free: Any, lag: Any,
) -> int:  # fmt: skip
    """Which of N free people should take a contact that arrives; -1 for none. The place in the arrays, not the number.

    Args:
        plan: lines, groups and rules.
        now: seconds.
        line: place of the contact's line.
        last_person: who had the matter last, -1 for nobody.
        last_at: when that was.
        person: (N,) their numbers.
        group: (N,) places of their groups.
        since: (N,) since when they are free.
        free: (K,) people free now by skill.
        lag: (K, M) by how much each share lags.
    """
    tight = tight_skills(plan, free, 0)
    heads = np.full(len(plan.pool), -1, dtype=np.int64)
    free_since = np.full(len(heads), np.inf)
    own, own_worth = -1, -np.inf
    for i in range(len(person)):
        at = group[i]
        if since[i] < free_since[at]:
            heads[at], free_since[at] = i, since[i]
        if person[i] == last_person and continues(plan, now, last_at) and may_take(plan, line, at, tight):
            own, own_worth = i, person_worth(plan, now, line, at, since[i], lag) + plan.weights[CONTINUITY_S]
    best, most = choose_group(plan, now, line, free_since, lag, tight)
    return int(own if own >= 0 and own_worth >= most else (heads[best] if best >= 0 else -1))


@compiled_as((PLAN_TYPE, _FF, _FF, _ONE, _ONE))
def count_given(plan: Plan, lag: Any, given: Any, skill: int, group: int) -> None:
    """Counts a contact of a skill (place) that the group got: `given` (K, M + 1) and `lag` (K, M), zeros at first."""
    count_share(plan, lag, given, skill, group)
