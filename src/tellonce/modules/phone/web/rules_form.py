"""The form of the rules of routing."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from tellonce.lab.routing import Rules
from tellonce.modules.phone.models.rules import MOST_S

_DAY_S: Final = 86_400.0


def _seconds(label: Any, help_text: Any) -> forms.FloatField:
    return forms.FloatField(label=label, min_value=0, max_value=MOST_S, help_text=help_text)


class RulesForm(forms.Form):
    """What each rule is worth, in seconds of waiting; shares in percent of sites and partners, people kept by skill."""

    priority_s = _seconds(
        _("Each step of priority"), _("A head start of so many seconds; 10,000,000 always puts it first.")
    )
    promise_s = _seconds(_("Waited past what they were told"), _("Comes before who has not."))
    effort_s = _seconds(
        _("Each effort already caused"), _("Had to call again unanswered, or was passed on; two of them count at most.")
    )
    continuity_s = _seconds(
        _("Whoever talked with them last"), _("Gets the contact again, where that is worth the wait.")
    )
    continuity_within_d = forms.FloatField(
        label=_("That counts for days"), min_value=0, max_value=365, help_text=_("After the last talk.")
    )
    level_s = _seconds(_("Each level above what is asked"), _("The more skilled come first."))
    breadth_s = _seconds(_("Each other skill"), _("Taken off, so that who can do much is kept for what few can."))
    shares_s = _seconds(_("Behind an agreed share"), _("For a whole share of lag: half of it for a lag of 50%."))

    def __init__(self, *args: Any, rules: Rules, places: Sequence[str], skills: Sequence[str], **more: Any) -> None:
        super().__init__(*args, **more)
        self._places, self._skills = places, skills
        for place, name in enumerate(places):
            self.fields[f"share_{place}"] = forms.FloatField(
                label=name, min_value=0, max_value=100, required=False, initial=_percent(rules.shares.get(name))
            )
        for place, skill in enumerate(skills):
            self.fields[f"reserve_{place}"] = forms.IntegerField(
                label=skill, min_value=0, max_value=1_000, required=False, initial=rules.reserve.get(skill)
            )
        self.initial = {**_known(rules), **self.initial}

    def shares(self) -> Iterator[forms.BoundField]:
        """Of each site and partner."""
        return (self[f"share_{place}"] for place in range(len(self._places)))

    def reserves(self) -> Iterator[forms.BoundField]:
        """Of each skill."""
        return (self[f"reserve_{place}"] for place in range(len(self._skills)))

    def rules(self) -> Rules:
        """What the form says, where it is valid; an empty share or number of people is none."""
        said = self.cleaned_data
        shares = {name: said[f"share_{place}"] for place, name in enumerate(self._places)}
        reserve = {skill: said[f"reserve_{place}"] for place, skill in enumerate(self._skills)}
        weights = ("priority_s", "promise_s", "effort_s", "continuity_s", "level_s", "breadth_s", "shares_s")
        return Rules(
            **{name: said[name] for name in weights},
            continuity_within_s=said["continuity_within_d"] * _DAY_S,
            shares={name: share / 100 for name, share in shares.items() if share},
            reserve={skill: free for skill, free in reserve.items() if free},
        )


def _percent(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 2)


def _known(rules: Rules) -> dict[str, Any]:
    seconds = {
        name: f"{getattr(rules, name):.10g}"
        for name in ("priority_s", "promise_s", "effort_s", "continuity_s", "level_s", "breadth_s", "shares_s")
    }
    return seconds | {"continuity_within_d": f"{rules.continuity_within_s / _DAY_S:.10g}"}
