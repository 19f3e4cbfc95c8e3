"""The kinds of moments that promises leave in a story."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.utils.translation import gettext

from tellonce.modules.care.contracts.states import PromiseKind
from tellonce.modules.care.contracts.words import parts, spoken_time
from tellonce.modules.record.contracts import Group, Headline, Tone, moment_kind
from tellonce.webkit import times


@moment_kind("care.promise_made", group=Group.PROMISES)
@dataclass(frozen=True, slots=True)
class PromiseMade:
    """Somebody committed themselves."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    promise_id: int
    promise_kind: str
    what: str
    due_at: datetime
    owner: str = ""

    def headline(self) -> Headline:
        """What, by when, by whom."""
        named = self.promise_kind in PromiseKind.values and self.promise_kind != PromiseKind.OTHER
        label = str(PromiseKind(self.promise_kind).label) if named else ""
        says_so = self.what.casefold().startswith(label.casefold())
        what = self.what if says_so else f"{label}: {self.what}"
        return Headline(
            gettext("Promised"), parts(what, gettext("by %(time)s") % {"time": spoken_time(self.due_at)}, self.owner)
        )


@moment_kind("care.promise_kept", group=Group.PROMISES, tone=Tone.GOOD)
@dataclass(frozen=True, slots=True)
class PromiseKept:
    """A promise was kept in time."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    promise_id: int
    what: str

    def headline(self) -> Headline:
        """What was kept."""
        return Headline(gettext("Promise kept"), self.what)


@moment_kind("care.promise_broken", group=Group.PROMISES, tone=Tone.BAD)
@dataclass(frozen=True, slots=True)
class PromiseBroken:
    """The due time passed and nothing was done."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    promise_id: int
    what: str
    due_at: datetime

    def headline(self) -> Headline:
        """What was broken."""
        return Headline(
            gettext("Promise broken"),
            parts(self.what, gettext("was due %(time)s") % {"time": spoken_time(self.due_at)}),
        )


@moment_kind("care.promise_kept_late", group=Group.PROMISES)
@dataclass(frozen=True, slots=True)
class PromiseKeptLate:
    """A broken promise was done after all."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    promise_id: int
    what: str
    late_s: int

    def headline(self) -> Headline:
        """What, and how late."""
        late = gettext("%(time)s late") % {"time": times.lasted(self.late_s)}
        return Headline(gettext("Done late"), parts(self.what, late))


@moment_kind("care.promise_owned_up", group=Group.PROMISES)
@dataclass(frozen=True, slots=True)
class PromiseOwnedUp:
    """We told the customer that we broke our word; what was said is the moment's words."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    promise_id: int
    what: str
    within_hour: bool = True

    def headline(self) -> Headline:
        """What was owned up to, and whether within the hour."""
        late = "" if self.within_hour else gettext("later than within the hour")
        return Headline(gettext("Owned up"), parts(self.what, late))


@moment_kind("care.promise_withdrawn", group=Group.PROMISES)
@dataclass(frozen=True, slots=True)
class PromiseWithdrawn:
    """The customer agreed that the promise need not be kept; how they said so is the moment's words."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    promise_id: int
    what: str

    def headline(self) -> Headline:
        """What is no longer promised."""
        return Headline(gettext("Promise withdrawn"), parts(self.what, gettext("the customer agreed")))
