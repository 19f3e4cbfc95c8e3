"""What the page says of waits is Erlang A's, and moves the right way."""

import numpy as np
import pytest

from tellonce.lab.queueing import queue_measures
from tellonce.modules.planning.contracts import PlanTerms
from tellonce.modules.planning.queries.waits import (
    missing_people,
    outlook,
    required,
    wait_quantiles,
    weakest_stretch,
    with_more,
)

TERMS = PlanTerms(target_within_s=60, target_share=0.8, handle_s=240.0, patience_s=180.0, shrinkage=0.0)
CALLS = np.tile(np.where((np.arange(96) >= 32) & (np.arange(96) < 72), 12.0, 0.0), (7, 1))


def test_the_requirement_keeps_the_target_and_one_fewer_does_not() -> None:
    need = required(CALLS, TERMS)
    assert outlook(CALLS, need.astype(float), TERMS).share_kept == 1.0
    assert outlook(CALLS, need.astype(float) - 1, TERMS).share_kept == 0.0
    away = PlanTerms(60, 0.8, 240.0, 180.0, 0.3)
    assert outlook(CALLS, required(CALLS, away).astype(float), away).share_kept == 1.0


def test_whole_people_are_erlang_a_and_a_part_of_one_lies_between() -> None:
    exact = queue_measures(calls_per_hour=48.0, aht_s=240.0, people=4, patience_s=180.0, answer_within_s=60.0)
    four, some, five = (outlook(CALLS, np.full((7, 96), n), TERMS).in_time[0, 40] for n in (4.0, 4.3, 5.0))
    assert four == pytest.approx(float(exact.service_level), rel=1e-12)
    assert some == pytest.approx(0.7 * four + 0.3 * five)


def test_without_anybody_nobody_is_answered_and_everybody_gives_up() -> None:
    seen = outlook(CALLS, np.zeros((7, 96)), TERMS)
    assert seen.in_time[0, 40] == 0.0
    assert seen.gave_up[0, 40] == 1.0
    half, nine = wait_quantiles(CALLS[0], np.zeros(96), TERMS)
    assert (half[40], nine[40]) == pytest.approx((180 * np.log(2), 180 * np.log(10)), rel=0.05)


def test_the_weakest_two_hours_are_found_and_the_people_that_mend_them() -> None:
    people = required(CALLS, TERMS).astype(float)
    people[2, 40:48] -= 2
    seen = outlook(CALLS, people, TERMS)
    where = weakest_stretch(seen)
    assert where is not None
    assert (where.day, where.first, where.last) == (2, 40, 48)
    assert missing_people(seen, where) == 2
    assert outlook(CALLS, with_more(people, where, 2), TERMS).share_kept == 1.0
    assert weakest_stretch(seen, days_over=3) is None
