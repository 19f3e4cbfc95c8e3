"""The form of what may be set of a queue."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tellonce.modules.phone.contracts import QueueLine, QueueTerms

LEVELS = range(1, 6)


class QueueForm(forms.Form):
    """What may be changed of a queue."""

    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    skill_code = forms.SlugField(
        label=_("Skill"), max_length=40, required=False, help_text=_("What people must be able to do for these calls.")
    )
    target_percent = forms.FloatField(label=_("Of all calls, answer so many (%)"), min_value=0.1, max_value=100)
    target_within_s = forms.IntegerField(label=_("within so many seconds"), min_value=0, max_value=86_400)
    site = forms.TypedChoiceField(
        label=_("Hours of the site"), required=False, coerce=int, empty_value=None, help_text=_("When it is open.")
    )
    time_zone = forms.CharField(
        label=_("Time zone"),
        max_length=64,
        required=False,
        help_text=_("As in America/Chicago; only for a queue without a site."),
    )

    level = forms.TypedChoiceField(
        label=_("Least level of the skill"), coerce=int, choices=[(n, n) for n in LEVELS], initial=1,
        help_text=_("Who is below it takes none of these calls."),
    )  # fmt: skip
    home = forms.MultipleChoiceField(
        label=_("Answered at"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Sites and partners whose people take these calls; everybody with the skill, if none is chosen."),
    )  # fmt: skip
    overflow_to = forms.MultipleChoiceField(
        label=_("Helped by"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Who also takes a call that has waited for long."),
    )  # fmt: skip
    overflow_after_s = forms.IntegerField(
        label=_("They help after seconds"), min_value=0, max_value=86_400, required=False
    )
    priority = forms.IntegerField(
        label=_("Priority"), min_value=0, max_value=5, initial=0, help_text=_("From 0 to 5; the highest comes first.")
    )
    ring_s = forms.IntegerField(label=_("Ring a person for seconds"), min_value=1, max_value=120, initial=20)
    wrap_s = forms.IntegerField(label=_("Wrap-up of at most seconds"), min_value=0, max_value=3600, initial=60)
    callback_above_min = forms.IntegerField(
        label=_("Offer a callback above minutes"), min_value=0, max_value=600, required=False,
        help_text=_("Of expected wait; empty for never."),
    )  # fmt: skip

    def __init__(self, *args: Any, sites: Sequence[tuple[int, str]], places: Sequence[str], **more: Any) -> None:
        super().__init__(*args, **more)
        for name in ("home", "overflow_to"):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = [(place, place) for place in places]
        site = self.fields["site"]
        assert isinstance(site, forms.TypedChoiceField)
        site.choices = [("", _("always open")), *sites]

    def clean_time_zone(self) -> str:
        """A zone that there is."""
        name: str = self.cleaned_data["time_zone"].strip()
        if name and name not in available_timezones():
            raise forms.ValidationError(gettext("There is no time zone “%(name)s”.") % {"name": name})
        return name

    def terms(self) -> QueueTerms:
        """What the form says, where it is valid."""
        said = self.cleaned_data
        return QueueTerms(
            name=said["name"],
            skill_code=said["skill_code"],
            target_within_s=said["target_within_s"],
            target_share=said["target_percent"] / 100,
            site_id=said["site"],
            time_zone=said["time_zone"],
            priority=said["priority"],
            ring_s=said["ring_s"],
            wrap_s=said["wrap_s"],
            level=said["level"],
            home=tuple(said["home"]),
            overflow_to=tuple(said["overflow_to"]),
            overflow_after_s=said["overflow_after_s"],
            callback_above_s=None if said["callback_above_min"] is None else said["callback_above_min"] * 60,
        )


class NewQueueForm(QueueForm):
    """A new queue, whose code never changes."""

    code = forms.SlugField(
        label=_("Code"), max_length=40, help_text=_("As call logs name it; it stays when the name changes.")
    )
    field_order = ("name", "code")


def known(queue: QueueLine) -> dict[str, Any]:
    """The queue as the form shows it."""
    return {
        "name": queue.name,
        "skill_code": queue.skill_code,
        "target_percent": round(queue.target_share * 100, 1),
        "target_within_s": queue.target_within_s,
        "site": "" if queue.site_id is None else queue.site_id,
        "time_zone": queue.own_time_zone,
        "priority": queue.priority,
        "ring_s": queue.ring_s,
        "wrap_s": queue.wrap_s,
        "level": queue.level,
        "home": list(queue.home),
        "overflow_to": list(queue.overflow_to),
        "overflow_after_s": queue.overflow_after_s,
        "callback_above_min": None if queue.callback_above_s is None else queue.callback_above_s // 60,
    }
