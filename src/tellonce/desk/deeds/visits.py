"""Deeds about visits: nobody came."""

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tellonce.desk.deeds.base import DeedForm, Words, day, long_words
from tellonce.modules.billing.contracts import money
from tellonce.modules.field import actions
from tellonce.modules.field.contracts import NotedVisit


def _clock(*, label: Words) -> forms.TimeField:
    return forms.TimeField(label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


class MissedVisit(DeedForm):
    """Somebody of ours was to come, and nobody did."""

    name = "missed-visit"
    title = _("Nobody came")
    button = _("Note it")

    on = day(label=_("Day of the visit"))
    since = _clock(label=_("Somebody was to come from"))
    until = _clock(label=_("Until"))
    words = long_words(label=_("What they say of it"), required=False, rows=2)

    def prepare(self) -> None:
        """People mostly tell of it on the day itself."""
        self.keep_draft("words")
        self.initial["on"] = timezone.localtime(self.place.at).date()

    def do(self) -> str:
        """Notes it; the rule credits it."""
        noted = actions.note_missed_visit(
            customer_id=self.place.customer_id,
            window_from=self._at("since"),
            window_until=self._at("until"),
            words=self.cleaned_data["words"],
            by=self.place.by,
            at=self.place.at,
            contact_id=self.place.contact_id,
            case_id=self.place.case_id,
        )
        return _said(noted)

    def _at(self, field: str) -> datetime:
        here = datetime.combine(self.cleaned_data["on"], self.cleaned_data[field])
        return timezone.make_aware(here, timezone.get_current_timezone())


def _said(noted: NotedVisit) -> str:
    if not noted.is_new:
        return gettext("This visit was noted before; it is credited once.")
    if not noted.credited_minor:
        return gettext("Noted. The rules credit nothing more for it; promise them a new visit.")
    amount = money(noted.credited_minor, noted.currency)
    if noted.is_granted:
        return gettext("Noted, and %(amount)s credited: they get a letter. Promise them a new visit.") % {
            "amount": amount
        }
    return gettext("Noted; %(amount)s is asked for and waits for a second person. Promise them a new visit.") % {
        "amount": amount
    }
