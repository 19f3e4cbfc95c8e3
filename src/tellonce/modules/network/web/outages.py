"""The page of outages: what is wrong now, what was, and reporting, changing and ending by hand."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from tellonce.kernel.errors import DomainError
from tellonce.modules.network import actions, queries
from tellonce.modules.network.models import Outage
from tellonce.modules.network.web.forms import ChangeForm, EndForm, ReportForm
from tellonce.modules.staff import queries as staff
from tellonce.modules.staff.web.changes import change_lines
from tellonce.modules.staff.web.gate import may_open_named, signed_in
from tellonce.webkit.page import done, page

_PAST = 50
_UNPROCESSABLE = 422


@require_safe
def outages(request: HttpRequest) -> HttpResponse:
    """Current and past outages; `before` continues the past ones."""
    return _list(request, ReportForm(initial={"began_at": timezone.localtime(), "kind": "lost"}))


@require_POST
def report_outage(request: HttpRequest) -> HttpResponse:
    """Service is lost or degraded somewhere."""
    form = ReportForm(request.POST)

    def act() -> Outage:
        values = form.cleaned_data
        return actions.report_outage(
            area_id=values["area"],
            kind=values["kind"],
            began_at=values["began_at"],
            expected_until=values["expected_until"],
            cause=values["cause"],
            by=signed_in(request).as_actor(),
            at=timezone.now(),
        )

    return _acted(request, form, act) or _list(request, form, status=_UNPROCESSABLE)


@require_safe
def outage(request: HttpRequest, outage_id: int) -> HttpResponse:
    """One outage, with what can be done to it."""
    return _one(request, outage_id, {})


@require_POST
def change_outage(request: HttpRequest, outage_id: int) -> HttpResponse:
    """What is known of it changed."""
    form = ChangeForm(request.POST)
    by, at = signed_in(request).as_actor(), timezone.now()
    acted = _acted(request, form, lambda: actions.change_outage(outage_id=outage_id, by=by, at=at, **form.cleaned_data))
    return acted or _one(request, outage_id, {"changing": form}, status=_UNPROCESSABLE)


@require_POST
def end_outage(request: HttpRequest, outage_id: int) -> HttpResponse:
    """It works again."""
    form = EndForm(request.POST)
    by, at = signed_in(request).as_actor(), timezone.now()
    acted = _acted(
        request,
        form,
        lambda: actions.end_outage(outage_id=outage_id, by=by, at=at, ended_at=form.cleaned_data["ended_at"]),
    )
    return acted or _one(request, outage_id, {"ending": form}, status=_UNPROCESSABLE)


@require_POST
def withdraw_outage(request: HttpRequest, outage_id: int) -> HttpResponse:
    """It was reported by mistake."""
    actions.withdraw_outage(outage_id=outage_id, by=signed_in(request).as_actor(), at=timezone.now())
    messages.success(request, gettext("Taken back."))
    return done(request, reverse("outages"))


def _acted(request: HttpRequest, form: forms.Form, act: Callable[[], Outage]) -> HttpResponse | None:
    """What to answer after the write; None when the form has to be shown again."""
    if not form.is_valid():
        return None
    try:
        act()
    except DomainError as error:
        form.add_error(None, str(error))
        return None
    messages.success(request, gettext("Kept. Everybody concerned will see it in their story."))
    return done(request, reverse("outages"))


def _list(request: HttpRequest, form: ReportForm, *, status: int = 200) -> HttpResponse:
    before = _time(request.GET.get("before", ""))
    past = queries.past_outages(limit=_PAST, before=before)
    context = {
        "current": queries.current_outages(),
        "past": past,
        "older": past[-1].began_at.isoformat() if len(past) == _PAST else "",
        "reporting": form if may_open_named("outage_report", signed_in(request)) else None,
    }
    return page(request, "network/outages.html", context, status=status)


def _one(request: HttpRequest, outage_id: int, given: dict[str, Any], *, status: int = 200) -> HttpResponse:
    found = queries.outage(outage_id)
    may_change = may_open_named("outage_change", signed_in(request))
    may_withdraw = may_open_named("outage_withdraw", signed_in(request))
    context: dict[str, Any] = {
        "outage": found,
        "may_withdraw": may_withdraw,
        "changes": change_lines(staff.changes_about(about="outage", about_id=outage_id)),
    }
    if may_change and not found.is_over:
        known = {"kind": found.kind, "expected_until": _local(found.expected_until), "cause": found.cause}
        context |= {
            "changing": ChangeForm(initial=known),
            "ending": EndForm(initial={"ended_at": timezone.localtime()}),
        }
    return page(request, "network/outage.html", context | given, status=status)


def _local(at: datetime | None) -> datetime | None:
    return timezone.localtime(at) if at is not None else None


def _time(text: str) -> datetime | None:
    try:
        found = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        return None
    return found if found is not None and timezone.is_aware(found) else None
