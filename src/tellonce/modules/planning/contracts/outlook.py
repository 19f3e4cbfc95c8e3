"""What a roster does to a week's callers, quarter hour by quarter hour."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """Calls of a week, each of shape (7, 96), Monday first: expected, and the ends of their 80% interval.

    On the first `days_over` days they are the calls that came.
    """

    expected: Floats
    low: Floats
    high: Floats
    days_over: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """What callers of a week meet; every array of shape (7, 96), by quarter hour of the local clock, Monday first.

    Attributes:
        calls: calls expected.
        required: people that the target takes, on the roster (so with those added who are not at the phones).
        people: people on the roster and not on a break.
        in_time: share answered within the target's seconds.
        gave_up: share that gives up.
        counted: quarter hours with enough calls to be judged.
        kept: those of them in which the target is met.
    """

    calls: Floats
    required: Ints
    people: Floats
    in_time: Floats
    gave_up: Floats
    counted: Bools
    kept: Bools

    @property
    def share_kept(self) -> float:
        """The share of the counted quarter hours in which the target is met; nan where none counts."""
        return _share(self.kept, self.counted)

    def day_kept(self, day: int) -> float:
        """The same for one day (0 is Monday)."""
        return _share(self.kept[day], self.counted[day])

    @property
    def late_calls(self) -> Floats:
        """Calls of each quarter hour that are not answered in time."""
        late: Floats = self.calls * (1.0 - self.in_time)
        return late


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some quarter hours of a day (0 is Monday), from `first` to before `last`, with the share answered in time."""

    day: int
    first: int
    last: int
    in_time: float


def _share(part: Bools, whole: Bools) -> float:
    return float((part & whole).sum() / whole.sum()) if whole.any() else float("nan")
