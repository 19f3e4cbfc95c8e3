"""Departments serve each other: something is asked of one, as a case of theirs, or promised to it."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tellonce.desk.deeds.base import DeedForm, instant, long_words
from tellonce.desk.deeds.choices import DueTime, due_times, matter_choices
from tellonce.modules.care import actions
from tellonce.modules.care.contracts import LinkKind
from tellonce.modules.staff import queries as staff


class AskDepartment(DeedForm):
    """A case that another department owns and ours asked for, a promise of ours to it, or both."""

    name = "ask"
    title = _("Ask another department")
    button = _("Ask them")

    department = forms.TypedChoiceField(label=_("Which department"), coerce=int)
    asked_by = forms.TypedChoiceField(label=_("In whose name"), coerce=int)
    title_words = forms.CharField(label=_("What you ask of them"), max_length=200, required=False)
    matter = forms.ChoiceField(label=_("What it is about"), required=False)
    note = long_words(label=_("What they must know"), required=False)
    promise = forms.CharField(label=_("What you promise them"), max_length=300, required=False)
    due_at = instant(label=_("Due"), required=False)

    def prepare(self) -> None:
        """Their own department is never asked; whoever has none says in whose name they ask."""
        person = self.place.person
        for field in ("title_words", "note", "promise"):
            self.keep_draft(field)
        mine = person.team.department_id if person.team is not None else None
        departments = [(each.pk, each.name) for each in staff.departments()]
        others = [each for each in departments if each[0] != mine]
        self.fields["department"].choices = [("", gettext("Choose a department")), *others]  # type: ignore[attr-defined]
        self.fields["asked_by"].choices = departments  # type: ignore[attr-defined]
        if mine is not None:
            del self.fields["asked_by"]
        self.asked_by_id = mine
        self.fields["matter"].choices = matter_choices(none=gettext("Not said"))  # type: ignore[attr-defined]
        self.offered: list[DueTime] = due_times(staff.calendar_of(person_id=person.pk), now=self.place.at)

    def clean(self) -> dict[str, Any]:
        """Something is asked or promised, and a promise has its time."""
        said = super().clean() or self.cleaned_data
        if not said.get("title_words") and not said.get("promise"):
            raise forms.ValidationError(gettext("Say what you ask of them, or what you promise them."))
        if said.get("promise") and not said.get("due_at"):
            self.add_error("due_at", gettext("Say when the promise is due."))
        return said

    def do(self) -> str:
        """Asks, promises, or both."""
        case_id = self._ask() if self.cleaned_data["title_words"] else self.place.case_id
        if self.cleaned_data["promise"]:
            actions.make_promise(
                to_department_id=self.cleaned_data["department"],
                what=self.cleaned_data["promise"],
                due_at=self.cleaned_data["due_at"],
                by=self.place.by,
                at=self.place.at,
                case_id=case_id,
            )
        if not self.cleaned_data["title_words"]:
            return gettext("Promised, and watched until it is kept.")
        return gettext("Asked: case %(id)s is theirs now.") % {"id": case_id}

    def _ask(self) -> int:
        matter, asked_by = self.cleaned_data["matter"], self.cleaned_data.get("asked_by") or self.asked_by_id
        case = actions.open_case(
            customer_id=self.place.customer_id or None,
            asked_by_id=asked_by,
            owner_department_id=self.cleaned_data["department"],
            matter_id=int(matter) if matter else None,
            title=self.cleaned_data["title_words"],
            by=self.place.by,
            at=self.place.at,
            contact_id=self.place.contact_id,
            note=self.cleaned_data["note"],
        )
        if self.place.case_id is not None:
            actions.link_cases(
                case_id=self.place.case_id, other_id=case.pk, kind=LinkKind.RELATED, by=self.place.by, at=self.place.at
            )
        return case.pk
