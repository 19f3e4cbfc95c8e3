"""The access log: who looked at whom, when, and why."""

import csv
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_safe

from tellonce.modules.staff import queries
from tellonce.modules.staff.models import AccessEntry
from tellonce.modules.staff.queries import AccessFilter
from tellonce.modules.staff.web.admin_forms import AccessForm
from tellonce.webkit.page import page

PAGE_LENGTH = 100
PAGES_SEEN = (  # what the log calls the pages; named in the reader's language where they are shown
    *(gettext_noop("desk"), gettext_noop("customer"), gettext_noop("record"), gettext_noop("case")),
    *(gettext_noop("file"), gettext_noop("deed"), gettext_noop("merge"), gettext_noop("split")),
    *(gettext_noop("export"), gettext_noop("erase"), gettext_noop("search")),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@require_safe
def access(request: HttpRequest) -> HttpResponse:
    """The log, newest first; by the page, without counting what may be millions."""
    form, wanted = _asked(request)
    said = request.GET.get("page", "1")
    number = max(1, int(said)) if said.isascii() and said.isdigit() else 1
    first = (number - 1) * PAGE_LENGTH
    entries = list(queries.access_entries(wanted)[first : first + PAGE_LENGTH + 1]) if wanted else []
    context = {
        "form": form,
        "entries": entries[:PAGE_LENGTH],
        "newer": number - 1,
        "older": number + 1 if len(entries) > PAGE_LENGTH else 0,
        "is_narrowed": any(request.GET.get(name) for name in form.fields),
        "tab": "access",
    }
    return page(request, "staff/access.html", context, parts={"entries": "staff/access_table.html"})


@require_safe
def access_csv(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The same entries as a file."""
    _form, wanted = _asked(request)
    if wanted is None:
        return access(request)
    rows = _rows(queries.access_entries(wanted).iterator(chunk_size=2000))
    answer = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="access-log-{timezone.localdate():%Y-%m-%d}.csv"'
    return answer


class _Line:
    """What csv writes into: gives the line back."""

    def write(self, line: str) -> str:
        return line


def _rows(entries: Iterator[AccessEntry]) -> Iterator[str]:
    writer = csv.writer(_Line())
    names = ["at", "person_id", "person_name", "customer_id", "contact_id", "case_id"]
    names += ["page", "reason", "without_contact", "searched_for"]
    yield writer.writerow(names)
    for entry in entries:
        yield writer.writerow([_cell(getattr(entry, name)) for name in names])


def _cell(value: object) -> object:
    """Spreadsheets take a text that begins like a formula for one; an apostrophe keeps it a text."""
    if isinstance(value, datetime):
        return value.isoformat()
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _asked(request: HttpRequest) -> tuple[AccessForm, AccessFilter | None]:
    form = AccessForm(request.GET)
    if not form.is_valid():
        return form, None
    said = form.cleaned_data
    if said["since"] and said["until"] and said["since"] > said["until"]:
        form.add_error("until", gettext("The end has to be after the beginning."))
        return form, None
    return form, AccessFilter(
        person=said["person"],
        customer_id=said["customer"],
        since=_midnight(said["since"]),
        until=_midnight(said["until"] + timedelta(days=1)) if said["until"] else None,
        without_contact=said["without_contact"],
    )


def _midnight(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time())) if day else None
