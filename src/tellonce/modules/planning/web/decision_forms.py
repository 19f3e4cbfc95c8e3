"""What is typed of a decision: its question, and one change of a policy, each kind with few plain fields."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tellonce.kernel.money import exponent
from tellonce.lab.rehearsal import (
    CallbacksChange,
    CallsChange,
    Change,
    HoursChange,
    MenuChange,
    PeopleChange,
    PressureChange,
    PriorityChange,
    SiteAdded,
    SiteLost,
    SkillsChange,
)
from tellonce.modules.phone import queries as phone
from tellonce.modules.planning.contracts.decisions import ArrivalsFrom, DecisionTerms, Policy
from tellonce.modules.planning.web.forms import clock
from tellonce.modules.planning.web.wording import group_words

_HUNDRED = 100.0
_MINUTES = 60.0
_WHOLE_DAY_H = 24.0
WEEKDAYS = ((0, _("Mon")), (1, _("Tue")), (2, _("Wed")), (3, _("Thu")), (4, _("Fri")), (5, _("Sat")), (6, _("Sun")))
ALL_DAYS = [place for place, _name in WEEKDAYS]


class QuestionForm(forms.Form):
    """A new decision."""

    question = forms.CharField(label=_("What is to be decided?"), max_length=300)
    queue_ids = forms.TypedMultipleChoiceField(label=_("Queues"), coerce=int, widget=forms.CheckboxSelectMultiple)
    weeks = forms.IntegerField(label=_("Weeks of calls to rehearse on"), min_value=1, max_value=26, initial=4)
    arrivals = forms.ChoiceField(label=_("Calls come"), choices=ArrivalsFrom.choices)
    target_share = forms.FloatField(label=_("Answer this share of callers, %"), min_value=1, max_value=100, initial=80)
    answer_within_s = forms.IntegerField(label=_("Within seconds"), min_value=0, max_value=86_400, initial=60)
    hour_cost = forms.DecimalField(required=False, min_value=0, max_digits=9, decimal_places=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines, currency = phone.queues(), settings.SETUP.currency
        self.fields["hour_cost"].label = gettext("Cost of an hour at work, %(currency)s") % {"currency": currency}
        self.fields["queue_ids"].choices = [(line.id, line.name) for line in lines]  # type: ignore[attr-defined]
        if len(lines) == 1:
            self.fields["queue_ids"].initial = [lines[0].id]

    def terms(self) -> DecisionTerms:
        """What was typed."""
        values = self.cleaned_data
        return DecisionTerms(
            question=values["question"],
            queue_ids=tuple(values["queue_ids"]),
            weeks=values["weeks"],
            arrivals=values["arrivals"],
            answer_within_s=values["answer_within_s"],
            target_share=values["target_share"] / _HUNDRED,
            hour_cost_minor=round((values["hour_cost"] or 0) * 10 ** exponent(settings.SETUP.currency)),
        )


def _percent(label: Any, initial: float, *, required: bool = True) -> forms.FloatField:
    return forms.FloatField(label=label, initial=initial, min_value=0, max_value=100, required=required)


def _days() -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(
        label=_("On"), coerce=int, choices=WEEKDAYS, initial=ALL_DAYS, widget=forms.CheckboxSelectMultiple
    )


def _of_skills() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Only these skills (none: all)"), required=False, widget=forms.CheckboxSelectMultiple
    )


class ChangeForm(forms.Form):
    """One change; `said` are its own fields, `policy` says where it belongs."""

    policy = forms.ChoiceField(label=_("In"), required=False)
    name = forms.CharField(label=_("Name of the policy"), required=False, max_length=120)
    title: Any = ""
    hint: Any = ""
    typed_as: Mapping[str, str] = {}  # where a field of the change was typed, when it has another name here

    def __init__(self, *args: Any, about: Mapping[str, Any], policies: tuple[Policy, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name not in {"policy", "name"}])
        known = [(str(place), policy.name) for place, policy in enumerate(policies[1:])]
        self.fields["policy"].choices = [("", gettext("a new policy")), *known]  # type: ignore[attr-defined]
        skills = [(name, name) for name in about.get("skills", ())]
        for name, choices in (
            ("skills", skills),
            ("skill", skills),
            ("site", [("", gettext("any")), *((each, each) for each in about.get("places", ()))]),
            ("area", [("", gettext("all")), *((each, group_words("area", each)) for each in about.get("areas", ()))]),
            ("lost_name", [(each, each) for each in about.get("places", ())]),
        ):
            if name in self.fields:
                self.fields[name].choices = choices  # type: ignore[attr-defined]

    def refuse(self, field: str, text: str) -> None:
        """Says what is wrong where it was typed."""
        named = self.typed_as.get(field, field)
        self.add_error(named if named in self.fields else None, text)

    def change(self) -> Change:
        """What was typed, as a change."""
        raise NotImplementedError

    def said(self, *names: str) -> dict[str, Any]:
        """Some of the fields as the change takes them."""
        made = {name: self.cleaned_data[name] for name in names}
        return {name: tuple(value) if isinstance(value, list) else value for name, value in made.items()}

    def share(self, name: str) -> float:
        """A percentage as a share."""
        return float(self.cleaned_data[name] or 0.0) / _HUNDRED

    def hour(self, name: str) -> float:
        """A time of the day in hours."""
        return float(self.cleaned_data[name].hour + self.cleaned_data[name].minute / _MINUTES)

    def span(self) -> dict[str, Any]:
        """From when until when, from the beginning and the length."""
        begin = self.hour("since")
        return {"from_h": begin, "to_h": begin + self.cleaned_data["length_h"]}


class PeopleForm(ChangeForm):
    """More or fewer people."""

    title = _("People")
    hint = _("More people, or fewer below 0.")
    typed_as = {"from_h": "since", "to_h": "length_h"}
    count = forms.IntegerField(label=_("How many more"), initial=2)
    since = forms.TimeField(label=pgettext_lazy("time", "From"), widget=clock(), initial="08:00")
    length_h = forms.FloatField(label=_("Hours long"), initial=4)
    weekdays = _days()
    skills = _of_skills()
    site = forms.ChoiceField(label=_("Site or partner"), required=False)

    def change(self) -> Change:
        """The people."""
        return PeopleChange(**self.said("count", "weekdays", "skills", "site"), **self.span())


class HoursForm(ChangeForm):
    """Other opening hours."""

    title = _("Opening hours")
    hint = _("What callers do about new hours is an assumption: state it here.")
    typed_as = {"opens_h": "opens", "closes_h": "closes"}
    opens = forms.TimeField(label=_("Opens"), widget=clock(), initial="08:00")
    closes = forms.TimeField(label=_("Closes"), widget=clock(), initial="20:00")
    weekdays = _days()
    moved = _percent(_("Calls outside that come while it is open, %"), 80)
    drawn = _percent(_("Calls of the day that come in the new hours, %"), 0)
    people = forms.IntegerField(label=_("People in the new hours"), initial=0)

    def change(self) -> Change:
        """The hours; midnight at the end is that of the next day."""
        return HoursChange(
            opens_h=self.hour("opens"),
            closes_h=self.hour("closes") or _WHOLE_DAY_H,
            moved=self.share("moved"),
            drawn=self.share("drawn"),
            **self.said("weekdays", "people"),
        )


class SkillsForm(ChangeForm):
    """People learn a skill."""

    title = _("Skills")
    hint = _("More people who can do something, or fewer below 0.")
    skill = forms.ChoiceField(label=_("Skill"))
    count = forms.IntegerField(label=_("How many more can do it"), initial=3)

    def change(self) -> Change:
        """The skill."""
        return SkillsChange(**self.said("skill", "count"))


class PriorityForm(ChangeForm):
    """Some contacts come earlier."""

    title = _("Priorities")
    hint = _("A head start of so many seconds of waiting; below 0 they come later.")
    skill = forms.ChoiceField(label=_("Contacts about"))
    head_start_s = forms.FloatField(label=_("Head start in seconds"), initial=120)

    def change(self) -> Change:
        """The head start."""
        return PriorityChange(**self.said("skill", "head_start_s"))


class CallbacksForm(ChangeForm):
    """Callbacks on or off."""

    title = _("Callbacks")
    hint = _("Callers keep their place; how many accept is an assumption.")
    is_on = forms.BooleanField(label=_("Offer callbacks"), required=False, initial=True)
    above_s = forms.FloatField(label=_("When the wait is above, seconds"), initial=300)
    accepted = _percent(_("Accept it, %"), 40)
    unanswered = _percent(_("Do not pick up then, %"), 15)

    def change(self) -> Change:
        """The callbacks."""
        return CallbacksChange(
            accepted=self.share("accepted"), unanswered=self.share("unanswered"), **self.said("is_on", "above_s")
        )


class SiteAddedForm(ChangeForm):
    """A site or partner more."""

    title = _("Site or partner added")
    typed_as = {"from_h": "since", "to_h": "length_h", "name": "place"}
    place = forms.CharField(label=_("Its name"), max_length=80)
    is_partner = forms.BooleanField(label=_("It is a partner"), required=False)
    people = forms.IntegerField(label=_("People"), initial=10)
    since = forms.TimeField(label=pgettext_lazy("time", "From"), widget=clock(), initial="08:00")
    length_h = forms.FloatField(label=_("Hours long"), initial=8)
    weekdays = _days()
    skills = _of_skills()
    pace = forms.FloatField(label=_("Conversations are so many times as long"), initial=1.0)

    def change(self) -> Change:
        """The site."""
        return SiteAdded(
            name=self.cleaned_data["place"],
            **self.said("people", "weekdays", "skills", "is_partner", "pace"),
            **self.span(),
        )


class SiteLostForm(ChangeForm):
    """A site or partner less."""

    title = _("Site or partner lost")
    typed_as = {"name": "lost_name"}
    lost_name = forms.ChoiceField(label=_("Which"))

    def change(self) -> Change:
        """The site."""
        return SiteLost(name=self.cleaned_data["lost_name"])


class MenuForm(ChangeForm):
    """A menu or automation in front."""

    title = _("Menu or automation")
    hint = _("What it solves and loses is an assumption: state it from a trial.")
    solved = _percent(_("Solves of all calls, %"), 10)
    lost = _percent(_("Loses of all calls, %"), 3)
    takes_s = forms.FloatField(label=_("Takes the others, seconds"), initial=30)
    skills = _of_skills()

    def change(self) -> Change:
        """The menu."""
        return MenuChange(solved=self.share("solved"), lost=self.share("lost"), **self.said("takes_s", "skills"))


class PressureForm(ChangeForm):
    """Pressure on handle time."""

    title = _("Pressure on handle time")
    hint = _("Shorter conversations solve less: how many more come again is an assumption.")
    factor = forms.FloatField(label=_("Conversations are so many times as long"), initial=0.9)
    more_repeats = _percent(_("Of all callers that come again more, %"), 3)

    def change(self) -> Change:
        """The pressure."""
        return PressureChange(more_repeats=self.share("more_repeats"), **self.said("factor"))


class CallsForm(ChangeForm):
    """More calls, by a price change or an outage."""

    title = _("More calls: price change, outage")
    factor = forms.FloatField(label=_("Calls are so many times as many"), initial=1.3)
    skills = _of_skills()
    area = forms.ChoiceField(label=_("From the area"), required=False)
    from_day = forms.IntegerField(label=_("From day of the period"), initial=1)
    days = forms.IntegerField(label=_("For days (0: to its end)"), initial=0)

    def change(self) -> Change:
        """The calls."""
        return CallsChange(**self.said("factor", "skills", "area", "from_day", "days"))


CHANGE_FORMS: Mapping[str, type[ChangeForm]] = {
    "people": PeopleForm,
    "hours": HoursForm,
    "skills": SkillsForm,
    "priority": PriorityForm,
    "callbacks": CallbacksForm,
    "site-added": SiteAddedForm,
    "site-lost": SiteLostForm,
    "menu": MenuForm,
    "pressure": PressureForm,
    "calls": CallsForm,
}
