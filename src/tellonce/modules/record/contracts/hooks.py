"""What the record starts in the modules above it, as Protocols; `config/privacy.py` lists who provides them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, runtime_checkable


@runtime_checkable
class PersonalData(Protocol):
    """A module that keeps something about customers; usually the module `<module>.actions` itself.

    All three run in the record's transaction; `customer_ids` are all ids that read as one customer.
    """

    def personal_data(self, customer_ids: Sequence[int]) -> dict[str, Any]:
        """Everything kept about these customers, as values that JSON can hold (dates and times as ISO text)."""
        ...

    def forget(self, customer_ids: Sequence[int], *, at: datetime) -> None:
        """Loses the person: names, words, addresses and files go, counts and times stay. Safe to run twice."""
        ...

    def merged(self, *, loser_id: int, winner_id: int, at: datetime) -> None:
        """`loser_id` reads as `winner_id` from now on (also called with the two exchanged when that is undone)."""
        ...


@runtime_checkable
class Expiring(Protocol):
    """A module that keeps something with a retention period (see RetentionKind)."""

    def expire(self, *, kind: str, before: datetime) -> int:
        """Deletes what is of `kind` (0 for a kind that it does not keep) and older than `before`; how many."""
        ...


@runtime_checkable
class Owning(Protocol):
    """A module whose rows a split may give to the new customer."""

    def owned(self, *, about: str, ids: Sequence[int], customer_ids: Sequence[int]) -> frozenset[int]:
        """Those of `ids`, rows of type `about`, that read as these customers'; none of a type that it does not keep."""
        ...


@dataclass(frozen=True, slots=True)
class Erased:
    """A customer whose personal data was erased, without a word of the person.

    The time at which the customer was entered tells it from another one with the same id after a restore.
    """

    customer_id: int
    customer_created_at: datetime
    at: datetime
    by_id: int | None
    by_name: str
