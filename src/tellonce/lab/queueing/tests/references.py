"""Reads references.csv, and says how far the closed forms are from it."""

import csv
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tellonce.lab.queueing import Measures, queue_measures

FILE = Path(__file__).with_name("references.csv")
ARGUMENTS = ("calls_per_hour", "aht_s", "people", "patience_s", "lines", "answer_within_s")
MEASURES = (
    "p_wait", "service_level", "asa_s", "answered_wait_s", "abandonment", "blocked", "occupancy", "mean_queue",
)  # fmt: skip
LIMIT = 1e-12
EPSILON = float(np.finfo(np.float64).eps)
SMALLEST = Decimal("1e-290")  # below lies the end of float64


@dataclass(frozen=True, slots=True)
class Comparison:
    """One value: its relative error, and the limit of 1e-12 or 16 condition numbers times the machine's precision."""

    place: int
    want: Decimal
    got: float
    condition: float

    @property
    def error(self) -> float:
        if not np.isfinite(self.got):
            return float("inf")
        return float(abs((Decimal(self.got) - self.want) / self.want)) if self.want else abs(self.got)

    @property
    def limit(self) -> float:
        return max(LIMIT, 16 * EPSILON * self.condition)

    def share_of_limit(self) -> float:
        return self.error / self.limit


@dataclass(frozen=True, slots=True)
class Comparisons:
    """All rows of the file, computed once."""

    arguments: dict[str, NDArray[np.float64]]
    rows: list[dict[str, str]]
    computed: Measures

    def of(self, measure: str) -> list[Comparison]:
        """Those of one measure that float64 can hold."""
        got = getattr(self.computed, measure)
        made = (
            Comparison(place, Decimal(row[measure]), float(got[place]), float(row[f"condition_{measure}"]))
            for place, row in enumerate(self.rows)
        )
        return [each for each in made if each.want == 0 or abs(each.want) > SMALLEST]


def comparisons() -> Comparisons:
    """Reads the file and computes every queue in it."""
    with FILE.open(newline="") as file:
        rows = list(csv.DictReader(file))
    arguments = {name: np.array([float(row[name]) for row in rows]) for name in ARGUMENTS}
    return Comparisons(arguments, rows, queue_measures(**arguments))
