"""Deeds of a conversation: solve, end, told again, note, write."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tellonce.desk.deeds.base import DeedForm, OnceForm, long_words
from tellonce.desk.deeds.choices import case_choices, matter_choices
from tellonce.modules.care import actions, queries
from tellonce.modules.care.contracts import CannotDoError
from tellonce.modules.record import queries as record
from tellonce.webkit import times


class Solve(DeedForm):
    """The matter is gone: in a contact by its matter, without one by an open case."""

    name = "solve"
    title = _("Solve")
    button = _("Solved")

    case = forms.ChoiceField(label=_("Which case"))
    matter = forms.ChoiceField(label=_("What was it about"))
    note = long_words(label=_("What solved it"), required=False)

    @property
    def ends_contact(self) -> bool:  # type: ignore[override]  # a class variable elsewhere, decided by place here
        """Solving in a contact ends it."""
        return self.place.contact is not None

    def prepare(self) -> None:
        """With a contact the matter is asked for, without one the case."""
        self.keep_draft("note")
        if self.place.contact is not None:
            del self.fields["case"]
            self._prepare_matter()
            return
        del self.fields["matter"]
        cases = queries.customer_cases([self.place.customer_id], only_open=True)
        self.fields["case"].choices = case_choices(cases, none=gettext("Choose a case"))  # type: ignore[attr-defined]
        if self.place.case_id or len(cases) == 1:
            self.initial["case"] = self.place.case_id or cases[0].id

    def _prepare_matter(self) -> None:
        assert self.place.contact is not None
        self.fields["matter"].choices = matter_choices()  # type: ignore[attr-defined]
        if self.place.contact.matter_id is not None:
            self.initial["matter"] = self.place.contact.matter_id
            return
        cases = queries.customer_cases([self.place.customer_id], only_open=True, limit=1)
        if cases and cases[0].matter_id is not None:
            self.initial["matter"] = cases[0].matter_id

    def do(self) -> str:
        """Solves it."""
        if self.place.contact is not None:
            actions.solve_contact(
                contact_id=self.place.contact.id,
                matter_id=int(self.cleaned_data["matter"]),
                by=self.place.by,
                at=self.place.at,
                note=self.cleaned_data["note"],
            )
            return gettext("Solved. One contact, and it is gone.")
        actions.solve_case(
            case_id=int(self.cleaned_data["case"]), by=self.place.by, at=self.place.at, note=self.cleaned_data["note"]
        )
        return gettext("Solved.")


class End(DeedForm):
    """The conversation is over without a solution."""

    name = "end"
    title = _("End the contact")
    button = _("End it")
    ends_contact = True

    matter = forms.ChoiceField(label=_("What was it about"), required=False)
    note = long_words(label=_("What was said"), required=False)

    def prepare(self) -> None:
        """The matter it has already stands chosen."""
        self.keep_draft("note")
        self.fields["matter"].choices = matter_choices(none=gettext("Not known"))  # type: ignore[attr-defined]
        if self.place.contact is not None and self.place.contact.matter_id is not None:
            self.initial["matter"] = self.place.contact.matter_id

    def do(self) -> str:
        """Ends it."""
        if self.place.contact is None:
            raise CannotDoError(gettext("There is no contact to end."))
        matter = self.cleaned_data["matter"]
        actions.end_contact(
            contact_id=self.place.contact.id,
            by=self.place.by,
            at=self.place.at,
            matter_id=int(matter) if matter else None,
            note=self.cleaned_data["note"],
        )
        return gettext("The contact has ended.")


class ToldAgain(OnceForm):
    """The customer had to repeat what the story holds."""

    name = "told-again"
    title = _("Told again")
    button = _("They had to tell it again")

    def do(self) -> str:
        """Counts it, once a contact."""
        if self.place.contact is None:
            raise CannotDoError(gettext("Told again belongs to a contact."))
        actions.tell_again(contact_id=self.place.contact.id, by=self.place.by, at=self.place.at)
        return gettext("Noted: they had to tell it again.")


class Note(DeedForm):
    """An internal note in the story."""

    name = "note"
    title = _("Note")
    button = _("Keep the note")

    words = long_words(label=_("For whoever helps next"), help_text=_("Only people on staff read this."))

    def prepare(self) -> None:
        """What is being written survives."""
        self.keep_draft("words")

    def do(self) -> str:
        """Keeps it."""
        actions.add_note(
            customer_id=self.place.customer_id,
            words=self.cleaned_data["words"],
            by=self.place.by,
            at=self.place.at,
            contact_id=self.place.contact_id,
            case_id=self.place.case_id,
        )
        return gettext("The note is in the story.")


class _CannedSelect(forms.Select):
    """A select whose options carry the words that they put into the field below."""

    words_of: dict[str, str] = {}

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """An option with its words."""
        option: dict[str, Any] = super().create_option(*args, **kwargs)
        if words := self.words_of.get(str(option["value"])):
            option["attrs"]["data-words"] = words
        return option


class Write(DeedForm):
    """A mail to the customer."""

    name = "write"
    title = _("Write to the customer")
    button = _("Send")

    canned = forms.ChoiceField(label=_("Words that are often needed"), required=False, widget=_CannedSelect)
    subject = forms.CharField(label=_("Subject"), max_length=200)
    words = long_words(label=_("What you write"), rows=7)

    def prepare(self) -> None:
        """Canned answers of the matter in the customer's language, filled with names."""
        self.keep_draft("words")
        self.card = record.card(self.place.customer_id, at=self.place.at)
        self._prepare_canned()
        mails = ", ".join(mail.shown for mail in self.card.mails[:1])
        self.fields["words"].help_text = (
            gettext("Goes to %(mail)s.") % {"mail": mails}
            if mails
            else gettext("No mail address is known: this becomes a promise for a person to reach them.")
        )

    def _prepare_canned(self) -> None:
        language = next(iter(self.card.languages), "en")
        matter_id = self.place.contact.matter_id if self.place.contact else None
        values = {"customer": self.card.shown_name, "me": self.place.person.name, "due": self._due()}
        values["provider"] = settings.SETUP.provider
        answers = queries.canned_answers(matter_id, language) or queries.canned_answers(matter_id, "en")
        if not answers:
            del self.fields["canned"]
            return
        field = self.fields["canned"]
        field.choices = [("", gettext("None")), *((str(each.id), each.title) for each in answers)]  # type: ignore[attr-defined]
        field.widget.words_of = {str(each.id): queries.filled(each.body, values) for each in answers}
        field.widget.attrs["data-fills"] = self.auto_id % "words" if isinstance(self.auto_id, str) else ""

    def _due(self) -> str:
        """When the next promise to them is due, by their own clock."""
        owed = queries.customer_promises(self.card.ids, only_open=True, limit=1)
        return times.exact_there(owed[0].due_at, time_zone=self.card.time_zone) if owed else ""

    def do(self) -> str:
        """Tells it; channels sends it."""
        actions.write_customer(
            customer_id=self.place.customer_id,
            subject=self.cleaned_data["subject"],
            words=self.cleaned_data["words"],
            by=self.place.by,
            at=self.place.at,
            case_id=self.place.case_id,
            contact_id=self.place.contact_id,
        )
        return gettext("Written; it is on its way.")
