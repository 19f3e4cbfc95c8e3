"""The kinds of moments that cases leave in a story."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.utils.translation import gettext, ngettext

from tellonce.modules.care.contracts.states import LinkKind, WaitingOn
from tellonce.modules.care.contracts.words import parts, spoken_time
from tellonce.modules.record.contracts import Group, Headline, Tone, moment_kind


@moment_kind("care.case_opened", group=Group.CONTACTS)
@dataclass(frozen=True, slots=True)
class CaseOpened:
    """A problem that somebody owns from now on."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    case_id: int
    title: str
    owner: str = ""
    asked_by: str = ""

    def headline(self) -> Headline:
        """What, and who owns it."""
        owner = gettext("with %(owner)s") % {"owner": self.owner} if self.owner else ""
        asked = gettext("asked by %(department)s") % {"department": self.asked_by} if self.asked_by else ""
        return Headline(gettext("Case opened"), parts(self.title, owner, asked))


@moment_kind("care.case_waiting", group=Group.CONTACTS)
@dataclass(frozen=True, slots=True)
class CaseWaiting:
    """A case waits for somebody, perhaps until a time."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    case_id: int
    title: str
    waiting_on: str
    until: datetime | None = None

    def headline(self) -> Headline:
        """For whom, until when."""
        whom = WaitingOn(self.waiting_on).label if self.waiting_on in WaitingOn.values else self.waiting_on
        lead = gettext("Case waits for %(whom)s") % {"whom": whom}
        until = gettext("until %(time)s") % {"time": spoken_time(self.until)} if self.until else ""
        return Headline(lead, parts(self.title, until))


@moment_kind("care.case_resumed", group=Group.CONTACTS)
@dataclass(frozen=True, slots=True)
class CaseResumed:
    """A waiting case is being worked on again, by hand or because its time came."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    case_id: int
    title: str
    by_itself: bool = False

    def headline(self) -> Headline:
        """That it is open again."""
        why = gettext("the waiting time is over") if self.by_itself else ""
        return Headline(gettext("Case taken up again"), parts(self.title, why))


@moment_kind("care.case_owned", group=Group.CONTACTS)
@dataclass(frozen=True, slots=True)
class CaseOwned:
    """Somebody else owns the case from now on."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    case_id: int
    title: str
    owner: str

    def headline(self) -> Headline:
        """Who."""
        return Headline(gettext("Case now with %(owner)s") % {"owner": self.owner}, self.title)


@moment_kind("care.case_solved", group=Group.CONTACTS, tone=Tone.GOOD)
@dataclass(frozen=True, slots=True)
class CaseSolved:
    """The problem is gone; how is the moment's words."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    case_id: int
    title: str

    def headline(self) -> Headline:
        """What was solved."""
        return Headline(gettext("Solved"), self.title)


@moment_kind("care.case_closed", group=Group.CONTACTS)
@dataclass(frozen=True, slots=True)
class CaseClosed:
    """A solved case stayed solved, and is put away."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    case_id: int
    title: str

    def headline(self) -> Headline:
        """What was closed."""
        return Headline(gettext("Case closed"), self.title)


@moment_kind("care.case_reopened", group=Group.CONTACTS, tone=Tone.BAD)
@dataclass(frozen=True, slots=True)
class CaseReopened:
    """What was said to be solved was not; the reason is the moment's words."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    case_id: int
    title: str
    times: int = 1

    def headline(self) -> Headline:
        """What came back, and how often."""
        times = ngettext("once", "%(n)d times", self.times) % {"n": self.times}
        return Headline(gettext("Case reopened"), parts(self.title, times if self.times > 1 else ""))


@moment_kind("care.case_merged", group=Group.CONTACTS)
@dataclass(frozen=True, slots=True)
class CaseMerged:
    """Two cases were one problem."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    case_id: int
    title: str
    into_id: int
    into_title: str

    def headline(self) -> Headline:
        """Which went into which."""
        into = gettext("into: %(title)s") % {"title": self.into_title}
        return Headline(gettext("Case merged"), parts(self.title, into))


@moment_kind("care.case_split", group=Group.CONTACTS)
@dataclass(frozen=True, slots=True)
class CaseSplit:
    """One case was two problems."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    case_id: int
    title: str
    from_id: int
    from_title: str

    def headline(self) -> Headline:
        """What became a case of its own."""
        origin = gettext("from: %(title)s") % {"title": self.from_title}
        return Headline(gettext("Case split"), parts(self.title, origin))


@moment_kind("care.case_linked", group=Group.CONTACTS)
@dataclass(frozen=True, slots=True)
class CaseLinked:
    """Two cases belong together."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    case_id: int
    title: str
    other_id: int
    other_title: str
    link: str

    def headline(self) -> Headline:
        """How they belong together."""
        link = LinkKind(self.link).label if self.link in LinkKind.values else self.link
        return Headline(gettext("Cases linked"), f"{self.title} · {link}: {self.other_title}")


@moment_kind("care.case_set_apart", group=Group.CONTACTS)
@dataclass(frozen=True, slots=True)
class CaseSetApart:
    """A case is no longer part of a larger one."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    case_id: int
    title: str
    parent_id: int
    parent_title: str

    def headline(self) -> Headline:
        """Of what it was part."""
        return Headline(gettext("Case stands by itself"), f"{self.title} · {self.parent_title}")
