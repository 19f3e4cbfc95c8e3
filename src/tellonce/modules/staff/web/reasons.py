"""Why somebody looks at a record without a contact: asked once, held for a quarter of an hour."""

from datetime import datetime, timedelta

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

HELD_FOR = timedelta(minutes=15)
_KEY = "view_reasons"
_LONGEST = 300

QUICK = (
    _("The customer is here or on the line, and no contact is open"),
    _("A colleague asked me to look"),
    _("I follow up on work of my own"),
    _("I check quality, or prepare coaching"),
    _("I correct the record"),
)


class ReasonForm(forms.Form):
    """One line."""

    reason = forms.CharField(
        label=_("Another reason"),
        max_length=_LONGEST,
        min_length=5,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def held_reason(request: HttpRequest, customer_id: int, *, at: datetime) -> str:
    """The reason that was given for this customer in this session, while it holds; else nothing."""
    words, until = request.session.get(_KEY, {}).get(str(customer_id), ("", ""))
    return str(words) if words and at < datetime.fromisoformat(until) else ""


@require_http_methods(["GET", "HEAD", "POST"])
def view_reason(request: HttpRequest) -> HttpResponse:
    """Asks for a reason; keeps it for this customer, and returns to the page that wanted it."""
    customer_id, back_to = _wanted(request)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        hold_reason(request, customer_id, form.cleaned_data["reason"], at=timezone.now())
        return HttpResponseRedirect(back_to, status=303)
    context = {"form": form, "customer_id": customer_id, "back_to": back_to, "quick": QUICK}
    return render(request, "staff/reason.html", context, status=422 if form.errors else 200)


def _wanted(request: HttpRequest) -> tuple[int, str]:
    asked = request.POST or request.GET
    customer = asked.get("customer", "")
    if not customer.isascii() or not customer.isdigit():
        raise Http404("customer")
    back_to = asked.get("next", "/")
    hosts = {request.get_host()}
    is_ours = url_has_allowed_host_and_scheme(back_to, allowed_hosts=hosts, require_https=request.is_secure())
    return int(customer), back_to if is_ours else "/"


def hold_reason(request: HttpRequest, customer_id: int, words: str, *, at: datetime) -> None:
    """Keeps a reason for looking at this customer, in this session, for a quarter of an hour."""
    held = request.session.get(_KEY, {})
    alive = {key: value for key, value in held.items() if at < datetime.fromisoformat(value[1])}
    request.session[_KEY] = alive | {str(customer_id): [words, (at + HELD_FOR).isoformat()]}
