"""Who calls again, and how soon: after giving up (a redial), after an answer (a repeat contact).

Callers also call again because life goes on. So the rate of calling again is taken as a hazard over the hours since the
call; the rate to which it comes down counts as usual calling, and only what lies above it is owed to that call. Some
callers call far more often than others, and they weigh more early on: the share is an upper bound. Only callers with a
code are followed.
"""

from dataclasses import dataclass

import numpy as np

from tellonce.lab.fitting.contracts import UNKNOWN, CallLog, Flags, Floats
from tellonce.lab.survival import PiecewiseHazard, SurvivalCurve, kaplan_meier, piecewise_hazard

_HOUR_S = 3600.0
_DAY_S = 24 * _HOUR_S
_EDGES_S = np.array(
    [0, 60, 180, 420, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 57_600, 86_400, 172_800, 345_600], dtype=np.float64
)
_SHARES = np.linspace(0.0, 1.0, 65)
_LEAST = 50


@dataclass(frozen=True, slots=True)
class Returns:
    """Calls again after calls of one ending.

    `share` (kinds,) calls again because of the call; `delay_s` (65,) are quantiles, at equal shares from 0 to 1, of how
    soon. `within_day` (kinds,) is the plain share seen again within 24 hours, usual calling included. `curve` is the
    time to the next call of any kind by the same caller; `followed` says how many calls could be followed.
    """

    share: Floats
    delay_s: Floats
    within_day: Floats
    curve: SurvivalCurve
    followed: int

    @property
    def solved(self) -> Floats:
        """For answered calls, the share not called again because of: a proxy of matters solved, shape (kinds,)."""
        return 1.0 - self.share


def learn_returns(log: CallLog, *, after: Flags) -> Returns | None:
    """Calls again after the calls chosen, cut off at the end of the log; None where fewer than 50 can be followed.

    The share is 1 - exp(-excess), the excess being the hazard above the rate after four days, over those four days.
    A kind with fewer than 50 followed calls takes the share of all.
    """
    waited_s, again, place = _until_next(log)
    chosen = after[place] & (waited_s > 0)
    if chosen.sum() < _LEAST:
        return None
    lasted, came, kind = waited_s[chosen], again[chosen], log.kind[place][chosen]
    overall = _excess(lasted, came)
    shares, days = [], []
    for each in range(len(log.kinds)):
        mine = kind == each if (kind == each).sum() >= _LEAST else np.ones(len(kind), dtype=np.bool_)
        shares.append(-np.expm1(-_excess(lasted[mine], came[mine])[-1]))
        days.append(1.0 - float(kaplan_meier(lasted[mine], came[mine]).at(_DAY_S)))
    delays = np.interp(_SHARES * overall[-1], overall, _EDGES_S) if overall[-1] > 0 else np.zeros(len(_SHARES))
    return Returns(np.array(shares), delays, np.array(days), kaplan_meier(lasted, came), int(chosen.sum()))


def _until_next(log: CallLog) -> tuple[Floats, Flags, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Seconds from the end of each call with a known caller to the next by the same, whether it came, and its place."""
    known = np.flatnonzero(log.caller != UNKNOWN)
    order = known[np.lexsort((log.arrived_s[known], log.caller[known]))]
    ended = log.over_s[order]
    following = np.full(len(order), np.inf)
    same = log.caller[order][1:] == log.caller[order][:-1]
    following[:-1][same] = log.arrived_s[order][1:][same]
    last = float(log.over_s.max(initial=0.0))
    came = np.isfinite(following)
    return np.where(came, following, last) - ended, came, order


def _excess(lasted: Floats, came: Flags) -> Floats:
    """The hazard above the usual rate, summed up to each edge."""
    edges = _EDGES_S[: np.searchsorted(_EDGES_S, lasted.max())]
    hazard: PiecewiseHazard = piecewise_hazard(lasted, came, edges=edges)
    above = np.maximum(hazard.rates - hazard.rates[-1], 0.0)
    grown = np.concatenate(([0.0], np.cumsum(above[:-1] * np.diff(edges))))
    return np.append(grown, np.repeat(grown[-1], len(_EDGES_S) - len(edges)))
