"""A policy's changes put into a scenario; every function says one change, and the base stays."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import starmap
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tellonce.lab.rehearsal.changes import (
    EVERY_DAY,
    Base,
    CallbacksChange,
    CallsChange,
    Change,
    Changes,
    HoursChange,
    MenuChange,
    PeopleChange,
    PressureChange,
    PriorityChange,
    SiteAdded,
    SiteLost,
    SkillsChange,
)
from tellonce.lab.rehearsal.checking import check
from tellonce.lab.rehearsal.errors import RehearsalInputError
from tellonce.lab.simulation.contracts import (
    DAY_S,
    Callbacks,
    Exponential,
    Matter,
    Menu,
    Person,
    Pressure,
    Scenario,
    Shift,
    Stream,
)

_HOUR_S = 3_600.0
_RETURN_AFTER = Exponential(2 * DAY_S)
Span = tuple[float, float]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def changed(base: Base, changes: Changes) -> Scenario:
    """The scenario under a policy: its changes one after the other.

    Raises:
        RehearsalInputError: a change that cannot be, with the field where it was said.
    """
    for change in changes:
        check(change, base)
        base = replace(base, scenario=_one(base, change))
    return base.scenario


def _one(base: Base, change: Change) -> Scenario:
    return _MAKERS[type(change)](base, change)


def windows(base: Base, from_h: float, to_h: float, weekdays: tuple[int, ...]) -> Iterator[Span]:
    """When the hours are, in seconds of the scenario, day by day within it."""
    days = round(base.scenario.intervals * base.scenario.interval_s / DAY_S)
    for day in range(max(days, 1)):
        if (base.first_weekday + day) % 7 in weekdays:
            yield day * DAY_S + from_h * _HOUR_S, day * DAY_S + to_h * _HOUR_S


def _new_people(base: Base, change: PeopleChange | SiteAdded, *, count: int, site: str, partner: str) -> list[Person]:
    taken = {person.name for person in base.scenario.people}
    skills = dict.fromkeys(change.skills or base.skills, 1)
    shifts = tuple(starmap(Shift, _apart(windows(base, change.from_h, change.to_h, change.weekdays))))
    names = (f"added {n}" for n in range(1, len(taken) + count + 1))
    pace = change.pace if isinstance(change, SiteAdded) else 1.0
    free = [name for name in names if name not in taken][:count]
    return [Person(name, skills, shifts, site, partner, pace=pace) for name in free]


def _apart(spans: Iterator[Span]) -> list[Span]:
    """Shifts over midnight that meet the next day's are cut there."""
    listed = list(spans)
    ends = [*(begin for begin, _ in listed[1:]), float("inf")]
    return [(begin, min(end, latest)) for (begin, end), latest in zip(listed, ends, strict=True)]


def _people(base: Base, change: PeopleChange) -> Scenario:
    return _more_people(base, change) if change.count > 0 else _fewer_people(base, change)


def _more_people(base: Base, change: PeopleChange) -> Scenario:
    partners = {person.partner for person in base.scenario.people if person.partner}
    is_partner = change.site in partners
    new = _new_people(
        base, change, count=change.count,
        site="" if is_partner else change.site, partner=change.site if is_partner else "",
    )  # fmt: skip
    return replace(base.scenario, people=(*base.scenario.people, *new))


def _fewer_people(base: Base, change: PeopleChange) -> Scenario:
    """On each day those leave who are there longest in the window; the rest of their shifts stays."""
    shifts = {person.name: person.shifts for person in base.scenario.people}
    able = [person.name for person in base.scenario.people if _is_asked(person, change)]
    for begin, end in windows(base, change.from_h, change.to_h, change.weekdays):
        there = {name: sum(_overlap(shift, begin, end) for shift in shifts[name]) for name in able}
        leaving = sorted((name for name in able if there[name] > 0), key=lambda name: (-there[name], name))
        for name in leaving[: -change.count]:
            shifts[name] = _without(shifts[name], begin, end)
    return _with_shifts(base.scenario, shifts)


def _is_asked(person: Person, change: PeopleChange) -> bool:
    at_site = not change.site or change.site in {person.site, person.partner}
    return at_site and (not change.skills or any(skill in person.skills for skill in change.skills))


def _overlap(shift: Shift, begin: float, end: float) -> float:
    return max(min(shift.end_s, end) - max(shift.start_s, begin), 0.0)


def _without(shifts: tuple[Shift, ...], begin: float, end: float) -> tuple[Shift, ...]:
    kept = []
    for shift in shifts:
        for low, high in ((shift.start_s, min(shift.end_s, begin)), (max(shift.start_s, end), shift.end_s)):
            if high - low >= 1.0:
                breaks = tuple(b for b in shift.breaks if low <= b.start_s and b.start_s + b.length_s <= high)
                kept.append(Shift(low, high, breaks))
    return tuple(kept)


def _with_shifts(scenario: Scenario, shifts: dict[str, tuple[Shift, ...]]) -> Scenario:
    people = tuple(replace(person, shifts=shifts[person.name]) for person in scenario.people if shifts[person.name])
    return _still_answered(replace(scenario, people=people))


def _still_answered(scenario: Scenario) -> Scenario:
    """Refuses a policy under which nobody is left for some contacts."""
    for stream in scenario.streams:
        if not any(person.skills.get(stream.skill, 0) >= stream.least_level for person in scenario.people):
            raise RehearsalInputError("count", "nobody_left", skill=stream.skill)
    return scenario


def _hours(base: Base, change: HoursChange) -> Scenario:
    scenario = base.scenario
    inside, of_day, day = _places(base, change.opens_h, change.closes_h)
    chosen = np.isin((base.first_weekday + day) % 7, change.weekdays)
    total = np.sum([stream.arrivals for stream in scenario.streams], axis=0)
    opened = chosen & inside & ~_usually_open(base, total, of_day, day)

    def one(stream: Stream) -> Stream:
        made = _moved(np.array(stream.arrivals), change, chosen=chosen, inside=inside, opened=opened, day=day)
        return replace(stream, arrivals=tuple(made.tolist()))

    streams = tuple(one(stream) for stream in scenario.streams)
    shifts = {person.name: person.shifts for person in scenario.people}
    for midnight, next_one in windows(base, 0.0, 24.0, change.weekdays):
        for begin, end in (
            (midnight, midnight + change.opens_h * _HOUR_S),
            (midnight + change.closes_h * _HOUR_S, next_one),
        ):
            shifts = {name: _without(each, begin, end) if end > begin else each for name, each in shifts.items()}
    made = _with_shifts(replace(scenario, streams=streams), shifts)
    if not change.people:
        return made
    edges = np.flatnonzero(np.diff(np.concatenate(([0], opened.astype(int), [0]))))
    spans = [(begin * scenario.interval_s, end * scenario.interval_s) for begin, end in edges.reshape(-1, 2).tolist()]
    new = [
        Person(f"opening {n + 1}", dict.fromkeys(base.skills, 1), tuple(starmap(Shift, spans)))
        for n in range(change.people)
        if spans
    ]
    return replace(made, people=(*made.people, *new))


def _places(base: Base, from_h: float, to_h: float) -> tuple[Flags, Floats, NDArray[np.int64]]:
    """Of each interval: whether it begins within the hours, its hour of the day, its day."""
    starts = np.arange(base.scenario.intervals) * base.scenario.interval_s
    hour: Floats = np.asarray(starts % DAY_S / _HOUR_S, dtype=np.float64)
    inside = (hour >= from_h) & (hour < to_h) | (hour + 24.0 < to_h)
    return inside, hour, (starts // DAY_S).astype(np.int64)


def _usually_open(base: Base, total: Floats, of_day: Floats, day: NDArray[np.int64]) -> Flags:
    """Whether anybody called at this time of this weekday."""
    weekday = (base.first_weekday + day) % 7
    usual = np.zeros(len(total), dtype=np.bool_)
    for each in EVERY_DAY:
        hours = np.unique(of_day[(weekday == each) & (total > 0)])
        usual |= (weekday == each) & np.isin(of_day, hours)
    return usual


def _moved(
    arrivals: Floats, change: HoursChange, *, chosen: Flags, inside: Flags, opened: Flags, day: NDArray[np.int64]
) -> Floats:
    """The calls of each chosen day within the hours: those outside moved or lost, those of new hours drawn from it."""
    made = arrivals.copy()
    for each in np.unique(day[chosen]):
        of_it = day == each
        outside, within, new = of_it & ~inside, of_it & inside, of_it & opened
        if made[within].sum() > 0:
            made[within] *= 1.0 + change.moved * made[outside].sum() / made[within].sum()
        made[outside] = 0.0
        if new.any() and change.drawn:
            drawn = change.drawn * made[of_it].sum()
            made[of_it] *= 1.0 - change.drawn
            made[new] += drawn / new.sum()
    return made


def _skills(base: Base, change: SkillsChange) -> Scenario:
    scenario = base.scenario

    def hours(person: Person) -> float:
        return sum(shift.end_s - shift.start_s for shift in person.shifts)

    learns = change.count > 0
    could = [p for p in scenario.people if (change.skill in p.skills) != learns and (learns or len(p.skills) > 1)]
    if len(could) < abs(change.count):
        raise RehearsalInputError("count", "few_can_change", n=len(could))
    chosen = {p.name for p in sorted(could, key=lambda p: (-hours(p), p.name))[: abs(change.count)]}
    people = tuple(
        replace(p, skills={**p.skills, change.skill: 1} if learns else _less(p, change.skill))
        if p.name in chosen
        else p
        for p in scenario.people
    )
    return _still_answered(replace(scenario, people=people))


def _less(person: Person, skill: str) -> dict[str, int]:
    return {name: level for name, level in person.skills.items() if name != skill}


def _priority(base: Base, change: PriorityChange) -> Scenario:
    scenario = base.scenario
    steps = round(change.head_start_s / max(scenario.rules.priority_s, 1e-9))
    raised = [s.priority + (steps if s.skill == change.skill else 0) for s in scenario.streams]
    least = min(0, *raised)
    streams = tuple(replace(s, priority=p - least) for s, p in zip(scenario.streams, raised, strict=True))
    return replace(scenario, streams=streams)


def _callbacks(base: Base, change: CallbacksChange) -> Scenario:
    scenario = base.scenario
    if not change.is_on:
        return replace(scenario, callbacks=None)
    return replace(scenario, callbacks=Callbacks(change.above_s, change.accepted, change.unanswered))


def _site_added(base: Base, change: SiteAdded) -> Scenario:
    site, partner = ("", change.name) if change.is_partner else (change.name, "")
    new = _new_people(base, change, count=change.people, site=site, partner=partner)
    return replace(base.scenario, people=(*base.scenario.people, *new))


def _site_lost(base: Base, change: SiteLost) -> Scenario:
    scenario = base.scenario
    people = tuple(p for p in scenario.people if change.name not in {p.site, p.partner})
    shares = {name: share for name, share in scenario.rules.shares.items() if name != change.name}
    rules = replace(scenario.rules, shares=shares)
    try:
        return _still_answered(replace(scenario, people=people, rules=rules))
    except RehearsalInputError as error:
        raise RehearsalInputError("name", error.reason, **error.told) from error


def _menu(base: Base, change: MenuChange) -> Scenario:
    scenario = base.scenario
    asked = {s.name for s in scenario.streams if not change.skills or s.skill in change.skills}
    others = tuple(replace(menu, streams=left) for menu in scenario.menus if (left := _left(scenario, menu, asked)))
    menu = Menu(change.solved, change.lost, change.takes_s, tuple(sorted(asked)))
    return replace(scenario, menus=(*others, menu))


def _left(scenario: Scenario, menu: Menu, asked: set[str]) -> tuple[str, ...]:
    """The contacts that an earlier menu keeps."""
    names = menu.streams or tuple(s.name for s in scenario.streams)
    return tuple(name for name in names if name not in asked)


def _pressure(base: Base, change: PressureChange) -> Scenario:
    scenario = base.scenario
    pressure = Pressure(scenario.pressure.service * change.factor, scenario.pressure.solved)
    matters = tuple(_less_solved(matter, change.more_repeats) for matter in scenario.matters)
    return replace(scenario, pressure=pressure, matters=matters)


def _less_solved(matter: Matter, more: float) -> Matter:
    """A share more of all contacts comes again; where nobody came again so far, two days later on average."""
    if not more:
        return matter
    if matter.returns <= 0:
        return replace(matter, solved=max(1.0 - more, 0.0), returns=1.0, return_after=_RETURN_AFTER)
    return replace(matter, solved=max(matter.solved - more / matter.returns, 0.0))


def _calls(base: Base, change: CallsChange) -> Scenario:
    inside, _, day = _places(base, change.from_h, change.to_h)
    first = change.from_day - 1
    chosen = inside & (day >= first) & ((day < first + change.days) if change.days else True)
    factors = np.where(chosen, change.factor, 1.0)

    def one(stream: Stream) -> Stream:
        is_asked = (not change.skills or stream.skill in change.skills) and change.area in {"", stream.area}
        return replace(stream, arrivals=tuple((np.array(stream.arrivals) * factors).tolist())) if is_asked else stream

    return replace(base.scenario, streams=tuple(one(stream) for stream in base.scenario.streams))


_MAKERS: dict[type[Any], Callable[[Base, Any], Scenario]] = {
    PeopleChange: _people,
    HoursChange: _hours,
    SkillsChange: _skills,
    PriorityChange: _priority,
    CallbacksChange: _callbacks,
    SiteAdded: _site_added,
    SiteLost: _site_lost,
    MenuChange: _menu,
    PressureChange: _pressure,
    CallsChange: _calls,
}
