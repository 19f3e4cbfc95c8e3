"""The leukaemia remissions of Freireich et al. 1963, as worked in Cox and Oakes and in Kleinbaum and Klein."""

import numpy as np
import pytest

from tellonce.lab.survival import SurvivalInputError, kaplan_meier, nelson_aalen, piecewise_hazard

WEEKS = np.array([6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35], dtype=np.float64)
RELAPSED = np.arange(21) < 9
TIMES = [6, 7, 10, 13, 16, 22, 23]


def test_kaplan_meier_as_published() -> None:
    curve = kaplan_meier(WEEKS, RELAPSED)
    assert curve.times.tolist() == TIMES
    assert curve.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert curve.survival == pytest.approx([0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482], abs=5e-5)
    assert np.sqrt(curve.variance) == pytest.approx([0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346], abs=5e-5)
    assert curve.lower == pytest.approx([0.6197, 0.5631, 0.5032, 0.4316, 0.3675, 0.2678, 0.1881], abs=5e-5)
    assert curve.upper == pytest.approx([0.9516, 0.9228, 0.8894, 0.8491, 0.8049, 0.7468, 0.6801], abs=5e-5)
    assert curve.median == 23
    assert curve.quantile(0.6) == np.inf
    assert curve.at([5.9, 6, 100]) == pytest.approx([1, 6 / 7, 0.4482], abs=5e-5)


def test_nelson_aalen_as_published() -> None:
    hazard = nelson_aalen(WEEKS, RELAPSED)
    assert hazard.cumulative == pytest.approx([0.1429, 0.2017, 0.2683, 0.3517, 0.4426, 0.5854, 0.7521], abs=5e-5)
    assert hazard.variance[1] == pytest.approx(3 / 21**2 + 1 / 17**2)


def test_one_bin_is_the_exponential_estimate() -> None:
    """9 relapses in 359 weeks."""
    hazard = piecewise_hazard(WEEKS, RELAPSED, edges=[0.0])
    assert hazard.rates == pytest.approx([9 / 359])
    assert hazard.mean == pytest.approx(359 / 9)


def test_the_curve_down_to_nothing_has_no_interval_there() -> None:
    curve = kaplan_meier([1.0, 2.0], [True, True])
    assert curve.survival.tolist() == [0.5, 0.0]
    assert np.isnan(curve.lower[1])
    assert curve.restricted_mean(10.0) == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("durations", "observed", "entered", "field"),
    [
        ([], [], None, "durations"),
        ([-1.0], [True], None, "durations"),
        ([np.nan], [True], None, "durations"),
        ([1.0], [1], None, "observed"),
        ([1.0, 2.0], [True], None, "observed"),
        ([1.0], [True], [1.0], "entered"),
    ],
)
def test_nonsense_is_refused(
    durations: list[float], observed: list[bool], entered: list[float] | None, field: str
) -> None:
    with pytest.raises(SurvivalInputError) as refused:
        kaplan_meier(np.array(durations), np.array(observed, dtype=None if observed else np.bool_), entered=entered)
    assert refused.value.field == field
