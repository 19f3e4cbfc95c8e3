"""The estimate of waits recalibrates itself: told waits and what became of them are turned into `Calibrated` facts.

Looked at are the last told waits, those still running included (cut off now: else only short ones would be seen), as
they were estimated, with whatever calibration was in force taken out. How much they say is counted in quarter hours,
not in callers: those who wait together are right or wrong together. What was learnt counts in full only with many of
them; with few it is drawn to what held before, and never makes what is told narrower than that.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from tellonce.lab.routing import AS_ESTIMATED, Calibration, as_estimated, learned_calibration
from tellonce.lab.routing.calibrating import LEAST_ANSWERED
from tellonce.switchboard.decisions import Form, WaitTold
from tellonce.switchboard.facts import Calibrated
from tellonce.switchboard.folding import Event
from tellonce.switchboard.promises import WaitPromise, WaitPromises

_QUARTER_S = 900.0


@dataclass(frozen=True, slots=True)
class Learning:
    """How the estimate learns.

    Attributes:
        promises: so many told waits are looked at, the last ones.
        of_a_quarter: the first so many of each quarter hour: on a busy floor a few hours would fill it up otherwise.
        days: none that are older.
        every: it is looked again after so many more were settled.
        least_quarters: from so many quarter hours on.
        half_quarters: with so many, half of what was learnt counts.
        narrow_quarters: from so many on what is told may become narrower than before.
        step: changes of less than this share are not worth a fact.
    """

    promises: int = 2_500
    of_a_quarter: int = 25
    days: float = 14.0
    every: int = 50
    least_quarters: int = 4
    half_quarters: float = 2.0
    narrow_quarters: int = 32
    step: float = 0.02


class WaitLearner:
    """The fold: told each event of the journal, it says when the estimate is to be calibrated anew, and to what.

    What it says must be told to the engine as a fact: it is journalled then, and comes back here as an event. So a
    replay of the journal calibrates as it was, and a learner that is made anew from the journal goes on as before. One
    that begins later takes the calibration in force then (`before`) for what it leaves only on evidence.
    """

    def __init__(self, learning: Learning = Learning(), *, before: Calibration = AS_ESTIMATED) -> None:
        self.learning, self.before = learning, before
        self.promises = WaitPromises(before)
        self._settled: deque[WaitPromise] = deque(maxlen=learning.promises)
        self._chosen: set[tuple[str, float]] = set()
        self._quarter, self._of_it, self._since = 0.0, 0, 0

    def take(self, event: Event) -> Calibrated | None:
        """Takes an event; what the engine should be told now, if anything."""
        settled = self._of_chosen(self.promises.take(event))
        if isinstance(event, WaitTold) and event.form is not Form.NOT_KNOWN and event.median_s > 0:
            self._maybe_choose(event)
        self._chosen.difference_update((each.contact, each.told_at) for each in settled)
        self._settled.extend(settled)
        self._since = 0 if isinstance(event, Calibrated) else self._since + len(settled)
        if not settled or self._since < self.learning.every:
            return None
        self._since = 0
        now, known = self.promises.calibration, self.calibration(at=event.at)
        changes = max(abs(known.scale / now.scale - 1.0), abs(known.spread / now.spread - 1.0))
        return Calibrated(event.at, known.scale, known.spread) if changes >= self.learning.step else None

    def calibration(self, *, at: float) -> Calibration:
        """What the told waits teach now; the calibration in force while they are too few."""
        oldest, in_force = at - self.learning.days * 86_400.0, self.promises.calibration
        running = self._of_chosen(self.promises.unsettled(at=at))
        rows = [each for each in (*self._settled, *running) if each.told_at >= oldest]
        quarters = len({each.told_at // _QUARTER_S for each in rows})
        if quarters < self.learning.least_quarters or sum(each.is_over for each in rows) < LEAST_ANSWERED:
            return in_force
        weight = quarters / (quarters + self.learning.half_quarters)
        learnt = _between(self.before, _learnt(rows), weight=weight)
        return learnt if quarters >= self.learning.narrow_quarters else _no_narrower(learnt, than=self.before)

    def _maybe_choose(self, event: WaitTold) -> None:
        """On being told, so that long waits are chosen like short ones."""
        quarter = event.at // _QUARTER_S
        self._of_it = self._of_it + 1 if quarter == self._quarter else 1
        self._quarter = quarter
        if self._of_it <= self.learning.of_a_quarter:
            self._chosen.add((event.contact, event.at))

    def _of_chosen(self, promises: Iterable[WaitPromise]) -> list[WaitPromise]:
        return [each for each in promises if (each.contact, each.told_at) in self._chosen]


def _learnt(rows: list[WaitPromise]) -> Calibration:
    told = np.array([(each.low_s, each.median_s, each.high_s) for each in rows])
    scale, spread = np.array([(each.calibration.scale, each.calibration.spread) for each in rows]).T
    return learned_calibration(
        told_s=as_estimated(told, scale=scale, spread=spread),
        waited_s=np.array([each.waited_s for each in rows]),
        answered=np.array([each.is_over for each in rows]),
    )


def _between(before: Calibration, learnt: Calibration, *, weight: float) -> Calibration:
    scale = before.scale * (learnt.scale / before.scale) ** weight
    return Calibration(scale, before.spread * (learnt.spread / before.spread) ** weight)


def _no_narrower(learnt: Calibration, *, than: Calibration) -> Calibration:
    """Neither in seconds nor beside the median."""
    return Calibration(learnt.scale, max(learnt.spread, than.spread, than.spread * than.scale / learnt.scale))
