"""A scenario worked out to the arrays that the simulator reads."""

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tellonce.lab.routing.leaving import PRIOR_CONTACTS
from tellonce.lab.routing.plans import MOST_EFFORTS, Group, Line, Plan, routing_plan
from tellonce.lab.simulation.checking import check
from tellonce.lab.simulation.contracts import Constant, Empirical, Exponential, Lengths, Lognormal, Scenario, Stream
from tellonce.lab.simulation.draws import CONSTANT, EMPIRICAL, EXPONENTIAL, LOGNORMAL
from tellonce.lab.simulation.presence import CELL_S, person_seconds, stretches, turns
from tellonce.lab.simulation.records import (
    GROUP,
    LENGTH,
    MATTER,
    PERSON_AT_WORK,
    SETTING,
    SOURCE,
    STREAM_ROW,
)

Floats = NDArray[np.float64]
Rows = NDArray[np.void]


@dataclass(frozen=True, slots=True)
class Tables:
    """What all replications of a scenario read, and what they start from."""

    setting: Rows
    plan: Plan
    streams: Rows
    matters: Rows
    lengths: Rows
    quantiles: Floats
    hazards: Floats
    segments: Floats
    turns: Rows
    planned: Floats
    overlap: Floats
    sources: Rows
    people: Rows
    groups: Rows
    leaving: float
    pairs: tuple[tuple[str, str], ...]
    expected: float


class LengthRows:
    """Collects lengths, each once, as rows and quantiles."""

    def __init__(self) -> None:
        self.places: dict[Lengths, int] = {}
        self.rows: list[tuple[float, float, int, int, int]] = []
        self.quantiles: list[float] = [0.0]

    def place(self, lengths: Lengths) -> int:
        """The row of these lengths."""
        if lengths not in self.places:
            self.places[lengths] = len(self.rows)
            self.rows.append(self._row(lengths))
        return self.places[lengths]

    def _row(self, lengths: Lengths) -> tuple[float, float, int, int, int]:
        match lengths:
            case Lognormal(mean_s=mean_s, variation=variation):
                spread = math.log1p(variation**2)
                return math.log(mean_s) - spread / 2, math.sqrt(spread), LOGNORMAL, 0, 0
            case Exponential(mean_s=mean_s):
                return mean_s, 0.0, EXPONENTIAL, 0, 0
            case Constant(length_s=length_s):
                return length_s, 0.0, CONSTANT, 0, 0
            case Empirical(quantiles_s=quantiles_s):
                start = len(self.quantiles)
                self.quantiles.extend(quantiles_s)
                return 0.0, 0.0, EMPIRICAL, start, len(quantiles_s)


def mean_length(lengths: Lengths) -> float:
    """In seconds."""
    match lengths:
        case Constant(length_s=length_s):
            return length_s
        case Empirical(quantiles_s=quantiles_s):
            return float(np.trapezoid(quantiles_s) / (len(quantiles_s) - 1))
        case _:
            return lengths.mean_s


def tables(scenario: Scenario, *, record: bool, seed: int) -> Tables:
    """The arrays of a scenario.

    Raises:
        ScenarioError: something in it cannot be.
    """
    check(scenario)
    has_efforts = any(stream.redials > 0 for stream in scenario.streams) or any(
        matter.returns > 0 or matter.passed_on > 0 for matter in scenario.matters
    )
    efforts = MOST_EFFORTS + 1 if has_efforts and scenario.rules.effort_s > 0 else 1
    there = [stretches(person) for person in scenario.people]
    lines, groups = _lines(scenario), _groups(scenario)
    plan = _plan(scenario, lines, groups, efforts)
    setting = _setting(scenario, record=record, efforts=efforts, seed=seed)
    members = _members(scenario, groups)
    kept, lengths = LengthRows(), _matters_rows(scenario)
    matters = np.array([tuple(kept.place(x) if isinstance(x, Lengths) else x for x in row) for row in lengths], MATTER)
    streams, hazards = _streams(scenario, lines, efforts, kept)
    sources, segments = _sources(scenario)
    planned = _planned(scenario, plan, there, members, is_needed=bool(setting[0]["estimates"]))
    pairs = tuple(sorted({(person.site, person.partner) for person in scenario.people}))
    mean_s = _mean_handle(scenario)
    return Tables(
        setting=setting,
        plan=plan,
        streams=streams,
        matters=matters,
        lengths=np.array(kept.rows, dtype=LENGTH),
        quantiles=np.array(kept.quantiles),
        hazards=hazards,
        segments=segments,
        turns=turns(there),
        planned=planned,
        overlap=_overlap(plan, there, members),
        sources=sources,
        people=_people(scenario, members, pairs),
        groups=np.array([(-1, -1, mean_s, PRIOR_CONTACTS, 0)] * len(groups), dtype=GROUP),
        leaving=_mean_leaving(scenario),
        pairs=pairs,
        expected=float(sum(sum(stream.arrivals) for stream in scenario.streams)),
    )


def _lines(scenario: Scenario) -> list[Line]:
    """What contacts can wait for, efforts apart."""
    found: dict[Line, None] = {}
    matters = {matter.name: matter for matter in scenario.matters}
    for stream in scenario.streams:
        found[Line(stream.skill, stream.least_level, stream.priority)] = None
        matter = matters[stream.matter]
        if matter.passed_on > 0:
            found[Line(matter.passed_to, matter.passed_level, stream.priority)] = None
    return list(found)


def _groups(scenario: Scenario) -> dict[tuple[Any, ...], Group]:
    found: dict[tuple[Any, ...], Group] = {}
    for person in scenario.people:
        found.setdefault(_kind(person), Group(person.skills, person.site, person.partner))
    return found


def _kind(person: Any) -> tuple[Any, ...]:
    return tuple(sorted(person.skills.items())), person.site, person.partner


def _members(scenario: Scenario, groups: dict[tuple[Any, ...], Group]) -> list[int]:
    places = {kind: i for i, kind in enumerate(groups)}
    return [places[_kind(person)] for person in scenario.people]


def _plan(scenario: Scenario, lines: list[Line], groups: dict[tuple[Any, ...], Group], efforts: int) -> Plan:
    with_efforts = [Line(line.skill, line.level, line.priority, effort) for line in lines for effort in range(efforts)]
    return routing_plan(with_efforts, list(groups.values()), scenario.rules)


def _setting(scenario: Scenario, *, record: bool, efforts: int, seed: int) -> Rows:
    rules, callbacks = scenario.rules, scenario.callbacks
    setting = np.zeros(1, dtype=SETTING)
    for name, value in {
        "interval_s": scenario.interval_s,
        "end_s": scenario.interval_s * scenario.intervals,
        "short_s": scenario.short_abandon_s,
        "accepted": callbacks.accepted if callbacks else 0.0,
        "unanswered": callbacks.unanswered if callbacks else 0.0,
        "dial_s": callbacks.dial_s if callbacks else 0.0,
        "service": scenario.pressure.service,
        "solved": scenario.pressure.solved,
        "cell_s": CELL_S,
        "efforts": efforts,
        "estimates": record or callbacks is not None or rules.promise_s > 0,
        "continuity": rules.continuity_s > 0 and any(matter.returns > 0 for matter in scenario.matters),
        "shares": len(rules.shares) > 0,
        "reserve": any(rules.reserve.values()),
        "records": record,
        "counted": scenario.counted,
        "seed": seed,
    }.items():
        setting[0][name] = value
    return setting


def _matters_rows(scenario: Scenario) -> list[tuple[float | Lengths, ...]]:
    return [
        (matter.solved, matter.returns, matter.passed_on, matter.service, matter.wrap_up, matter.return_after)
        for matter in scenario.matters
    ]


def _streams(
    scenario: Scenario, lines: Sequence[Line], efforts: int, kept: LengthRows
) -> tuple[Rows, Floats]:  # fmt: skip
    matters = {matter.name: (i, matter) for i, matter in enumerate(scenario.matters)}
    rows: list[tuple[float, ...]] = []
    hazards: list[tuple[float, float]] = []
    for stream in scenario.streams:
        place, matter = matters[stream.matter]
        line = lines.index(Line(stream.skill, stream.least_level, stream.priority))
        leg = line
        if matter.passed_on > 0:
            leg = lines.index(Line(matter.passed_to, matter.passed_level, stream.priority))
        rows.append((
            stream.redials, stream.answer_within_s, *_menu(scenario, stream), _offered_above(scenario, stream),
            place, line * efforts, leg * efforts, len(hazards), kept.place(stream.redial_after),
        ))  # fmt: skip
        hazards.extend(zip(stream.patience.starts_s, stream.patience.hazards, strict=True))
        hazards.append((math.inf, 0.0))
    return np.array(rows, dtype=STREAM_ROW), np.array(hazards, dtype=np.float64)


def _menu(scenario: Scenario, stream: Stream) -> tuple[float, float, float]:
    for menu in scenario.menus:
        if not menu.streams or stream.name in menu.streams:
            return menu.solved, menu.lost, menu.takes_s
    return 0.0, 0.0, 0.0


def _offered_above(scenario: Scenario, stream: Stream) -> float:
    callbacks = scenario.callbacks
    if callbacks is None or (callbacks.streams and stream.name not in callbacks.streams):
        return math.inf
    return callbacks.offered_above_s


def _sources(scenario: Scenario) -> tuple[Rows, Floats]:
    """Where contacts come from: each stream, and for each outage what it adds, so that all else stays as it was."""
    rows: list[tuple[float, ...]] = []
    segments: list[tuple[float, float]] = []
    ends = [(i + 1) * scenario.interval_s for i in range(scenario.intervals)]

    def add(name: str, place: int, pieces: list[tuple[float, float]]) -> None:
        key = zlib.crc32(name.encode())
        rows.append((0.0, 0.0, key, 0, place, len(segments), len(segments) + len(pieces), -1))
        segments.extend(pieces)

    for place, stream in enumerate(scenario.streams):
        rates = [expected / scenario.interval_s for expected in stream.arrivals]
        add(stream.name, place, list(zip(ends, rates, strict=True)))
        for i, outage in enumerate(scenario.outages):
            if outage.factor > 1 and outage.area in ("", stream.area):
                more = _within(ends, rates, outage.start_s, outage.end_s, outage.factor - 1)
                add(f"{stream.name}\0outage {i}", place, more)
    return np.array(rows, dtype=SOURCE), np.array(segments, dtype=np.float64)


def _within(
    ends: list[float], rates: list[float], start: float, end: float, factor: float
) -> list[tuple[float, float]]:
    """The rates times a factor from start to end, none outside."""
    marks = sorted({*ends, min(start, ends[-1]), min(end, ends[-1])} - {0.0})
    places = np.searchsorted(ends, marks, side="left")
    return [(mark, rates[i] * factor if start < mark <= end else 0.0) for mark, i in zip(marks, places, strict=True)]


def _people(scenario: Scenario, members: Sequence[int], pairs: Sequence[tuple[str, str]]) -> Rows:
    people = np.zeros(len(scenario.people), dtype=PERSON_AT_WORK)
    people["pace"] = [person.pace for person in scenario.people]
    people["solving"] = [person.solving for person in scenario.people]
    people["group"] = members
    people["pair"] = [pairs.index((person.site, person.partner)) for person in scenario.people]
    people["held"] = people["previous"] = people["next"] = -1
    return people


def _planned(
    scenario: Scenario, plan: Plan, there: Sequence[Sequence[tuple[float, float]]], members: Sequence[int], *,
    is_needed: bool,
) -> Floats:  # fmt: skip
    """(L, cells + 1) person-seconds at work by then who can take the line."""
    cells = math.ceil(scenario.interval_s * scenario.intervals / CELL_S) if is_needed else 1
    edges: Floats = np.arange(cells + 1, dtype=np.float64) * CELL_S
    by_group = [
        person_seconds([found for found, at in zip(there, members, strict=True) if at == group], edges)
        for group in range(len(plan.pool))
    ]
    return np.ascontiguousarray((plan.fit > -np.inf).astype(np.float64) @ np.array(by_group))


def _overlap(plan: Plan, there: Sequence[Sequence[tuple[float, float]]], members: Sequence[int]) -> Floats:
    """(L, L) of the people who can take the other line, by time at work, the share who can take this one."""
    hours = np.zeros(len(plan.pool))
    for found, group in zip(there, members, strict=True):
        hours[group] += sum(end - start for start, end in found)
    can = (plan.fit > -np.inf).astype(np.float64)
    both, own = (can * hours) @ can.T, can @ hours
    return np.ascontiguousarray(both / np.maximum(own, 1e-9))


def _mean_handle(scenario: Scenario) -> float:
    """Seconds of a contact with wrap-up, before the first was seen."""
    matters = {matter.name: matter for matter in scenario.matters}
    weights = np.array([sum(stream.arrivals) for stream in scenario.streams])
    each = [
        mean_length(matters[stream.matter].service) + mean_length(matters[stream.matter].wrap_up)
        for stream in scenario.streams
    ]
    pace = float(np.mean([person.pace for person in scenario.people])) * scenario.pressure.service
    mean_s = np.average(each, weights=weights) if weights.sum() > 0 else np.mean(each)
    return max(float(mean_s) * pace, 1e-3)


def _mean_leaving(scenario: Scenario) -> float:
    """The rate at which who waits leaves, before the first was seen."""
    return float(np.mean([stream.patience.hazards[0] for stream in scenario.streams]))
