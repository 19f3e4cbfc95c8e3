"""What must hold of any durations, and truths that are found again."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tellonce.lab.survival import kaplan_meier, nelson_aalen, piecewise_hazard

SEEDS = st.integers(0, 2**32 - 1)


def some_spells(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Durations with ties and zeros, some cut off, some watched from later."""
    rng = np.random.default_rng(seed)
    durations = np.floor(rng.exponential(20, size=rng.integers(1, 80)))
    entered = np.where(rng.random(len(durations)) < 0.3, np.floor(durations * rng.random(len(durations)) * 0.99), 0.0)
    return durations, rng.random(len(durations)) < 0.7, entered


@given(seed=SEEDS)
@settings(max_examples=60)
def test_curves_agree_with_the_definition_counted_by_hand(seed: int) -> None:
    durations, observed, entered = some_spells(seed)
    curve = kaplan_meier(durations, observed, entered=entered)
    hazard = nelson_aalen(durations, observed, entered=entered)
    share, total = 1.0, 0.0
    for i, time in enumerate(curve.times):
        here = (durations >= time) & ((entered < time) | (entered == 0))
        ended = (durations == time) & observed
        share, total = share * (1 - ended.sum() / here.sum()), total + ended.sum() / here.sum()
        assert curve.survival[i] == pytest.approx(share)
        assert hazard.cumulative[i] == pytest.approx(total)
    inside = curve.survival > 0
    assert (curve.lower[inside] <= curve.survival[inside]).all()
    assert (curve.upper[inside] >= curve.survival[inside]).all()


@given(seed=SEEDS)
@settings(max_examples=60)
def test_bins_hold_every_end_and_all_time_watched(seed: int) -> None:
    durations, observed, entered = some_spells(seed)
    durations = durations + 0.5
    is_watched_on_both_sides = entered.min() < 5 < durations.max()
    for edges in (None, [0.0, 5.0]) if is_watched_on_both_sides else (None,):
        hazard = piecewise_hazard(durations, observed, entered=entered, edges=edges, least_ended=3)
        assert hazard.ended.sum() == observed.sum()
        assert hazard.exposure.sum() == pytest.approx((durations - entered).sum())


@given(seed=SEEDS)
@settings(max_examples=40)
def test_quantile_undoes_survival(seed: int) -> None:
    durations, observed, _ = some_spells(seed)
    hazard = piecewise_hazard(durations + 0.5, np.ones_like(observed), least_ended=3)
    shares = np.linspace(0, 0.999, 50)
    assert 1 - hazard.survival(hazard.quantile(shares)) == pytest.approx(shares)
    drawn = hazard.quantile((np.arange(20_000) + 0.5) / 20_000)
    assert drawn.mean() == pytest.approx(hazard.mean, rel=0.01)


def test_a_bump_is_found_where_it_is() -> None:
    """Patience of rate 1/300 s, four times that from 50 to 70 s: what an announcement does."""
    rng = np.random.default_rng(7)
    truth = piecewise_hazard([1.0, 60.0, 100.0], [True] * 3, edges=[0.0, 50.0, 70.0])
    rates = np.array([1, 4, 1]) / 300
    truth = type(truth)(truth.edges, rates, truth.ended, truth.exposure)
    patience = truth.quantile(rng.random(20_000))
    answered = rng.exponential(120, size=20_000)
    found = piecewise_hazard(np.minimum(patience, answered), patience < answered)
    assert found.edges == pytest.approx([0, 50, 70], abs=3)
    assert found.rates == pytest.approx(rates, rel=0.1)


def test_one_rate_gets_one_bin() -> None:
    rng = np.random.default_rng(11)
    bins = [len(piecewise_hazard(rng.exponential(60, 1_000), np.ones(1_000, dtype=np.bool_)).edges) for _ in range(20)]
    assert sum(count > 1 for count in bins) <= 2
