"""A row that was read, and what a loader is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from tellonce.intake.contracts import Problem

Thing = TypeVar("Thing")
Done = tuple[int, int, int]
"""Rows added, changed, unchanged."""


@dataclass(frozen=True, slots=True)
class Read(Generic[Thing]):
    """What one row holds, the line it began on, and the digest by which the row is known again (or nothing)."""

    line: int
    thing: Thing
    mark: str = ""


class Loader(Protocol[Thing]):
    """Loads one kind of thing, in the caller's transaction."""

    def prepare(self, batch: Sequence[Read[Thing]]) -> list[Problem]:
        """Makes what the batch needs, and says what of it does not fit what is there already."""
        ...

    def load(self, batch: Sequence[Read[Thing]]) -> Done:
        """Loads the batch."""
        ...

    def notes(self) -> list[str]:
        """What whoever imports should know, though it stands in the way of nothing."""
        ...
