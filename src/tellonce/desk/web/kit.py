"""Every component in every state, on one page."""

from datetime import timedelta
from functools import lru_cache

import altair as alt
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tellonce.webkit.charts import Picture, Spec, Table, picture, spec_of, token
from tellonce.webkit.icons import names as icon_names
from tellonce.webkit.page import page


class _KitForm(forms.Form):
    name = forms.CharField(label=_("Name"), help_text=_("As it is on the account."))
    mail = forms.EmailField(label=_("Mail address"), required=False)
    when = forms.DateTimeField(label=_("Due"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    kind = forms.ChoiceField(label=_("Kind"), choices=(("call", _("Call")), ("write", _("Write")), ("fix", _("Fix"))))
    way = forms.ChoiceField(
        label=_("Way"),
        choices=(("a", _("Person")), ("b", _("Team")), ("c", _("Department"))),
        widget=forms.RadioSelect,
        initial="a",
    )
    words = forms.CharField(label=_("What happened"), widget=forms.Textarea(attrs={"rows": 3}))
    sure = forms.BooleanField(label=_("The customer agreed"), required=False)
    paper = forms.FileField(label=_("File"), required=False)
    closed = forms.CharField(label=_("Cannot be changed"), disabled=True, initial="A-204417", required=False)


_TOKENS = (
    "paper", "card", "sunken", "hover", "line", "line-strong", "line-field", "ink", "ink-2", "ink-3",
    "accent", "accent-soft", "warn", "warn-soft", "bad", "bad-soft", "good", "good-soft",
)  # fmt: skip


@lru_cache(maxsize=1)
def _spec() -> Spec:
    waits = alt.Chart(alt.NamedData("waits")).mark_line(interpolate="step-after", color=token("accent"), strokeWidth=2)
    return spec_of(
        waits.encode(x=alt.X("hour:Q", axis=alt.Axis(tickCount=4)), y="minutes:Q").properties(width=320, height=120)
    )


def _picture() -> Picture:
    minutes = (2, 3, 6, 9, 7, 4, 4, 3, 2, 2)
    rows = [{"hour": 8 + n, "minutes": each} for n, each in enumerate(minutes)]
    words = gettext("Longest at eleven, with 9 minutes.")
    table = Table(
        (gettext("Hour"), gettext("Minutes")), tuple((str(8 + n), str(each)) for n, each in enumerate(minutes))
    )
    return picture(
        title=gettext("Waits by hour"), words=words, data={"waits": rows}, wide=_spec(), narrow=_spec(), table=table
    )


def kit(request: HttpRequest) -> HttpResponse:
    """The page; ?say=1 shows a message too."""
    now = timezone.now()
    if request.GET.get("say"):
        messages.success(request, gettext("Solved. Maria knows."))
    wrong = _KitForm(
        {"name": "", "mail": "maria@", "when": "soon", "kind": "call", "way": "b", "words": ""}, prefix="w"
    )
    context = {
        "form": _KitForm(prefix="k"),
        "wrong": wrong,
        "tokens": _TOKENS,
        "icons": icon_names(),
        "picture": _picture(),
        "earlier": now - timedelta(hours=2, minutes=7),
        "yesterday": now - timedelta(days=1, hours=3),
        "week_ago": now - timedelta(days=5),
        "year_ago": now - timedelta(days=400),
        "late": now - timedelta(minutes=40),
        "soon": now + timedelta(hours=3),
    }
    return page(request, "desk/kit.html", context)
