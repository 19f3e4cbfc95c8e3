"""How fast the simulator is: beside SimPy and Ciw on one model, beside the least work there is, and for a rehearsal.

What one core does is measured in its own time (process time), a rehearsal on all cores by the clock.
Run: python -m benchmarks.simulation [--json]
"""

import random
import subprocess
import sys
import time
from collections.abc import Generator
from dataclasses import replace
from typing import Any

import ciw
import numpy as np
import simpy

from benchmarks.harness import ROOT
from benchmarks.report import Figure, quantile, say
from tellonce.lab.compiled import compiled_as
from tellonce.lab.routing import Group, Line, Rules, choose_contact, choose_person, routing_plan
from tellonce.lab.simulation import simulate
from tellonce.lab.simulation.draws import GAP, uniform
from tellonce.lab.simulation.examples import one_queue, provider
from tellonce.lab.simulation.heap import pop, push
from tellonce.lab.simulation.outcome import ENTERED, PASSED_ON

CALLS_PER_HOUR, AHT_S, PEOPLE, PATIENCE_S = 1_500.0, 240.0, 100, 120.0
OUR_HOURS, PEER_HOURS, ROUNDS = 400, 8, 5
LIMIT_CALLS = 1_000_000


@compiled_as("f8(i8, i8)")
def least_work(calls: int, busy: int) -> float:
    """Draws a length and pushes and pops the heap for each call, and nothing else; the time reached."""
    times, events = np.empty(busy + 8), np.empty(busy + 8, dtype=np.int64)
    size = 0
    for i in range(busy):
        size = push(times, events, size, -np.log(uniform(np.uint64(i), GAP)), i)
    for i in range(calls):
        now = times[0]
        size = pop(times, events, size)
        size = push(times, events, size, now - np.log(uniform(np.uint64(i), GAP)), i)
    return float(times[0])


def rate_of_limit() -> float:
    """Calls a second of the loop that only draws, pushes and pops."""
    took = []
    for _ in range(ROUNDS):
        began = time.process_time()
        least_work(LIMIT_CALLS, PEOPLE)
        took.append(time.process_time() - began)
    return LIMIT_CALLS / min(took)


def our_rate() -> float:
    """Calls a second on one core, with everything that a call of `simulate` does."""
    queue = one_queue(calls_per_hour=CALLS_PER_HOUR, aht_s=AHT_S, people=PEOPLE, patience_s=PATIENCE_S, hours=OUR_HOURS)
    best = 0.0
    for seed in range(ROUNDS):
        began = time.process_time()
        outcome = simulate(queue, replications=1, seed=seed, workers=1)
        best = max(best, float(outcome.counts[..., ENTERED].sum()) / (time.process_time() - began))
    return best


def simpy_rate() -> float:
    """Calls a second of SimPy on the same queue."""
    rng, calls = random.Random(1), 0
    world = simpy.Environment()
    people = simpy.Resource(world, PEOPLE)

    def call() -> Generator[Any, Any, None]:
        with people.request() as turn:
            found = yield turn | world.timeout(rng.expovariate(1 / PATIENCE_S))
            if turn in found:
                yield world.timeout(rng.expovariate(1 / AHT_S))

    def arrivals() -> Generator[Any, Any, None]:
        nonlocal calls
        while True:
            yield world.timeout(rng.expovariate(CALLS_PER_HOUR / 3600))
            calls += 1
            world.process(call())

    world.process(arrivals())
    began = time.process_time()
    world.run(until=PEER_HOURS * 3600)
    return calls / (time.process_time() - began)


def ciw_rate() -> float:
    """Calls a second of Ciw on the same queue."""
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(CALLS_PER_HOUR / 3600)],
        service_distributions=[ciw.dists.Exponential(1 / AHT_S)],
        number_of_servers=[PEOPLE],
        reneging_time_distributions=[ciw.dists.Exponential(1 / PATIENCE_S)],
    )
    ciw.seed(1)
    simulation = ciw.Simulation(network)
    began = time.process_time()
    simulation.simulate_until_max_time(PEER_HOURS * 3600 / 2)
    return CALLS_PER_HOUR * PEER_HOURS / 2 / (time.process_time() - began)


def speed() -> None:
    """One queue: M/M/100 + M at 100 erlangs."""
    ours, limit = our_rate(), rate_of_limit()
    say(Figure("M/M/100 + M on one core", ours, "calls/s", "asked", 2e6))
    say(Figure("M/M/100 + M beside SimPy", ours, "calls/s", "SimPy", simpy_rate()))
    say(Figure("M/M/100 + M beside Ciw", ours, "calls/s", "Ciw", ciw_rate()))
    say(Figure("M/M/100 + M beside the limit", ours, "calls/s", "only draws, pushes, pops", limit))


def a_day() -> None:
    """Six skills, sites, a partner, menus, callbacks, an outage and all else, in one day of 10,000 calls."""
    day, took = provider(people=120, days=1, contacts_a_day=8_700), []
    for seed in range(3 * ROUNDS):
        began = time.process_time()
        simulate(day, replications=1, seed=seed, workers=1)
        took.append(1_000 * (time.process_time() - began))
    outcome = simulate(day, replications=3, workers=1)
    say(Figure("calls of the day, with those passed on", outcome.counts[..., [ENTERED, PASSED_ON]].sum() / 3, "calls"))
    say(Figure("the day with everything, scenario to outcome, best", min(took), "ms", "asked", 20.0))
    began = time.process_time()
    simulate(day, replications=50, workers=1)
    say(Figure("the day again, each of 50", 20.0 * (time.process_time() - began), "ms", "asked", 20.0))


def rehearsal() -> None:
    """Four weeks of 300 people: ten replications for a first answer, ninety more."""
    weeks = provider(people=300, days=28, contacts_a_day=15_000)
    began = time.perf_counter()
    first = simulate(weeks, replications=10)
    say(Figure("rehearsal of four weeks, first 10 replications", time.perf_counter() - began, "s", "asked", 6.0))
    say(Figure("calls of a replication", float(first.counts[..., ENTERED].sum()) / 10, "calls"))
    first.joined(simulate(weeks, replications=90, first=10))
    say(Figure("rehearsal of four weeks, 100 replications", time.perf_counter() - began, "s", "asked", 60.0))


def decisions() -> None:
    """One live decision with 1,000 people and 500 waiting."""
    rng = np.random.default_rng(1)
    lines = [Line(f"skill {i // 3}", 1, i % 2, i % 3) for i in range(60)]
    groups = [Group({f"skill {(g + j) % 20}": 2 for j in range(3)}, f"site {g % 4}") for g in range(40)]
    plan = routing_plan(lines, groups, replace(Rules(), shares={"site 1": 0.3}))
    waiting, free = 500, 1_000
    line, entered = rng.integers(0, 60, waiting), rng.uniform(0, 900, waiting)
    never, nobody, long_ago = np.full(waiting, np.inf), np.full(waiting, -1), np.zeros(waiting)
    idle, lag = np.full(20, 40), np.zeros((20, 1))
    numbers, group, since = np.arange(free), rng.integers(0, 40, free), rng.uniform(0, 900, free)
    took: dict[str, list[float]] = {"contact": [], "person": []}
    for i in range(2_000):
        began = time.perf_counter()
        choose_contact(plan, 1_000.0, i % free, i % 40, line, entered, never, nobody, long_ago, idle, lag)
        middle = time.perf_counter()
        choose_person(plan, 1_000.0, i % 60, -1, 0.0, numbers, group, since, idle, lag)
        took["contact"].append(1e3 * (middle - began))
        took["person"].append(1e3 * (time.perf_counter() - middle))
    for what, values in took.items():
        say(Figure(f"choosing a {what}, 500 waiting or 1,000 free, p99", quantile(values, 0.99), "ms", "asked", 5.0))


def start() -> None:
    """What a new process pays for the simulator, once it is compiled."""
    script = "import time; t = time.perf_counter(); import tellonce.lab.simulation; print(time.perf_counter() - t)"
    found = [float(subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True).stdout)
             for _ in range(3)]  # fmt: skip
    say(Figure("import of the simulator, compiled before", min(found), "s"))


if __name__ == "__main__":
    speed()
    a_day()
    rehearsal()
    decisions()
    start()
