"""The simulator agrees with Erlang C, Erlang A and queues with priorities, within its own error."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from tellonce.lab.queueing import queue_measures
from tellonce.lab.simulation import Outcome, Scenario, simulate
from tellonce.lab.simulation.examples import one_queue
from tellonce.lab.simulation.outcome import ABANDONED, ENTERED, IN_TIME, SHORT

AHT_S, WITHIN_S, REPLICATIONS, CONTACTS = 180.0, 20.0, 24, 2_500.0
WARM_UP_H = 12
LOADS = (0.5, 0.7, 0.8, 0.85, 0.9)
STRONG = 5.9  # normal quantile of 1e-6 over all configurations, both sides
LEAST_WAITING = 0.02  # below, too few wait to know the error


@dataclass(frozen=True)
class Standing:
    """Of one configuration: by how many of its standard errors each measure is off."""

    errors: tuple[float, ...]


def standard_error(off: NDArray[np.float64]) -> float:
    """A sum over contacts minus what it should be, by replication, as a standard normal number."""
    t = float(off.mean() / (off.std(ddof=1) / math.sqrt(len(off))))
    tail = stats.t.sf(abs(t), len(off) - 1)
    return math.copysign(float(stats.norm.isf(tail)), t)


def later(outcome: Outcome, column: int) -> NDArray[np.float64]:
    return np.asarray(outcome.counts[:, :, WARM_UP_H:, column].sum(axis=2), dtype=np.float64)


def waited(outcome: Outcome) -> NDArray[np.float64]:
    return np.asarray(outcome.waited_s[:, :, WARM_UP_H:].sum(axis=(2, 3)))


def scenario_of(people: int, load: float, patience_s: float) -> Scenario:
    calls = load * people * 3600 / AHT_S
    hours = WARM_UP_H + math.ceil(CONTACTS / calls)
    found = one_queue(
        calls_per_hour=calls, aht_s=AHT_S, people=people, patience_s=patience_s, hours=hours, within_s=WITHIN_S
    )
    return replace(found, short_abandon_s=0.0)


def simulated(scenario: Scenario, seed: int) -> Outcome:
    return simulate(scenario, replications=REPLICATIONS, seed=seed)


def erlang_standings() -> Iterator[Standing]:
    """Erlang C, and Erlang A up to overload."""
    seed = 100
    for people in (1, 2, 3, 5, 8, 12, 20, 30):
        for patience_s in (math.inf, 60.0, 300.0, 1_200.0):
            for load in LOADS if patience_s == math.inf else (*LOADS, 1.1):
                seed += 1
                truth = queue_measures(
                    calls_per_hour=load * people * 3600 / AHT_S, aht_s=AHT_S, people=people, patience_s=patience_s,
                    answer_within_s=WITHIN_S,
                )  # fmt: skip
                if truth.p_wait < LEAST_WAITING:
                    continue
                outcome = simulated(scenario_of(people, load, patience_s), seed)
                entered = later(outcome, ENTERED)[:, 0]
                level = later(outcome, IN_TIME)[:, 0] - truth.service_level * entered
                wait = waited(outcome)[:, 0] - truth.asa_s * entered
                gone = (later(outcome, ABANDONED) + later(outcome, SHORT))[:, 0] - truth.abandonment * entered
                measured = (level, wait) if patience_s == math.inf else (level, wait, gone)
                yield Standing(tuple(standard_error(each) for each in measured))


def priority_standings() -> Iterator[Standing]:
    """M/M/c with priorities, nobody interrupted (Cobham 1954; Davis 1966): the mean wait of each class."""
    seed = 900
    for people in (1, 3, 6, 10, 15):
        for load in (0.6, 0.75, 0.85):
            for shares in ((0.5, 0.5), (0.2, 0.8), (0.3, 0.3, 0.4)):
                seed += 1
                base = scenario_of(people, load, math.inf)
                calls = base.streams[0].arrivals[0]
                streams = tuple(
                    replace(base.streams[0], name=f"class {i}", priority=len(shares) - i,
                            arrivals=(share * calls,) * base.intervals)
                    for i, share in enumerate(shares)
                )  # fmt: skip
                outcome = simulated(replace(base, streams=streams), seed)
                plain = queue_measures(calls_per_hour=calls, aht_s=AHT_S, people=people, answer_within_s=WITHIN_S)
                first = float(plain.p_wait) * AHT_S / people
                ahead = load * np.concatenate(([0.0], np.cumsum(shares)))
                waits = first / ((1 - ahead[:-1]) * (1 - ahead[1:]))
                off = waited(outcome) - waits * later(outcome, ENTERED)
                yield Standing(tuple(standard_error(off[:, i]) for i in range(len(shares))))


def test_more_than_200_queues_are_as_the_closed_forms_say() -> None:
    standings = [*erlang_standings(), *priority_standings()]
    assert len(standings) >= 200
    errors = np.array([error for standing in standings for error in standing.errors])
    assert np.abs(errors).max() < STRONG, np.abs(errors).max()
    first = np.array([standing.errors[0] for standing in standings])
    assert abs(first.mean()) < 0.25, first.mean()
    assert 0.7 < first.var() < 1.4, first.var()
