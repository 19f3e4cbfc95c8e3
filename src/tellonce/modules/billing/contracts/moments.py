"""The kinds of moments that disputes, credits, the watch and corrections leave in a story."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.utils import formats
from django.utils.translation import gettext

from tellonce.kernel.money import Money
from tellonce.modules.billing.contracts.states import CreditReason, DisputeState, finding_words
from tellonce.modules.record.contracts import Group, Headline, Tone, moment_kind


def money(minor: int, currency: str) -> str:
    """An amount as pages say it: '14.99 USD'."""
    return f"{Money(minor, currency)} {currency}"


def parts(*many: str) -> str:
    """The parts that are not empty, with a dot between them."""
    return " · ".join(part for part in many if part)


def _day(on: date | None) -> str:
    return str(formats.date_format(on, "DATE_FORMAT")) if on else ""


class _Kind:
    """What `moment_kind` sets on each class."""

    __slots__ = ()
    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]


@moment_kind("billing.dispute_raised", group=Group.BILLS, tone=Tone.FROM_CUSTOMER)
@dataclass(frozen=True, slots=True)
class DisputeRaised(_Kind):
    """Lines of a bill are said to be wrong; why is the moment's words."""

    dispute_id: int
    what: str
    asked_minor: int
    currency: str
    due_on: date | None = None

    def headline(self) -> Headline:
        """Which line, how much, and by when it is decided."""
        due = gettext("to be decided by %(day)s") % {"day": _day(self.due_on)} if self.due_on else ""
        return Headline(gettext("Charge disputed"), parts(self.what, money(self.asked_minor, self.currency), due))


@moment_kind("billing.dispute_upheld", group=Group.BILLS, tone=Tone.GOOD)
@dataclass(frozen=True, slots=True)
class DisputeUpheld(_Kind):
    """The charge was wrong, all or part of it; why is the moment's words."""

    dispute_id: int
    what: str
    granted_minor: int
    currency: str
    state: str = DisputeState.UPHELD

    def headline(self) -> Headline:
        """How it was decided, and what comes off."""
        partly = self.state == DisputeState.PARTLY
        lead = gettext("Dispute partly upheld") if partly else gettext("Dispute upheld")
        return Headline(lead, parts(self.what, money(self.granted_minor, self.currency)))


@moment_kind("billing.dispute_refused", group=Group.BILLS, tone=Tone.BAD)
@dataclass(frozen=True, slots=True)
class DisputeRefused(_Kind):
    """The charge was right; why is the moment's words."""

    dispute_id: int
    what: str
    asked_minor: int
    currency: str

    def headline(self) -> Headline:
        """That it was not upheld."""
        return Headline(gettext("Dispute not upheld"), parts(self.what, money(self.asked_minor, self.currency)))


@moment_kind("billing.dispute_withdrawn", group=Group.BILLS)
@dataclass(frozen=True, slots=True)
class DisputeWithdrawn(_Kind):
    """Whoever disputed the charge takes it back; why is the moment's words."""

    dispute_id: int
    what: str

    def headline(self) -> Headline:
        """Which one."""
        return Headline(gettext("Dispute withdrawn"), self.what)


def _reason(reason: str) -> str:
    return str(CreditReason(reason).label) if reason in CreditReason.values else reason


@moment_kind("billing.credit_asked", group=Group.BILLS)
@dataclass(frozen=True, slots=True)
class CreditAsked(_Kind):
    """A credit above what its giver may decide alone waits for a second person."""

    credit_id: int
    amount_minor: int
    currency: str
    reason: str

    def headline(self) -> Headline:
        """How much and what for."""
        waits = gettext("waits for a second person")
        return Headline(
            gettext("Credit asked for"), parts(money(self.amount_minor, self.currency), _reason(self.reason), waits)
        )


@moment_kind("billing.credit_granted", group=Group.BILLS, tone=Tone.GOOD)
@dataclass(frozen=True, slots=True)
class CreditGranted(_Kind):
    """A credit is due on the next bill."""

    credit_id: int
    amount_minor: int
    currency: str
    reason: str

    def headline(self) -> Headline:
        """How much and what for."""
        return Headline(gettext("Credit granted"), parts(money(self.amount_minor, self.currency), _reason(self.reason)))


@moment_kind("billing.credit_refused", group=Group.BILLS, tone=Tone.BAD)
@dataclass(frozen=True, slots=True)
class CreditRefused(_Kind):
    """A second person refused the credit; why is the moment's words."""

    credit_id: int
    amount_minor: int
    currency: str

    def headline(self) -> Headline:
        """How much."""
        return Headline(gettext("Credit refused"), money(self.amount_minor, self.currency))


@moment_kind("billing.credit_cancelled", group=Group.BILLS, tone=Tone.BAD)
@dataclass(frozen=True, slots=True)
class CreditCancelled(_Kind):
    """A granted credit was a mistake and is not given; why is the moment's words."""

    credit_id: int
    amount_minor: int
    currency: str

    def headline(self) -> Headline:
        """How much."""
        return Headline(gettext("Credit cancelled"), money(self.amount_minor, self.currency))


@moment_kind("billing.credit_stuck", group=Group.BILLS, tone=Tone.BAD)
@dataclass(frozen=True, slots=True)
class CreditStuck(_Kind):
    """A credit is due, and the account gets no more bills on which it could be."""

    credit_id: int
    amount_minor: int
    currency: str

    def headline(self) -> Headline:
        """How much is still due."""
        waits = gettext("this account gets no more bills")
        return Headline(gettext("A credit is still due"), parts(money(self.amount_minor, self.currency), waits))


@moment_kind("billing.credit_paid_out", group=Group.BILLS, tone=Tone.GOOD)
@dataclass(frozen=True, slots=True)
class CreditPaidOut(_Kind):
    """A credit was given in another way than on a bill; how is the moment's words."""

    credit_id: int
    amount_minor: int
    currency: str

    def headline(self) -> Headline:
        """How much."""
        return Headline(gettext("Credit paid out another way"), money(self.amount_minor, self.currency))


@moment_kind("billing.credit_seen", group=Group.BILLS, tone=Tone.GOOD)
@dataclass(frozen=True, slots=True)
class CreditSeen(_Kind):
    """The promised credit is on a bill."""

    credit_id: int
    amount_minor: int
    currency: str
    bill: str

    def headline(self) -> Headline:
        """How much, on which bill."""
        bill = gettext("on bill %(number)s") % {"number": self.bill}
        return Headline(gettext("Credit arrived"), parts(money(self.amount_minor, self.currency), bill))


@moment_kind("billing.credit_missed", group=Group.BILLS, tone=Tone.BAD)
@dataclass(frozen=True, slots=True)
class CreditMissed(_Kind):
    """The bill that should have had a promised credit has not."""

    credit_id: int
    amount_minor: int
    currency: str
    bill: str

    def headline(self) -> Headline:
        """How much, on which bill."""
        bill = gettext("bill %(number)s") % {"number": self.bill}
        return Headline(gettext("Promised credit is missing"), parts(money(self.amount_minor, self.currency), bill))


@moment_kind("billing.watch_began", group=Group.BILLS)
@dataclass(frozen=True, slots=True)
class WatchBegan(_Kind):
    """Every later bill is checked for this from now on."""

    watch_id: int
    what: str

    def headline(self) -> Headline:
        """What is watched."""
        return Headline(gettext("Watching every later bill"), self.what)


@moment_kind("billing.watch_changed", group=Group.BILLS)
@dataclass(frozen=True, slots=True)
class WatchChanged(_Kind):
    """Something else is watched for from now on; why is the moment's words."""

    watch_id: int
    what: str

    def headline(self) -> Headline:
        """What is watched."""
        return Headline(gettext("What is watched was changed"), self.what)


@moment_kind("billing.watch_ended", group=Group.BILLS, tone=Tone.GOOD)
@dataclass(frozen=True, slots=True)
class WatchEnded(_Kind):
    """It stayed off the bills for as long as it was watched."""

    watch_id: int
    what: str
    bills: int

    def headline(self) -> Headline:
        """What stayed off, for how many bills."""
        return Headline(gettext("Stayed fixed for %(n)d bills") % {"n": self.bills}, self.what)


@moment_kind("billing.charge_came_back", group=Group.BILLS, tone=Tone.BAD)
@dataclass(frozen=True, slots=True)
class ChargeCameBack(_Kind):
    """A charge that was taken off is on a bill that the customer has."""

    watch_id: int
    what: str
    amount_minor: int
    currency: str
    bill: str

    def headline(self) -> Headline:
        """Which one, on which bill."""
        bill = gettext("bill %(number)s") % {"number": self.bill}
        return Headline(
            gettext("A wrong charge came back"), parts(self.what, money(self.amount_minor, self.currency), bill)
        )


@moment_kind("billing.charge_held", group=Group.BILLS, tone=Tone.GOOD)
@dataclass(frozen=True, slots=True)
class ChargeHeld(_Kind):
    """A charge that was taken off would have come back, and was held before the bill was sent."""

    watch_id: int
    what: str
    amount_minor: int
    currency: str
    bill: str

    def headline(self) -> Headline:
        """Which one, on which bill."""
        bill = gettext("bill %(number)s") % {"number": self.bill}
        lead = gettext("A wrong charge was held before the bill was sent")
        return Headline(lead, parts(self.what, money(self.amount_minor, self.currency), bill))


@moment_kind("billing.charge_corrected", group=Group.BILLS, tone=Tone.GOOD)
@dataclass(frozen=True, slots=True)
class ChargeCorrected(_Kind):
    """An error that many had was corrected for this customer too, whether they complained or not."""

    cause_id: int
    what: str
    amount_minor: int
    currency: str

    def headline(self) -> Headline:
        """What, and how much comes back."""
        lead = gettext("We found and corrected an error")
        return Headline(lead, parts(self.what, money(self.amount_minor, self.currency)))


@moment_kind("billing.error_found", group=Group.BILLS, tone=Tone.BAD)
@dataclass(frozen=True, slots=True)
class ErrorFound(_Kind):
    """A check of bills found an error, and a person confirmed it."""

    finding_id: int
    finding: str
    amount_minor: int
    currency: str
    bill: str = ""

    def headline(self) -> Headline:
        """What is wrong, and how much it is about."""
        bill = gettext("bill %(number)s") % {"number": self.bill} if self.bill else ""
        return Headline(
            gettext("We found an error on a bill"),
            parts(finding_words(self.finding), money(self.amount_minor, self.currency), bill),
        )
