"""The wait of a contact in a live queue, from those ahead of it, the people at work, and what happened of late."""

import numpy as np
from numpy.typing import NDArray

from tellonce.lab.routing.plans import Plan
from tellonce.lab.routing.waits import Calibration, wait_quantiles

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

RECENT_S = 1800.0  # how far back the rate of arrivals looks
RECENT_CONTACTS = 500.0  # how far back handle times and leaving look
PRIOR_CONTACTS = 20.0  # what was expected counts as much as so many contacts seen
PRIOR_WAIT_S = 60.0
TOLD_SHARES = (0.1, 0.5, 0.9)


class RecentPast:
    """What a live queue remembers for its estimates; the simulator keeps the same, compiled.

    Attributes:
        rate: (L,) arrivals a second to each line, as of `rate_at` (L,) in seconds.
        handle_s: (G,) mean time of a contact with wrap-up, by group.
        left: contacts that left of late, over `exposure_s` seconds waited.
    """

    def __init__(self, plan: Plan, *, handle_s: Floats, leaving: float) -> None:
        lines = len(plan.credit)
        self.plan = plan
        self.rate, self.rate_at = np.zeros(lines), np.zeros(lines)
        self.handle_s = handle_s.astype(np.float64)
        self.exposure_s = PRIOR_CONTACTS * PRIOR_WAIT_S
        self.left = leaving * self.exposure_s

    def note_arrival(self, line: int, *, at: float) -> None:
        """Counts an arrival to the line's rate, which fades with time."""
        faded = self.rate[line] * np.exp((self.rate_at[line] - at) / RECENT_S)
        self.rate[line], self.rate_at[line] = faded + 1.0 / RECENT_S, at

    def note_end(self, waited_s: float, *, has_left: bool) -> None:
        """Counts a wait that is over to the rate of leaving."""
        fade = 1.0 - 1.0 / RECENT_CONTACTS
        self.exposure_s = self.exposure_s * fade + waited_s
        self.left = self.left * fade + has_left

    def note_handled(self, group: int, seconds: float) -> None:
        """Counts a time busy to the mean of the group."""
        self.handle_s[group] += (seconds - self.handle_s[group]) / RECENT_CONTACTS

    def told(
        self,
        line: int,
        *,
        entered: float,
        at: float,
        waiting: tuple[Ints, Floats],
        people: Floats,
        calibration: Calibration,
    ) -> Floats:
        """The 10%, 50% and 90% quantile of the seconds that a contact of the line still waits; inf if nobody comes.

        Args:
            line: place of its line.
            entered: when it entered.
            at: now.
            waiting: lines and times of entering, both (N,), of all who wait, itself among them.
            people: (G,) at work, free or busy.
            calibration: see `learned_calibration`.
        """
        can = self.plan.fit > -np.inf
        takers = can[line]
        at_work = float(people @ takers)
        if at_work == 0.0:
            return np.full(len(TOLD_SHARES), np.inf)
        overlap = (can * people) @ takers / np.maximum(can @ people, 1e-9)
        return wait_quantiles(
            TOLD_SHARES,
            ahead=self._ahead(line, entered, *waiting, overlap),
            people=at_work,
            handle_s=float(self.handle_s[takers].mean()),
            leaving=self.left / self.exposure_s,
            overtaking=self._overtaking(line, at, overlap),
            calibration=calibration,
        )

    def _ahead(self, line: int, entered: float, lines: Ints, times: Floats, overlap: Floats) -> float:
        """Contacts that are answered before it: each counts as far as its people could have taken this one.

        Who entered at the same time counts as before it.
        """
        credit = self.plan.credit
        before = times - credit[lines] <= entered - credit[line]
        return max(float(overlap[lines] @ before) - float(overlap[line]), 0.0)

    def _overtaking(self, line: int, at: float, overlap: Floats) -> float:
        """Contacts a second that come later, with so much credit that they are answered before it."""
        start = np.maximum(self.plan.credit - self.plan.credit[line], 0.0)
        rates = self.rate * np.exp((self.rate_at - at) / RECENT_S)
        return float((overlap * rates) @ (start / (start + RECENT_S)))
