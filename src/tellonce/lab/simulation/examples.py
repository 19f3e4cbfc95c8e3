"""Example scenarios, for tests and measuring: one queue, and a provider of many skills with all that can happen."""

import math

from tellonce.lab.routing.rules import Rules
from tellonce.lab.simulation.contracts import (
    DAY_S,
    Break,
    Callbacks,
    Constant,
    Empirical,
    Exponential,
    Lognormal,
    Matter,
    Menu,
    Outage,
    Patience,
    Person,
    Pressure,
    Scenario,
    Shift,
    Stream,
)

QUARTER_S = 900.0
HOUR_S = 3600.0
_DAY_INTERVALS, _OPENS, _CLOSES = 96, 30, 82  # quarter hours
_SEEN, _BUSINESS = 1, 5  # matters whose lengths are as seen, and of businesses
_WORKDAYS = 5
_SKILLS = ("billing", "internet", "mobile", "moving", "leaving", "business")
_AREAS = ("north", "south")


def one_queue(
    *,
    calls_per_hour: float,
    aht_s: float,
    people: int,
    patience_s: float = math.inf,
    hours: int,
    within_s: float = 20.0,
) -> Scenario:
    """M/M/n (+ M): one skill, people who are always there."""
    shifts = tuple(Shift(day * DAY_S, (day + 1) * DAY_S) for day in range(hours // 24 + 2))
    stream = Stream(
        "calls", "matter", "skill", (calls_per_hour,) * hours,
        patience=Patience.exponential(patience_s), answer_within_s=within_s,
    )  # fmt: skip
    staff = tuple(Person(f"person {i}", {"skill": 1}, shifts) for i in range(people))
    return Scenario(HOUR_S, hours, (Matter("matter", Exponential(aht_s)),), (stream,), staff)


def provider(*, people: int, days: int, contacts_a_day: float) -> Scenario:
    """A provider with six skills, two areas, two sites and a partner, and all that a scenario can have."""
    intervals = days * _DAY_INTERVALS
    return Scenario(
        QUARTER_S,
        intervals,
        tuple(_matter(i, skill) for i, skill in enumerate(_SKILLS)),
        tuple(_stream(i, skill, area, intervals, contacts_a_day) for i, skill in enumerate(_SKILLS) for area in _AREAS),
        tuple(_person(i, days) for i in range(people)),
        rules=Rules(priority_s=120.0, promise_s=60.0, shares={"partner": 0.25}, reserve={"business": 1}),
        menus=(Menu(0.08, 0.02, 20.0, ("billing north", "billing south")),),
        callbacks=Callbacks(240.0, 0.5, 0.1),
        outages=(Outage("north", 10 * HOUR_S, 12 * HOUR_S, 2.0),),
        pressure=Pressure(0.97, 0.98),
    )


def _matter(place: int, skill: str) -> Matter:
    service = Lognormal(250.0 + 30 * place, 0.9)
    seen = Empirical((20.0, 60.0, 110.0, 160.0, 220.0, 290.0, 380.0, 500.0, 700.0, 1_400.0))
    return Matter(
        skill, seen if place == _SEEN else service, Lognormal(40.0, 0.5), solved=0.8, returns=0.5,
        return_after=Exponential(0.5 * DAY_S), passed_on=0.06 if place else 0.1, passed_to=_SKILLS[(place + 1) % 6],
    )  # fmt: skip


def _stream(place: int, skill: str, area: str, intervals: int, contacts_a_day: float) -> Stream:
    shape = [_busyness(i % _DAY_INTERVALS) for i in range(intervals)]
    per_day = contacts_a_day * (6 - place) / 21 / len(_AREAS)
    scale = per_day / sum(shape[:_DAY_INTERVALS])
    return Stream(
        f"{skill} {area}", skill, skill, tuple(scale * each for each in shape), priority=int(skill == "business"),
        patience=Patience((0.0, 10.0, 120.0), (0.004, 0.001, 0.0025)), redials=0.4, area=area,
        redial_after=Constant(600.0) if place == _SEEN else Exponential(900.0),
        segment="business" if place == _BUSINESS else "home",
    )  # fmt: skip


def _busyness(quarter: int) -> float:
    """Of a quarter hour of the day; none while the provider is closed."""
    if not _OPENS <= quarter < _CLOSES:
        return 0.0
    return math.sin(math.pi * (quarter - _OPENS + 0.5) / (_CLOSES - _OPENS))


def _person(place: int, days: int) -> Person:
    skills = {_SKILLS[place % 6]: 2, _SKILLS[(place + 1) % 6]: 1}
    if place % 3 == 0:
        skills[_SKILLS[(place + 3) % 6]] = 1
    shifts = []
    for day in range(days):
        if days > 1 and (place + day) % 7 >= _WORKDAYS:
            continue
        start = day * DAY_S + (7.5 + (place % 9) * 0.5) * HOUR_S
        pauses = (
            Break(start + 2 * HOUR_S, 900.0),
            Break(start + 4 * HOUR_S, 1_800.0),
            Break(start + 6.5 * HOUR_S, 900.0),
        )
        shifts.append(Shift(start, start + 8.5 * HOUR_S, pauses))
    site, partner = ("away", "partner") if place % 4 == 0 else (("east", "west")[place // 4 % 2], "")
    return Person(
        f"person {place}",
        skills,
        tuple(shifts),
        site,
        partner,
        0.85 + 0.3 * (place % 11) / 10,
        0.9 + 0.02 * (place % 9),
    )
