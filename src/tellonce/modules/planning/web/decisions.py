"""Decisions: a question, policies compared on the provider's own calls, one taken, and what then happened."""

import secrets
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tellonce.kernel.errors import ConflictError
from tellonce.lab.rehearsal import RehearsalInputError
from tellonce.modules.phone import queries as phone
from tellonce.modules.planning import tasks
from tellonce.modules.planning.actions import decisions as actions
from tellonce.modules.planning.actions import rehearsing
from tellonce.modules.planning.contracts.decisions import BadDecisionError
from tellonce.modules.planning.contracts.reasons import error_words
from tellonce.modules.planning.queries import decisions as queries
from tellonce.modules.planning.web.decision_forms import CHANGE_FORMS, ChangeForm, QuestionForm
from tellonce.modules.planning.web.decision_shown import shown
from tellonce.modules.staff.web.gate import may_open_named, signed_in
from tellonce.webkit.page import UNPROCESSABLE, done, page

_SEEDS = 1 << 31
_PARTS = {"rehearsal": "planning/decision_rehearsal.html", "change": "planning/decision_change.html"}


@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """All decisions, the latest first."""
    context = {
        "decisions": list(queries.decisions()[:200]),
        "may_write": may_open_named("decision_new", signed_in(request)),
        "has_queues": bool(phone.queues()),
    }
    return page(request, "planning/decisions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A question that is to be decided."""
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = signed_in(request)
        try:
            made = actions.draft_decision(
                terms=form.terms(),
                owner_id=person.pk,
                seed=secrets.randbelow(_SEEDS),
                by=person.as_actor(),
                at=timezone.now(),
            )
        except BadDecisionError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            tasks.read_calls.defer(decision_id=made.pk)
            return done(request, reverse("decision", args=[made.pk]))
    status = UNPROCESSABLE if form.errors else 200
    return page(request, "planning/decision_new.html", {"form": form}, status=status)


@require_safe
def decision(request: HttpRequest, decision_id: int) -> HttpResponse:
    """One decision: its policies side by side, and what happened after it was taken."""
    return _page(request, decision_id)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, decision_id: int, kind: str) -> HttpResponse:
    """A change more in a policy: the form for its kind, and what was typed."""
    found = queries.decision(decision_id)
    if kind not in CHANGE_FORMS:
        raise Http404
    policies, about = queries.policies_of(found), found.rehearsal.about
    form = CHANGE_FORMS[kind](request.POST or None, about=about, policies=policies)
    if request.method != "POST":
        return _page(request, decision_id, form=form, kind=kind)
    if form.is_valid():
        try:
            place = form.cleaned_data["policy"]
            actions.add_change(
                decision_id=decision_id,
                policy=int(place) if place else None,
                name=form.cleaned_data["name"],
                change=form.change(),
                by=signed_in(request).as_actor(),
                at=timezone.now(),
            )
        except (RehearsalInputError, BadDecisionError) as error:
            form.refuse(error.field, error_words(error))
        except ConflictError as error:
            return _page(request, decision_id, told=str(error), status=error.status)
        else:
            return done(request, reverse("decision", args=[decision_id]))
    return _page(request, decision_id, form=form, kind=kind, status=UNPROCESSABLE)


@require_POST
def remove(request: HttpRequest, decision_id: int) -> HttpResponse:
    """A policy taken out."""
    place = request.POST.get("policy", "")
    by, at = signed_in(request).as_actor(), timezone.now()
    number = int(place) if place.isdecimal() else -1
    return _done(
        request, decision_id, lambda: actions.remove_policy(decision_id=decision_id, policy=number, by=by, at=at)
    )


@require_POST
def rehearse(request: HttpRequest, decision_id: int) -> HttpResponse:
    """A rehearsal asked for; a worker runs it."""
    by, at = signed_in(request).as_actor(), timezone.now()

    def act() -> None:
        rehearsing.ask_rehearsal(decision_id=decision_id, by=by, at=at)
        tasks.rehearse.defer(decision_id=decision_id)

    return _done(request, decision_id, act)


@require_POST
def cancel(request: HttpRequest, decision_id: int) -> HttpResponse:
    """A rehearsal stopped; what is done stays."""
    by, at = signed_in(request).as_actor(), timezone.now()
    return _done(request, decision_id, lambda: rehearsing.cancel_rehearsal(decision_id=decision_id, by=by, at=at))


@require_POST
def take(request: HttpRequest, decision_id: int) -> HttpResponse:
    """A policy taken: what is expected of it is frozen."""
    by, at, policy = signed_in(request).as_actor(), timezone.now(), request.POST.get("policy", "")
    return _done(
        request, decision_id, lambda: actions.take_decision(decision_id=decision_id, policy=policy, by=by, at=at)
    )


@require_POST
def drop(request: HttpRequest, decision_id: int) -> HttpResponse:
    """A decision dropped."""
    by, at = signed_in(request).as_actor(), timezone.now()
    return _done(request, decision_id, lambda: actions.drop_decision(decision_id=decision_id, by=by, at=at))


def _done(request: HttpRequest, decision_id: int, act: Callable[[], object]) -> HttpResponse:
    """The page after it was done, or as it stands with the reason why it was not."""
    try:
        act()
    except (BadDecisionError, ConflictError) as error:
        return _page(request, decision_id, told=str(error), status=error.status)
    return done(request, reverse("decision", args=[decision_id]))


def _page(
    request: HttpRequest,
    decision_id: int,
    *,
    form: ChangeForm | None = None,
    kind: str = "",
    told: str = "",
    status: int = 200,
) -> HttpResponse:
    found = queries.decision(decision_id)
    context = shown(found, person=signed_in(request), now=timezone.now(), form=form)
    return page(request, "planning/decision.html", context | {"kind": kind, "told": told}, parts=_PARTS, status=status)
