"""Forms of the administrator's pages."""

from datetime import time
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tellonce.modules.staff import queries
from tellonce.modules.staff.contracts import PermissionSet, Role, Span
from tellonce.modules.staff.models import Department, Partner, Person, Site, Team

_NONE = _("none")


class PersonForm(forms.Form):
    """A person on staff."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("Mail address"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"), required=False, empty_label=_NONE)
    site = forms.ModelChoiceField(
        Site.objects.none(), label=_("Site"), required=False, empty_label=_("that of the team")
    )
    partner = forms.ModelChoiceField(Partner.objects.none(), label=_("Works for"), required=False, empty_label=_("us"))
    permission_sets = forms.MultipleChoiceField(
        label=_("May also"),
        choices=PermissionSet.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("", _("As the browser asks")), *settings.LANGUAGES]  # type: ignore[attr-defined]
        _offer(self, team=queries.teams(), site=queries.sites(), partner=queries.partners())
        _empty_is_an_answer(self)

    @classmethod
    def of(cls, person: Person, data: Any = None) -> "PersonForm":
        """The form, filled with what is known of the person."""
        initial = {
            "name": person.name,
            "email": person.email,
            "role": person.role,
            "team": person.team_id,
            "site": person.site_id,
            "partner": person.partner_id,
            "permission_sets": person.permission_sets,
            "language": person.language,
        }
        return cls(data, initial=initial)


class TeamForm(forms.Form):
    """A team."""

    name = forms.CharField(label=_("Name"), max_length=120)
    department = forms.ModelChoiceField(
        Department.objects.none(), label=_("Department"), required=False, empty_label=_NONE
    )
    site = forms.ModelChoiceField(
        Site.objects.none(), label=_("Site"), required=False, empty_label=_("that of the department")
    )
    supervisor = forms.ModelChoiceField(Person.objects.none(), label=_("Supervisor"), required=False, empty_label=_NONE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        leaders = queries.people().filter(is_active=True, role__in=[Role.SUPERVISOR, Role.MANAGER])
        _offer(self, department=queries.departments(), site=queries.sites(), supervisor=leaders)
        _empty_is_an_answer(self)


class DepartmentForm(forms.Form):
    """A department."""

    name = forms.CharField(label=_("Name"), max_length=120)
    site = forms.ModelChoiceField(Site.objects.none(), label=_("Site"), required=False, empty_label=_NONE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, site=queries.sites())
        _empty_is_an_answer(self)


class SiteForm(forms.Form):
    """A site: what its hours mean depends on the time zone."""

    name = forms.CharField(label=_("Name"), max_length=120)
    time_zone = forms.CharField(
        label=_("Time zone"), max_length=64, help_text=_("As in America/Chicago or Europe/Madrid.")
    )
    partner = forms.ModelChoiceField(Partner.objects.none(), label=_("Belongs to"), required=False, empty_label=_("us"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, partner=queries.partners())
        _empty_is_an_answer(self)


class PartnerForm(forms.Form):
    """A partner."""

    name = forms.CharField(label=_("Name"), max_length=120)


class HoursForm(forms.Form):
    """The hours of a week: a line a day, as people write them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for weekday, label in WEEKDAYS.items():
            self.fields[f"day_{weekday}"] = forms.CharField(
                label=label,
                required=False,
                widget=forms.TextInput(attrs={"placeholder": "09:00-12:30, 13:00-17:00", "autocomplete": "off"}),
            )
        _empty_is_an_answer(self)

    @classmethod
    def of(cls, site: Site) -> "HoursForm":
        """The form, filled with the hours that the site has."""
        lines: dict[str, list[str]] = {}
        for entry in site.open_hours.all():
            lines.setdefault(f"day_{entry.weekday}", []).append(f"{entry.opens:%H:%M}-{entry.closes:%H:%M}")
        return cls(initial={name: ", ".join(spans) for name, spans in lines.items()})

    def hours(self) -> list[tuple[int, Span]]:
        """Weekday and span of every line; only after `is_valid`."""
        return [(weekday, span) for weekday in WEEKDAYS for span in self.cleaned_data[f"day_{weekday}"]]

    def clean(self) -> dict[str, Any]:
        """Each line as spans."""
        for name in self.fields:
            try:
                self.cleaned_data[name] = spans_in(self.cleaned_data.get(name, ""))
            except ValidationError as error:
                self.add_error(name, error)
        return self.cleaned_data


class HolidayForm(forms.Form):
    """A day on which the site is closed, or open at other hours."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    name = forms.CharField(label=_("Holiday"), max_length=120)
    hours = forms.CharField(
        label=_("Open after all"), required=False, widget=forms.TextInput(attrs={"placeholder": "10:00-14:00"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _empty_is_an_answer(self)

    def clean_hours(self) -> Span | None:
        """One span, or none: closed."""
        spans = spans_in(self.cleaned_data["hours"])
        if len(spans) > 1:
            raise ValidationError(gettext("One span only, as in 10:00-14:00."))
        return spans[0] if spans else None


class AccessForm(forms.Form):
    """What to look for in the access log."""

    person = forms.CharField(label=_("Who looked"), required=False)
    customer = forms.IntegerField(label=_("Customer's number"), required=False, min_value=1)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To, included"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    without_contact = forms.BooleanField(label=_("Without a contact only"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _empty_is_an_answer(self)


def spans_in(text: str) -> list[Span]:
    """The spans in a line like "09:00-12:30, 13:00-17:00"; ValidationError with an example where it is none."""
    spans = []
    for part in text.replace("\N{EN DASH}", "-").split(","):
        opens, dash, closes = (each.strip() for each in part.partition("-"))
        if not opens and not dash:
            continue
        try:
            spans.append(Span(_clock(opens), _clock(closes)))
        except ValueError as error:
            words = gettext("“{part}” are no hours; write them like 09:00-17:00.")
            raise ValidationError(words.format(part=part.strip())) from error
    return spans


def _clock(text: str) -> time:
    if text in {"24", "24:00"}:
        return time(23, 59)
    hour, _colon, minute = text.partition(":")
    return time(int(hour), int(minute or 0))


def _offer(form: forms.Form, **choices: Any) -> None:
    for name, queryset in choices.items():
        form.fields[name].queryset = queryset  # type: ignore[attr-defined]  # a ModelChoiceField


def _empty_is_an_answer(form: forms.Form) -> None:
    """Leaves "if known" off the labels: nothing is unknown where a field is left empty."""
    for field in form.fields.values():
        field.is_choice_of_none = True  # type: ignore[attr-defined]  # read by components/field.html
