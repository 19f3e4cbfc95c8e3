"""A bill beside the one before it, and what there is to say of each line."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


@dataclass(frozen=True, slots=True)
class BilledLine:
    """A line as it was billed, in minor units; `amount_minor` is without tax, `period_until` not in the period."""

    id: UUID
    line: int
    kind: str
    code: str
    words: str
    product: str
    service_id: int | None
    service_ref: str
    device_serial: str
    period_from: date | None
    period_until: date | None
    amount_minor: int
    tax_minor: int

    @property
    def whole_minor(self) -> int:
        """The amount with its tax."""
        return self.amount_minor + self.tax_minor

    @property
    def name(self) -> str:
        """What it is called: the words on the bill, or else its product or code."""
        return self.words or self.product or self.code


@dataclass(frozen=True, slots=True)
class BilledBill:
    """A bill with its lines in order."""

    id: UUID
    customer_id: int
    account_id: int
    number: str
    issued_on: date
    due_on: date | None
    period_from: date | None
    period_until: date | None
    currency: str
    total_minor: int
    carried_minor: int | None
    lines: tuple[BilledLine, ...]


@dataclass(frozen=True, slots=True)
class LatestBill:
    """The latest bill of an account, the one before it, and the totals of the bills until it, the oldest first."""

    bill: BilledBill
    before: BilledBill | None = None
    totals: tuple[tuple[date, int], ...] = ()


@dataclass(frozen=True, slots=True)
class SentBill:
    """A bill in a list of them."""

    id: UUID
    number: str
    issued_on: date
    total_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class ServiceTerms:
    """What the record says of a service: its price a month in minor units, and what a promotion does to it."""

    service_id: int
    plan: str
    since: date | None = None
    until: date | None = None
    price_minor: int | None = None
    promotion_ends_on: date | None = None
    price_after_minor: int | None = None


class Why(StrEnum):
    """Why a line is as it is, or is other than last time."""

    SAME = "same"
    FIRST_BILL = "first_bill"
    PROMOTION_ENDED = "promotion_ended"
    PROMOTION_BEGAN = "promotion_began"
    DISCOUNT_CHANGED = "discount_changed"
    PART_MONTH = "part_month"
    WHOLE_AGAIN = "whole_again"
    PRICE_CHANGED = "price_changed"
    PLAN_CHANGED = "plan_changed"
    NEW_SERVICE = "new_service"
    ENDED = "ended"
    GIVEN_BACK = "given_back"
    CREDIT = "credit"
    ONE_OFF = "one_off"
    USE = "use"
    ONLY_LAST_TIME = "only_last_time"
    MORE_OR_FEWER = "more_or_fewer"
    TAX = "tax"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing of a bill in one sentence.

    `line` is the line of this bill, None for one that stood on the bill before only. `whole_minor` is what it comes to
    with tax, `change_minor` how much more that is than last time.
    """

    why: Why
    text: str
    name: str
    line: BilledLine | None
    whole_minor: int
    change_minor: int

    @property
    def is_change(self) -> bool:
        """Whether it is other than last time."""
        return self.why not in {Why.SAME, Why.FIRST_BILL}


@dataclass(frozen=True, slots=True)
class Explained:
    """A whole bill in words: `headline` says what changed first; what changed most comes first in `sentences`."""

    headline: str
    change_minor: int
    sentences: tuple[Sentence, ...]

    @property
    def changes(self) -> tuple[Sentence, ...]:
        """What is other than last time."""
        return tuple(sentence for sentence in self.sentences if sentence.is_change)
