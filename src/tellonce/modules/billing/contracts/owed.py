"""What a bill asks for in all: the balance before it, what was paid, what is carried over, and until when it is due."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PaymentSeen:
    """Money that came in for an account, or went back (below zero)."""

    account_id: int
    on: date
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Owed:
    """The account at one bill, in minor units; what nobody said is None, and nothing is made up in its place.

    `paid_before` came in between the bill before and this one, `paid_since` after it (`_on` is the day of the latest).
    `unexplained_minor` is what is carried over beyond the last balance less the payments: 0 where they explain it all.
    """

    last_balance_minor: int | None
    paid_before_minor: int | None
    paid_before_on: date | None
    carried_minor: int | None
    charges_minor: int
    to_pay_minor: int | None
    due_on: date | None
    paid_since_minor: int | None
    paid_since_on: date | None
    unexplained_minor: int | None

    @property
    def left_minor(self) -> int | None:
        """What is still to be paid, where something was paid since."""
        if self.to_pay_minor is None or not self.paid_since_minor:
            return None
        return self.to_pay_minor - self.paid_since_minor
