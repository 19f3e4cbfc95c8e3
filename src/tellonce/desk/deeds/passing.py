"""Deeds that pass things on: open a case, hand over, take over."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tellonce.desk.deeds.base import DeedForm, long_words
from tellonce.desk.deeds.choices import case_choices, matter_choices, owner_choices, owner_of
from tellonce.modules.care import actions, queries
from tellonce.modules.care.contracts import CannotDoError


class OpenCase(DeedForm):
    """A problem that somebody owns until it is gone."""

    name = "open-case"
    title = _("Open a case")
    button = _("Open it")

    matter = forms.ChoiceField(label=_("What is it about"))
    title_words = forms.CharField(label=_("In a few words"), max_length=200, required=False)
    owner = forms.ChoiceField(label=_("Who owns it"))
    note = long_words(label=_("What is known so far"), required=False)

    def prepare(self) -> None:
        """The contact's matter stands chosen."""
        self.keep_draft("note")
        self.fields["matter"].choices = matter_choices()  # type: ignore[attr-defined]
        self.fields["owner"].choices = owner_choices(self.place.person, me=gettext("I do"))  # type: ignore[attr-defined]
        if self.place.contact is not None:
            self.initial["matter"] = self.place.contact.matter_id or ""
            self.initial["title_words"] = (
                self.place.contact.said.splitlines()[0][:120] if self.place.contact.said else ""
            )

    def do(self) -> str:
        """Opens it."""
        owner = owner_of(self.cleaned_data["owner"])
        case = actions.open_case(
            customer_id=self.place.customer_id,
            matter_id=int(self.cleaned_data["matter"]),
            title=self.cleaned_data["title_words"],
            by=self.place.by,
            at=self.place.at,
            contact_id=self.place.contact_id,
            owner_person_id=owner.person_id,
            owner_team_id=owner.team_id,
            owner_department_id=owner.department_id,
            note=self.cleaned_data["note"],
        )
        return gettext("Case opened: %(title)s.") % {"title": case.title}


class HandOver(DeedForm):
    """The contact or a case passes on, with the story and one written line."""

    name = "hand-over"
    title = _("Hand over")
    button = _("Hand over")

    what = forms.ChoiceField(label=_("What"))
    to = forms.ChoiceField(label=_("To whom"))
    line = long_words(
        label=_("What the next person must know"), rows=2, help_text=_("The whole story goes along; this is its point.")
    )

    @property
    def ends_contact(self) -> bool:  # type: ignore[override]  # a class variable elsewhere, decided by place here
        """A contact that is handed over is no longer in hand."""
        return self.place.contact is not None

    def prepare(self) -> None:
        """The contact first, then the open cases."""
        self.keep_draft("line")
        cases = queries.customer_cases([self.place.customer_id], only_open=True)
        choices = case_choices(cases, none=gettext("Choose a case"))
        if self.place.contact is not None:
            choices = [("contact", gettext("This contact")), *choices[1:]]
        self.fields["what"].choices = choices  # type: ignore[attr-defined]
        if self.place.contact is None and (self.place.case_id or len(cases) == 1):
            self.initial["what"] = self.place.case_id or cases[0].id
        self.fields["to"].choices = owner_choices(self.place.person)  # type: ignore[attr-defined]

    def do(self) -> str:
        """Hands it over."""
        to, what = owner_of(self.cleaned_data["to"]), self.cleaned_data["what"]
        if what != "contact" and not what.isdigit():
            raise CannotDoError(gettext("Say what is handed over: open a case first if there is none."))
        actions.hand_over(
            by=self.place.by,
            at=self.place.at,
            line=self.cleaned_data["line"],
            contact_id=self.place.contact_id if what == "contact" else None,
            case_id=int(what) if what.isdigit() else None,
            to_person_id=to.person_id,
            to_team_id=to.team_id,
            to_department_id=to.department_id,
        )
        return gettext("Handed over, with the whole story.")
