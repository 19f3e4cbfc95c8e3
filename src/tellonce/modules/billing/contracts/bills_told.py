"""Bills as the story tells them."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.utils.translation import gettext

from tellonce.kernel.money import Money
from tellonce.modules.record.contracts import Group, Headline, Tone, moment_kind


@dataclass(frozen=True, slots=True)
class BillTold:
    """A bill that was sent, for its customer's story."""

    customer_id: int
    number: str
    issued_on: date
    due_on: date | None
    total_minor: int
    currency: str


@moment_kind("billing.bill_issued", group=Group.BILLS)
@dataclass(frozen=True, slots=True)
class BillIssued:
    """A bill was sent; its total is in minor units."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    number: str
    total_minor: int = 0
    currency: str = ""
    due_on: date | None = None

    def headline(self) -> Headline:
        """That there is a bill, and what it comes to."""
        total = f"{Money(self.total_minor, self.currency)} {self.currency}"
        return Headline(gettext("Bill %(number)s") % {"number": self.number}, total)


@moment_kind("billing.bill_withdrawn", group=Group.BILLS)
@dataclass(frozen=True, slots=True)
class BillWithdrawn:
    """The billing system took a bill back."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    number: str

    def headline(self) -> Headline:
        """Which bill."""
        return Headline(gettext("Bill withdrawn"), self.number)
