"""The page of queues, for administrators and planners."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from tellonce.kernel.errors import DomainError
from tellonce.modules.phone import actions, queries
from tellonce.modules.phone.contracts import QueueLine
from tellonce.modules.phone.web.forms import NewQueueForm, QueueForm, StaffForm, known
from tellonce.modules.staff.contracts import Role
from tellonce.modules.staff.queries import changes_about, people_found, sites
from tellonce.modules.staff.web.changes import change_lines
from tellonce.modules.staff.web.gate import signed_in
from tellonce.webkit.page import UNPROCESSABLE, done, page

_AT_FIRST = {"target_percent": 80, "target_within_s": 60, "priority": 0, "ring_s": 20, "wrap_s": 60}
_ANSWERING = frozenset({Role.REPRESENTATIVE, Role.TECHNICIAN, Role.SUPERVISOR})


@require_http_methods(["GET", "HEAD", "POST"])
def admin_queues(request: HttpRequest) -> HttpResponse:
    """All queues, and a form for a new one."""
    form = NewQueueForm(request.POST or None, initial=_AT_FIRST, sites=_sites())
    by, at = signed_in(request).as_actor(), timezone.now()
    if request.method == "POST" and _kept(
        request, form, lambda: actions.add_queue(code=form.cleaned_data["code"], terms=form.terms(), by=by, at=at)
    ):
        return done(request, reverse("admin_queues"))
    return _page(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
def admin_queue(request: HttpRequest, queue_id: int) -> HttpResponse:
    """One queue, to change."""
    chosen = queries.queue_line(queue_id)
    form = QueueForm(request.POST or None, initial=known(chosen), sites=_sites())
    by, at = signed_in(request).as_actor(), timezone.now()
    if request.method == "POST" and _kept(
        request, form, lambda: actions.change_queue(queue_id=queue_id, terms=form.terms(), by=by, at=at)
    ):
        return done(request, reverse("admin_queues"))
    return _page(request, form, chosen)


@require_POST
def admin_queue_staff(request: HttpRequest, queue_id: int) -> HttpResponse:
    """Who answers it, and the numbers that lead to it."""
    chosen = queries.queue_line(queue_id)
    form = StaffForm(request.POST, people=_people())
    by, at = signed_in(request).as_actor(), timezone.now()
    if _kept(request, form, lambda: actions.staff_queue(queue_id=queue_id, **form.cleaned_data, by=by, at=at)):
        return done(request, reverse("admin_queue", args=[queue_id]))
    return _page(request, QueueForm(initial=known(chosen), sites=_sites()), chosen, staffed=form)


@require_POST
def admin_queue_retire(request: HttpRequest, queue_id: int) -> HttpResponse:
    """Takes no calls any more, or takes them again."""
    act = actions.bring_back_queue if "back" in request.POST else actions.retire_queue
    act(queue_id=queue_id, by=signed_in(request).as_actor(), at=timezone.now())
    return done(request, reverse("admin_queue", args=[queue_id]))


def _sites() -> list[tuple[int, str]]:
    return [(site.pk, site.name) for site in sites()]


def _people() -> list[tuple[int, str]]:
    return [(person.pk, person.name) for person in people_found(active="yes") if person.role in _ANSWERING]


def _staffed(chosen: QueueLine) -> StaffForm:
    answering = queries.people_who_can(chosen.skill_code or chosen.code)
    numbers = ", ".join(queries.numbers_of(chosen.id))
    return StaffForm(initial={"people": sorted(answering), "numbers": numbers}, people=_people())


def _kept(request: HttpRequest, form: forms.Form, act: Callable[[], object]) -> bool:
    if not form.is_valid():
        return False
    try:
        act()
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, gettext("Kept."))
    return True


def _page(
    request: HttpRequest, form: QueueForm, chosen: QueueLine | None, *, staffed: StaffForm | None = None
) -> HttpResponse:
    spans = queries.call_spans()
    context: dict[str, Any] = {
        "rows": [
            {"line": line, "percent": round(line.target_share * 100, 1), "span": spans.get(line.id)}
            for line in queries.queues(with_retired=True)
        ],
        "form": form,
        "chosen": chosen,
        "staffed": (staffed or _staffed(chosen)) if chosen else None,
        "changes": change_lines(changes_about(about="queue", about_id=chosen.id)) if chosen else [],
    }
    return page(
        request,
        "phone/queues.html",
        context,
        status=UNPROCESSABLE if form.errors or (staffed and staffed.errors) else 200,
    )
