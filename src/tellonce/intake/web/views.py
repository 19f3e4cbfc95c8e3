"""The administrator's pages of imports: hand a file in, look at it, bring it in, undo it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tellonce.intake import actions, queries, tasks
from tellonce.intake.web.forms import HandInForm
from tellonce.intake.web.shown import shown
from tellonce.kernel.errors import DomainError
from tellonce.modules.staff.web.gate import signed_in
from tellonce.webkit.page import UNPROCESSABLE, done, page

_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """What came in, and the form for more; a file that is handed in is looked at first."""
    form = HandInForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        cleaned, by, at = form.cleaned_data, signed_in(request).as_actor(), timezone.now()
        try:
            received = actions.receive(chunks=cleaned["file"].chunks(), name=cleaned["file"].name)
            run = actions.ask_for(
                received=received,
                mapping_text=cleaned["mapping_text"],
                as_of=cleaned["as_of"],
                by=by,
                at=at,
                called=cleaned["called"],
                queue=cleaned["queue"],
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            tasks.look_at.defer(run_id=run.pk)
            return done(request, reverse("admin_import", args=[run.pk]))
    first = _first(request)
    runs = queries.history(_PAGE + 1, offset=first)
    context = {
        "form": form,
        "runs": [shown(run, with_rows=False) for run in runs[:_PAGE]],
        "newer": max(first - _PAGE, 0) if first else None,
        "older": first + _PAGE if len(runs) > _PAGE else None,
    }
    return page(request, "intake/imports.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_safe
def import_run(request: HttpRequest, run_id: int) -> HttpResponse:
    """One import: how far it is, its report, what may be done with it."""
    run = queries.run(run_id)
    context = {"shown": shown(run), "same": queries.same_file(run.sha256, but=run.pk)}
    return page(request, "intake/run.html", context, parts={"run": "intake/run_body.html"})


@require_POST
def import_start(request: HttpRequest, run_id: int) -> HttpResponse:
    """Brings the file in, in the background."""
    run = actions.start(run_id=run_id, by=signed_in(request).as_actor(), at=timezone.now())
    tasks.bring_in.defer(run_id=run.pk)
    return done(request, reverse("admin_import", args=[run.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
def import_undo(request: HttpRequest, run_id: int) -> HttpResponse:
    """Asks, then undoes the whole import."""
    run = queries.run(run_id)
    if request.method != "POST":
        return page(request, "intake/undo.html", {"shown": shown(run)})
    undone = actions.undo(run_id=run_id, by=signed_in(request).as_actor(), at=timezone.now())
    messages.success(request, gettext("Undone."))
    if left := len(undone.kept) + len(undone.stays) + undone.more:
        messages.warning(
            request,
            ngettext(
                "%(number)d thing stays, because somebody worked on it or changed it since.",
                "%(number)d things stay, because somebody worked on them or changed them since.",
                left,
            )
            % {"number": left},
        )
    return done(request, reverse("admin_import", args=[run_id]))


def _first(request: HttpRequest) -> int:
    first = request.GET.get("first", "0")
    return min(int(first), 1_000_000) if first.isascii() and first.isdigit() else 0
