"""Told waits by queue and hour: what is kept, covered and off, with those who hung up counted."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tellonce.switchboard.decisions import Form
from tellonce.switchboard.promise_hours import promise_hour, promise_hours, wilson
from tellonce.switchboard.promises import Became, WaitPromise

TOLD = WaitPromise("a", "care", 7_200.0, 60.0, 120.0, 240.0, Form.BETWEEN, 1, 4, is_again=False)


def answered(seconds: float, **more: Any) -> WaitPromise:
    return replace(TOLD, became=Became.ANSWERED, waited_s=seconds, **more)


def abandoned(seconds: float) -> WaitPromise:
    return replace(TOLD, became=Became.ABANDONED, waited_s=seconds)


def test_with_all_answered_the_shares_are_plain_counts() -> None:
    rows = [answered(seconds) for seconds in (30.0, 60.0, 100.0, 130.0, 240.0, 241.0, 300.0, 500.0)]
    hour = promise_hour(rows, queue="care", hour=2)
    assert (hour.told, hour.settled, hour.not_known) == (8, 8, 0)
    assert hour.kept == pytest.approx(5 / 8)
    assert hour.covered == pytest.approx(4 / 8)
    assert (hour.covered_from, hour.covered_to) == wilson(hour.covered, 8)
    assert hour.bias_s == pytest.approx(10.0)


def test_wilsons_interval_is_the_published_one() -> None:
    assert wilson(0.8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(0.0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)
    assert all(math.isnan(each) for each in wilson(0.5, 0))


def test_who_hung_up_waited_longer_than_that() -> None:
    """Half of the callers hang up early and for no reason of the queue's: the shares stay those of all."""
    rng = np.random.default_rng(4)
    actual, patience = rng.gamma(3.0, 45.0, 6_000), rng.exponential(150.0, 6_000)
    rows = [answered(a) if a <= p else abandoned(p) for a, p in zip(actual, patience, strict=True)]
    hour = promise_hour(rows, queue="care", hour=2)
    assert sum(row.became is Became.ABANDONED for row in rows) > 2_500
    assert hour.covered == pytest.approx(((actual >= 60) & (actual <= 240)).mean(), abs=0.02)
    assert hour.kept == pytest.approx((actual <= 240).mean(), abs=0.02)
    assert hour.bias_s == pytest.approx(np.median(actual) - 120.0, abs=6.0)
    alone = promise_hour([row for row in rows if row.is_over], queue="care", hour=2)
    assert alone.bias_s < hour.bias_s - 10.0


def test_an_hour_in_which_nobody_was_answered_says_nothing_it_cannot() -> None:
    hour = promise_hour([abandoned(20.0), abandoned(30.0)], queue="care", hour=2)
    assert (hour.told, hour.settled) == (2, 0)
    assert all(math.isnan(each) for each in (hour.kept, hour.covered, hour.covered_from, hour.bias_s))
    unknown = replace(TOLD, form=Form.NOT_KNOWN, low_s=math.inf, median_s=math.inf, high_s=math.inf)
    assert promise_hour([unknown], queue="care", hour=2).not_known == 1


def test_more_than_an_hour_promises_no_end() -> None:
    long = answered(9_000.0, form=Form.MORE_THAN, low_min=60, high_min=120)
    assert math.isnan(promise_hour([long], queue="care", hour=2).kept)
    assert promise_hour([long, answered(100.0)], queue="care", hour=2).kept == 1.0


def test_rows_are_by_queue_and_by_the_hour_of_the_clock_that_is_asked_for() -> None:
    rows = [
        answered(100.0), answered(100.0, told_at=7_199.0), answered(100.0, queue="tech"),
        answered(400.0, again_s=60.0),
    ]  # fmt: skip
    found = {(each.queue, each.hour): each for each in promise_hours(rows)}
    assert set(found) == {("care", 1), ("care", 2), ("tech", 2)}
    assert found["care", 2].told_again == 0.5
    half_an_hour_on = promise_hours(rows, hour_of=lambda at: int((at + 1_800.0) // 3_600.0))
    assert {(each.queue, each.hour) for each in half_an_hour_on} == {("care", 2), ("tech", 2)}
