"""Rosters out of the page as files, and into it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from tellonce.modules.planning import actions, queries
from tellonce.modules.planning.contracts import BadPlanError, PlanChangedError
from tellonce.modules.planning.files.events import written_events
from tellonce.modules.planning.files.lines import FileRefusedError
from tellonce.modules.planning.files.rows import written_rows
from tellonce.modules.planning.web.asked import asked_of
from tellonce.modules.planning.web.forms import FileForm
from tellonce.modules.planning.web.plan import plan_page
from tellonce.modules.staff import queries as staff
from tellonce.modules.staff.contracts import StaffNotFoundError
from tellonce.modules.staff.web.gate import signed_in
from tellonce.webkit.page import UNPROCESSABLE, done

_LARGEST = 5_000_000


@require_safe
def as_rows(request: HttpRequest, queue_id: int, week: str) -> HttpResponse:
    """The week's shifts as CSV."""
    asked = asked_of(queue_id, week, request.GET)
    plan = queries.week_plan(asked.queue, asked.week)
    return _file(
        written_rows(plan.shifts, zone=asked.zone, mails=_mails()), "text/csv", f"{asked.queue.code}-{week}.csv"
    )


@require_safe
def as_events(request: HttpRequest, queue_id: int, week: str) -> HttpResponse:
    """The week's shifts as a calendar; `person` gives those of one person."""
    asked = asked_of(queue_id, week, request.GET)
    plan = queries.week_plan(asked.queue, asked.week)
    person, shifts = request.GET.get("person", ""), plan.shifts
    if person.isdecimal():
        shifts = tuple(shift for shift in shifts if shift.person_id == int(person))
    name = f"{asked.queue.name} {week}"
    text = written_events(shifts, zone=asked.zone, mails=_mails(), name=name, at=timezone.now())
    return _file(text, "text/calendar", f"{asked.queue.code}-{week}.ics")


@require_POST
def bring(request: HttpRequest, queue_id: int, week: str) -> HttpResponse:
    """A CSV or calendar brought in: all of it, or nothing with the lines that are wrong."""
    asked = asked_of(queue_id, week, request.POST)
    form = FileForm(request.POST, request.FILES, prefix="file")
    if not form.is_valid():
        return plan_page(request, asked, forms={"file_form": form}, status=UNPROCESSABLE)
    try:
        key, by = asked.key(request.POST), signed_in(request).as_actor()
        actions.bring_file(key=key, text=_text(form), by=by, at=timezone.now())
    except FileRefusedError as error:
        for problem in error.problems:
            form.add_error("file", str(problem))
        if error.more:
            form.add_error("file", gettext("And %(n)d more.") % {"n": error.more})
        return plan_page(request, asked, forms={"file_form": form}, status=UNPROCESSABLE)
    except (BadPlanError, PlanChangedError, StaffNotFoundError) as error:
        form.add_error("file", str(error))
        return plan_page(request, asked, forms={"file_form": form}, status=error.status)
    messages.success(request, gettext("Brought in."))
    return done(request, asked.address())


def _text(form: FileForm) -> str:
    file = form.cleaned_data["file"]
    if file.size > _LARGEST:
        raise BadPlanError(gettext("The file is larger than 5 MB."), field="file")
    try:
        return str(file.read().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadPlanError(gettext("The file is no text in UTF-8."), field="file") from error


def _mails() -> dict[int, str]:
    return dict(staff.people().values_list("pk", "email"))


def _file(text: str, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
