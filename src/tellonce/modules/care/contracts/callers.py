"""Who is on the other side, and what may be said to them: the CPNI rules, 47 CFR 64.2003 and 64.2010."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tellonce.modules.care.contracts.words import parts, spoken_time
from tellonce.modules.record.contracts import Channel, Group, Headline, Tone, moment_kind

MOST_TRIES = 3
ASKED_ON = frozenset({Channel.CALL, Channel.CHAT, Channel.TEXT, Channel.SHOP})


class CallerLevel(TextChoices):
    """How sure we are of who it is in a contact; each level allows what the ones before it allow."""

    UNVERIFIED = "unverified", _("Not verified")
    KNOWN = "known", _("Known")
    VERIFIED = "verified", _("Verified")


class CallerWay(TextChoices):
    """How it was found out; only the answers to questions leave a caller merely known."""

    PASSWORD = "password", _("by their password")
    CODE = "code", _("by a code sent to their address of record")
    CALL_BACK = "call_back", _("we called their number of record")
    PHOTO = "photo", _("by a photo id in the shop")
    QUESTIONS = "questions", _("by their number and questions on the account")

    @property
    def level(self) -> CallerLevel:
        """What it is enough for: questions on the account never open call detail (64.2010(b))."""
        return CallerLevel.KNOWN if self is CallerWay.QUESTIONS else CallerLevel.VERIFIED


class AccountChange(TextChoices):
    """What a customer is told of at once when it changes (64.2010(f)), without the new value."""

    PASSWORD = "password", _("the password")
    ADDRESS = "address", _("a phone number or address")


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of who is on the other side of one contact; `tries` are the wrong passwords and codes in it."""

    level: CallerLevel = CallerLevel.UNVERIFIED
    way: str = ""
    at: datetime | None = None
    by_name: str = ""
    tries: int = 0

    @property
    def is_locked(self) -> bool:
        """Whether no password or code is taken any more in this contact."""
        return self.tries >= MOST_TRIES

    @property
    def is_verified(self) -> bool:
        """Whether call detail may be disclosed, and a password set."""
        return self.level == CallerLevel.VERIFIED

    @property
    def how(self) -> str:
        """How it was found out, in words; empty when it was not."""
        return str(CallerWay(self.way).label) if self.way in CallerWay.values else ""

    @property
    def allows(self) -> str:
        """What may be said."""
        match self.level:
            case CallerLevel.VERIFIED:
                return gettext("everything on the account, call detail too")
            case CallerLevel.KNOWN:
                return gettext("the account: services, bills, visits, cases")
            case _:
                return gettext("general talk only: outages in the area, how things work")

    @property
    def withholds(self) -> str:
        """What may not be said; empty when all may."""
        match self.level:
            case CallerLevel.VERIFIED:
                return ""
            case CallerLevel.KNOWN:
                return gettext("No call detail: whom they called, when, how long; no new password.")
            case _:
                return gettext("Nothing from the account, no call detail.")


@dataclass(frozen=True, slots=True)
class Ways:
    """How somebody can be identified in one contact now; an empty text or false is a way that is not open."""

    standing: Standing
    has_password: bool = False
    code_until: datetime | None = None
    mail_of_record: str = ""
    phone_of_record: str = ""
    is_from_record: bool = False
    is_in_shop: bool = False


@moment_kind("care.caller_identified", group=Group.CONTACTS, tone=Tone.GOOD)
@dataclass(frozen=True, slots=True)
class CallerIdentified:
    """It was found out who is on the other side of a contact."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    contact_id: int
    level: str
    way: str

    def headline(self) -> Headline:
        """To which level, and how."""
        level = CallerLevel(self.level).label if self.level in CallerLevel.values else self.level
        how = CallerWay(self.way).label if self.way in CallerWay.values else self.way
        return Headline(gettext("Who it is: %(level)s") % {"level": str(level).lower()}, str(how))


@moment_kind("care.caller_locked", group=Group.CONTACTS, tone=Tone.BAD)
@dataclass(frozen=True, slots=True)
class CallerLocked:
    """Too many wrong passwords or codes in one contact."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    contact_id: int
    tries: int

    def headline(self) -> Headline:
        """That it happened, and how often they tried."""
        tries = gettext("%(n)d wrong passwords or codes in one contact") % {"n": self.tries}
        return Headline(gettext("Could not say who they are"), tries)


@moment_kind("care.caller_code_sent", group=Group.CONTACTS)
@dataclass(frozen=True, slots=True)
class CallerCodeSent:
    """A one-time code is on its way to the address of record; the code itself is kept nowhere."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    contact_id: int
    subject: str
    until: datetime

    def headline(self) -> Headline:
        """By mail, and how long it holds."""
        holds = gettext("holds until %(time)s") % {"time": spoken_time(self.until)}
        return Headline(gettext("Sent a one-time code"), parts(gettext("to the mail address of record"), holds))


@moment_kind("care.caller_password_set", group=Group.RECORD)
@dataclass(frozen=True, slots=True)
class CallerPasswordSet:
    """The customer chose a password, the first or a new one; the moment does not hold it."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    is_first: bool
    way: str

    def headline(self) -> Headline:
        """First or new, and how it was known who asked."""
        lead = gettext("Password set") if self.is_first else gettext("Password changed")
        way = CallerWay(self.way).label if self.way in CallerWay.values else self.way
        return Headline(lead, gettext("verified %(how)s") % {"how": way})
