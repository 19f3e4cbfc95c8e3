"""What a request says, typed: who asks, numbers in the address, the place where something is done."""

from typing import cast

from django.http import Http404, HttpRequest

from tellonce.modules.staff.models import Person


def person_of(request: HttpRequest) -> Person:
    """Who is signed in; the gate has let nobody else through."""
    return cast("Person", request.user)


def number(request: HttpRequest, name: str) -> int | None:
    """The whole number called `name` in the address or the form; None where there is none."""
    text = request.POST.get(name) or request.GET.get(name) or ""
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 18:  # noqa: PLR2004 - longer than a bigint
        raise Http404(name)
    return int(text)
