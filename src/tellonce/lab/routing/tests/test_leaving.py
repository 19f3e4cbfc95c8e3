"""Hanging up by how long people have waited."""

import numpy as np
import pytest

from tellonce.lab.routing.leaving import PRIOR_WAIT_S, SPANS_FROM_S, count_wait, leaving_rate


def nothing_seen(rate: float) -> tuple[np.ndarray, np.ndarray]:
    exposure_s = np.full(len(SPANS_FROM_S), 20.0 * PRIOR_WAIT_S)
    return rate * exposure_s, exposure_s


def test_what_was_expected_holds_until_something_is_seen() -> None:
    left, exposure_s = nothing_seen(0.004)
    for waited_s, for_s in ((0.0, 10.0), (20.0, 500.0), (1_000.0, 60.0)):
        assert leaving_rate(left, exposure_s, waited_s, for_s) == pytest.approx(0.004)


def test_a_falling_rate_is_learnt_span_by_span() -> None:
    """Callers who leave at 0.02 a second for 30 s and at 0.003 then, answered after 400 s at the latest."""
    rng = np.random.default_rng(6)
    left, exposure_s = nothing_seen(0.01)
    for draw in rng.exponential(size=20_000):
        patience = draw / 0.02 if draw < 0.6 else 30.0 + (draw - 0.6) / 0.003
        count_wait(left, exposure_s, min(patience, 400.0), float(patience < 400.0))
    assert leaving_rate(left, exposure_s, 0.0, 30.0) == pytest.approx(0.02, rel=0.1)
    assert leaving_rate(left, exposure_s, 30.0, 300.0) == pytest.approx(0.003, rel=0.1)
    both = (30.0 * 0.02 + 60.0 * 0.003) / 90.0
    assert leaving_rate(left, exposure_s, 0.0, 90.0) == pytest.approx(both, rel=0.1)


def test_who_was_answered_counts_as_having_waited_and_not_left() -> None:
    left, exposure_s = nothing_seen(0.01)
    for _ in range(5_000):
        count_wait(left, exposure_s, 60.0, 0.0)
    assert leaving_rate(left, exposure_s, 0.0, 60.0) < 0.0002
    assert leaving_rate(left, exposure_s, 300.0, 60.0) == pytest.approx(0.01)
