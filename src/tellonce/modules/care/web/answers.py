"""The administrator's page of canned answers."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from tellonce.kernel.errors import DomainError
from tellonce.modules.care import actions, queries
from tellonce.modules.care.web.forms import AnswerForm
from tellonce.modules.staff import queries as staff
from tellonce.modules.staff.web.changes import change_lines
from tellonce.modules.staff.web.gate import signed_in
from tellonce.webkit.page import done, page

_UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
def admin_answers(request: HttpRequest) -> HttpResponse:
    """All answers, and a form for a new one."""
    form = _form(request)
    if request.method == "POST" and _kept(request, form, None):
        return done(request, reverse("admin_answers"))
    return _page(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
def admin_answer(request: HttpRequest, answer_id: int) -> HttpResponse:
    """One answer, to change."""
    chosen = next((line for line in queries.all_answers() if line.id == answer_id), None)
    if chosen is None:
        raise Http404
    known = {
        "title": chosen.title,
        "body": chosen.body,
        "language": chosen.language,
        "matter": chosen.matter_id if chosen.matter_id is not None else "",
    }
    form = _form(request, initial=known)
    if request.method == "POST" and _kept(request, form, answer_id):
        return done(request, reverse("admin_answers"))
    return _page(request, form, answer_id)


@require_POST
def admin_answer_retire(request: HttpRequest, answer_id: int) -> HttpResponse:
    """Not offered any more."""
    actions.retire_answer(answer_id=answer_id, by=signed_in(request).as_actor(), at=timezone.now())
    messages.success(request, gettext("Retired."))
    return done(request, reverse("admin_answers"))


def _form(request: HttpRequest, **more: Any) -> AnswerForm:
    return AnswerForm(
        request.POST if request.method == "POST" else None,
        tree=queries.matters_flat(),
        languages=settings.LANGUAGES,
        **more,
    )


def _kept(request: HttpRequest, form: AnswerForm, answer_id: int | None) -> bool:
    if not form.is_valid():
        return False
    values = {
        "title": form.cleaned_data["title"],
        "body": form.cleaned_data["body"],
        "language": form.cleaned_data["language"],
        "matter_id": form.cleaned_data["matter"],
        "by": signed_in(request).as_actor(),
        "at": timezone.now(),
    }
    try:
        if answer_id is None:
            actions.add_answer(**values)
        else:
            actions.change_answer(answer_id=answer_id, **values)
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, gettext("Kept."))
    return True


def _page(request: HttpRequest, form: AnswerForm, answer_id: int | None) -> HttpResponse:
    paths = {node.id: node.path for node in queries.matters_flat(with_retired=True)}
    languages = dict(settings.LANGUAGES)
    rows = [
        {"line": line, "matter": paths.get(line.matter_id or 0, ""), "language": languages.get(line.language, "")}
        for line in queries.all_answers()
    ]
    status = _UNPROCESSABLE if form.is_bound else 200
    context: dict[str, Any] = {"rows": rows, "form": form, "answer_id": answer_id}
    if answer_id is not None:
        context["changes"] = change_lines(staff.changes_about(about="cannedanswer", about_id=answer_id))
    return page(request, "care/answers.html", context, status=status)
