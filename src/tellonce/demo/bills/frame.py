"""What all parts of the made-up billing share: columns, chance, days and rounding."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
FOREVER: Final = 1 << 29
NONE: Final = -1
FIRST_MONTH: Final = "2024-01"
_Rows = TypeVar("_Rows", bound=Any)


def half_away(numerator: Ints, denominator: Ints | int) -> Ints:
    """The quotient to the nearest whole number, halves away from zero."""
    under: Ints = np.asarray(denominator, dtype=np.int64)
    over: Ints = 2 * np.abs(numerator) + under
    whole: Ints = over // (2 * under)
    signed: Ints = np.sign(numerator) * whole
    return signed


def taken(rows: _Rows, which: Ints | Flags) -> _Rows:
    """These rows of a dataclass of columns."""
    taken_rows: _Rows = replace(rows, **{each.name: getattr(rows, each.name)[which] for each in fields(rows)})
    return taken_rows


def joined(parts: Sequence[_Rows]) -> _Rows:
    """The rows of several such dataclasses, one after the other."""
    names = [each.name for each in fields(parts[0])]
    return replace(parts[0], **{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


@dataclass(frozen=True, slots=True)
class Calendar:
    """The first days of the months that are billed, and of the one after, in days since 1970."""

    firsts: Ints

    @classmethod
    def of(cls, months: int) -> "Calendar":
        """So many months from the first."""
        first = np.datetime64(FIRST_MONTH, "M")
        return cls((first + np.arange(months + 1)).astype("datetime64[D]").astype(np.int64))

    @property
    def months(self) -> int:
        """How many are billed."""
        return len(self.firsts) - 1


@dataclass(frozen=True, slots=True)
class Chance:
    """A stream of chance; what is odd happens as often as asked, what is ordinary always the same."""

    rng: np.random.Generator
    oddities: float = 1.0

    def some(self, count: int, share: float) -> Flags:
        """Which of so many, each with this probability."""
        return self.rng.random(count) < share

    def odd(self, count: int, share: float) -> Flags:
        """As `some`, of an oddity."""
        return self.rng.random(count) < min(0.6, share * self.oddities)

    def whole(self, low: Ints | int, high: Ints | int, count: int) -> Ints:
        """Whole numbers from `low` up to below `high` (at least `low`)."""
        high = np.maximum(np.asarray(low) + 1, high)
        return self.rng.integers(low, high, count, dtype=np.int64)

    def one_of(self, values: Sequence[int], count: int, weights: Sequence[float] | None = None) -> Ints:
        """Values out of a few."""
        return self.rng.choice(np.asarray(values, dtype=np.int64), count, p=weights)
