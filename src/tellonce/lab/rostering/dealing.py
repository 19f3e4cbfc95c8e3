"""From numbers of people to explicit weeks: shifts dealt to people, and breaks to shifts, in order of time.

The k-th earliest shift of a day goes to the person of the k-th earliest band: if any way to deal keeps all bands, this
one does. So the people present are, interval by interval, those of the program's answer.
"""

from collections import Counter, defaultdict

import numpy as np

from tellonce.lab.rostering.model import Group, Model
from tellonce.lab.rostering.terms import DAYS, Floats, PlacedBreak, Shift, ShiftType, Team, Tour
from tellonce.lab.rostering.weeks import OFF

Slot = tuple[int, int, ShiftType, int]
"""Place of the group, day, type, start (interval)."""


def explicit_tours(model: Model, values: Floats) -> tuple[Tour, ...]:
    """The weeks that an answer of the program stands for, in the order of the teams."""
    weeks = [_weeks_dealt(group, values) for group in model.groups]
    breaks = _breaks_dealt(model, values)
    step = model.requirement.step_min
    tours = []
    for place, (group, dealt) in enumerate(zip(model.groups, weeks, strict=True)):
        for days in dealt:
            shifts = []
            for day, kind, start in days:
                taken = breaks[place, day, kind, start].pop()
                shifts.append(Shift(day, kind.name, start * step, kind.length_min, _placed(kind, taken, step)))
            tours.append(Tour(group.team.name, tuple(shifts)))
    return tuple(tours)


def _placed(kind: ShiftType, times: tuple[int, ...], step: int) -> tuple[PlacedBreak, ...]:
    pairs = zip(kind.breaks, times, strict=True)
    return tuple(PlacedBreak(time * step, each.length_min, each.paid) for each, time in pairs)


def _weeks_dealt(group: Group, values: Floats) -> list[list[tuple[int, ShiftType, int]]]:
    people = [(band, week) for band, week, column in group.weeks for _ in range(_count(values, column))]
    people.sort(key=lambda each: each[0])
    dealt: list[list[tuple[int, ShiftType, int]]] = [[] for _ in people]
    for day in range(DAYS):
        for place, kind in enumerate(group.team.contract.shift_types):
            starts = [
                start
                for start, column in sorted(group.starts[day, kind].items())
                for _ in range(_count(values, column))
            ]
            working = [number for number, (_, week) in enumerate(people) if week[day] == place]
            for number, start in zip(working, starts, strict=True):
                dealt[number].append((day, kind, start))
    return dealt


def _breaks_dealt(model: Model, values: Floats) -> dict[Slot, list[tuple[int, ...]]]:
    """For each slot the breaks of its shifts; those of one start are alike, so any order among them will do."""
    slots: dict[tuple[tuple[str, ...], ShiftType, int, int], list[Slot]] = defaultdict(list)
    for place, group in enumerate(model.groups):
        for (day, kind), starts in group.starts.items():
            for start, column in starts.items():
                slots[group.team.skills, kind, day, start] += [(place, day, kind, start)] * _count(values, column)
    found: dict[Slot, list[tuple[int, ...]]] = defaultdict(list)
    for (pool, kind, day, start), shifts in slots.items():
        taken = []
        for number in range(len(kind.breaks)):
            places = model.breaks[pool, kind, day, number]
            taken.append([t for (s, t), column in places.items() if s == start for _ in range(_count(values, column))])
        for shift, times in zip(shifts, zip(*taken, strict=True) if taken else [()] * len(shifts), strict=True):
            found[shift].append(times)
    return found


def whole_values(model: Model, tours: tuple[Tour, ...], columns: int) -> Floats:
    """The program's columns of people counted, as these weeks have them; all other columns are 0."""
    values = np.zeros(columns)
    step = model.requirement.step_min
    for group in model.groups:
        mine = [tour for tour in tours if tour.team == group.team.name]
        for column, count in Counter(_week_column(group, tour, step) for tour in mine).items():
            values[column] += count
        for shift in (shift for tour in mine for shift in tour.shifts):
            kind = _type_named(group.team, shift.type_name)
            start = shift.start_min // step
            values[group.starts[shift.day, kind][start]] += 1
            for number, each in enumerate(shift.breaks):
                values[model.breaks[group.team.skills, kind, shift.day, number][start, each.start_min // step]] += 1
    return values


def _type_named(team: Team, name: str) -> ShiftType:
    return next(kind for kind in team.contract.shift_types if kind.name == name)


def _week_column(group: Group, tour: Tour, step: int) -> int:
    names = [kind.name for kind in group.team.contract.shift_types]
    by_day = {shift.day: names.index(shift.type_name) for shift in tour.shifts}
    week = tuple(by_day.get(day, OFF) for day in range(DAYS))
    first = min((shift.start_min // step for shift in tour.shifts), default=0)
    last = max((shift.start_min // step for shift in tour.shifts), default=0)
    spread = group.team.contract.start_spread_min // step
    return next(
        column for band, each, column in group.weeks if each == week and band <= first and last <= band + spread
    )


def _count(values: Floats, column: int) -> int:
    return round(float(values[column]))
