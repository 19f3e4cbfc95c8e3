"""Steps of a case: every move it may make, and what may be joined to it."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tellonce.desk.deeds.base import DeedForm, OnceForm, Place, instant, long_words
from tellonce.desk.deeds.choices import case_choices, due_times, matter_choices, owner_choices, owner_of
from tellonce.desk.deeds.departments import AskDepartment
from tellonce.desk.deeds.files import file_field, keep_file
from tellonce.modules.care import actions, queries
from tellonce.modules.care.contracts import CannotDoError, CaseLine, CaseRead, LinkKind, WaitingOn
from tellonce.modules.staff import queries as staff


def case_of(place: Place) -> CaseRead:
    """The case that a step is of."""
    if place.case_id is None:
        raise CannotDoError(gettext("Say which case."))
    return queries.case(place.case_id)


class CaseDeed(DeedForm):
    """A step of the case at its place."""

    def prepare(self) -> None:
        """Reads the case."""
        self.read = case_of(self.place)
        self.about = self.read.line.title

    @property
    def values(self) -> dict[str, Any]:
        """What every action of a case takes."""
        return {"case_id": self.read.line.id, "by": self.place.by, "at": self.place.at}

    def others(self) -> list[CaseLine]:
        """The customer's other cases."""
        ids = [self.read.line.customer_id] if self.read.line.customer_id is not None else []
        return [line for line in queries.customer_cases(ids) if line.id != self.read.line.id] if ids else []


class OnceCaseDeed(CaseDeed, OnceForm):
    """A step that asks nothing."""


class SolveCase(CaseDeed):
    """The problem is gone."""

    name = "solve"
    title = _("Solve the case")
    button = _("Solved")

    note = long_words(label=_("What solved it"), required=False)
    with_children = forms.BooleanField(label=_("The open cases below it too"), required=False)

    def prepare(self) -> None:
        """Cases below are asked about where there are any."""
        super().prepare()
        self.keep_draft("note")
        if not any(child.is_open for child in self.read.children):
            del self.fields["with_children"]

    def do(self) -> str:
        """Solves it."""
        with_children = self.cleaned_data.get("with_children", False)
        actions.solve_case(**self.values, note=self.cleaned_data["note"], with_children=with_children)
        return gettext("Solved.")


class Wait(CaseDeed):
    """It waits for somebody until a time."""

    name = "wait"
    title = _("Let it wait")
    button = _("Wait")

    waiting_on = forms.ChoiceField(
        label=_("For whom"), choices=WaitingOn.choices, widget=forms.RadioSelect, initial=WaitingOn.CUSTOMER
    )
    until = instant(label=_("Until"), help_text=_("Then it comes back by itself."))

    def prepare(self) -> None:
        """The next open day stands chosen."""
        super().prepare()
        offered = due_times(staff.calendar_of(person_id=self.place.person.pk), now=self.place.at)
        if offered:
            self.initial["until"] = offered[-1].value

    def do(self) -> str:
        """Lets it wait."""
        actions.wait_case(
            **self.values, waiting_on=self.cleaned_data["waiting_on"], waiting_until=self.cleaned_data["until"]
        )
        return gettext("Waiting; it comes back by itself.")


class Resume(OnceCaseDeed):
    """Worked on again before its time."""

    name = "resume"
    title = _("Take it up again")
    button = _("Take it up again")

    def do(self) -> str:
        """Takes it up."""
        actions.resume_case(**self.values)
        return gettext("Open again.")


class Close(OnceCaseDeed):
    """Put away for good."""

    name = "close"
    title = _("Close the case")
    button = _("Put it away")

    def do(self) -> str:
        """Closes it."""
        actions.close_case(**self.values)
        return gettext("Put away.")


class Reopen(CaseDeed):
    """It was not solved after all."""

    name = "reopen"
    title = _("Reopen the case")
    button = _("Reopen")

    reason = long_words(label=_("What came back"))

    def do(self) -> str:
        """Reopens it, and counts it."""
        actions.reopen_case(**self.values, reason=self.cleaned_data["reason"])
        return gettext("Open again; it is counted.")


class Own(CaseDeed):
    """Another owner."""

    name = "own"
    title = _("Change the owner")
    button = _("They own it now")

    owner = forms.ChoiceField(label=_("Who owns it"))

    def prepare(self) -> None:
        """Me first."""
        super().prepare()
        self.fields["owner"].choices = owner_choices(self.place.person, me=gettext("I do"))  # type: ignore[attr-defined]

    def do(self) -> str:
        """Changes the owner."""
        owner = owner_of(self.cleaned_data["owner"])
        actions.own_case(
            **self.values, person_id=owner.person_id, team_id=owner.team_id, department_id=owner.department_id
        )
        return gettext("Done: the case has a new owner.")


class _WithOther(CaseDeed):
    other = forms.ChoiceField(label=_("Which case"))

    def prepare(self) -> None:
        """The customer's other cases."""
        super().prepare()
        self.fields["other"].choices = case_choices(self.others(), none=gettext("Choose a case"))  # type: ignore[attr-defined]


class MergeCase(_WithOther):
    """It was the same problem as another."""

    name = "merge"
    title = _("Merge into another case")
    button = _("Merge")

    def do(self) -> str:
        """Merges it."""
        actions.merge_cases(**self.values, into_id=int(self.cleaned_data["other"]))
        return gettext("Merged; everything is with the other case now.")


class LinkCase(CaseDeed):
    """Two cases belong together, of this customer or another."""

    name = "link"
    title = _("Link to another case")
    button = _("Link")

    kind = forms.ChoiceField(
        label=_("This one is"), choices=LinkKind.choices, widget=forms.RadioSelect, initial="related"
    )
    other = forms.ChoiceField(label=_("Which case"), required=False)
    number = forms.IntegerField(label=_("Or by its number"), required=False, min_value=1)

    def prepare(self) -> None:
        """The customer's other cases, and any by number."""
        super().prepare()
        self.fields["other"].choices = case_choices(self.others(), none=gettext("None of these"))  # type: ignore[attr-defined]

    def do(self) -> str:
        """Links them."""
        other = self.cleaned_data["number"] or self.cleaned_data["other"]
        if not other:
            raise CannotDoError(gettext("Choose a case, or write its number."))
        actions.link_cases(**self.values, other_id=int(other), kind=self.cleaned_data["kind"])
        return gettext("Linked.")


class PutBelow(CaseDeed):
    """Part of a larger case, or by itself again."""

    name = "below"
    title = _("Put below a larger case")
    button = _("Keep")

    parent = forms.IntegerField(label=_("Number of the larger case"), required=False, min_value=1)

    def prepare(self) -> None:
        """As it is."""
        super().prepare()
        self.initial["parent"] = self.read.line.parent_id
        self.fields["parent"].help_text = gettext("Empty: it stands by itself.")

    def do(self) -> str:
        """Puts it there."""
        actions.put_below(**self.values, parent_id=self.cleaned_data["parent"])
        return gettext("Kept.")


class SplitCase(CaseDeed):
    """It was two problems."""

    name = "split"
    title = _("Split off a second problem")
    button = _("Split")

    title_words = forms.CharField(label=_("The second problem, in a few words"), max_length=200)
    matter = forms.ChoiceField(label=_("What it is about"), required=False)
    contacts = forms.MultipleChoiceField(
        label=_("Contacts that were about it"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def prepare(self) -> None:
        """The contacts of the case may go along."""
        super().prepare()
        self.fields["matter"].choices = matter_choices(none=gettext("The same"))  # type: ignore[attr-defined]
        said = [(str(each.id), each.said[:60] or each.channel) for each in self.read.contacts]
        self.fields["contacts"].choices = said  # type: ignore[attr-defined]
        if not said:
            del self.fields["contacts"]

    def do(self) -> str:
        """Splits it."""
        matter = self.cleaned_data["matter"]
        new = actions.split_case(
            **self.values,
            title=self.cleaned_data["title_words"],
            matter_id=int(matter) if matter else None,
            contact_ids=[int(each) for each in self.cleaned_data.get("contacts", [])],
        )
        return gettext("Split: case %(id)s is the second problem.") % {"id": new.pk}


class Attach(CaseDeed):
    """A file that belongs to the case."""

    name = "attach"
    title = _("Attach a file")
    button = _("Attach")

    file = file_field()

    def do(self) -> str:
        """Keeps it with the case."""
        line = self.read.line
        keep_file(self.cleaned_data["file"], self.place, contact_id=None, case_id=line.id, customer_id=line.customer_id)
        return gettext("Attached.")


CASE_DEEDS: dict[str, type[DeedForm]] = {
    deed.name: deed
    for deed in (
        SolveCase, Wait, Resume, Close, Reopen, Own, AskDepartment, MergeCase, LinkCase, PutBelow, SplitCase, Attach,
    )
}  # fmt: skip
