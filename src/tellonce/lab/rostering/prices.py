"""What it costs when so many people cover a skill in an interval."""

import math

import numpy as np

from tellonce.lab.rostering.terms import Costs, Floats, Requirement


def short_steps(need: int, hurt: float, costs: Costs) -> list[tuple[int, float]]:
    """How many people short cost how much each, from the first on; steps end at whole people."""
    steps, counted = [], 0
    for number, (share, factor) in enumerate(costs.short_steps):
        is_last = number == len(costs.short_steps) - 1
        end = need if is_last else min(need, math.ceil(share * need))
        if end > counted:
            steps.append((end - counted, hurt * factor))
            counted = end
    return steps


def hurt_of(requirement: Requirement) -> Floats:
    """What the first person short costs, shape (skills, intervals of the week)."""
    wanted = requirement.people.reshape(len(requirement.skills), -1)
    return np.ones(wanted.shape) if requirement.hurt is None else requirement.hurt.reshape(wanted.shape)


def price_table(requirement: Requirement, costs: Costs, most: int) -> Floats:
    """The cost of an interval and skill by how many cover it, shape (intervals of the week, skills, most + 1)."""
    wanted, hurt = requirement.people.reshape(len(requirement.skills), -1), hurt_of(requirement)
    table = np.empty((wanted.shape[1], wanted.shape[0], most + 1))
    people = np.arange(most + 1)
    for (skill, at), need in np.ndenumerate(wanted):
        each = [np.full(count, cost) for count, cost in short_steps(int(need), float(hurt[skill, at]), costs)]
        by_short = np.concatenate([[0.0], np.cumsum(np.concatenate([*each, []]))])
        short, over = np.clip(need - people, 0, None), np.clip(people - need, 0, None)
        table[at, skill] = by_short[short] + costs.over * over
    return table


def cost_of(requirement: Requirement, costs: Costs, cover: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> float:
    """What a cover costs, shape (skills, 7, intervals a day) as in the requirement."""
    table = price_table(requirement, costs, int(cover.max(initial=0)))
    flat = cover.reshape(len(requirement.skills), -1)
    skill, at = np.indices(flat.shape)
    return float(table[at, skill, flat].sum())
