"""Deeds that keep the record true: flags, names, numbers, people."""

from typing import Any

from django import forms
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tellonce.desk.deeds.base import DeedForm, OnceForm, Place, day, instant
from tellonce.desk.deeds.having import HAVING_DEEDS
from tellonce.modules.care import actions as care
from tellonce.modules.care.contracts import AccountChange
from tellonce.modules.record import actions
from tellonce.modules.record import queries as record
from tellonce.modules.record.contracts import Authority, ContactPointKind, FlagKind, NotOfRecordError


class SetFlag(DeedForm):
    """Something everyone must know before they act."""

    name = "flag"
    title = _("Flag")
    button = _("Set the flag")

    kind = forms.ChoiceField(label=_("What everyone must know"), choices=FlagKind.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Why"), max_length=300)
    until = instant(label=_("Until"), required=False)

    def do(self) -> str:
        """Sets it."""
        actions.set_flag(
            customer_id=self.place.customer_id,
            kind=self.cleaned_data["kind"],
            reason=self.cleaned_data["reason"],
            until=self.cleaned_data["until"],
            by=self.place.by,
            at=self.place.at,
        )
        return gettext("Flag set; it stands first in the brief.")


class EndFlag(DeedForm):
    """It no longer holds."""

    name = "end-flag"
    title = _("End the flag")
    button = _("End it")

    words = forms.CharField(label=_("Why it no longer holds"), max_length=300)

    def prepare(self) -> None:
        """Only a flag of this customer."""
        flags = record.card(self.place.customer_id, at=self.place.at).flags
        found = next((flag for flag in flags if flag.id == self.place.thing_id), None)
        if found is None:
            raise NotOfRecordError(gettext("This customer has no such flag."))
        self.about = f"{found.label}: {found.reason}"

    def do(self) -> str:
        """Ends it."""
        assert self.place.thing_id is not None
        actions.end_flag(
            flag_id=self.place.thing_id, by=self.place.by, at=self.place.at, words=self.cleaned_data["words"]
        )
        return gettext("The flag has ended.")


class Rename(DeedForm):
    """Another name on the account."""

    name = "rename"
    title = _("Change the name")
    button = _("Keep")

    customer_name = forms.CharField(label=_("Name"), max_length=200)

    def prepare(self) -> None:
        """The name as it is."""
        self.initial["customer_name"] = record.customer(self.place.customer_id).name

    def do(self) -> str:
        """Renames."""
        actions.rename_customer(
            customer_id=self.place.customer_id,
            name=self.cleaned_data["customer_name"],
            by=self.place.by,
            at=self.place.at,
        )
        return gettext("The name is changed; the old one stays in the story.")


class AddReach(DeedForm):
    """A phone number, mail or postal address."""

    name = "add-reach"
    title = _("Add a number or address")
    button = _("Add")

    kind = forms.ChoiceField(
        label=_("Kind"), choices=ContactPointKind.choices, widget=forms.RadioSelect, initial=ContactPointKind.PHONE
    )
    value = forms.CharField(label=_("Number or address"), max_length=300)
    person = forms.ChoiceField(label=_("Whose"), required=False)

    def prepare(self) -> None:
        """People of record may have their own."""
        people = record.card(self.place.customer_id, at=self.place.at).people
        choices = [("", gettext("The account's")), *((str(each.id), each.name) for each in people)]
        self.fields["person"].choices = choices  # type: ignore[attr-defined]

    @transaction.atomic
    def do(self) -> str:
        """Adds it."""
        person = self.cleaned_data["person"]
        actions.add_contact_point(
            customer_id=self.place.customer_id,
            kind=self.cleaned_data["kind"],
            value=self.cleaned_data["value"],
            country=settings.SETUP.country,
            person_id=int(person) if person else None,
            by=self.place.by,
            at=self.place.at,
        )
        tell_of_address(self.place)
        return gettext("Added. It becomes one of record in 30 days.")


def tell_of_address(place: Place) -> None:
    """They are told at once that a number or address changed, where it was before."""
    care.tell_of_change(customer_id=place.customer_id, change=AccountChange.ADDRESS, by=place.by, at=place.at)


class _Gone(OnceForm):
    """Ends something that stands on the customer's card."""

    def prepare(self) -> None:
        """Only what is this customer's."""
        card = record.card(self.place.customer_id, at=self.place.at)
        if self.place.thing_id not in self.ids_of(card):
            raise NotOfRecordError(gettext("This customer has no such thing."))
        self.thing_id: int = self.place.thing_id or 0

    def ids_of(self, card: Any) -> set[int]:
        """What may be ended."""
        raise NotImplementedError


class EndReach(_Gone):
    """A number or address that is theirs no longer."""

    name = "end-reach"
    title = _("No longer theirs")
    button = _("It is no longer theirs")

    def ids_of(self, card: Any) -> set[int]:
        """Numbers and addresses."""
        return {each.id for each in (*card.phones, *card.mails, *card.posts)}

    @transaction.atomic
    def do(self) -> str:
        """Ends it."""
        actions.end_contact_point(contact_point_id=self.thing_id, by=self.place.by, at=self.place.at)
        tell_of_address(self.place)
        return gettext("It is no longer theirs; the story keeps it.")


class AddPerson(DeedForm):
    """Somebody who may speak for the customer."""

    name = "add-person"
    title = _("Add a person of record")
    button = _("Add")

    person_name = forms.CharField(label=_("Name"), max_length=200)
    authority = forms.ChoiceField(label=_("They"), choices=Authority.choices, initial=Authority.ASK)
    language = forms.CharField(label=_("Language"), max_length=10, required=False, help_text=_("Such as en or es."))
    since = day(label=_("Since"), required=False)

    def do(self) -> str:
        """Adds them."""
        actions.add_person_of_record(
            customer_id=self.place.customer_id,
            name=self.cleaned_data["person_name"],
            authority=self.cleaned_data["authority"],
            language=self.cleaned_data["language"],
            since=self.cleaned_data["since"],
            by=self.place.by,
            at=self.place.at,
        )
        return gettext("Added.")


class EndPerson(_Gone):
    """Somebody who may no longer speak for the customer."""

    name = "end-person"
    title = _("No longer of record")
    button = _("They no longer speak for this customer")

    def ids_of(self, card: Any) -> set[int]:
        """People of record."""
        return {each.id for each in card.people}

    def do(self) -> str:
        """Ends it."""
        actions.end_person_of_record(person_id=self.thing_id, by=self.place.by, at=self.place.at)
        return gettext("They are no longer of record.")


class AddAccount(DeedForm):
    """An account to bill on."""

    name = "add-account"
    title = _("Add an account")
    button = _("Add")

    number = forms.CharField(label=_("Account number"), max_length=60)
    cycle_day = forms.IntegerField(label=_("Bill day of the month"), min_value=1, max_value=31, required=False)

    def do(self) -> str:
        """Adds it."""
        actions.add_account(
            customer_id=self.place.customer_id,
            number=self.cleaned_data["number"],
            cycle_day=self.cleaned_data["cycle_day"],
            currency=settings.SETUP.currency,
            by=self.place.by,
            at=self.place.at,
        )
        return gettext("Added.")


class Left(DeedForm):
    """The customer has left."""

    name = "left"
    title = _("They have left")
    button = _("Note it")

    on = day(label=_("On"))
    words = forms.CharField(label=_("What they said"), max_length=2000, required=False, widget=forms.Textarea)

    def do(self) -> str:
        """Notes it."""
        actions.customer_left(
            customer_id=self.place.customer_id,
            on=self.cleaned_data["on"],
            words=self.cleaned_data["words"],
            by=self.place.by,
            at=self.place.at,
        )
        return gettext("Noted. Thank them.")


class Returned(OnceForm):
    """The customer is back."""

    name = "returned"
    title = _("They are back")
    button = _("Welcome them back")

    def do(self) -> str:
        """Notes it."""
        actions.customer_returned(customer_id=self.place.customer_id, by=self.place.by, at=self.place.at)
        return gettext("Welcome back.")


RECORD_DEEDS: tuple[type[DeedForm], ...] = (
    EndFlag, Rename, AddReach, EndReach, AddPerson, EndPerson, AddAccount, Left, Returned, *HAVING_DEEDS,
)  # fmt: skip
