"""Deeds about promises: make one, keep it, withdraw it, own up to it."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tellonce.desk.deeds.base import DeedForm, Place, instant, long_words
from tellonce.desk.deeds.calling import call_choices, call_terms
from tellonce.desk.deeds.choices import DueTime, case_choices, due_times, owner_choices, owner_of
from tellonce.modules.care import actions, queries
from tellonce.modules.care.contracts import CannotDoError, PromiseKind
from tellonce.modules.phone.actions import promise_callback
from tellonce.modules.record import queries as record
from tellonce.modules.record.contracts import NotOfRecordError
from tellonce.modules.staff import queries as staff
from tellonce.webkit import times


def told_time(place: Place, at: datetime) -> str:
    """A time as the customer is told it: their own, with its zone named."""
    zone = record.card(place.customer_id, at=place.at).time_zone if place.customer_id else ""
    return times.exact_there(at, time_zone=zone)


class Promise(DeedForm):
    """A commitment: what, by whom, due when."""

    name = "promise"
    title = _("Promise")
    button = _("Promise it")

    kind = forms.ChoiceField(
        label=_("We will"), choices=PromiseKind.choices, widget=forms.RadioSelect, initial=PromiseKind.CALL
    )
    what = forms.CharField(label=_("What exactly"), max_length=300)
    due_at = instant(label=_("Due"))
    owner = forms.ChoiceField(label=_("Who keeps it"))
    case = forms.ChoiceField(label=_("Belongs to the case"), required=False)
    dial = forms.ChoiceField(
        label=_("Who dials"),
        required=False,
        help_text=_("The switchboard dials at that time, as soon as somebody is free; the promise allows 15 minutes."),
    )

    def prepare(self) -> None:
        """Due times within open hours stand ready; the first is chosen."""
        person = self.place.person
        self.keep_draft("what")
        self.calendar = staff.calendar_of(person_id=person.pk)
        self.offered: list[DueTime] = due_times(self.calendar, now=self.place.at)
        if self.offered:
            self.initial["due_at"] = self.offered[0].value
        owners = owner_choices(person, me=gettext("I do"))
        self.fields["owner"].choices = [each for each in owners if each[0] != gettext("Departments")]  # type: ignore[attr-defined]
        cases = queries.customer_cases([self.place.customer_id], only_open=True)
        if cases:
            self.fields["case"].choices = case_choices(cases, none=gettext("None"))  # type: ignore[attr-defined]
            self.initial["case"] = self.place.case_id or ""
        else:
            del self.fields["case"]
        numbers = call_choices(self.place)
        if numbers:
            self.fields["dial"].choices = [("", gettext("Whoever keeps it")), *numbers]  # type: ignore[attr-defined]
        else:
            del self.fields["dial"]

    def clean_dial(self) -> str:
        """Only a call is dialled."""
        dial = str(self.cleaned_data["dial"])
        if dial and self.cleaned_data.get("kind") != PromiseKind.CALL:
            raise forms.ValidationError(gettext("Only a call can be dialled."))
        return dial

    def do(self) -> str:
        """Makes it."""
        owner, case = owner_of(self.cleaned_data["owner"]), self.cleaned_data.get("case")
        due_at = self.cleaned_data["due_at"]
        values = {
            "customer_id": self.place.customer_id,
            "what": self.cleaned_data["what"],
            "by": self.place.by,
            "at": self.place.at,
            "owner_person_id": owner.person_id,
            "owner_team_id": owner.team_id,
            "case_id": int(case) if case else self.place.case_id,
            "contact_id": self.place.contact_id,
        }
        if dial := self.cleaned_data.get("dial"):
            promise_callback(terms=call_terms(dial, due_at), **values)
            return gettext("Promised: they are called %(time)s.") % {"time": told_time(self.place, due_at)}
        actions.make_promise(kind=self.cleaned_data["kind"], due_at=due_at, **values)
        if not self.calendar.is_open(due_at):
            return gettext("Promised. It is due while you are closed: somebody must be there.")
        told = told_time(self.place, due_at)
        return gettext("Promised, and watched until it is kept. For the customer it is due %(time)s.") % {"time": told}


class _OfPromise(DeedForm):
    def prepare(self) -> None:
        """The promise must be one."""
        if self.place.thing_id is None:
            raise CannotDoError(gettext("Say which promise."))
        self.promise = queries.promise(self.place.thing_id)
        is_between_us = not self.place.customer_id and self.promise.customer_id is None
        if not is_between_us and self.promise.customer_id not in record.same_customer_ids(self.place.customer_id):
            raise NotOfRecordError(gettext("This customer has no such thing."))

    @property
    def about(self) -> str:
        """Which promise it is about."""
        return self.promise.what

    def _values(self) -> dict[str, Any]:
        return {"promise_id": self.promise.id, "by": self.place.by, "at": self.place.at}


class Keep(_OfPromise):
    """It is done."""

    name = "keep"
    title = _("Keep the promise")
    button = _("It is done")

    note = long_words(label=_("How it went"), required=False)

    def do(self) -> str:
        """Kept, or done late."""
        kept = actions.keep_promise(**self._values(), note=self.cleaned_data["note"])
        return gettext("Done, late. Better than never.") if kept.done_late_at else gettext("Kept.")


class Withdraw(_OfPromise):
    """Whom it was made to agreed that it need not be kept."""

    name = "withdraw"
    title = _("Withdraw the promise")
    button = _("Withdraw it")

    consent = long_words(label=_("How they agreed"))

    def do(self) -> str:
        """Withdraws it, with their consent in the story."""
        actions.withdraw_promise(**self._values(), consent=self.cleaned_data["consent"])
        return gettext("Withdrawn, with their consent.")


class OwnUp(_OfPromise):
    """Tell them that we broke our word."""

    name = "own-up"
    title = _("Own up")
    button = _("Tell them")

    spoken = forms.BooleanField(label=_("I told them already, in a conversation"), required=False)
    words = long_words(label=_("What they are told"), rows=5)

    def prepare(self) -> None:
        """Honest words stand ready."""
        super().prepare()
        self.keep_draft("words")
        self.initial["words"] = gettext(
            "We promised you this by %(time)s and did not do it in time: %(what)s. We are sorry. "
            "This is what happens now: "
        ) % {"what": self.promise.what, "time": told_time(self.place, self.promise.due_at)}

    def do(self) -> str:
        """Owns up."""
        actions.own_up(**self._values(), words=self.cleaned_data["words"], spoken=self.cleaned_data["spoken"])
        return gettext("Owned up. Thank you.")
