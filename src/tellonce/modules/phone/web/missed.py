"""Who hung up: callers who went without a person, until they get through or somebody follows them up."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from tellonce.kernel.errors import DomainError
from tellonce.modules.phone import actions, queries
from tellonce.modules.phone.actions.following_up import LONGEST_NOTE, followed_up_words
from tellonce.modules.phone.contracts import FollowedUpError, MissedCaller
from tellonce.modules.phone.queries.dialling import why_not_dialled
from tellonce.modules.phone.queries.words import wait_in_words
from tellonce.modules.record.contracts import FlagKind, shown_phone
from tellonce.modules.staff.contracts import Actor
from tellonce.modules.staff.web.gate import signed_in
from tellonce.webkit import times
from tellonce.webkit.page import UNPROCESSABLE, done, page

_USUAL_DAYS, _MOST_SHOWN = 2, 100
_DAYS = (1, _USUAL_DAYS, queries.MOST_DAYS)
_A_MINUTE_S = 60


class CallBackForm(forms.Form):
    """When the customer is called back."""

    due_at = forms.DateTimeField(
        label=_("When"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Empty for at once: as soon as somebody is free, after those who wait."),
    )


class DoneForm(forms.Form):
    """How they were followed up."""

    note = forms.CharField(
        label=_("How it was followed up"), max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 3})
    )


@require_safe
def missed(request: HttpRequest) -> HttpResponse:
    """Callers of the last days who went without a person and have not got through since; `days=1` to 7."""
    days, now = _days(request), timezone.now()
    found = queries.missed_callers(days=days, now=now, partner_id=signed_in(request).partner_id)
    names = _queue_names()
    context = {
        "callers": [_shown(each, names) for each in found.callers[:_MOST_SHOWN]],
        "more": max(len(found.callers) - _MOST_SHOWN, 0),
        "count": len(found.callers),
        "withheld": found.withheld,
        "days": days,
        "choices": [(each, _days_words(each)) for each in _DAYS],
        "now": now,
    }
    return page(request, "phone/missed.html", context, parts={"missed": "phone/missed_list.html"})


@require_safe
def missed_caller(request: HttpRequest, contact_id: int) -> HttpResponse:
    """One of them: what happened, a callback at a chosen time, or a note of how they were followed up."""
    caller = _caller(request, contact_id)
    if isinstance(caller, str):
        return _back(request, caller)
    return _page(request, caller, CallBackForm(), DoneForm())


@require_POST
def missed_call_back(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Asks the switchboard for a callback, at once or at the time that was chosen."""
    form = CallBackForm(request.POST)

    def act(caller: MissedCaller, by: Actor, at: datetime) -> str:
        due_at = form.cleaned_data["due_at"]
        actions.call_back(caller=caller, by=by, at=at, due_at=due_at)
        told = {
            "who": caller.name or shown_phone(caller.number),
            "time": times.spoken(due_at, now=at) if due_at else "",
        }
        if due_at:
            return gettext("%(who)s will be called back: %(time)s.") % told
        return gettext("%(who)s will be called back as soon as somebody is free.") % told

    return _followed_up(request, contact_id, form, act)


@require_POST
def missed_done(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Somebody has followed them up, in another way than by a callback."""
    form = DoneForm(request.POST)

    def act(caller: MissedCaller, by: Actor, at: datetime) -> str:
        actions.follow_up(caller=caller, note=form.cleaned_data["note"], by=by, at=at)
        return gettext("Kept: nobody else will follow them up.")

    return _followed_up(request, contact_id, form, act)


def _followed_up(
    request: HttpRequest, contact_id: int, form: forms.Form, act: Callable[[MissedCaller, Actor, datetime], str]
) -> HttpResponse:
    caller, now = _caller(request, contact_id), timezone.now()
    if isinstance(caller, str):
        return _back(request, caller)
    if form.is_valid():
        try:
            said = act(caller, signed_in(request).as_actor(), now)
        except FollowedUpError as error:
            return _back(request, str(error))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, said)
            return done(request, _list_address(request))
    is_call = isinstance(form, CallBackForm)
    return _page(request, caller, form if is_call else CallBackForm(), DoneForm() if is_call else form)


def _caller(request: HttpRequest, contact_id: int) -> MissedCaller | str:
    """Whom the contact was of; or why nobody has to follow them up."""
    partner_id, now = signed_in(request).partner_id, timezone.now()
    found = queries.missed_caller(contact_id, days=_days(request), now=now, partner_id=partner_id)
    if found is not None:
        return found
    claim = queries.follow_up_of(contact_id) if partner_id is None else None
    return followed_up_words(claim, now=now) if claim else gettext("They got through, or were followed up, meanwhile.")


def _back(request: HttpRequest, why: str) -> HttpResponse:
    messages.warning(request, why)
    return done(request, _list_address(request))


def _list_address(request: HttpRequest) -> str:
    days = _days(request)
    return reverse("missed") if days == _USUAL_DAYS else f"{reverse('missed')}?{urlencode({'days': days})}"


def _days(request: HttpRequest) -> int:
    """As asked for; what is no number is refused like a number that cannot be."""
    asked = request.GET.get("days", "") or str(_USUAL_DAYS)
    return int(asked) if asked.isdecimal() and len(asked) == 1 else 0


def _page(request: HttpRequest, caller: MissedCaller, call: forms.Form, note: forms.Form) -> HttpResponse:
    context: dict[str, Any] = {
        "caller": _shown(caller, _queue_names()),
        "call": call,
        "note": note,
        "days": _days(request),
        "back": _list_address(request),
    }
    status = UNPROCESSABLE if call.errors or note.errors else 200
    return page(request, "phone/missed_caller.html", context, status=status)


def _shown(caller: MissedCaller, queue_names: dict[int, str]) -> dict[str, Any]:
    told = caller.told
    return {
        "at": caller,
        "number": shown_phone(caller.number) if caller.number.startswith("+") else caller.number,
        "longest": _waited(caller.longest_wait_s),
        "told": wait_in_words(told.form, told.low_min, told.high_min) if told else "",
        "queue": queue_names.get(caller.queue_id, ""),
        "why_not": why_not_dialled(caller.number),
        "flags": [FlagKind(kind).label for kind in caller.flags],
    }


def _waited(seconds: int) -> str:
    if not seconds:
        return gettext("none: closed, or cut off")
    if seconds < _A_MINUTE_S:
        return gettext("%(n)d s") % {"n": seconds}
    return times.length(seconds)


def _queue_names() -> dict[int, str]:
    return {line.id: line.name for line in queries.queues(with_retired=True)}


def _days_words(days: int) -> str:
    if days == 1:
        return gettext("Today")
    return gettext("Since yesterday") if days == _USUAL_DAYS else gettext("%(n)d days") % {"n": days}
