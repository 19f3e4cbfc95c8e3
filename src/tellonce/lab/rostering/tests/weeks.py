"""Small weeks for the tests."""

import numpy as np

from tellonce.lab.rostering import Break, Contract, Requirement, ShiftType, Team

DAY = ShiftType("8 h", 480, 420, 720, 60, (Break(15, 90, 150), Break(30, 210, 270, paid=False), Break(15, 345, 405)))
HALF = ShiftType("4 h", 240, 420, 960, 60, (Break(15, 90, 150),))
FULL = Contract("full time", (DAY,), 5, 5, 2250, 2250, days_off_together=2)
MIXED = Contract("mixed", (DAY, HALF), 4, 5, 1300, 1800, start_spread_min=180)
TEAMS = (
    Team("bills", FULL, ("bills",), 5, "Reno"),
    Team("faults", FULL, ("faults",), 3, "Reno"),
    Team("both", MIXED, ("bills", "faults"), 4, "Boise"),
)


def requirement(seed: int = 3, *, most: int = 4) -> Requirement:
    """Two skills, hours from 7 to 20, more at mid-morning than else."""
    rng = np.random.default_rng(seed)
    hour = (np.arange(96) + 0.5) / 4
    shape = np.where((hour > 7) & (hour < 20), np.exp(-(((hour - 11) / 4) ** 2)), 0.0)
    people = np.round(most * shape * rng.uniform(0.4, 1.0, (2, 7, 1))).astype(np.int64)
    open_at = np.broadcast_to((hour > 7) & (hour < 20), (7, 96)).copy()
    return Requirement(("bills", "faults"), people, rng.uniform(0.5, 2.0, people.shape), open_at)
