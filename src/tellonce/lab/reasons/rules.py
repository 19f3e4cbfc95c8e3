"""A baseline without learning: base rates times what each fact is known to do, as in a hazard model set by hand."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Where a feature holds, matters whose code begins so are this many times as likely.
MULTIPLIERS: Final[tuple[tuple[str, str, float], ...]] = (
    ("outage_now_lost", "outage", 30.0),
    ("outage_now_lost", "internet.down", 20.0),
    ("outage_now_degraded", "internet", 5.0),
    ("outage_now_degraded", "outage", 12.0),
    ("outage_over_0_0.13", "outage", 12.0),
    ("outage_over_0.13_0.5", "outage.credit", 12.0),
    ("outage_over_0.5_1.5", "outage.credit", 10.0),
    ("outage_over_1.5_4", "outage.credit", 6.0),
    ("bill_0_2", "billing", 2.0),
    ("bill_2_5", "billing", 2.0),
    ("first_bill", "billing.first_bill", 30.0),
    ("dearer_bill", "billing.raise", 15.0),
    ("promotion_ahead_0_10", "billing.raise", 4.0),
    ("not_connected_yet", "order.status", 25.0),
    ("not_connected_yet", "visit", 10.0),
    ("newest_service_0_2", "internet.device", 15.0),
    ("newest_service_2_5", "internet.device", 8.0),
    ("moved_0_3", "internet.device", 8.0),
    ("moved_3_10", "billing.wrong", 4.0),
    ("moved_10_30", "billing.wrong", 4.0),
    ("changed_and_billed", "billing.wrong", 4.0),
    ("left", "equipment.return", 40.0),
    ("left", "billing.wrong", 4.0),
    ("modem_old", "internet.drops", 1.6),
    ("broken_visit", "visit", 10.0),
)
OPEN_CASE: Final = 30.0
SOLVED_LATELY: Final = 4.0
SPOKEN_OF: Final = 8.0


class RulesModel:
    """Base rates by matter, and the multipliers above for what holds."""

    def __init__(self, classes: Sequence[int], rates: Floats, names: Sequence[str], codes: Mapping[int, str]) -> None:
        self.classes, self.rates = tuple(classes), rates
        self._log_lift = np.zeros((len(names), len(classes)))
        place = {name: number for number, name in enumerate(names)}
        for feature, begins, times in MULTIPLIERS:
            for number, matter in enumerate(classes):
                if codes.get(matter, "").startswith(begins):
                    self._log_lift[place[feature], number] += np.log(times)
        for number, matter in enumerate(classes):
            self._log_lift[place[f"open_case:{matter}"], number] = np.log(OPEN_CASE)
            self._log_lift[place[f"solved_lately:{matter}"], number] = np.log(SOLVED_LATELY)
            self._log_lift[place[f"spoken_of_days:{matter}"], number] = np.log(SPOKEN_OF)

    def probabilities(self, rows: Floats) -> Floats:
        """(n, classes) for (n, features)."""
        lifted = self.rates * np.exp(rows @ self._log_lift)
        shares: Floats = lifted / lifted.sum(axis=1, keepdims=True)
        return shares
