"""What a planner changes on the page, each a form of its own; the week is shown anew with its waits."""

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from tellonce.modules.planning import actions, tasks
from tellonce.modules.planning.contracts import (
    QUARTERS,
    BadPlanError,
    NothingToUndoError,
    PlanChangedError,
)
from tellonce.modules.planning.queries.weeks import moment
from tellonce.modules.planning.web.asked import Asked, asked_of
from tellonce.modules.planning.web.forms import PeopleForm, ShiftForm, TermsForm
from tellonce.modules.planning.web.plan import plan_page
from tellonce.modules.staff.contracts import Actor, StaffNotFoundError
from tellonce.modules.staff.web.gate import signed_in
from tellonce.webkit.page import UNPROCESSABLE, done, wanted_part

_CONFLICT = 409

Act = Callable[[Actor, datetime], object]


@require_POST
def people(request: HttpRequest, queue_id: int, week: str) -> HttpResponse:
    """More or fewer people for some time of a day."""
    asked = asked_of(queue_id, week, request.POST)
    step = [_number(word) for word in request.POST.get("step", "").split(",")]
    match step:
        case [int(first), int(last), int(number)]:
            return _changed(request, asked, _more_people(request, asked, first=first, last=last, number=number))
    form = PeopleForm(request.POST, prefix="people")

    def act(by: Actor, at: datetime) -> object:
        values = form.cleaned_data
        first, last = (_quarter(values[name]) for name in ("since", "until"))
        more = _more_people(request, asked, first=first, last=last or QUARTERS, number=values["people"])
        return more(by, at)

    return _changed(request, asked, act, form=form, name="people_form")


@require_POST
def shift(request: HttpRequest, queue_id: int, week: str) -> HttpResponse:
    """A shift added, moved, or taken out."""
    asked = asked_of(queue_id, week, request.POST)
    key, shift_id = asked.key(request.POST), _number(request.POST.get("shift", ""))
    if request.POST.get("do") == "remove" and shift_id is not None:
        return _changed(request, asked, lambda by, at: actions.remove_shift(key=key, shift_id=shift_id, by=by, at=at))
    form = ShiftForm(request.POST, prefix="shift")

    def act(by: Actor, at: datetime) -> object:
        typed = form.shift_on(asked.shown_day, asked.zone)
        if shift_id is None:
            return actions.add_shift(key=key, shift=typed, by=by, at=at)
        return actions.move_shift(key=key, shift_id=shift_id, shift=typed, by=by, at=at)

    return _changed(request, asked, act, form=form, name="shift_form", shift_id=shift_id)


@require_POST
def person(request: HttpRequest, queue_id: int, week: str) -> HttpResponse:
    """Somebody taken out of the week."""
    asked = asked_of(queue_id, week, request.POST)
    key, person_id = asked.key(request.POST), _number(request.POST.get("person", "")) or 0
    return _changed(request, asked, lambda by, at: actions.remove_person(key=key, person_id=person_id, by=by, at=at))


@require_POST
def terms(request: HttpRequest, queue_id: int, week: str) -> HttpResponse:
    """Another target, handle time, patience or share away."""
    asked = asked_of(queue_id, week, request.POST)
    form = TermsForm(request.POST, prefix="terms")
    key = asked.key(request.POST)
    return _changed(
        request,
        asked,
        lambda by, at: actions.change_terms(key=key, terms=form.terms(), by=by, at=at),
        form=form,
        name="terms_form",
    )


@require_POST
def undo(request: HttpRequest, queue_id: int, week: str) -> HttpResponse:
    """The last change taken back."""
    asked = asked_of(queue_id, week, request.POST)
    return _changed(request, asked, lambda by, at: actions.undo_change(key=asked.key(request.POST), by=by, at=at))


@require_POST
def forecast(request: HttpRequest, queue_id: int, week: str) -> HttpResponse:
    """A forecast asked for; a worker makes it."""
    asked = asked_of(queue_id, week, request.POST)
    signed_in(request)
    tasks.forecast_soon(queue_id)
    messages.success(request, gettext("The forecast is being made. It stands here in a minute or two."))
    return done(request, asked.address())


def _more_people(request: HttpRequest, asked: Asked, *, first: int, last: int, number: int) -> Act:
    """The change of the number of people from one quarter hour of the day until another."""
    since, until = (moment(asked.shown_day, min(place, QUARTERS), asked.zone) for place in (first, last))
    key = asked.key(request.POST)
    return lambda by, at: actions.change_people(key=key, starts_at=since, ends_at=until, people=number, by=by, at=at)


def _changed(
    request: HttpRequest,
    asked: Asked,
    act: Act,
    *,
    form: forms.Form | None = None,
    name: str = "",
    shift_id: int | None = None,
) -> HttpResponse:
    """The week after the change, or as it stands with what was wrong said where it was typed."""
    again: dict[str, Any] = {name: form} if form is not None else {}
    if form is not None and not form.is_valid():
        return plan_page(request, asked, forms=again, shift_id=shift_id, status=UNPROCESSABLE)
    try:
        act(signed_in(request).as_actor(), timezone.now())
    except PlanChangedError as error:
        again["told"] = str(error)
        return plan_page(request, asked, forms=again, shift_id=shift_id, status=_CONFLICT)
    except (BadPlanError, NothingToUndoError, StaffNotFoundError) as error:
        if form is None:
            again["told"] = str(error)
        else:
            field = getattr(error, "field", "")
            form.add_error(field if field in form.fields else None, str(error))
        return plan_page(request, asked, forms=again, shift_id=shift_id, status=UNPROCESSABLE)
    return plan_page(request, asked) if wanted_part(request) else done(request, asked.address())


def _number(text: str) -> int | None:
    return int(text) if text.removeprefix("-").isdecimal() else None


def _quarter(wall: time) -> int:
    return (wall.hour * 60 + wall.minute) // 15
