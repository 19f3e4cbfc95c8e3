"""What a planner types: people for a time, a shift, the settings of a week."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tellonce.modules.planning.contracts import NewShift, Pause, PlanTerms, ShiftLine
from tellonce.modules.staff import queries as staff

_MINUTE_S, _HUNDRED = 60, 100.0


def clock(**attrs: Any) -> forms.TimeInput:
    """A field for a time of the day."""
    return forms.TimeInput(attrs={"type": "time", "step": "300", **attrs}, format="%H:%M")


class PeopleForm(forms.Form):
    """More or fewer people for a time of the day."""

    people = forms.IntegerField(label=_("More people (fewer below 0)"), initial=1, min_value=-1000, max_value=1000)
    since = forms.TimeField(label=pgettext_lazy("time", "From"), widget=clock())
    until = forms.TimeField(label=pgettext_lazy("time", "Until"), widget=clock())


class ShiftForm(forms.Form):
    """One shift of one person, with up to one break."""

    who = forms.ChoiceField(label=_("Who"), required=False)
    label = forms.CharField(label=_("Or somebody, called"), required=False, max_length=120)
    since = forms.TimeField(label=pgettext_lazy("time", "From"), widget=clock())
    until = forms.TimeField(label=pgettext_lazy("time", "Until"), widget=clock())
    pause = forms.TimeField(label=_("Break at"), required=False, widget=clock())
    pause_min = forms.IntegerField(label=_("Minutes of it"), required=False, min_value=5, max_value=240)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(person.pk), person.name) for person in staff.people().filter(is_active=True)]
        self.fields["who"].choices = [("", gettext("Nobody named yet")), *people]  # type: ignore[attr-defined]

    def shift_on(self, day: date, zone: ZoneInfo) -> NewShift:
        """The shift that was typed, on this day of the queue's clock; an end before the beginning is tomorrow's."""
        values = self.cleaned_data
        starts, ends = (datetime.combine(day, values[name], tzinfo=zone) for name in ("since", "until"))
        if values["until"] < values["since"]:
            ends = datetime.combine(day + timedelta(days=1), values["until"], tzinfo=zone)
        pauses: tuple[Pause, ...] = ()
        if values.get("pause") is not None:
            rest = datetime.combine(day, values["pause"], tzinfo=zone)
            if rest < starts:
                rest = datetime.combine(day + timedelta(days=1), values["pause"], tzinfo=zone)
            after = int((rest - starts).total_seconds()) // _MINUTE_S
            pauses = (Pause(after, values.get("pause_min") or 30),)
        person_id = int(values["who"]) if values.get("who") else None
        return NewShift(starts, ends, person_id=person_id, label=values.get("label", "").strip(), pauses=pauses)


class TermsForm(forms.Form):
    """What the week is planned by."""

    target_share = forms.FloatField(label=_("Answer this share of callers, %"), min_value=1, max_value=99.9)
    target_within_s = forms.IntegerField(label=_("Within seconds"), min_value=0, max_value=86_400)
    handle_s = forms.FloatField(label=_("Seconds with a call"), min_value=1, max_value=86_400)
    patience_s = forms.FloatField(label=_("Seconds until a caller gives up"), min_value=1, max_value=86_400)
    shrinkage = forms.FloatField(label=_("Share away from the phones, %"), min_value=0, max_value=95)

    def terms(self) -> PlanTerms:
        """The terms that were typed."""
        values = self.cleaned_data
        return PlanTerms(
            target_within_s=values["target_within_s"],
            target_share=values["target_share"] / _HUNDRED,
            handle_s=values["handle_s"],
            patience_s=values["patience_s"],
            shrinkage=values["shrinkage"] / _HUNDRED,
        )


class FileForm(forms.Form):
    """A roster or calendar to be brought in."""

    file = forms.FileField(label=_("CSV or iCalendar (.ics)"))


def terms_as_typed(terms: PlanTerms) -> dict[str, Any]:
    """The terms as the form shows them."""
    return {
        "target_share": round(terms.target_share * _HUNDRED, 1),
        "target_within_s": terms.target_within_s,
        "handle_s": round(terms.handle_s),
        "patience_s": round(terms.patience_s),
        "shrinkage": round(terms.shrinkage * _HUNDRED, 1),
    }


def shift_as_typed(shift: ShiftLine, zone: ZoneInfo) -> dict[str, Any]:
    """The shift as the form shows it."""
    starts, ends = shift.starts_at.astimezone(zone), shift.ends_at.astimezone(zone)
    typed: dict[str, Any] = {"who": str(shift.person_id or ""), "since": starts.time(), "until": ends.time()}
    typed["label"] = "" if shift.person_id else shift.name
    if shift.pauses:
        first = shift.pauses[0]
        typed |= {"pause": (starts + timedelta(minutes=first.after_min)).time(), "pause_min": first.length_min}
    return typed


USUAL_SHIFT = {"since": time(9, 0), "until": time(17, 30), "pause": time(12, 30), "pause_min": 30}
