"""When people are at work: who comes and goes, and how many person-seconds have been there by when."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tellonce.lab.simulation.contracts import Person, Shift
from tellonce.lab.simulation.records import TURN

Floats = NDArray[np.float64]
CELL_S = 300.0


def stretches(person: Person) -> list[tuple[float, float]]:
    """From when until when somebody is there, breaks taken out; shifts without a gap are one."""
    found: list[tuple[float, float]] = []
    for shift in sorted(person.shifts, key=lambda each: each.start_s):
        for start, end in _between_breaks(shift):
            if found and found[-1][1] == start:
                found[-1] = (found[-1][0], end)
            else:
                found.append((start, end))
    return [(max(start, 0.0), end) for start, end in found if end > 0]


def _between_breaks(shift: Shift) -> Iterator[tuple[float, float]]:
    pauses = sorted((pause.start_s, pause.start_s + pause.length_s) for pause in shift.breaks)
    marks = [shift.start_s, *(mark for pause in pauses for mark in pause), shift.end_s]
    for start, end in list(pairwise(marks))[::2]:
        if start < end:
            yield start, end


def turns(there: Sequence[Sequence[tuple[float, float]]]) -> NDArray[np.void]:
    """Everybody's comings and goings in order; who comes is there before who goes at the same time."""
    rows = [
        (time, person, on)
        for person, found in enumerate(there)
        for start, end in found
        for time, on in ((start, 1), (end, 0))
    ]
    return np.array(sorted(rows, key=lambda row: (row[0], -row[2], row[1])), dtype=TURN)


def person_seconds(there: Sequence[Sequence[tuple[float, float]]], edges: Floats) -> Floats:
    """How many person-seconds there have been by each edge."""
    bounds = np.array([bound for found in there for bound in found]).reshape(-1, 2)
    if not len(bounds):
        return np.zeros(len(edges))
    times = np.concatenate((bounds[:, 0], bounds[:, 1]))
    steps = np.concatenate((np.ones(len(bounds)), -np.ones(len(bounds))))
    order = np.argsort(times, kind="stable")
    times, people = times[order], np.cumsum(steps[order])
    total = np.concatenate(([0.0], np.cumsum(people[:-1] * np.diff(times))))
    return np.interp(edges, times, total, left=0.0)
