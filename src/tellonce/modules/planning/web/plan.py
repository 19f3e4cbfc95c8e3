"""The plan of a queue's week: how many people, when, and what would change the waits."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tellonce.modules.planning.web.asked import Asked, asked_by
from tellonce.modules.planning.web.shown import shown
from tellonce.webkit.page import page

PARTS = {"plan": "planning/week.html"}


@require_safe
def plan(request: HttpRequest) -> HttpResponse:
    """A queue's week: forecast, roster, and what it does to the waits."""
    asked = asked_by(request, now=timezone.now())
    if asked is None:
        return page(request, "planning/plan.html", {"asked": None})
    wanted = request.GET.get("shift", "")
    return plan_page(request, asked, shift_id=int(wanted) if wanted.isdecimal() else None)


def plan_page(
    request: HttpRequest,
    asked: Asked,
    *,
    forms: dict[str, Any] | None = None,
    shift_id: int | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, or the part of it that a change fills anew; `forms` are shown again with what is wrong in them."""
    context = shown(asked, now=timezone.now(), forms=forms, shift_id=shift_id)
    return page(request, "planning/plan.html", context, parts=PARTS, status=status)
