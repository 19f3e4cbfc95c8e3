"""Deeds that say who is on the other side: verified by a way that the rules allow, and a password for the next time."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tellonce.desk.deeds.base import DeedForm, Place
from tellonce.modules.care import actions, queries
from tellonce.modules.care.contracts import ASKED_ON, CallerWay, CannotDoError, ContactLine, Standing, Ways


class _Other(StrEnum):
    """A choice that says who nobody is yet."""

    SEND = "send"


_SAID = (CallerWay.PASSWORD, CallerWay.CODE)


def contact_of(place: Place) -> ContactLine:
    """The contact in which it is asked who it is."""
    if place.contact is None:
        raise CannotDoError(gettext("Who it is is asked in a contact: take one first."))
    if place.contact.channel not in ASKED_ON:
        raise CannotDoError(gettext("Who it is is asked in calls, chats, texts and in the shop."))
    return place.contact


def _secret(*, label: Any, required: bool, help_text: Any = "") -> forms.CharField:
    """Something that nobody reads over a shoulder; a browser neither keeps it nor puts the person's own there."""
    widget = forms.PasswordInput(attrs={"autocomplete": "one-time-code", "data-1p-ignore": "", "spellcheck": "false"})
    return forms.CharField(label=label, required=required, max_length=200, widget=widget, help_text=help_text)


class Identify(DeedForm):
    """Who is on the other side is found out in one of the ways that are open here and now."""

    name = "identify"
    title = _("Who is it?")
    button = _("Check")

    way = forms.ChoiceField(label=_("How they say who they are"), widget=forms.RadioSelect)
    said = _secret(label=_("The password or code that they say"), required=False)

    def prepare(self) -> None:
        """The ways that are open, the best first; what is not open is said."""
        contact = contact_of(self.place)
        self.ways = queries.ways(contact.id, at=self.place.at)
        choices = _choices(self.ways)
        self.fields["way"].choices = choices  # type: ignore[attr-defined]
        self.about = _about(self.ways)
        if choices:
            self.initial["way"] = choices[0][0]
        if not {each for each, _label in choices}.intersection(_SAID):
            del self.fields["said"]
        if not choices:
            del self.fields["way"]

    def clean(self) -> dict[str, Any]:
        """A password or code must be said where it is the way."""
        values: dict[str, Any] = super().clean() or {}
        if values.get("way") in _SAID and not values.get("said", "").strip():
            self.add_error("said", gettext("Type what they say."))
        return values

    def do(self) -> str:
        """Checks it, or sends a code."""
        place: dict[str, Any] = {"contact_id": contact_of(self.place).id, "by": self.place.by, "at": self.place.at}
        match self.cleaned_data.get("way"):
            case CallerWay.PASSWORD:
                standing = actions.identify_by_password(**place, password=self.cleaned_data["said"])
            case CallerWay.CODE:
                standing = actions.identify_by_code(**place, code=self.cleaned_data["said"])
            case CallerWay.PHOTO:
                standing = actions.identify_by_photo(**place)
            case CallerWay.QUESTIONS:
                standing = actions.identify_by_questions(**place)
            case _Other.SEND:
                until = actions.send_code(**place)
                return self._sent(until)
            case _:
                raise CannotDoError(_about(self.ways))
        return _said_now(standing)

    def _sent(self, until: datetime) -> str:
        holds = date_format(timezone.localtime(until), "TIME_FORMAT")
        words = gettext("A code is on its way to %(mail)s; it holds until %(time)s.")
        return words % {"mail": self.ways.mail_of_record, "time": holds}


class SetCallerPassword(DeedForm):
    """The customer chooses a password."""

    name = "caller-password"
    title = _("A password for the customer")
    button = _("Keep the password")

    password = _secret(
        label=_("The password that they choose"),
        required=True,
        help_text=_(
            "Six letters or digits at least; no name, address, number, birthday or anything else of theirs. "
            "Capitals do not matter."
        ),
    )
    again = _secret(label=_("Once more"), required=True)

    def prepare(self) -> None:
        """Only where they are verified."""
        standing = queries.standing(contact_of(self.place).id)
        if not standing.is_verified:
            raise CannotDoError(gettext("A password is set only by somebody who is verified in this contact."))
        self.about = gettext("Verified %(how)s. They are told by mail that it changed.") % {"how": standing.how}

    def clean(self) -> dict[str, Any]:
        """Both times the same."""
        values: dict[str, Any] = super().clean() or {}
        if values.get("password") and values.get("again") and values["password"] != values["again"]:
            self.add_error("again", gettext("That is not the same as above."))
        return values

    def do(self) -> str:
        """Sets it."""
        actions.set_caller_password(
            contact_id=contact_of(self.place).id,
            password=self.cleaned_data["password"],
            by=self.place.by,
            at=self.place.at,
        )
        return gettext("The password is set. It is shown nowhere, to nobody.")


def _choices(ways: Ways) -> list[tuple[str, str]]:
    """What is open; a locked contact takes no password or code, and questions add nothing to who is known."""
    choices: list[tuple[str, str]] = []
    if ways.is_in_shop:
        choices.append((CallerWay.PHOTO, gettext("Their photo id, seen here; its name is on the account")))
    if not ways.standing.is_locked:
        if ways.code_until is not None:
            choices.append((CallerWay.CODE, gettext("The code that we sent")))
        if ways.has_password:
            choices.append((CallerWay.PASSWORD, gettext("Their password")))
        if ways.mail_of_record:
            choices.append((_Other.SEND, gettext("Send a code to %(mail)s first") % {"mail": ways.mail_of_record}))
    if ways.is_from_record and not ways.standing.way:
        choices.append((CallerWay.QUESTIONS, gettext("They answered questions on the account: no call detail")))
    return choices


def _about(ways: Ways) -> str:
    """What is to be known before choosing."""
    if ways.standing.is_verified:
        return gettext("They are verified already, %(how)s.") % {"how": ways.standing.how}
    said = []
    if ways.standing.is_locked:
        said.append(gettext("Three wrong tries: no password or code counts in this contact any more."))
    elif not ways.has_password:
        said.append(gettext("No password is set."))
    if ways.phone_of_record:
        number = {"number": ways.phone_of_record}
        said.append(gettext("Calling them back at %(number)s verifies them at once.") % number)
    elif not ways.mail_of_record:
        said.append(gettext("No number or mail address has been on the account for 30 days: only a shop can do it."))
    return " ".join(said)


def _said_now(standing: Standing) -> str:
    level = str(standing.level.label)
    return gettext("%(level)s. You may say: %(allows)s.") % {"level": level, "allows": standing.allows}
