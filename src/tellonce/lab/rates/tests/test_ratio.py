"""The exact interval against R and against its own definition."""

from math import inf, isinf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from tellonce.lab.rates import RateInputError, rate_ratio


def test_the_example_of_r() -> None:
    """`poisson.test(c(11, 6+8+7), c(800, 1083+1050+878))`, from R's own help page."""
    found = rate_ratio(before=21, before_time=3011, after=11, after_time=800)
    assert found.ratio == pytest.approx(1.971488, abs=1e-6)
    assert found.low == pytest.approx(0.8584264, abs=1e-6)
    assert found.high == pytest.approx(4.2772659, abs=1e-6)


@given(before=st.integers(0, 60), after=st.integers(0, 60), t0=st.floats(0.1, 1e4), t1=st.floats(0.1, 1e4))
def test_each_end_leaves_half_of_what_is_outside(before: int, after: int, t0: float, t1: float) -> None:
    found = rate_ratio(before=before, before_time=t0, after=after, after_time=t1, level=0.9)
    total = before + after
    assert found.low <= (found.ratio if found.ratio is not None else 1) <= found.high
    if total and after:
        p = found.low * t1 / (found.low * t1 + t0)
        assert binom.sf(after - 1, total, p) == pytest.approx(0.05, rel=1e-6)
    if total and before:
        p = found.high * t1 / (found.high * t1 + t0)
        assert binom.cdf(after, total, p) == pytest.approx(0.05, rel=1e-6)


def test_it_covers_what_is_true() -> None:
    chance = np.random.default_rng(7)
    inside = 0
    for before, after in zip(chance.poisson(40, 2_000), chance.poisson(10, 2_000), strict=True):
        found = rate_ratio(before=int(before), before_time=1.0, after=int(after), after_time=1.0)
        inside += found.low <= 0.25 <= found.high
    assert inside / 2_000 >= 0.95


def test_nothing_before_or_nothing_at_all() -> None:
    none = rate_ratio(before=0, before_time=1, after=0, after_time=1)
    assert (none.ratio, none.low, none.high) == (None, 0.0, inf)
    new = rate_ratio(before=0, before_time=10, after=3, after_time=10)
    assert new.ratio == inf
    assert new.low > 0
    assert isinf(new.high)
    gone = rate_ratio(before=30, before_time=10, after=0, after_time=10)
    assert (gone.ratio, gone.low) == (0, 0)
    assert gone.high < 0.2


@pytest.mark.parametrize(
    "wrong", [{"before": -1}, {"after": -1}, {"before_time": 0}, {"after_time": inf}, {"level": 1.0}]
)
def test_what_cannot_be_is_refused(wrong: dict[str, float]) -> None:
    given_: dict[str, float] = {"before": 1, "before_time": 1, "after": 1, "after_time": 1} | wrong
    with pytest.raises(RateInputError):
        rate_ratio(**given_)  # type: ignore[arg-type]
