"""How long callers wait before they give up, by kind of call and priority.

A call that is answered says only that the caller was patient until then; one that is given up tells the patience
(Kaplan-Meier and hazards; Brown et al. 2005 for these data). The bins are chosen by the data, so what an announcement
does shows as a bump of the rate.
"""

from dataclasses import dataclass

import numpy as np

from tellonce.lab.fitting.contracts import CallLog, Ending, Floats, Ints
from tellonce.lab.fitting.errors import FittingInputError
from tellonce.lab.survival import PiecewiseHazard, piecewise_hazard

_LEAST_ABANDONED = 60


@dataclass(frozen=True, slots=True)
class Patience:
    """A hazard for each stream: kind times priorities plus priority; `pooled` says where it is that of more calls."""

    hazards: tuple[PiecewiseHazard, ...]
    pooled: tuple[str, ...]  # "", "kind" or "all", for each stream
    priorities: int

    def of(self, *, kind: int, priority: int) -> PiecewiseHazard:
        """The hazard of one stream."""
        return self.hazards[kind * self.priorities + min(max(priority, 0), self.priorities - 1)]

    def table(self, shares: Floats, *, longest_s: float = 36_000.0) -> Floats:
        """Seconds by which each of `shares` has given up, at most `longest_s`, shape (streams, shares)."""
        rows = [np.minimum(hazard.quantile(shares), longest_s) for hazard in self.hazards]
        return np.vstack(rows)

    def means_s(self) -> Floats:
        """The mean patience of each stream, shape (streams,)."""
        return np.array([hazard.mean for hazard in self.hazards])


def streams_of(kind: Ints, priority: Ints, *, priorities: int) -> Ints:
    """The stream of each call: kind times priorities plus priority."""
    streams: Ints = kind * priorities + np.clip(priority, 0, priorities - 1)
    return streams


def learn_patience(log: CallLog) -> Patience:
    """The patience of each stream that was given up at least 60 times, of its kind else, of all calls else.

    Raises:
        FittingInputError: nobody waited.
    """
    stood = log.waited
    if not stood.any():
        text = "must not be zero for all calls: nobody waited, so patience cannot be seen."
        raise FittingInputError("wait_s", text, reason="nobody_waited")
    hazards, pooled = [], []
    for kind in range(len(log.kinds)):
        for priority in range(log.priorities):
            of_kind = stood & (log.kind == kind)
            choices = (("", of_kind & (log.priority == priority)), ("kind", of_kind), ("all", stood))
            gave_up = log.ended_as(Ending.ABANDONED)
            name, chosen = next(
                (each for each in choices[:-1] if (each[1] & gave_up).sum() >= _LEAST_ABANDONED), choices[-1]
            )
            # a wait is written in whole seconds, so one of 0 was some part of a second
            hazards.append(piecewise_hazard(np.maximum(log.wait_s[chosen], 0.5), gave_up[chosen]))
            pooled.append(name)
    return Patience(tuple(hazards), tuple(pooled), log.priorities)
