"""What was calibrated can be taken out again."""

import numpy as np
import pytest

from tellonce.lab.routing import Calibration, as_estimated, wait_quantiles

SHARES = [0.1, 0.5, 0.9]


@pytest.mark.parametrize(("scale", "spread"), [(1.0, 1.0), (2.0, 1.0), (0.6, 1.4), (1.3, 0.5)])
@pytest.mark.parametrize("ahead", [2.0, 40.0])
def test_told_waits_are_as_estimated_again(ahead: float, scale: float, spread: float) -> None:
    def quantiles(calibration: Calibration) -> np.ndarray:
        return wait_quantiles(SHARES, ahead=ahead, people=8, handle_s=200.0, leaving=0.002, calibration=calibration)

    told = quantiles(Calibration(scale, spread))[None, :]
    again = as_estimated(told, scale=np.array([scale]), spread=np.array([spread]))
    assert again[0] == pytest.approx(quantiles(Calibration()), rel=1e-6)
