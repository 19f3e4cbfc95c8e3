"""Who shall work in a roster that is to be made, and in what shifts."""

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tellonce.modules.planning.contracts.rosters import RosterWish
from tellonce.modules.planning.web.forms import clock
from tellonce.modules.staff import queries as staff

_HOUR_MIN = 60


class RosterForm(forms.Form):
    """Who shall work, and in what shifts."""

    team = forms.ChoiceField(label=_("People of"), required=False)
    people = forms.IntegerField(label=_("Or so many, not named"), required=False, min_value=1, max_value=2000)
    days = forms.IntegerField(label=_("Days a week"), initial=5, min_value=1, max_value=7)
    shift_hours = forms.FloatField(
        label=_("Hours of a shift, break included"), initial=8.5, min_value=0.25, max_value=24
    )
    break_min = forms.IntegerField(label=_("Minutes of the break"), initial=30, min_value=0, max_value=240)
    first_start = forms.TimeField(label=_("Earliest start"), widget=clock())
    last_start = forms.TimeField(label=_("Latest start"), widget=clock())
    seconds = forms.IntegerField(label=_("Search for seconds"), initial=30, min_value=1, max_value=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = [(str(team.pk), team.name) for team in staff.teams().filter(people__is_active=True).distinct()]
        self.fields["team"].choices = [("", _("Nobody named yet")), *teams]  # type: ignore[attr-defined]

    def wish(self) -> RosterWish:
        """What was typed."""
        values = self.cleaned_data
        return RosterWish(
            people=values["people"] or 0,
            team_id=int(values["team"]) if values["team"] else None,
            shift_min=round(values["shift_hours"] * _HOUR_MIN),
            break_min=values["break_min"],
            days=values["days"],
            first_start_min=_minutes(values["first_start"]),
            last_start_min=_minutes(values["last_start"]),
            seconds=values["seconds"],
        )


def _minutes(wall: time) -> int:
    return wall.hour * _HOUR_MIN + wall.minute
