"""What told and actual waits teach: a factor on all waits, and one on the width of what is said.

Estimates are gamma distributions by Wilson and Hilferty's cube, so the cube root of a wait is near normal: there the
middle is moved by the one factor and the width multiplied by the other, and both can be taken out again.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tellonce.lab.routing.errors import RoutingInputError

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

LEAST_ANSWERED = 20  # a median of fewer says nothing
_LEAST_SPREAD = 0.1


@dataclass(frozen=True, slots=True)
class Calibration:
    """A factor on all waits, and one on the width of what is said."""

    scale: float = 1.0
    spread: float = 1.0


AS_ESTIMATED = Calibration()
"""Nothing was learnt yet."""


def as_estimated(told_s: Floats, *, scale: Floats, spread: Floats) -> Floats:
    """Told waits (n, 3: 10%, 50%, 90%) with the calibrations (n,) they were told with taken out again."""
    roots = np.cbrt(told_s / scale[:, None])
    middle = roots[:, 1:2]
    return np.asarray(np.maximum(middle + (roots - middle) / spread[:, None], 0.0) ** 3)


def learned_calibration(*, told_s: Floats, waited_s: Floats, answered: Flags) -> Calibration:
    """From waits that were told (n, 3: 10%, 50%, 90%) and what became of them; who hung up counts as waited longer.

    The scale is the median of actual over told (Kaplan and Meier), the spread how much wider than told the middle 80%
    are around it. Told waits of 0 are left out.

    Raises:
        RoutingInputError: fewer than 20 told waits of those who were answered.
    """
    used = (told_s[:, 1] > 0) & np.isfinite(told_s[:, 2]) & (told_s[:, 2] > told_s[:, 1])
    told, waited, answered = told_s[used], waited_s[used], answered[used]
    if answered.sum() < LEAST_ANSWERED:
        raise RoutingInputError("answered", "must hold at least 20 who were told a wait and answered.")
    scale = _censored_quantile(waited / told[:, 1], answered, 0.5)
    off = _widths_off(told, waited / scale)
    low, high = (_censored_quantile(off, answered, share) for share in (0.1, 0.9))
    return Calibration(scale, max((high - low) / 2.0, _LEAST_SPREAD))


def _widths_off(told: Floats, waited_s: Floats) -> Floats:
    """How far each wait is from the told median, in half widths of what was told on that side; between cube roots."""
    low, middle, high = np.cbrt(told).T
    off = np.cbrt(waited_s) - middle
    return np.asarray(off / np.where(off < 0, np.maximum(middle - low, 1e-9), high - middle))


def _censored_quantile(values: Floats, known: Flags, share: float) -> float:
    """Kaplan and Meier's quantile; the largest known where too many are censored."""
    order = np.lexsort((~known, values))
    at_risk = np.arange(len(values), 0, -1)
    left = np.cumprod(np.where(known[order], 1.0 - 1.0 / at_risk, 1.0))
    reached = np.flatnonzero((left <= 1.0 - share) & known[order])
    place = reached[0] if len(reached) else np.flatnonzero(known[order])[-1]
    return float(values[order][place])
