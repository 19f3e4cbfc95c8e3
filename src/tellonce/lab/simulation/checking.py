"""What a scenario must be like; what is not is refused with the field where it stands."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from tellonce.lab.simulation.contracts import (
    DAY_S,
    Callbacks,
    Constant,
    Empirical,
    Lengths,
    Lognormal,
    Matter,
    Menu,
    Outage,
    Patience,
    Person,
    Scenario,
    Shift,
    Stream,
)
from tellonce.lab.simulation.errors import ScenarioError


def check(scenario: Scenario) -> None:
    """Raises a ScenarioError for the first thing that cannot be."""
    _above_zero("interval_s", scenario.interval_s)
    if scenario.intervals < 1:
        raise ScenarioError("intervals", "must be at least 1.")
    _at_least_zero("short_abandon_s", scenario.short_abandon_s)
    _unique("matters", [matter.name for matter in scenario.matters])
    _unique("streams", [stream.name for stream in scenario.streams])
    _unique("people", [person.name for person in scenario.people])
    for i, matter in enumerate(scenario.matters):
        _matter(f"matters[{i}]", matter, scenario.people)
    for i, stream in enumerate(scenario.streams):
        _stream(f"streams[{i}]", stream, scenario)
    for i, person in enumerate(scenario.people):
        _person(f"people[{i}]", person)
    for i, outage in enumerate(scenario.outages):
        _outage(f"outages[{i}]", outage, scenario.streams)
    _menus(scenario.menus, scenario.streams)
    if scenario.callbacks:
        _callbacks(scenario.callbacks, scenario.streams)
    _above_zero("pressure.service", scenario.pressure.service)
    _at_least_zero("pressure.solved", scenario.pressure.solved)


def _at_least_zero(field: str, value: float) -> None:
    if not 0 <= value < math.inf:
        raise ScenarioError(field, f"is {value:g}, it must be at least 0 and finite.")


def _above_zero(field: str, value: float) -> None:
    if not 0 < value < math.inf:
        raise ScenarioError(field, f"is {value:g}, it must be more than 0 and finite.")


def _share(field: str, value: float) -> None:
    if not 0 <= value <= 1:
        raise ScenarioError(field, f"is {value:g}, a share is from 0 to 1.")


def _unique(field: str, names: Sequence[str]) -> None:
    if not names:
        raise ScenarioError(field, "must hold at least one.")
    name, count = Counter(names).most_common(1)[0]
    if count > 1:
        raise ScenarioError(field, f"has {name!r} {count} times.")


def _known(field: str, names: Iterable[str], streams: Sequence[Stream]) -> None:
    known = {stream.name for stream in streams}
    for name in names:
        if name not in known:
            raise ScenarioError(field, f"names {name!r}, which is no stream.")


def _lengths(field: str, lengths: Lengths) -> None:
    if isinstance(lengths, Constant):
        _at_least_zero(f"{field}.length_s", lengths.length_s)
    elif isinstance(lengths, Empirical):
        if len(lengths.quantiles_s) < 2:  # noqa: PLR2004 (a line needs two ends)
            raise ScenarioError(f"{field}.quantiles_s", "must hold at least two.")
        for value in lengths.quantiles_s:
            _at_least_zero(f"{field}.quantiles_s", value)
        if any(a > b for a, b in pairwise(lengths.quantiles_s)):
            raise ScenarioError(f"{field}.quantiles_s", "must not fall.")
    else:
        _above_zero(f"{field}.mean_s", lengths.mean_s)
        if isinstance(lengths, Lognormal):
            _at_least_zero(f"{field}.variation", lengths.variation)


def _skilled(field: str, skill: str, level: int, people: Sequence[Person]) -> None:
    if not any(person.skills.get(skill, 0) >= level for person in people):
        raise ScenarioError(field, f"is {skill!r} at level {level}, which nobody has.")


def _matter(field: str, matter: Matter, people: Sequence[Person]) -> None:
    _lengths(f"{field}.service", matter.service)
    _lengths(f"{field}.wrap_up", matter.wrap_up)
    _lengths(f"{field}.return_after", matter.return_after)
    _share(f"{field}.solved", matter.solved)
    _share(f"{field}.returns", matter.returns)
    _share(f"{field}.passed_on", matter.passed_on)
    if matter.passed_on > 0:
        _level(f"{field}.passed_level", matter.passed_level)
        _skilled(f"{field}.passed_to", matter.passed_to, matter.passed_level, people)


def _level(field: str, level: int) -> None:
    if level < 1:
        raise ScenarioError(field, f"is {level}, levels begin at 1.")


def _stream(field: str, stream: Stream, scenario: Scenario) -> None:
    if stream.matter not in {matter.name for matter in scenario.matters}:
        raise ScenarioError(f"{field}.matter", f"is {stream.matter!r}, which is no matter.")
    if len(stream.arrivals) != scenario.intervals:
        raise ScenarioError(
            f"{field}.arrivals", f"has {len(stream.arrivals)} values for {scenario.intervals} intervals."
        )
    for i, expected in enumerate(stream.arrivals):
        _at_least_zero(f"{field}.arrivals[{i}]", expected)
    _level(f"{field}.least_level", stream.least_level)
    _skilled(f"{field}.skill", stream.skill, stream.least_level, scenario.people)
    if stream.priority < 0:
        raise ScenarioError(f"{field}.priority", f"is {stream.priority}, priorities begin at 0.")
    _patience(f"{field}.patience", stream.patience)
    _share(f"{field}.redials", stream.redials)
    _lengths(f"{field}.redial_after", stream.redial_after)
    _at_least_zero(f"{field}.answer_within_s", stream.answer_within_s)


def _patience(field: str, patience: Patience) -> None:
    starts, hazards = patience.starts_s, patience.hazards
    if not starts or starts[0] != 0 or len(starts) != len(hazards):
        raise ScenarioError(f"{field}.starts_s", "must begin with 0 and be as many as the hazards.")
    if any(not a < b < math.inf for a, b in pairwise(starts)):
        raise ScenarioError(f"{field}.starts_s", "must rise.")
    for hazard in hazards:
        _at_least_zero(f"{field}.hazards", hazard)


def _person(field: str, person: Person) -> None:
    for skill, level in person.skills.items():
        _level(f"{field}.skills[{skill!r}]", level)
    _above_zero(f"{field}.pace", person.pace)
    _at_least_zero(f"{field}.solving", person.solving)
    until = -math.inf
    for i, shift in sorted(enumerate(person.shifts), key=lambda each: each[1].start_s):
        _shift(f"{field}.shifts[{i}]", shift)
        if shift.start_s < until:
            raise ScenarioError(f"{field}.shifts[{i}].start_s", "lies within another shift of the same person.")
        until = shift.end_s


def _shift(field: str, shift: Shift) -> None:
    if not (math.isfinite(shift.start_s) and math.isfinite(shift.end_s)):
        raise ScenarioError(f"{field}.start_s", "and end_s must be finite.")
    if not shift.start_s < shift.end_s:
        raise ScenarioError(f"{field}.end_s", "must be after start_s.")
    if shift.end_s - shift.start_s > DAY_S:
        hours = (shift.end_s - shift.start_s) / 3600
        raise ScenarioError(f"{field}.end_s", f"makes a shift of {hours:g} hours, longer than a day.")
    until = shift.start_s
    for i, pause in sorted(enumerate(shift.breaks), key=lambda each: each[1].start_s):
        _above_zero(f"{field}.breaks[{i}].length_s", pause.length_s)
        if pause.start_s < until or pause.start_s + pause.length_s > shift.end_s:
            raise ScenarioError(
                f"{field}.breaks[{i}].start_s", "is a break outside its shift, or within another break."
            )
        until = pause.start_s + pause.length_s


def _outage(field: str, outage: Outage, streams: Sequence[Stream]) -> None:
    if outage.area and outage.area not in {stream.area for stream in streams}:
        raise ScenarioError(f"{field}.area", f"is {outage.area!r}, which no stream comes from.")
    _at_least_zero(f"{field}.start_s", outage.start_s)
    if not outage.start_s < outage.end_s < math.inf:
        raise ScenarioError(f"{field}.end_s", "must be after start_s.")
    if not 1 <= outage.factor < math.inf:
        raise ScenarioError(f"{field}.factor", f"is {outage.factor:g}, an outage makes at least as many arrivals (1).")


def _menus(menus: Sequence[Menu], streams: Sequence[Stream]) -> None:
    taken: set[str] = set()
    for i, menu in enumerate(menus):
        field = f"menus[{i}]"
        _share(f"{field}.solved", menu.solved)
        _share(f"{field}.lost", menu.lost)
        _share(f"{field}.lost", menu.solved + menu.lost)
        _at_least_zero(f"{field}.takes_s", menu.takes_s)
        _known(f"{field}.streams", menu.streams, streams)
        covered = set(menu.streams) or {stream.name for stream in streams}
        if covered & taken:
            raise ScenarioError(f"{field}.streams", f"has {min(covered & taken)!r}, which has a menu already.")
        taken |= covered


def _callbacks(callbacks: Callbacks, streams: Sequence[Stream]) -> None:
    _at_least_zero("callbacks.offered_above_s", callbacks.offered_above_s)
    _share("callbacks.accepted", callbacks.accepted)
    _share("callbacks.unanswered", callbacks.unanswered)
    _at_least_zero("callbacks.dial_s", callbacks.dial_s)
    _known("callbacks.streams", callbacks.streams, streams)
