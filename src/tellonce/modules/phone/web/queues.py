"""The page of queues, for administrators and planners."""

from collections.abc import Callable
from dataclasses import dataclass
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
from tellonce.modules.phone.web.forms import NewQueueForm, QueueForm, known
from tellonce.modules.phone.web.staffing_forms import MenuForm, StaffForm
from tellonce.modules.staff.contracts import Role
from tellonce.modules.staff.queries import changes_about, people_found, sites
from tellonce.modules.staff.web.changes import change_lines
from tellonce.modules.staff.web.gate import may_open_named, signed_in
from tellonce.webkit.page import UNPROCESSABLE, done, page

_AT_FIRST = {"target_percent": 80, "target_within_s": 60, "level": 1, "priority": 0, "ring_s": 20, "wrap_s": 60}
_ANSWERING = frozenset({Role.REPRESENTATIVE, Role.TECHNICIAN, Role.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class _Typed:
    """Forms of one queue that were sent and cannot be kept, to be shown as they were typed."""

    staffed: StaffForm | None = None
    menu: MenuForm | None = None

    @property
    def is_wrong(self) -> bool:
        """Whether one of them has an error."""
        return any(form is not None and form.errors for form in (self.staffed, self.menu))


@require_http_methods(["GET", "HEAD", "POST"])
def admin_queues(request: HttpRequest) -> HttpResponse:
    """All queues, and a form for a new one."""
    form = NewQueueForm(request.POST or None, initial=_AT_FIRST, **_choices())
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
    form = QueueForm(request.POST or None, initial=known(chosen), **_choices())
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
    form = _staffed(chosen, request.POST)
    by, at = signed_in(request).as_actor(), timezone.now()
    if _kept(request, form, lambda: actions.staff_queue(queue_id=queue_id, **form.staffed(), by=by, at=at)):
        return done(request, reverse("admin_queue", args=[queue_id]))
    return _page(request, QueueForm(initial=known(chosen), **_choices()), chosen, typed=_Typed(staffed=form))


@require_POST
def admin_queue_menu(request: HttpRequest, queue_id: int) -> HttpResponse:
    """What the keys of one of its numbers lead to."""
    chosen = queries.queue_line(queue_id)
    form = MenuForm(request.POST, queues=_queues())
    by, at = signed_in(request).as_actor(), timezone.now()
    if _kept(
        request, form, lambda: actions.set_menu(
            queue_id=queue_id, number=form.cleaned_data["number"], keys=form.keys(), by=by, at=at
        ),
    ):  # fmt: skip
        return done(request, reverse("admin_queue", args=[queue_id]))
    return _page(request, QueueForm(initial=known(chosen), **_choices()), chosen, typed=_Typed(menu=form))


@require_POST
def admin_queue_retire(request: HttpRequest, queue_id: int) -> HttpResponse:
    """Takes no calls any more, or takes them again."""
    act = actions.bring_back_queue if "back" in request.POST else actions.retire_queue
    act(queue_id=queue_id, by=signed_in(request).as_actor(), at=timezone.now())
    return done(request, reverse("admin_queue", args=[queue_id]))


def _choices() -> dict[str, Any]:
    return {"sites": [(site.pk, site.name) for site in sites()], "places": queries.places()}


def _people() -> list[tuple[int, str]]:
    return [(person.pk, person.name) for person in people_found(active="yes") if person.role in _ANSWERING]


def _queues() -> list[tuple[int, str]]:
    return [(line.id, line.name) for line in queries.queues()]


def _staffed(chosen: QueueLine, sent: Any = None) -> StaffForm:
    levels = queries.levels_of(chosen.skill_code or chosen.code)
    numbers = ", ".join(queries.numbers_of(chosen.id))
    return StaffForm(
        sent, initial={"people": sorted(levels), "numbers": numbers},
        people=_people(), levels=levels, asked=chosen.level,
    )  # fmt: skip


def _menus(chosen: QueueLine, sent: MenuForm | None) -> list[tuple[str, MenuForm]]:
    """By number; the one that was sent and cannot be kept as it was typed."""
    queues = _queues()
    ids = {line.code: line.id for line in queries.queues()}
    found: list[tuple[str, MenuForm]] = []
    for number, menu in queries.menus_of(chosen.id).items():
        now = {f"key_{key}": ids.get(code, "") for key, code in menu.items()}
        is_sent = sent is not None and sent.data.get("number") == number
        form = MenuForm(queues=queues, initial={"number": number} | now, auto_id=f"menu-{len(found)}-%s")
        found.append((number, sent if sent is not None and is_sent else form))
    return found


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
    request: HttpRequest, form: QueueForm, chosen: QueueLine | None, *, typed: _Typed | None = None
) -> HttpResponse:
    spans, typed = queries.call_spans(), typed or _Typed()
    context: dict[str, Any] = {
        "rows": [
            {"line": line, "percent": round(line.target_share * 100, 1), "span": spans.get(line.id)}
            for line in queries.queues(with_retired=True)
        ],
        "form": form,
        "chosen": chosen,
        "staffed": (typed.staffed or _staffed(chosen)) if chosen else None,
        "may_set_rules": may_open_named("admin_rules", signed_in(request)),
        "menus": _menus(chosen, typed.menu) if chosen else [],
        "changes": change_lines(changes_about(about="queue", about_id=chosen.id)) if chosen else [],
    }
    return page(
        request, "phone/queues.html", context, status=UNPROCESSABLE if form.errors or typed.is_wrong else 200
    )  # fmt: skip
