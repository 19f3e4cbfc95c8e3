"""How good the told waits were, by queue and hour: kept, covered, off by how much, told again.

Who hung up is counted as having waited longer than that (Kaplan and Meier), not left out: those who waited longest are
the likeliest to be missing among the answered. Shares are of the waits that were told, "not known" apart.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tellonce.lab.survival import kaplan_meier
from tellonce.switchboard.promises import WaitPromise

Floats = NDArray[np.float64]

HOUR_S = 3600.0
_Z_95 = 1.959963984540054
_LOW, _MEDIAN, _HIGH = 1.0, 2.0, 3.0  # where the quantiles are on the scale of `_places`


@dataclass(frozen=True, slots=True)
class PromiseHour:
    """Waits told in one queue and hour; nan where nothing can be said.

    Attributes:
        queue, hour: as told, and as `hour_of` names it.
        told: waits told, those told again included; `not_known` were told that it is not known, and count nowhere else.
        settled: of the told ones, those whose wait is known, or is known to be above what was said.
        kept: share answered by the longest that was said ("more than an hour" promises none and is left out).
        covered: share within the 80% interval; `covered_from`, `covered_to` bound it (Wilson, 95%).
        bias_s: half of them waited so much longer than the told median (less, if below 0).
        told_again: share that was told another wait later.
    """

    queue: str
    hour: int
    told: int
    not_known: int
    settled: int
    kept: float
    covered: float
    covered_from: float
    covered_to: float
    bias_s: float
    told_again: float


def promise_hours(
    promises: Iterable[WaitPromise], *, hour_of: Callable[[float], int] = lambda at: int(at // HOUR_S)
) -> list[PromiseHour]:
    """A row for each queue and hour, sorted; `hour_of` gives the hour of a time, of the site's clock for instance."""
    groups: dict[tuple[str, int], list[WaitPromise]] = {}
    for each in promises:
        groups.setdefault((each.queue, hour_of(each.told_at)), []).append(each)
    return [promise_hour(groups[queue, hour], queue=queue, hour=hour) for queue, hour in sorted(groups)]


def promise_hour(promises: list[WaitPromise], *, queue: str, hour: int) -> PromiseHour:
    """Of some promises, whatever their queue and hour."""
    known = [each for each in promises if each.is_known]
    if not known:
        nan = math.nan
        return PromiseHour(queue, hour, 0, len(promises), 0, nan, nan, nan, nan, nan, nan)
    waited = np.array([each.waited_s for each in known])
    over = np.array([each.is_over for each in known])
    told = np.array([(each.low_s, each.median_s, each.high_s) for each in known])
    places = _places(waited, told)
    settled = int((over | (places > _HIGH)).sum())
    within = kaplan_meier(places, over).at([np.nextafter(_LOW, 0.0), _HIGH])
    covered = float(within[0] - within[1])
    return PromiseHour(
        queue=queue,
        hour=hour,
        told=len(known),
        not_known=len(promises) - len(known),
        settled=settled,
        kept=_kept(known),
        covered=covered if settled else math.nan,
        covered_from=wilson(covered, settled)[0],
        covered_to=wilson(covered, settled)[1],
        bias_s=_bias_s(waited, told[:, 1], over),
        told_again=sum(each.again_s < math.inf for each in known) / len(known),
    )


def wilson(share: float, count: int) -> tuple[float, float]:
    """Wilson's 95% interval of a share of so many; nan of none."""
    if count == 0:
        return math.nan, math.nan
    square = _Z_95**2
    middle = (share + square / (2 * count)) / (1 + square / count)
    half = _Z_95 / (1 + square / count) * math.sqrt(share * (1 - share) / count + square / (4 * count**2))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def _places(waited: Floats, told: Floats) -> Floats:
    """Waits on a scale on which each one's told quantiles are 1, 2 and 3, so that they can be taken together."""
    marks = np.column_stack((np.zeros(len(told)), told))
    steps = np.maximum(np.diff(marks, axis=1), 1e-9)
    passed = np.clip((waited[:, None] - marks[:, :3]) / steps, 0.0, 1.0).sum(axis=1)
    return np.asarray(passed + np.maximum(waited - told[:, 2], 0.0) / np.maximum(told[:, 2], 1e-9))


def _kept(known: list[WaitPromise]) -> float:
    said = [each for each in known if each.said_until_s < math.inf]
    if not said:
        return math.nan
    waited = np.array([each.waited_s / each.said_until_s for each in said])
    over = np.array([each.is_over for each in said])
    return 1.0 - float(kaplan_meier(waited, over).at(1.0)) if (over | (waited > 1.0)).any() else math.nan


def _bias_s(waited: Floats, median: Floats, over: NDArray[np.bool_]) -> float:
    off = waited - median
    least = off.min()
    middle = kaplan_meier(off - least, over).median
    return float(middle + least) if middle < math.inf else math.nan
