"""The kinds of moments that contacts, hand-overs, notes and messages leave in a story."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext, ngettext

from tellonce.modules.care.contracts.words import about, parts
from tellonce.modules.record.contracts import Channel, Direction, Group, Headline, Tone, moment_kind
from tellonce.webkit import times

_NAMED_FROM_S = 60
_FROM = {
    Channel.CALL: lambda: gettext("Called"),
    Channel.MAIL: lambda: gettext("Wrote a mail"),
    Channel.CHAT: lambda: gettext("Chatted"),
    Channel.TEXT: lambda: gettext("Sent a text"),
    Channel.SOCIAL: lambda: gettext("Posted in public"),
    Channel.LETTER: lambda: gettext("Wrote a letter"),
    Channel.SHOP: lambda: gettext("Came to the shop"),
    Channel.VISIT: lambda: gettext("Spoke at a visit"),
    Channel.PORTAL: lambda: gettext("Wrote on the portal"),
}
_TO = {
    Channel.CALL: lambda: gettext("We called"),
    Channel.MAIL: lambda: gettext("We wrote a mail"),
    Channel.CHAT: lambda: gettext("We opened a chat"),
    Channel.TEXT: lambda: gettext("We sent a text"),
    Channel.SOCIAL: lambda: gettext("We answered in public"),
    Channel.LETTER: lambda: gettext("We wrote a letter"),
    Channel.SHOP: lambda: gettext("Met in the shop"),
    Channel.VISIT: lambda: gettext("We came by"),
    Channel.PORTAL: lambda: gettext("We wrote on the portal"),
}


@moment_kind("care.contact_began", group=Group.CONTACTS, tone=Tone.FROM_CUSTOMER)
@dataclass(frozen=True, slots=True)
class ContactBegan:
    """A conversation began; the customer's first words are the moment's words."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    contact_id: int
    channel: str
    direction: str = Direction.FROM
    said_name: str = ""
    matter: str = ""

    def headline(self) -> Headline:
        """Who reached out, and how."""
        table = _TO if self.direction == Direction.TO else _FROM
        say = table.get(Channel(self.channel)) if self.channel in Channel.values else None
        lead = say() if say else gettext("Was in touch")
        return Headline(lead, parts(about(self.matter), self.said_name))


@moment_kind("care.contact_ended", group=Group.CONTACTS)
@dataclass(frozen=True, slots=True)
class ContactEnded:
    """A conversation ended; a note about it is the moment's words. An empty `taken_by` says nobody answered.

    Where a wait was told, `told_low_min` to `told_high_min` is what was said (None for no end), and `told_kept` whether
    it was true; None where that cannot be known, as they hung up before.
    """

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    contact_id: int
    channel: str
    matter: str = ""
    taken_by: str = ""
    waited_s: int | None = None
    lasted_s: int | None = None
    told_low_min: int | None = None
    told_high_min: int | None = None
    told_kept: bool | None = None

    def headline(self) -> Headline:
        """How it went: about what, with whom, how long, after what wait and what was told of it."""
        waited = (
            gettext("waited %(time)s") % {"time": times.lasted(self.waited_s)}
            if self.waited_s and self.waited_s >= _NAMED_FROM_S
            else ""
        )
        lead = gettext("Conversation ended") if self.taken_by else gettext("Ended before anyone answered")
        lasted = times.lasted(self.lasted_s) if self.lasted_s else ""
        return Headline(lead, parts(about(self.matter), self.taken_by, lasted, waited, self._told()))

    def _told(self) -> str:
        n = self.told_high_min
        if self.told_low_min is None:
            return ""
        if n is None:
            told = gettext("was told more than an hour")
        elif self.told_low_min == 0:
            told = gettext("was told less than a minute")
        elif self.told_low_min == n:
            told = ngettext("was told about %(n)d minute", "was told about %(n)d minutes", n) % {"n": n}
        else:
            told = gettext("was told %(low)d to %(high)d minutes") % {"low": self.told_low_min, "high": n}
        return parts(told, gettext("it took longer")) if self.told_kept is False else told


@moment_kind("care.contact_corrected", group=Group.CONTACTS)
@dataclass(frozen=True, slots=True)
class ContactCorrected:
    """What is known of a contact changed afterwards (its matter, or what another system sent again)."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    contact_id: int
    matter: str = ""

    def headline(self) -> Headline:
        """What it is now said to be about."""
        return Headline(gettext("Put right"), about(self.matter))


@moment_kind("care.contact_matched", group=Group.RECORD)
@dataclass(frozen=True, slots=True)
class ContactMatched:
    """A contact that named no customer was found to be this customer's."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    contact_id: int
    rule: str = ""

    def headline(self) -> Headline:
        """How it was found."""
        how = gettext("by the number or address it came from") if self.rule else gettext("by hand")
        return Headline(gettext("Contact matched"), how)


@moment_kind("care.contact_unmatched", group=Group.RECORD)
@dataclass(frozen=True, slots=True)
class ContactUnmatched:
    """A contact in this story was somebody else's."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    contact_id: int

    def headline(self) -> Headline:
        """That it does not belong here."""
        return Headline(gettext("A contact here was somebody else's"), gettext("it was moved to their story"))


@moment_kind("care.told_again", group=Group.CONTACTS, tone=Tone.BAD)
@dataclass(frozen=True, slots=True)
class ToldAgain:
    """The customer had to repeat what the story already held."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    contact_id: int

    def headline(self) -> Headline:
        """That it happened."""
        return Headline(gettext("Had to tell it again"))


@moment_kind("care.handed_over", group=Group.CONTACTS)
@dataclass(frozen=True, slots=True)
class HandedOver:
    """A contact or case passes on with the story; the written line is the moment's words."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    hand_over_id: int
    to: str

    def headline(self) -> Headline:
        """To whom."""
        return Headline(gettext("Handed over"), gettext("to %(name)s") % {"name": self.to})


@moment_kind("care.taken_over", group=Group.CONTACTS)
@dataclass(frozen=True, slots=True)
class TakenOver:
    """A hand-over was taken."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    hand_over_id: int
    taker: str

    def headline(self) -> Headline:
        """By whom."""
        return Headline(gettext("Taken over"), gettext("by %(name)s") % {"name": self.taker})


@moment_kind("care.note_added", group=Group.CONTACTS)
@dataclass(frozen=True, slots=True)
class NoteAdded:
    """An internal note; its text is the moment's words."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]

    def headline(self) -> Headline:
        """That there is one."""
        return Headline(gettext("Note"))


@moment_kind("care.message_written", group=Group.CONTACTS)
@dataclass(frozen=True, slots=True)
class MessageWritten:
    """We wrote to the customer; the text is the moment's words, its delivery is the moment's."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    subject: str

    def headline(self) -> Headline:
        """What about."""
        return Headline(gettext("We wrote"), self.subject)


@moment_kind("care.file_attached", group=Group.CONTACTS)
@dataclass(frozen=True, slots=True)
class FileAttached:
    """A file was added."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    attachment_id: int
    name: str

    def headline(self) -> Headline:
        """Its name."""
        return Headline(gettext("File added"), self.name)
