"""The anonymous week as a mixed-integer program in which nobody is named.

Whole numbers count people who are alike: how many of a team have which week (days off, types of shift) within which
band of starts; how many of its shifts begin when; how many of those have which break when. Weeks are tied to shifts by
band and day only, so a person's days and a day's starts are never multiplied out (implicit tours: Bailey 1985, Jacobs
and Brusco 1996, Rekik, Cordeau and Soumis 2004; breaks for each start: Aykin 1996). Any answer can be dealt out as
explicit weeks with the same people present (`dealing`); as people are alike no two answers differ by order only.
"""

from dataclasses import dataclass, field

from tellonce.lab.rostering.errors import RosterInputError
from tellonce.lab.rostering.prices import hurt_of, short_steps
from tellonce.lab.rostering.program import Program, times
from tellonce.lab.rostering.terms import DAYS, Costs, Requirement, ShiftType, Team
from tellonce.lab.rostering.weeks import OFF, Week, weeks_of

Pool = tuple[str, ...]
"""The skills of people who can stand in for each other."""

WEEKS = -1
"""The part of the program that no day has: who has which week. Parts 0 to 6 are days, from 7 on intervals."""


@dataclass(frozen=True, slots=True)
class Group:
    """A team, with the column for each band (its earliest start, in intervals) and week, and for each start."""

    team: Team
    weeks: tuple[tuple[int, Week, int], ...]  # band, week, column
    starts: dict[tuple[int, ShiftType], dict[int, int]]  # by day and type: interval of the start, column
    bands: dict[tuple[int, ShiftType], dict[int, int]]  # by day and type: band, column of how many are in it


@dataclass(slots=True)
class Model:
    """The program, and where to read the week in its answer."""

    requirement: Requirement
    program: Program = field(default_factory=Program)
    groups: list[Group] = field(default_factory=list)
    # by pool, type, day and place of the break: start of the shift and of the break (intervals), column
    breaks: dict[tuple[Pool, ShiftType, int, int], dict[tuple[int, int], int]] = field(default_factory=dict)


def build(requirement: Requirement, teams: tuple[Team, ...], costs: Costs) -> Model:
    """The program of a week; the inputs are taken as checked."""
    model = Model(requirement)
    model.groups.extend(_group(model.program, team, requirement) for team in teams)
    present = {pool: _present(model, pool) for pool in dict.fromkeys(team.skills for team in teams)}
    _cover(model.program, present, requirement, costs)
    return model


def starts_of(kind: ShiftType, day: int, requirement: Requirement) -> tuple[int, ...]:
    """The intervals of a day in which shifts of the type may start, none of them running while closed."""
    step = requirement.step_min
    grid = range(kind.first_start_min // step, kind.last_start_min // step + 1, kind.start_every_min // step)
    if requirement.open_at is None:
        return tuple(grid)
    is_open = requirement.open_at.reshape(-1)
    length, begin = kind.length_min // step, day * requirement.intervals_a_day
    return tuple(s for s in grid if is_open.take(range(begin + s, begin + s + length), mode="wrap").all())


def bands_of(team: Team, requirement: Requirement) -> dict[int, tuple[int, ...]]:
    """For each band's earliest start the starts within it, bands apart whose starts another has too."""
    kinds = team.contract.shift_types
    grid = sorted({s for kind in kinds for day in range(DAYS) for s in starts_of(kind, day, requirement)})
    spread = team.contract.start_spread_min // requirement.step_min
    within = {first: tuple(s for s in grid if first <= s <= first + spread) for first in grid}
    return {
        first: inside
        for first, inside in within.items()
        if not any(set(inside) < set(each) for each in within.values())
    }


def _group(program: Program, team: Team, requirement: Requirement) -> Group:
    kinds = team.contract.shift_types
    allowed = {(day, kind): starts_of(kind, day, requirement) for day in range(DAYS) for kind in kinds}
    bands, every = bands_of(team, requirement), weeks_of(team.contract)
    weeks = []
    for band, inside in bands.items():
        fits = [[bool(set(inside).intersection(allowed[day, kind])) for kind in kinds] for day in range(DAYS)]
        possible = (week for week in every if all(kind == OFF or fits[day][kind] for day, kind in enumerate(week)))
        weeks += [(band, week, program.column(part=WEEKS, high=team.people, whole=True)) for week in possible]
    if not weeks:
        text = f"{team.contract.name} has no week whose shifts all fit the hours that are open; change one of them."
        raise RosterInputError("contract", text)
    program.row(times((column for _, _, column in weeks), 1.0), low=team.people, high=team.people)
    group = Group(team, tuple(weeks), {}, {})
    for (day, kind), starts in allowed.items():
        _deal(program, group, (day, kind), starts, bands)
    return group


def _deal(
    program: Program,
    group: Group,
    at: tuple[int, ShiftType],
    starts: tuple[int, ...],
    bands: dict[int, tuple[int, ...]],
) -> None:
    """Ties the weeks that work on a day to the starts within their band."""
    day, kind = at
    place = group.team.contract.shift_types.index(kind)
    columns = {start: program.column(part=day, high=group.team.people, whole=True) for start in starts}
    ways: dict[int, list[int]] = {start: [] for start in starts}
    inside: dict[int, int] = {}
    for band, grid in bands.items():
        weeks = [column for first, week, column in group.weeks if first == band and week[day] == place]
        if weeks:
            possible = [start for start in grid if start in columns]
            chosen = [program.column(part=day) for _ in possible]
            for start, column in zip(possible, chosen, strict=True):
                ways[start].append(column)
            program.row(times(chosen, 1.0), times(weeks, -1.0), low=0.0, high=0.0)
    for start, column in columns.items():
        program.row(times(ways[start], 1.0), [(column, -1.0)], low=0.0, high=0.0)
    group.starts[at] = columns
    group.bands[at] = inside


def _present(model: Model, pool: Pool) -> list[dict[int, float]]:
    """Who of a pool is at work and not on a break: columns and factors for each interval of the week."""
    requirement, groups = model.requirement, [group for group in model.groups if group.team.skills == pool]
    found: list[dict[int, float]] = [{} for _ in range(DAYS * requirement.intervals_a_day)]
    for day, kind in dict.fromkeys(at for group in groups for at in group.starts):
        begun: dict[int, list[int]] = {}
        for group in groups:
            for start, column in group.starts.get((day, kind), {}).items():
                begun.setdefault(start, []).append(column)
        begin, length = day * requirement.intervals_a_day, kind.length_min // requirement.step_min
        for start, columns in begun.items():
            for column in columns:
                _mark(found, column, (begin + start, length), 1.0)
        _add_breaks(model, (pool, kind, day), begun, found)
    return found


def _add_breaks(
    model: Model, at: tuple[Pool, ShiftType, int], begun: dict[int, list[int]], found: list[dict[int, float]]
) -> None:
    _, kind, day = at
    step, begin = model.requirement.step_min, day * model.requirement.intervals_a_day
    for number, each in enumerate(kind.breaks):
        places: dict[tuple[int, int], int] = {}
        for start, columns in begun.items():
            window = range(start + each.earliest_min // step, start + each.latest_min // step + 1)
            here = {time: model.program.column(part=day, whole=True) for time in window}
            model.program.row(times(here.values(), 1.0), times(columns, -1.0), low=0.0, high=0.0)
            for time, column in here.items():
                _mark(found, column, (begin + time, each.length_min // step), -1.0)
                places[start, time] = column
        model.breaks[*at, number] = places


def _mark(found: list[dict[int, float]], column: int, span: tuple[int, int], factor: float) -> None:
    first, length = span
    for interval in range(first, first + length):
        found[interval % len(found)][column] = factor


def _cover(
    program: Program, present: dict[Pool, list[dict[int, float]]], requirement: Requirement, costs: Costs
) -> None:
    """Shares the people present out to the skills, and prices who is short or over."""
    skills = requirement.skills
    wanted = requirement.people.reshape(len(skills), -1)
    hurt = hurt_of(requirement)
    for at in range(wanted.shape[1]):
        cover: list[list[tuple[int, float]]] = [[] for _ in skills]
        for pool, columns in present.items():
            _share(program, [skills.index(skill) for skill in pool], (at, columns[at]), cover)
        for skill, parts in enumerate(cover):
            need = int(wanted[skill, at])
            steps = short_steps(need, float(hurt[skill, at]), costs)
            short = [program.column(part=DAYS + at, cost=each, high=float(count)) for count, each in steps]
            over = [program.column(part=DAYS + at, cost=costs.over)] if parts else []
            program.row(parts, times(short, 1.0), times(over, -1.0), low=need, high=need)


def _share(
    program: Program, skills: list[int], present: tuple[int, dict[int, float]], cover: list[list[tuple[int, float]]]
) -> None:
    at, columns = present
    if len(skills) == 1 or not columns:
        cover[skills[0]] += columns.items()
        return
    shares = [program.column(part=DAYS + at) for _ in skills]
    program.row(columns.items(), times(shares, -1.0), low=0.0, high=0.0)
    for skill, column in zip(skills, shares, strict=True):
        cover[skill].append((column, 1.0))
