"""What somebody is writing, kept on the server a moment after each pause."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from tellonce.desk.asking import number, person_of
from tellonce.modules.care import actions as care

_LONGEST = 20_000


@require_POST
def draft(request: HttpRequest) -> HttpResponse:
    """Keeps the words of one place; empty words drop it."""
    care.save_draft(
        person_id=person_of(request).pk,
        place=request.POST.get("place", "")[:120],
        words=request.POST.get("words", "")[:_LONGEST],
        customer_id=number(request, "customer"),
        contact_id=number(request, "contact"),
        case_id=number(request, "case"),
        at=timezone.now(),
    )
    return HttpResponse(status=204)
