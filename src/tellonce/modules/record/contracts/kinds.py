"""The kinds of moments that the record tells."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.utils.translation import gettext

from tellonce.kernel.money import Money
from tellonce.modules.record.contracts.moments import Group, Headline, Tone, moment_kind
from tellonce.modules.record.contracts.words import ContactPointKind, FlagKind, ServiceStatus


class _Kind:
    """What `moment_kind` sets on each class."""

    __slots__ = ()
    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]


def _changed(before: str, after: str) -> str:
    if before and after:
        return gettext("%(before)s, now %(after)s") % {"before": before, "after": after}
    return after or before


def _price(minor: int | None, currency: str) -> str:
    return "" if minor is None else f"{Money(minor, currency)} {currency}"


@moment_kind("record.customer_added", group=Group.RECORD)
@dataclass(frozen=True, slots=True)
class CustomerAdded(_Kind):
    """A customer was entered or imported."""

    name: str = ""
    source: str = ""

    def headline(self) -> Headline:
        """In one line."""
        return Headline(gettext("Became a customer"), self.name)


@moment_kind("record.customer_renamed", group=Group.RECORD)
@dataclass(frozen=True, slots=True)
class CustomerRenamed(_Kind):
    """The customer's name changed."""

    before: str = ""
    after: str = ""

    def headline(self) -> Headline:
        """In one line."""
        return Headline(gettext("Name changed"), _changed(self.before, self.after))


@moment_kind("record.customer_changed", group=Group.RECORD)
@dataclass(frozen=True, slots=True)
class CustomerChanged(_Kind):
    """An import brought other values than before; `fields` names them, separated by commas."""

    fields: str = ""

    def headline(self) -> Headline:
        """In one line."""
        return Headline(gettext("Record updated by an import"), self.fields)


@moment_kind("record.import_undone", group=Group.RECORD)
@dataclass(frozen=True, slots=True)
class ImportUndone(_Kind):
    """An import was undone, and what the corrected moment tells holds no longer; `now` is what holds again.

    Nothing holds again where the import had added the thing itself.
    """

    now: str = ""

    def headline(self) -> Headline:
        """In one line."""
        return Headline(gettext("Taken back: an import was undone"), self.now)


@moment_kind("record.customer_left", group=Group.RECORD, tone=Tone.BAD)
@dataclass(frozen=True, slots=True)
class CustomerLeft(_Kind):
    """The customer is none any more."""

    on: date | None = None

    def headline(self) -> Headline:
        """In one line."""
        return Headline(gettext("Left us"))


@moment_kind("record.customer_returned", group=Group.RECORD, tone=Tone.GOOD)
@dataclass(frozen=True, slots=True)
class CustomerReturned(_Kind):
    """A customer who had left is back."""

    left_on: date | None = None

    def headline(self) -> Headline:
        """In one line."""
        return Headline(gettext("Came back"))


@moment_kind("record.account_added", group=Group.RECORD)
@dataclass(frozen=True, slots=True)
class AccountAdded(_Kind):
    """An account was opened."""

    account_id: int
    number: str = ""

    def headline(self) -> Headline:
        """In one line."""
        return Headline(gettext("Account opened"), self.number)


@moment_kind("record.person_added", group=Group.RECORD)
@dataclass(frozen=True, slots=True)
class PersonAdded(_Kind):
    """Somebody may now speak for the customer."""

    person_id: int
    name: str = ""
    authority: str = ""

    def headline(self) -> Headline:
        """In one line."""
        return Headline(gettext("May speak for the customer"), self.name)


@moment_kind("record.person_ended", group=Group.RECORD)
@dataclass(frozen=True, slots=True)
class PersonEnded(_Kind):
    """Somebody may no longer speak for the customer."""

    person_id: int
    name: str = ""

    def headline(self) -> Headline:
        """In one line."""
        return Headline(gettext("May no longer speak for the customer"), self.name)


@moment_kind("record.contact_point_added", group=Group.RECORD)
@dataclass(frozen=True, slots=True)
class ContactPointAdded(_Kind):
    """A phone number or address was added."""

    contact_point_id: int
    point_kind: str = ""
    value: str = ""

    def headline(self) -> Headline:
        """In one line."""
        if self.point_kind == ContactPointKind.PHONE:
            return Headline(gettext("Phone number added"), self.value)
        if self.point_kind == ContactPointKind.MAIL:
            return Headline(gettext("Mail address added"), self.value)
        return Headline(gettext("Postal address added"), self.value)


@moment_kind("record.contact_point_ended", group=Group.RECORD)
@dataclass(frozen=True, slots=True)
class ContactPointEnded(_Kind):
    """A phone number or address is no longer theirs."""

    contact_point_id: int
    point_kind: str = ""
    value: str = ""

    def headline(self) -> Headline:
        """In one line."""
        return Headline(gettext("No longer reached at"), self.value)


@moment_kind("record.moved_in", group=Group.RECORD)
@dataclass(frozen=True, slots=True)
class MovedIn(_Kind):
    """The customer moved into a premise."""

    premise_id: int
    place: str = ""
    since: date | None = None

    def headline(self) -> Headline:
        """In one line."""
        return Headline(gettext("Moved in"), self.place)


@moment_kind("record.moved_out", group=Group.RECORD)
@dataclass(frozen=True, slots=True)
class MovedOut(_Kind):
    """The customer moved out of a premise."""

    premise_id: int
    place: str = ""
    until: date | None = None

    def headline(self) -> Headline:
        """In one line."""
        return Headline(gettext("Moved out"), self.place)


@moment_kind("record.service_added", group=Group.RECORD, tone=Tone.GOOD)
@dataclass(frozen=True, slots=True)
class ServiceAdded(_Kind):
    """A service began, or was ordered."""

    service_id: int
    plan: str = ""
    price_minor: int | None = None
    currency: str = ""
    status: str = ""
    since: date | None = None

    def headline(self) -> Headline:
        """In one line."""
        lead = gettext("Service ordered") if self.status == ServiceStatus.ORDERED else gettext("Service began")
        return Headline(lead, " · ".join(part for part in (self.plan, _price(self.price_minor, self.currency)) if part))


@moment_kind("record.service_changed", group=Group.RECORD)
@dataclass(frozen=True, slots=True)
class ServiceChanged(_Kind):
    """Plan, price, promotion or status of a service changed; what stayed is the same before and after."""

    service_id: int
    plan_before: str = ""
    plan: str = ""
    price_before_minor: int | None = None
    price_minor: int | None = None
    currency: str = ""
    status_before: str = ""
    status: str = ""
    promotion_before: date | None = None
    promotion_ends_on: date | None = None
    price_after_promotion_before_minor: int | None = None
    price_after_promotion_minor: int | None = None

    def headline(self) -> Headline:
        """In one line: what is different now."""
        parts = [self.plan]
        if self.plan != self.plan_before:
            parts = [_changed(self.plan_before, self.plan)]
        if self.price_minor != self.price_before_minor:
            before = _price(self.price_before_minor, self.currency)
            parts.append(_changed(before, _price(self.price_minor, self.currency)))
        if self.status != self.status_before:
            parts.append(str(ServiceStatus(self.status).label))
        return Headline(gettext("Service changed"), " · ".join(part for part in parts if part))


@moment_kind("record.service_ended", group=Group.RECORD, tone=Tone.BAD)
@dataclass(frozen=True, slots=True)
class ServiceEnded(_Kind):
    """A service ended."""

    service_id: int
    plan: str = ""
    until: date | None = None
    reason: str = ""

    def headline(self) -> Headline:
        """In one line."""
        return Headline(gettext("Service ended"), " · ".join(part for part in (self.plan, self.reason) if part))


@moment_kind("record.device_added", group=Group.RECORD)
@dataclass(frozen=True, slots=True)
class DeviceAdded(_Kind):
    """A device came to the customer."""

    device_id: int
    what: str = ""
    serial: str = ""

    def headline(self) -> Headline:
        """In one line."""
        return Headline(gettext("Device added"), " · ".join(part for part in (self.what, self.serial) if part))


@moment_kind("record.device_ended", group=Group.RECORD)
@dataclass(frozen=True, slots=True)
class DeviceEnded(_Kind):
    """A device left the customer."""

    device_id: int
    what: str = ""
    serial: str = ""

    def headline(self) -> Headline:
        """In one line."""
        return Headline(gettext("Device gone"), " · ".join(part for part in (self.what, self.serial) if part))


@moment_kind("record.flag_set", group=Group.RECORD)
@dataclass(frozen=True, slots=True)
class FlagSet(_Kind):
    """Something that everyone must know before they act."""

    flag_id: int
    flag: str = ""
    reason: str = ""

    def headline(self) -> Headline:
        """In one line."""
        label = str(FlagKind(self.flag).label) if self.flag in FlagKind.values else self.flag
        return Headline(gettext("Flag set: %(flag)s") % {"flag": label}, self.reason)


@moment_kind("record.flag_ended", group=Group.RECORD)
@dataclass(frozen=True, slots=True)
class FlagEnded(_Kind):
    """A flag holds no longer."""

    flag_id: int
    flag: str = ""

    def headline(self) -> Headline:
        """In one line."""
        label = str(FlagKind(self.flag).label) if self.flag in FlagKind.values else self.flag
        return Headline(gettext("Flag ended: %(flag)s") % {"flag": label})


@moment_kind("record.customers_merged", group=Group.RECORD)
@dataclass(frozen=True, slots=True)
class CustomersMerged(_Kind):
    """Two customers were one."""

    merge_id: int
    other_id: int
    other_name: str = ""

    def headline(self) -> Headline:
        """In one line."""
        return Headline(gettext("Was here twice, is now one customer with"), self.other_name or str(self.other_id))


@moment_kind("record.merge_undone", group=Group.RECORD)
@dataclass(frozen=True, slots=True)
class MergeUndone(_Kind):
    """A merge was undone."""

    merge_id: int
    other_id: int
    other_name: str = ""

    def headline(self) -> Headline:
        """In one line."""
        return Headline(gettext("Is a customer apart again from"), self.other_name or str(self.other_id))


@moment_kind("record.customer_split", group=Group.RECORD)
@dataclass(frozen=True, slots=True)
class CustomerWasSplit(_Kind):
    """One customer was two; told to both."""

    split_id: int
    other_id: int
    other_name: str = ""

    def headline(self) -> Headline:
        """In one line."""
        return Headline(gettext("Was two customers in one, is now apart from"), self.other_name or str(self.other_id))


@moment_kind("record.split_undone", group=Group.RECORD)
@dataclass(frozen=True, slots=True)
class SplitUndone(_Kind):
    """A split was undone."""

    split_id: int
    other_id: int

    def headline(self) -> Headline:
        """In one line."""
        return Headline(gettext("Is one customer again"))


@moment_kind("record.customer_exported", group=Group.RECORD)
@dataclass(frozen=True, slots=True)
class CustomerExported(_Kind):
    """Everything about the customer was handed out."""

    reason: str = ""

    def headline(self) -> Headline:
        """In one line."""
        return Headline(gettext("Everything we hold about them was handed out"), self.reason)


@moment_kind("record.customer_erased", group=Group.RECORD)
@dataclass(frozen=True, slots=True)
class CustomerErased(_Kind):
    """The person was erased; counts and times stayed."""

    moments: int = 0

    def headline(self) -> Headline:
        """In one line."""
        return Headline(gettext("Personal data erased"))
