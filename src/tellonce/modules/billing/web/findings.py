"""A finding of the checks: its evidence, and whether it is an error."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from tellonce.modules.billing import actions
from tellonce.modules.billing.queries.pages_findings import FindingRow, finding_row
from tellonce.modules.billing.web.acting import acted
from tellonce.modules.billing.web.bills import our_own
from tellonce.modules.billing.web.forms import ConfirmForm, DismissForm
from tellonce.webkit.page import UNPROCESSABLE, page


def _waiting() -> str:
    return f"{reverse('bills')}?tab=findings"


@require_safe
def finding(request: HttpRequest, finding_id: int) -> HttpResponse:
    """One finding: what is wrong, why we think so, and its money."""
    our_own(request)
    return _page(request, finding_row(finding_id), ConfirmForm(), DismissForm())


@require_POST
def finding_confirm(request: HttpRequest, finding_id: int) -> HttpResponse:
    """It is an error: a case is opened, and a wrong line is disputed by us."""
    person, form = our_own(request), ConfirmForm(request.POST)
    answer = acted(
        request,
        form,
        lambda: actions.confirm_finding(
            finding_id=finding_id, by=person.as_actor(), at=timezone.now(), note=form.cleaned_data["note"]
        ),
        said=gettext("Confirmed; there is a case for it."),
        to=_waiting(),
    )
    return answer or _page(request, finding_row(finding_id), form, DismissForm())


@require_POST
def finding_dismiss(request: HttpRequest, finding_id: int) -> HttpResponse:
    """It is no error, and why; it is not found again."""
    person, form = our_own(request), DismissForm(request.POST)
    answer = acted(
        request,
        form,
        lambda: actions.dismiss_finding(
            finding_id=finding_id, by=person.as_actor(), at=timezone.now(), why=form.cleaned_data["why"]
        ),
        said=gettext("Kept: no error, and nobody looks at it again."),
        to=_waiting(),
    )
    return answer or _page(request, finding_row(finding_id), ConfirmForm(), form)


def _page(request: HttpRequest, row: FindingRow, confirm: ConfirmForm, dismiss: DismissForm) -> HttpResponse:
    context = {"row": row, "evidence": _told(row.evidence), "confirm": confirm, "dismiss": dismiss}
    return page(
        request, "billing/finding.html", context, status=UNPROCESSABLE if confirm.errors or dismiss.errors else 200
    )


def _told(evidence: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The evidence a line each: names as words, lists with commas."""
    return [(name.replace("_", " "), _value(value)) for name, value in evidence.items() if value not in (None, "", [])]


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name.replace('_', ' ')}: {_value(each)}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(_value(each) for each in value)
    return str(value)
