"""Whether something grows: the slope of a series of readings, with its interval."""

from collections.abc import Sequence
from dataclasses import dataclass

from scipy.stats import theilslopes


@dataclass(frozen=True, slots=True)
class Slope:
    """By how much it grows in a unit of time; 95% certain to lie between `least` and `most`."""

    median: float
    least: float
    most: float


def slope_of(times: Sequence[float], values: Sequence[float]) -> Slope:
    """The median of the slopes between any two readings (Theil and Sen): a few leaps change it little."""
    median, _at_zero, least, most = theilslopes(values, times, alpha=0.95)
    return Slope(float(median), float(least), float(most))
