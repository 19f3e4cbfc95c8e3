"""Lines that wait and groups that answer, with the rules worked out to arrays that decisions read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tellonce.lab.routing.errors import RoutingInputError
from tellonce.lab.routing.rules import Rules

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_SKILLS = 62  # bits of a whole number
MOST_EFFORTS = 2

# places in `Plan.weights`
PROMISE_S, CONTINUITY_S, CONTINUITY_WITHIN_S, SHARES_S = range(4)


@dataclass(frozen=True, slots=True)
class Line:
    """Contacts that wait for the same: a skill, its least level, a priority, efforts already caused (0 to 2).

    With `places` (sites or partners) only people there take them.
    """

    skill: str
    level: int = 1
    priority: int = 0
    efforts: int = 0
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """People who can do the same at the same place: skill to level, site, partner."""

    skills: Mapping[str, int]
    site: str = ""
    partner: str = ""


class Plan(NamedTuple):
    """L lines, G groups, K skills and M site or partner shares as arrays; made by `routing_plan`.

    Attributes:
        credit: (L,) head start in seconds by priority and efforts.
        fit: (L, G) seconds for how well the group suits the line; -inf if it cannot take it.
        guard: (L, G) bits of the skills whose reserve keeps the group from the line.
        skill: (L,) place of the skill.
        pool: (G,) place of the share that the group counts to, -1 for none.
        takes: (G, L + 1) lines that the group can take, -1 after the last.
        takers: (L, G + 1) groups that can take the line, -1 after the last.
        weights: promise, continuity, how long that lasts, shares: seconds.
        bits: (G,) skills of the group.
        reserve: (K,) people kept free.
        target: (M,) agreed shares.
    """

    credit: Floats
    fit: Floats
    guard: Ints
    skill: Ints
    pool: Ints
    takes: Ints
    takers: Ints
    weights: Floats
    bits: Ints
    reserve: Ints
    target: Floats


def routing_plan(lines: Sequence[Line], groups: Sequence[Group], rules: Rules) -> Plan:
    """The arrays for these lines, groups and rules.

    Raises:
        RoutingInputError: a skill nobody has, more than 62 skills, a negative weight, two shares for one group.
    """
    _check(lines, groups, rules)
    skills = sorted({skill for group in groups for skill in group.skills})
    place = {skill: i for i, skill in enumerate(skills)}
    shares = list(rules.shares)
    fit = np.array([[_fit(line, group, rules) for group in groups] for line in lines])
    can = fit > -np.inf
    return Plan(
        credit=np.array([line.priority * rules.priority_s + line.efforts * rules.effort_s for line in lines]),
        fit=fit,
        guard=_guards(lines, groups, rules, place),
        skill=np.array([place[line.skill] for line in lines]),
        pool=np.array([_pool(group, shares) for group in groups]),
        takes=_listed(can.T),
        takers=_listed(can),
        weights=np.array([rules.promise_s, rules.continuity_s, rules.continuity_within_s, rules.shares_s]),
        bits=np.array([sum(1 << place[skill] for skill in group.skills) for group in groups]),
        reserve=np.array([rules.reserve.get(skill, 0) for skill in skills]),
        target=np.array([rules.shares[name] for name in shares], dtype=np.float64),
    )


def can_take(line: Line, group: Group) -> bool:
    """Whether the group is at the line's places and has its skill at its level."""
    is_there = not line.places or group.site in line.places or group.partner in line.places
    return is_there and group.skills.get(line.skill, 0) >= line.level


def _fit(line: Line, group: Group, rules: Rules) -> float:
    above = group.skills.get(line.skill, 0) - line.level
    return -np.inf if not can_take(line, group) else above * rules.level_s - (len(group.skills) - 1) * rules.breadth_s


def _guards(lines: Sequence[Line], groups: Sequence[Group], rules: Rules, place: Mapping[str, int]) -> Ints:
    """A reserve of a skill is for the lines of it: those of a lower priority than the highest of them keep off."""
    highest = {
        skill: max((line.priority for line in lines if line.skill == skill), default=0) for skill in rules.reserve
    }
    kept = [[_kept(line, group, rules, highest) for group in groups] for line in lines]
    return np.array([[sum(1 << place[skill] for skill in skills) for skills in row] for row in kept], dtype=np.int64)


def _kept(line: Line, group: Group, rules: Rules, highest: Mapping[str, int]) -> list[str]:
    return [skill for skill, free in rules.reserve.items() if free and skill in group.skills
            and skill != line.skill and highest[skill] > line.priority]  # fmt: skip


def _pool(group: Group, shares: Sequence[str]) -> int:
    return next((i for i, name in enumerate(shares) if name in (group.site, group.partner)), -1)


def _listed(can: NDArray[np.bool_]) -> Ints:
    """Of each row the columns that hold, -1 after them."""
    listed = np.full((can.shape[0], can.shape[1] + 1), -1, dtype=np.int64)
    for i, row in enumerate(can):
        places = np.flatnonzero(row)
        listed[i, : len(places)] = places
    return listed


def _check(lines: Sequence[Line], groups: Sequence[Group], rules: Rules) -> None:
    had = {skill for group in groups for skill in group.skills}
    if len(had) > MOST_SKILLS:
        raise RoutingInputError("groups", f"have {len(had)} skills, at most {MOST_SKILLS} can be told apart.")
    for i, line in enumerate(lines):
        if not any(can_take(line, group) for group in groups):
            where = f" at {', '.join(line.places)}" if line.places else ""
            text = f"is {line.skill!r} at level {line.level}, which nobody has{where}."
            raise RoutingInputError(f"lines[{i}].skill", text)
    for name in ("priority_s", "promise_s", "effort_s", "continuity_s", "continuity_within_s", "level_s", "breadth_s",
                 "shares_s"):  # fmt: skip
        if not 0 <= getattr(rules, name) < np.inf:
            raise RoutingInputError(f"rules.{name}", "must be at least 0 and finite.")
    _check_shares(groups, rules, had)


def _check_shares(groups: Sequence[Group], rules: Rules, had: set[str]) -> None:
    for name, share in rules.shares.items():
        if not 0 <= share <= 1:
            raise RoutingInputError(f"rules.shares[{name!r}]", "must be from 0 to 1.")
        if not any(name in (group.site, group.partner) for group in groups):
            raise RoutingInputError(f"rules.shares[{name!r}]", "is no site or partner of anybody.")
    if any(group.site != group.partner and {group.site, group.partner} <= set(rules.shares) for group in groups):
        raise RoutingInputError("rules.shares", "names both the site and the partner of the same people.")
    for skill, free in rules.reserve.items():
        if skill not in had:
            raise RoutingInputError(f"rules.reserve[{skill!r}]", "is a skill nobody has.")
        if free < 0:
            raise RoutingInputError(f"rules.reserve[{skill!r}]", "must be at least 0.")
