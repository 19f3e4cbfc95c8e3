"""The wait that is told: 80% intervals hold 80% of the waits, and the median beats position times handle time."""

from dataclasses import replace

import numpy as np
import pytest

from tellonce.lab.routing import learned_calibration
from tellonce.lab.simulation import Contacts, Patience, Scenario, Shift, simulate
from tellonce.lab.simulation.examples import one_queue
from tellonce.lab.simulation.outcome import WAS_ANSWERED

AHT_S, PEOPLE, RUNS = 240.0, 30, 12


def steady() -> Scenario:
    return one_queue(calls_per_hour=490, aht_s=AHT_S, people=PEOPLE, patience_s=400, hours=10)


def changing() -> Scenario:
    """Half the people go at times spread over the day, others come."""
    plain = steady()
    spans = ((0.0, 4.0), (0.0, 6.5), (2.0, 10.5), (3.0, 10.5), (0.0, 10.5), (0.0, 10.5))
    people = tuple(
        replace(person, shifts=(Shift(3_600.0 * spans[i % len(spans)][0], 3_600.0 * spans[i % len(spans)][1]),))
        for i, person in enumerate(plain.people)
    )
    curve = (250, 280, 330, 420, 350, 400, 380, 330, 330, 330)
    return replace(plain, people=people, streams=(replace(plain.streams[0], arrivals=curve),))


def with_probes(scenario: Scenario) -> Scenario:
    """A few callers who never leave tell what the wait would have been."""
    stream = scenario.streams[0]
    few = tuple(0.03 * each for each in stream.arrivals)
    return replace(
        scenario, streams=(stream, replace(stream, name="probes", arrivals=few, patience=Patience()))
    )  # fmt: skip


def naive_waits(scenario: Scenario, contacts: Contacts, chosen: np.ndarray) -> np.ndarray:
    """Position in the queue times handle time over people at work."""
    waits = np.empty(len(chosen))
    for i, place in enumerate(chosen):
        now, run = contacts.entered_s[place], contacts.replication[place]
        ahead = ((contacts.replication == run) & (contacts.entered_s < now) & (contacts.left_s > now)).sum()
        people = sum(any(s.start_s <= now < s.end_s for s in person.shifts) for person in scenario.people)
        waits[i] = (ahead + 1) * AHT_S / people
    return waits


@pytest.mark.parametrize("build", [steady, changing])
def test_the_told_wait_holds(build) -> None:  # type: ignore[no-untyped-def]
    scenario = with_probes(build())
    contacts = simulate(scenario, replications=RUNS, seed=21, record=True).contacts
    assert contacts is not None
    told = (contacts.stream == 1) & (contacts.told_s[:, 1] > 0) & (contacts.ended == WAS_ANSWERED)
    chosen = np.flatnonzero(told)
    assert len(chosen) > 300
    waits = contacts.left_s[chosen] - contacts.entered_s[chosen]
    low, median, high = contacts.told_s[chosen].T
    held = ((low <= waits) & (waits <= high)).mean()
    assert 0.75 <= held <= 0.85, held
    assert np.abs(waits - median).mean() < 0.95 * np.abs(waits - naive_waits(scenario, contacts, chosen)).mean()
    taught = learned_calibration(
        told_s=contacts.told_s, waited_s=contacts.left_s - contacts.entered_s, answered=contacts.ended == WAS_ANSWERED
    )
    assert taught.scale == pytest.approx(1.0, abs=0.15)
    assert taught.spread == pytest.approx(1.0, abs=0.2)
