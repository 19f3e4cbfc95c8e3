"""The next half hour, played some times over from how the floor is now, with and without some moves. No database.

What waits and who is busy goes in as it is: contacts that wait arrive before now and are taken by nobody until now;
who has a contact is there when it is over. Routing is that of the switchboard (`lab.routing`, by `lab.simulation`).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.random import Generator, default_rng
from numpy.typing import NDArray

from tellonce.lab.routing import Rules, concerning
from tellonce.lab.simulation import (
    Callbacks,
    Lognormal,
    Matter,
    Outcome,
    Patience,
    Person,
    Scenario,
    Shift,
    Stream,
    simulate,
)
from tellonce.lab.simulation.outcome import ABANDONED, ENTERED, IN_TIME, SHORT

Floats = NDArray[np.float64]

CELL_S = 20.0
HORIZON_S = 1800.0
_AFTER_S = 300.0  # contacts go on coming, so that the last ones of the half hour do not have it too easy
_LONGEST_S = 900.0  # of a wait so far: who has waited longer comes first all the same
_TAKES = 0.5  # the share of callers who take a callback when it is offered: an assumption
_PLAYED = 3  # half hours for each draw of what is not known of the present
_LEAST_DRAWS, _MOST_DRAWS, _WORK = 6, 18, 900  # fewer draws of a big floor, which scatters less and takes longer


@dataclass(frozen=True, slots=True)
class QueueState:
    """A queue now; `waits` are (seconds waited so far, whether for a callback)."""

    code: str
    within_s: float
    share: float
    priority: int
    per_hour: float
    handle_s: float
    variation: float
    leaving: float
    callback_above_s: float | None = None
    waits: tuple[tuple[float, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class PersonState:
    """Somebody at work: queue to level; how long they have had a contact, how much wrap-up is left (None: neither)."""

    levels: Mapping[str, int]
    talked_s: float | None = None
    wrap_s: float | None = None
    site: str = ""
    partner: str = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """The floor at one time, and the rules by which contacts go to people; what they keep free is by code of queue."""

    queues: tuple[QueueState, ...]
    people: tuple[PersonState, ...]
    rules: Rules = field(default_factory=Rules)


@dataclass(frozen=True, slots=True)
class Nothing:
    """Everything stays as it is."""


@dataclass(frozen=True, slots=True)
class Lend:
    """So many people who can do both take contacts of `to` only, none of `giver`."""

    giver: str
    to: str
    people: int


@dataclass(frozen=True, slots=True)
class Join:
    """So many people more, for this queue."""

    to: str
    people: int


@dataclass(frozen=True, slots=True)
class OfferCallbacks:
    """A callback is offered to who would wait longer than this."""

    to: str
    above_s: float = 120.0


Move = Nothing | Lend | Join | OfferCallbacks


@dataclass(frozen=True, slots=True)
class Played:
    """What came of it by queue: (R,) share answered in time, and share that hung up, of who comes in the half hour."""

    in_time: Mapping[str, Floats]
    hung_up: Mapping[str, Floats]


def play(situation: Situation, move: Move, *, seed: int, draws: int | None = None) -> Played:
    """Plays the half hour some times over; the same callers under every move of one seed."""
    outcomes = []
    for draw in range(draws or _draws(situation)):
        scenario = _scenario(situation, move, default_rng([seed, draw]))
        outcomes.append(simulate(scenario, replications=_PLAYED, seed=seed * 1_000 + draw, workers=1))
    first = _before_cells(situation)
    codes = [queue.code for queue in situation.queues]
    return Played(
        in_time={code: _shares(outcomes, code, first, IN_TIME) for code in codes},
        hung_up={code: _shares(outcomes, code, first, ABANDONED) for code in codes},
    )


def _draws(situation: Situation) -> int:
    size = len(situation.people) + sum(len(queue.waits) for queue in situation.queues)
    return min(max(_WORK // max(size, 1), _LEAST_DRAWS), _MOST_DRAWS)


def _shares(outcomes: Sequence[Outcome], code: str, first: int, column: int) -> Floats:
    cells = slice(first, first + round(HORIZON_S / CELL_S))
    counts = np.concatenate([each.counts[:, each.streams.index(code), cells].sum(axis=1) for each in outcomes])
    whole = counts[:, ENTERED] - counts[:, SHORT]
    return np.asarray(np.where(whole > 0, counts[:, column] / np.maximum(whole, 1), np.nan))


def _before_cells(situation: Situation) -> int:
    longest_s = max((waited_s for queue in situation.queues for waited_s, _ in queue.waits), default=0.0)
    return math.ceil(min(longest_s, _LONGEST_S) / CELL_S) + 1


def _scenario(situation: Situation, move: Move, rng: Generator) -> Scenario:
    before = _before_cells(situation)
    intervals = before + round((HORIZON_S + _AFTER_S) / CELL_S)
    streams = [
        stream for queue in situation.queues for stream in _streams(queue, rng, before=before, intervals=intervals)
    ]
    ready_s = [_ready_s(person, situation, rng) for person in situation.people]
    now_s, end_s = before * CELL_S, intervals * CELL_S
    people = [
        _person(place, person, Shift(now_s + ready_s[place], now_s + ready_s[place] + end_s))
        for place, person in enumerate(_moved(situation, move))
    ]
    everybody = (*people, *_stand_ins(situation), *_joined(move, Shift(now_s, now_s + end_s)))
    return Scenario(
        interval_s=CELL_S,
        intervals=intervals,
        matters=tuple(Matter(queue.code, Lognormal(queue.handle_s, queue.variation)) for queue in situation.queues),
        streams=tuple(streams),
        people=everybody,
        rules=concerning(
            situation.rules,
            places={place for person in everybody for place in (person.site, person.partner)},
            skills={queue.code for queue in situation.queues},
        ),
        callbacks=_callbacks(situation, move),
        counted=True,
    )


def _streams(queue: QueueState, rng: Generator, *, before: int, intervals: int) -> list[Stream]:
    """Who will come, and each who waits: no sooner leaving than now, and never where a callback is waited for."""
    coming = np.zeros(intervals)
    coming[before:] = rng.poisson(queue.per_hour * CELL_S / 3600.0, intervals - before)
    stream = Stream(
        queue.code, queue.code, queue.code, tuple(coming), priority=queue.priority, answer_within_s=queue.within_s,
        patience=Patience((0.0,), (queue.leaving,)),
    )  # fmt: skip
    return [stream, *(_waiter(stream, place, wait, before) for place, wait in enumerate(queue.waits))]


def _waiter(stream: Stream, place: int, wait: tuple[float, bool], before: int) -> Stream:
    waited_s, is_callback = wait
    cell = max(before - 1 - int(min(waited_s, _LONGEST_S) // CELL_S), 0)
    arrivals = [0.0] * len(stream.arrivals)
    arrivals[cell] = 1.0
    leaving = 0.0 if is_callback else stream.patience.hazards[0]
    patience = Patience((0.0, (before - cell) * CELL_S), (0.0, leaving))
    return replace(stream, name=f"{stream.name}\0{place}", arrivals=tuple(arrivals), patience=patience)


def _ready_s(person: PersonState, situation: Situation, rng: Generator) -> float:
    """When they are free: a contact lasts as those of their queues do that last longer than it has by now."""
    luck = rng.uniform(size=64)  # as many for everybody, so that the next one's luck does not depend on theirs
    if person.wrap_s is not None:
        return float(max(person.wrap_s, 0.0) * luck[0])
    if person.talked_s is None:
        return 0.0
    mine = [queue for queue in situation.queues if queue.code in person.levels] or list(situation.queues)
    queue = mine[int(luck[0] * len(mine))]
    spread = math.sqrt(math.log1p(queue.variation**2))
    normal = default_rng(int(luck[1] * 2**32)).standard_normal(64)
    lengths = np.exp(math.log(queue.handle_s) - spread**2 / 2 + spread * normal)
    longer = lengths[lengths > person.talked_s]
    return float(longer[0] - person.talked_s) if len(longer) else queue.handle_s * 0.5


def _moved(situation: Situation, move: Move) -> tuple[PersonState, ...]:
    """People with what they take after the move: who is lent is who can do it best and least else, free ones first."""
    if not isinstance(move, Lend):
        return situation.people
    lent = lenders(situation, move.giver, move.to)[: move.people]
    return tuple(
        replace(person, levels={move.to: person.levels[move.to]}) if place in lent else person
        for place, person in enumerate(situation.people)
    )


def lenders(situation: Situation, giver: str, to: str) -> list[int]:
    """Places of people who take contacts of both queues, in the order in which they would be lent."""
    both = [place for place, person in enumerate(situation.people) if {giver, to} <= person.levels.keys()]

    def rank(place: int) -> tuple[int, int, bool]:
        person = situation.people[place]
        return -person.levels[to], len(person.levels), person.talked_s is not None

    return sorted(both, key=rank)


def _person(place: int, person: PersonState, shift: Shift) -> Person:
    return Person(f"person {place}", person.levels, (shift,), person.site, person.partner)


def _stand_ins(situation: Situation) -> list[Person]:
    """Who never comes, so that there may be queues for which nobody is there."""
    return [Person(f"nobody for {queue.code}", {queue.code: 1}, ()) for queue in situation.queues]


def _joined(move: Move, shift: Shift) -> list[Person]:
    count = move.people if isinstance(move, Join) else 0
    return [Person(f"more {place}", {move.to: 1}, (shift,)) for place in range(count) if isinstance(move, Join)]


def _callbacks(situation: Situation, move: Move) -> Callbacks | None:
    offered = {queue.code: queue.callback_above_s for queue in situation.queues if queue.callback_above_s is not None}
    if isinstance(move, OfferCallbacks):
        offered[move.to] = move.above_s
    return Callbacks(min(offered.values()), _TAKES, streams=tuple(offered)) if offered else None
