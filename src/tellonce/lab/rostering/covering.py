"""Who is present when, and how those with several skills are shared out."""

import numpy as np

from tellonce.lab.rostering import kernels
from tellonce.lab.rostering.errors import RosterInputError
from tellonce.lab.rostering.prices import price_table
from tellonce.lab.rostering.terms import DAY_MIN, DAYS, Costs, Ints, Requirement, Team, Tour

Pool = tuple[str, ...]
"""The skills of people who can stand in for each other."""


def present(tours: tuple[Tour, ...], teams: tuple[Team, ...], *, step_min: int) -> dict[Pool, Ints]:
    """How many of each pool are at work and not on a break, shape (7, intervals a day).

    Raises:
        RosterInputError: a tour of a team that is not among the teams.
    """
    pool_of = {team.name: team.skills for team in teams}
    total = DAYS * DAY_MIN // step_min
    found = {pool: np.zeros(total, dtype=np.int64) for pool in pool_of.values()}
    for tour in tours:
        if tour.team not in pool_of:
            raise RosterInputError("tours", f"name the team {tour.team}, which is not among the teams.")
        for shift in tour.shifts:
            _add(found[pool_of[tour.team]], shift.day * DAY_MIN + shift.start_min, shift.length_min, step_min, 1)
            for each in shift.breaks:
                _add(found[pool_of[tour.team]], shift.day * DAY_MIN + each.start_min, each.length_min, step_min, -1)
    return {pool: counts.reshape(DAYS, -1) for pool, counts in found.items()}


def cover(pools: dict[Pool, Ints], requirement: Requirement, costs: Costs) -> Ints:
    """The people who cover each skill when each interval is shared out at the least cost; shape as the requirement.

    People are given to the skill where they help most, one by one, then moved as long as that costs less.
    """
    skills = requirement.skills
    counts = np.stack([each.reshape(-1) for each in pools.values()])
    skilled = np.array([[skill in pool for skill in skills] for pool in pools])
    price = price_table(requirement, costs, int(counts.sum(axis=0).max()) + 1)
    share = np.zeros((counts.shape[1], len(pools), len(skills)), dtype=np.int64)
    covered = np.zeros((counts.shape[1], len(skills)), dtype=np.int64)
    kernels.share_out(share, covered, price, skilled, counts)
    return np.ascontiguousarray(covered.T).reshape(requirement.people.shape)


def _add(counts: Ints, begin_min: int, length_min: int, step_min: int, people: int) -> None:
    first = begin_min // step_min
    counts[np.arange(first, first + length_min // step_min) % counts.size] += people
