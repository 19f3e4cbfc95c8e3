"""How the pages of bills do something: what cannot be done stands in the form or on the list, with the reason."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from tellonce.kernel.errors import DomainError
from tellonce.webkit.page import done


def acted(
    request: HttpRequest, form: forms.Form, act: Callable[[], object], *, said: str, to: str
) -> HttpResponse | None:
    """Does it and goes `to`; None where the form is to be shown again, with why."""
    if not form.is_valid():
        return None
    try:
        act()
    except DomainError as error:
        form.add_error(None, str(error))
        return None
    messages.success(request, said)
    return done(request, to)


def tried(request: HttpRequest, act: Callable[[], object], *, said: str, to: str) -> HttpResponse:
    """Does what asks nothing, and goes `to`; an expected error is said there."""
    try:
        act()
    except DomainError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, said)
    return done(request, to)
