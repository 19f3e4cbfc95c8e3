"""What a scenario of simulation is made of. Times are seconds from its start; an interval is usually a quarter hour."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tellonce.lab.routing.rules import Rules

DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Lognormal:
    """Lengths with this mean (seconds, more than 0) and coefficient of variation (at least 0)."""

    mean_s: float
    variation: float = 1.0


@dataclass(frozen=True, slots=True)
class Exponential:
    """Exponential lengths with this mean (seconds, more than 0)."""

    mean_s: float


@dataclass(frozen=True, slots=True)
class Constant:
    """The same length each time (seconds, at least 0)."""

    length_s: float


@dataclass(frozen=True, slots=True)
class Empirical:
    """Lengths by their quantiles at evenly spaced shares from 0 to 1, at least two, not falling; linear between."""

    quantiles_s: tuple[float, ...]


Lengths = Lognormal | Exponential | Constant | Empirical


@dataclass(frozen=True, slots=True)
class Patience:
    """The rate of leaving, a second: `hazards[i]` from `starts_s[i]` (first 0, rising) on; 0 at the end: for ever.

    One hazard is an exponential patience with mean 1 / hazard.
    """

    starts_s: tuple[float, ...] = (0.0,)
    hazards: tuple[float, ...] = (0.0,)

    @classmethod
    def exponential(cls, mean_s: float) -> "Patience":
        """Leaving at one rate; a mean of inf for ever."""
        return cls((0.0,), (1.0 / mean_s,))


ENDLESS = Patience()
AT_ONCE = Constant(0.0)


@dataclass(frozen=True, slots=True)
class Matter:
    """What contacts are about.

    Attributes:
        name: unique.
        service: length of the conversation, before the person's factor.
        wrap_up: work after it, before the person's factor.
        solved: share that is solved, before the person's factor.
        returns: share of those not solved who contact again.
        return_after: when they do, from the end of the conversation.
        passed_on: share that the first person passes on to `passed_to`; only what the last one says counts as solved.
        passed_to: a skill.
        passed_level: least level of it.
    """

    name: str
    service: Lengths
    wrap_up: Lengths = AT_ONCE
    solved: float = 1.0
    returns: float = 0.0
    return_after: Lengths = Exponential(2 * DAY_S)
    passed_on: float = 0.0
    passed_to: str = ""
    passed_level: int = 1


@dataclass(frozen=True, slots=True)
class Stream:
    """Contacts of one kind that arrive.

    Attributes:
        name: unique.
        matter: name of a matter.
        skill: what the person must be able to do.
        arrivals: expected number in each interval (at least 0), as many as the scenario has intervals.
        least_level: least level of the skill.
        priority: higher comes first, by `Rules.priority_s` a step.
        patience: until they hang up.
        redials: share of those who left, or whom a menu lost, who call again.
        redial_after: how long after.
        answer_within_s: the target that counts as answered in time.
        area: for outages and pictures.
        segment: for pictures.
    """

    name: str
    matter: str
    skill: str
    arrivals: tuple[float, ...]
    least_level: int = 1
    priority: int = 0
    patience: Patience = ENDLESS
    redials: float = 0.0
    redial_after: Lengths = Exponential(600.0)
    answer_within_s: float = 60.0
    area: str = ""
    segment: str = ""


@dataclass(frozen=True, slots=True)
class Break:
    """Away for a while within a shift."""

    start_s: float
    length_s: float


@dataclass(frozen=True, slots=True)
class Shift:
    """At work from start to end, at most a day long; a conversation begun is finished first."""

    start_s: float
    end_s: float
    breaks: tuple[Break, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who answers.

    Attributes:
        name: unique.
        skills: skill to level, levels from 1.
        shifts: not overlapping.
        site: where.
        partner: who employs them, "" for the provider.
        pace: factor on the lengths of their conversations and wrap-up, more than 0.
        solving: factor on the share solved, at least 0 (the product counts up to 1).
    """

    name: str
    skills: Mapping[str, int]
    shifts: tuple[Shift, ...]
    site: str = ""
    partner: str = ""
    pace: float = 1.0
    solving: float = 1.0


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu or automation in front: solves a share, loses a share (the rest enters the queue after `takes_s`).

    `streams` are names, none for all; one menu for each stream at most.
    """

    solved: float
    lost: float
    takes_s: float = 0.0
    streams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Callbacks:
    """Offered when the estimated wait (median) is above `offered_above_s`; the place in the queue is kept.

    A share `accepted` takes it and hangs up; a share `unanswered` of those does not pick up when called, which takes a
    person `dial_s`. `streams` are names, none for all.
    """

    offered_above_s: float
    accepted: float
    unanswered: float = 0.0
    dial_s: float = 30.0
    streams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outage:
    """Arrivals from an area (all areas if "") are `factor` times (at least 1) as many from start to end."""

    area: str
    start_s: float
    end_s: float
    factor: float


@dataclass(frozen=True, slots=True)
class Pressure:
    """Pressure on handle time: factors on the lengths of conversations (more than 0) and on the share solved."""

    service: float = 1.0
    solved: float = 1.0


@dataclass(frozen=True, slots=True)
class Scenario:
    """All that a simulation is told: who calls, who answers, and by what rules.

    Contacts arrive within `intervals` intervals of `interval_s` seconds; what has begun then is finished by those who
    are at work. Names in it refer to each other; `simulate` refuses what does not fit with a ScenarioError that names
    the field.

    `counted` says that `arrivals` were counted, not foreseen: as many come in each interval (a part of one by chance),
    at random times within it. Else they are expectations, and the numbers scatter around them (Poisson).
    """

    interval_s: float
    intervals: int
    matters: tuple[Matter, ...]
    streams: tuple[Stream, ...]
    people: tuple[Person, ...]
    rules: Rules = field(default_factory=Rules)
    menus: tuple[Menu, ...] = ()
    callbacks: Callbacks | None = None
    outages: tuple[Outage, ...] = ()
    pressure: Pressure = field(default_factory=Pressure)
    short_abandon_s: float = 5.0
    counted: bool = False
