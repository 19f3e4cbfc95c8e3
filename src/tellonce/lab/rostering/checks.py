"""A requirement, teams and costs refused where they describe nothing, with the field and what to do."""

from itertools import pairwise

import numpy as np

from tellonce.lab.rostering.errors import RosterInputError
from tellonce.lab.rostering.terms import DAY_MIN, DAYS, Contract, Costs, Requirement, ShiftType, Team
from tellonce.lab.rostering.weeks import weeks_of

MOST_TYPES = 4


def check_week(requirement: Requirement, teams: tuple[Team, ...], costs: Costs) -> None:
    """Refuses what no roster can be made of.

    Raises:
        RosterInputError: see its field.
    """
    _check_requirement(requirement)
    _check_costs(costs)
    if not teams:
        raise RosterInputError("teams", "are none; name at least one.")
    if len({team.name for team in teams}) < len(teams):
        raise RosterInputError("teams", "must each have a name of their own.")
    for team in teams:
        _check_team(team, requirement)
    for place, skill in enumerate(requirement.skills):
        if requirement.people[place].any() and not any(skill in team.skills for team in teams):
            raise RosterInputError("skills", f"{skill} is required, but nobody has it; give it to a team or drop it.")


def _check_requirement(requirement: Requirement) -> None:
    people, skills = requirement.people, requirement.skills
    fits = people.shape == (len(skills), DAYS, people.shape[-1] if people.ndim else 0)
    if not fits or not people.size or DAY_MIN % people.shape[2]:
        text = f"must have the shape (skills, {DAYS}, intervals that divide a day), not {people.shape}."
        raise RosterInputError("requirement", text)
    if len(set(skills)) < len(skills):
        raise RosterInputError("skills", "must each have a name of their own.")
    if not np.issubdtype(people.dtype, np.integer):
        raise RosterInputError("requirement", "must be whole people; round it upwards.")
    if (people < 0).any():
        raise RosterInputError("requirement", f"must be zero or more people, not {people.min()}.")
    hurt = requirement.hurt
    if hurt is not None and (hurt.shape != people.shape or not np.isfinite(hurt).all() or (hurt < 0).any()):
        raise RosterInputError("hurt", "must be zero or more, one for each number of the requirement.")
    if requirement.open_at is not None and requirement.open_at.shape != people.shape[1:]:
        raise RosterInputError("open_at", f"must have the shape {people.shape[1:]}: days by intervals.")


def _check_costs(costs: Costs) -> None:
    if not costs.short_steps or costs.over < 0:
        raise RosterInputError("costs", "need at least one step for people short, and zero or more for people over.")
    for (share, factor), (next_share, next_factor) in pairwise([(0.0, 0.0), *costs.short_steps]):
        if next_share <= share or next_factor < factor:
            raise RosterInputError("short_steps", "must have rising shares and factors that do not fall.")


def _check_team(team: Team, requirement: Requirement) -> None:
    if team.people < 1:
        raise RosterInputError("people", f"of {team.name} must be one or more, not {team.people}.")
    if not team.skills or len(set(team.skills)) < len(team.skills):
        raise RosterInputError("skills", f"of {team.name} must be at least one, each named once.")
    for skill in team.skills:
        if skill not in requirement.skills:
            raise RosterInputError("skills", f"of {team.name}: {skill} is not in the requirement; add or drop it.")
    _check_contract(team.contract, requirement.step_min)


def _check_contract(contract: Contract, step: int) -> None:
    if not 0 < len(contract.shift_types) <= MOST_TYPES:
        raise RosterInputError("shift_types", f"of {contract.name} must be one to {MOST_TYPES}.")
    if len({kind.name for kind in contract.shift_types}) < len(contract.shift_types):
        raise RosterInputError("shift_types", f"of {contract.name} must each have a name of their own.")
    if not 1 <= contract.fewest_days <= contract.most_days <= DAYS:
        raise RosterInputError("fewest_days", f"and most_days of {contract.name} must be 1 to {DAYS}, in order.")
    for kind in contract.shift_types:
        _check_type(kind, step)
    _on_grid("start_spread_min", contract.name, contract.start_spread_min, step)
    longest = max(kind.length_min for kind in contract.shift_types)
    if contract.start_spread_min + longest + contract.rest_min > DAY_MIN:
        most = DAY_MIN - longest - contract.rest_min
        text = f"of {contract.name} leaves less than {contract.rest_min} min of rest after {longest} min at work; "
        ask = f"make it at most {most}." if most >= 0 else "shorten the shifts or the rest."
        raise RosterInputError("start_spread_min", text + ask)
    weeks_of(contract)


def _check_type(kind: ShiftType, step: int) -> None:
    if not 0 < kind.length_min <= DAY_MIN:
        text = f"of {kind.name} must be above 0 and at most a day ({DAY_MIN} min), not {kind.length_min}."
        raise RosterInputError("length_min", text)
    if not 0 <= kind.first_start_min <= kind.last_start_min < DAY_MIN or kind.start_every_min <= 0:
        raise RosterInputError("first_start_min", f"and last_start_min of {kind.name} must be within a day, in order.")
    times = (kind.length_min, kind.first_start_min, kind.last_start_min, kind.start_every_min)
    for field, value in zip(("length_min", "first_start_min", "last_start_min", "start_every_min"), times, strict=True):
        _on_grid(field, kind.name, value, step)
    free_from = 0
    for each in kind.breaks:
        for field, value in (("breaks", each.length_min), ("breaks", each.earliest_min), ("breaks", each.latest_min)):
            _on_grid(field, kind.name, value, step)
        if each.length_min <= 0 or not free_from <= each.earliest_min <= each.latest_min:
            text = f"of {kind.name} must be in order, with windows that do not overlap; see the one from "
            raise RosterInputError("breaks", f"{text}{each.earliest_min} to {each.latest_min} min.")
        free_from = each.latest_min + each.length_min
        if free_from > kind.length_min:
            text = f"of {kind.name}: one may end {free_from} min after the start, outside its {kind.length_min} min."
            raise RosterInputError("breaks", text)


def _on_grid(field: str, name: str, value: int, step: int) -> None:
    if value % step or value < 0:
        raise RosterInputError(
            field, f"of {name} must be a multiple of {step} min, the requirement's interval, not {value}."
        )
