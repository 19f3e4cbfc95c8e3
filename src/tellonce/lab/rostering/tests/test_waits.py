"""A roster said in waits: as the queue's own measures, changed where people change, and wanted as the target asks."""

import numpy as np
import pytest

from tellonce.lab.queueing import queue_measures
from tellonce.lab.rostering import Demand, RosterInputError, requirement_for, roster_waits, with_people_changed

RNG = np.random.default_rng(11)
CALLS = np.where(np.arange(96) > 30, RNG.uniform(5, 60, (2, 7, 96)), 0.0)
DEMAND = Demand(CALLS, aht_s=240.0, patience_s=180.0, answer_within_s=60.0, target=0.8, shrinkage=0.2)


def test_the_requirement_keeps_the_target_in_every_interval_and_one_less_does_not() -> None:
    wanted = requirement_for(
        skills=("a", "b"), calls=CALLS, aht_s=240.0, patience_s=180.0, answer_within_s=60.0, target=0.8, shrinkage=0.2
    )
    met = roster_waits(cover=wanted.people, demand=DEMAND)
    assert met.kept == 1.0
    assert (wanted.people[CALLS == 0] == 0).all()
    fewer = with_people_changed(met, more=np.full(CALLS.shape, -2), demand=DEMAND)
    assert fewer.kept == 0.0
    assert fewer.worst[0].answered == np.nanmin(fewer.by_interval)


def test_what_changes_is_what_would_have_come_out_at_once() -> None:
    cover = RNG.integers(0, 30, CALLS.shape)
    before, more = roster_waits(cover=cover, demand=DEMAND), np.zeros(CALLS.shape, dtype=np.int64)
    more[0, 0, 40:48] = -2
    after = with_people_changed(before, more=more, demand=DEMAND)
    again = roster_waits(cover=np.maximum(cover + more, 0), demand=DEMAND)
    assert np.array_equal(after.by_interval, again.by_interval, equal_nan=True)
    assert (after.kept, after.answered, after.worst) == (again.kept, again.answered, again.worst)
    people = int(cover[1, 3, 50] * 0.8 + 1e-9)
    alone = queue_measures(
        calls_per_hour=CALLS[1, 3, 50] * 4, aht_s=240, people=max(people, 1), patience_s=180, answer_within_s=60
    )
    assert before.by_interval[1, 3, 50] == (float(alone.service_level) if people else 0.0)


def test_a_cover_that_fits_no_calls_is_refused() -> None:
    with pytest.raises(RosterInputError, match="shape") as refused:
        roster_waits(cover=np.zeros((1, 7, 96), dtype=np.int64), demand=DEMAND)
    assert refused.value.field == "cover"
