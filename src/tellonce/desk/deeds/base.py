"""A deed: something done to a customer, a contact or a case, by a key, in a small form that also is a page."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from django import forms

from tellonce.modules.care.contracts import ContactLine
from tellonce.modules.staff.contracts import Actor
from tellonce.modules.staff.models import Person

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Words: TypeAlias = "str | _StrPromise"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a deed is done: for which customer, in which contact, case or about which thing (`thing_id`).

    `chosen` is what of it was pointed at.
    """

    person: Person
    at: datetime
    customer_id: int
    contact: ContactLine | None = None
    case_id: int | None = None
    thing_id: int | None = None
    chosen: str = ""

    @property
    def by(self) -> Actor:
        """The person as the author of what is done."""
        return self.person.as_actor()

    @property
    def contact_id(self) -> int | None:
        """The contact in which it is done."""
        return self.contact.id if self.contact else None


class DeedForm(forms.Form):
    """A form that knows what to do. Subclasses name it and implement `do`; errors of `do` are shown in the form."""

    name: ClassVar[str]
    title: ClassVar[Words]
    button: ClassVar[Words]
    ends_contact: ClassVar[bool] = False
    is_grave: ClassVar[bool] = False

    def __init__(self, place: Place, data: Any = None, files: Any = None) -> None:
        """`data` and `files` are what was sent, None for a fresh form."""
        super().__init__(data, files, auto_id=f"{self.name}-%s")
        self.place = place
        self.prepare()

    def prepare(self) -> None:
        """Fills choices and first values from what is known."""

    def do(self) -> str:
        """Does it; returns what to say afterwards."""
        raise NotImplementedError

    def keep_draft(self, field: str) -> None:
        """What is written into `field` is kept until it is sent."""
        case = f"case{self.place.case_id}" if self.place.case_id is not None else f"c{self.place.customer_id}"
        about = self.place.contact_id or case if self.place.customer_id else f"t{self.place.thing_id or 0}"
        self.fields[field].widget.attrs["data-draft"] = f"{self.name}:{about}:{field}"

    @property
    def draft_places(self) -> tuple[str, ...]:
        """The names of the drafts in this form."""
        marks = (field.widget.attrs.get("data-draft") for field in self.fields.values())
        return tuple(mark for mark in marks if mark)


class OnceForm(DeedForm):
    """A deed that asks nothing: one key and it is done."""


def long_words(*, label: Words, required: bool = True, rows: int = 3, help_text: Words = "") -> forms.CharField:
    """A field for sentences."""
    widget = forms.Textarea(attrs={"rows": rows, "spellcheck": "true"})
    return forms.CharField(label=label, required=required, widget=widget, help_text=help_text, max_length=20_000)


def instant(*, label: Words, required: bool = True, help_text: Words = "") -> forms.DateTimeField:
    """A field for a day and time here."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, required=required, widget=widget, help_text=help_text)


def day(*, label: Words, required: bool = True, help_text: Words = "") -> forms.DateField:
    """A field for a day."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget, help_text=help_text)
