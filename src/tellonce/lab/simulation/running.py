"""Running replications of a scenario on all cores."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tellonce.lab.bundles import table_of
from tellonce.lab.compiled import compiled_as
from tellonce.lab.simulation import loop
from tellonce.lab.simulation.contracts import Scenario
from tellonce.lab.simulation.errors import ScenarioError
from tellonce.lab.simulation.outcome import Contacts, Outcome, stack_contacts
from tellonce.lab.simulation.records import (
    EFFORTS,
    ENDED,
    ENTERED_AT,
    FIELDS,
    IS_LEG,
    LEFT_AT,
    PERSON,
    STREAM,
    TOLD,
    world_at,
)
from tellonce.lab.simulation.tables import Tables, tables
from tellonce.lab.simulation.worlds import Arrays, new_results, new_world

_FIRST_CAPACITY, _LAST_CAPACITY = 1 << 10, 1 << 24

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


@compiled_as("boolean(int64)")
def _run(address: int) -> bool:
    return loop.run(world_at(address))


def simulate(
    scenario: Scenario,
    *,
    replications: int = 10,
    first: int = 0,
    seed: int = 1,
    workers: int | None = None,
    record: bool = False,
    on_progress: Progress | None = None,
    is_cancelled: Cancelled | None = None,
) -> Outcome:
    """Simulates a scenario some times over, each time with other callers.

    A replication depends on scenario, seed and its number only, so ten and then ninety more (`first` 10), joined, are
    the same as a hundred. Callers are the same under every policy: a stream's contacts come with the same patience,
    length and luck as long as its name and the seed are the same.

    Args:
        scenario: what is simulated.
        replications: how many, at least 1.
        first: number of the first, at least 0.
        seed: of all random numbers, at least 0.
        workers: threads, one for each core if None.
        record: whether to keep every contact, with the wait it was told.
        on_progress: called with the number done and of all after each replication, in one of the threads.
        is_cancelled: asked before each replication; the outcome then holds those that are done.

    Raises:
        ScenarioError: something in the scenario or the arguments cannot be.
    """
    for field, value, least in (("replications", replications, 1), ("first", first, 0), ("seed", seed, 0)):
        if value < least:
            raise ScenarioError(field, f"must be at least {least}.")
    run = _Run(tables(scenario, record=record, seed=seed), replications, on_progress, is_cancelled)
    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        done = [each for each in pool.map(run.one, range(first, first + replications)) if each is not None]
    return run.outcome(scenario, seed, done)


class _Run:
    """The replications of one call."""

    def __init__(self, t: Tables, total: int, on_progress: Progress | None, is_cancelled: Cancelled | None) -> None:
        self.tables, self.total, self.done = t, total, 0
        self.on_progress, self.is_cancelled = on_progress, is_cancelled
        self.capacity = _FIRST_CAPACITY
        self.hourly: list[NDArray[np.int32]] = []

    def one(self, replication: int) -> dict[str, Any] | None:
        """Results of one replication, None when cancelled; with too small arrays it is run again in larger ones."""
        if self.is_cancelled is not None and self.is_cancelled():
            return None
        results = new_results(self.tables)
        while True:
            capacity = self.capacity
            world = new_world(self.tables, replication=replication, capacity=capacity, results=results)
            table = table_of(FIELDS, world)
            if _run(table.ctypes.data):
                break
            if capacity >= _LAST_CAPACITY:
                text = "are far too few: millions of contacts wait at a time."
                raise ScenarioError("people", text, reason="far_too_few_people")
            self.capacity = max(self.capacity, 4 * capacity)
            results = new_results(self.tables)
        self.done += 1
        if self.on_progress is not None:
            self.on_progress(self.done, self.total)
        contacts = _contacts(world, replication) if world["setting"][0]["records"] else None
        return results | {"replication": replication, "contacts": contacts}

    def outcome(self, scenario: Scenario, seed: int, done: list[dict[str, Any]]) -> Outcome:
        """All replications together."""
        empty = new_results(self.tables)

        def stacked(name: str) -> Any:
            return np.stack([each[name] for each in done]) if done else np.zeros((0, *empty[name].shape))

        hourly = empty["hourly"].astype(np.int64)
        for each in done:
            hourly += each["hourly"]
        contacts = [each["contacts"] for each in done if each["contacts"] is not None]
        return Outcome(
            streams=tuple(stream.name for stream in scenario.streams),
            sites=self.tables.pairs,
            people=tuple(person.name for person in scenario.people),
            interval_s=scenario.interval_s,
            seed=seed,
            replications=np.array([each["replication"] for each in done], dtype=np.int64),
            counts=stacked("counts"),
            waited_s=stacked("waited_s"),
            histogram=stacked("histogram"),
            hourly=hourly,
            busy_s=stacked("busy_s"),
            staffed_s=stacked("staffed_s"),
            contacts=stack_contacts(contacts) if contacts else None,
        )


def _contacts(world: Arrays, replication: int) -> Contacts:
    rows = world["rows"][: world["state"][0]["rows"]]

    def whole(column: int) -> NDArray[np.int64]:
        return np.asarray(rows[:, column].astype(np.int64))

    return Contacts(
        replication=np.full(len(rows), replication),
        stream=whole(STREAM),
        entered_s=rows[:, ENTERED_AT].copy(),
        left_s=rows[:, LEFT_AT].copy(),
        person=whole(PERSON),
        ended=whole(ENDED),
        efforts=whole(EFFORTS),
        is_leg=rows[:, IS_LEG] > 0,
        told_s=rows[:, TOLD : TOLD + 3].copy(),
    )
