"""A finding as a check hands it over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class NewFinding:
    """What a check says is wrong: which bill or line of which account, why (`evidence`, JSON values), and its money.

    `amount_minor` is what the customer is out of pocket by it, below zero where it is the provider. `key` makes the
    same finding, found again by a later run, one; without one it is made of bill, line and kind.
    """

    kind: str
    customer_id: int
    account_id: int
    amount_minor: int
    currency: str
    evidence: Mapping[str, Any] = field(default_factory=dict)
    bill_id: UUID | None = None
    charge_id: UUID | None = None
    bill_number: str = ""
    line: int | None = None
    code: str = ""
    issued_on: date | None = None
    key: str = ""

    @property
    def own_key(self) -> str:
        """The key, made where none was given."""
        return self.key or f"{self.account_id}:{self.bill_id}:{self.line or 0}:{self.kind}"[:160]
