"""The wait estimate against exact and simulated waits."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from tellonce.lab.routing import Calibration, RoutingInputError, completion_rate, learned_calibration, wait_quantiles

SHARES = [0.1, 0.5, 0.9]


@pytest.mark.parametrize(("ahead", "people"), [(0, 10), (4, 10), (60, 40)])
def test_without_leaving_the_wait_is_erlangs(ahead: int, people: int) -> None:
    waits = wait_quantiles(SHARES, ahead=ahead, people=people, handle_s=200.0)
    assert waits == pytest.approx(stats.gamma.ppf(SHARES, ahead + 1, scale=200.0 / people), rel=0.08)


def test_with_leaving_it_is_a_death_process() -> None:
    rng = np.random.default_rng(1)
    rates = 20 / 180.0 + np.arange(51) / 240.0
    drawn = (rng.exponential(size=(20_000, 51)) / rates).sum(axis=1)
    waits = wait_quantiles(SHARES, ahead=50, people=20, handle_s=180.0, leaving=1 / 240.0)
    assert waits == pytest.approx(np.quantile(drawn, SHARES), rel=0.02)


def test_people_who_go_or_come_count_from_then_on() -> None:
    steady = wait_quantiles(0.5, ahead=99, people=10, handle_s=180.0)[0]
    going = wait_quantiles(0.5, ahead=99, people=[10, 10, 5], handle_s=180.0)[0]
    assert going == pytest.approx(600.0 + 2 * (steady - 600.0), rel=0.03)
    assert wait_quantiles(0.5, ahead=0, people=[4, 0], handle_s=9_000.0)[0] == np.inf
    opening = wait_quantiles(0.5, ahead=0, people=[0, 10], handle_s=180.0)[0]
    assert 300.0 < opening < 330.0


def test_calibration_learns_from_waits_that_were_too_short_and_too_narrow() -> None:
    rng = np.random.default_rng(2)
    told = np.tile([80.0, 100.0, 120.0], (5_000, 1))
    waited = 150.0 + 1.5 * 40.0 / stats.norm.ppf(0.9) * rng.standard_normal(5_000)
    leaves = rng.exponential(1_000.0, 5_000)
    taught = learned_calibration(told_s=told, waited_s=np.minimum(waited, leaves), answered=waited <= leaves)
    assert taught.scale == pytest.approx(1.5, rel=0.03)
    assert taught.spread == pytest.approx(2.0, rel=0.1)
    plain = wait_quantiles(0.5, ahead=3, people=5, handle_s=100.0)
    longer = wait_quantiles(0.5, ahead=3, people=5, handle_s=100.0, calibration=Calibration(2.0))
    assert longer == pytest.approx(2 * plain)


def test_conversations_under_way_end_at_the_rate_of_those_seen() -> None:
    rng = np.random.default_rng(3)
    rate = completion_rate(np.full(50, 120.0), rng.exponential(180.0, 20_000))
    assert rate == pytest.approx(50 / 180.0, rel=0.05)


@pytest.mark.parametrize("changed", [{"ahead": -1}, {"people": -1}, {"handle_s": 0}, {"leaving": np.nan}])
def test_nonsense_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(RoutingInputError):
        wait_quantiles(0.5, **({"ahead": 0.0, "people": 1, "handle_s": 100.0} | changed))
