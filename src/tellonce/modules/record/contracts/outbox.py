"""What the relay takes from the outbox, and who may hear of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

MESSAGE = "message"
SEND_BY = "send_by"


@dataclass(frozen=True, slots=True)
class Announced:
    """One row of the outbox: what happened, whom it concerns. `body` holds ids, and SEND_BY for a message."""

    id: int
    topics: tuple[str, ...]
    kind: str
    customer_id: int | None
    moment_id: UUID | None
    body: Mapping[str, Any]
    written_at: datetime


class HearsOutbox(Protocol):
    """Somebody the relay tells of every row, in the transaction that takes the rows away.

    It may only defer keyed jobs: the transaction is rolled back and the rows are told again when anything fails.
    """

    def __call__(self, rows: Sequence[Announced]) -> None:
        """Hears of `rows`, oldest first."""
        ...
