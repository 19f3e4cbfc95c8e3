"""The gate before every page: the permission matrix decides, and what is not listed is refused."""

import logging
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext

from tellonce.kernel.errors import NotAllowedError
from tellonce.modules.staff.contracts import ANYONE, SIGNED_IN, Gate
from tellonce.modules.staff.models import Person
from tellonce.modules.staff.web.errors import answer, page_of, wants_fragment, wants_json

log = logging.getLogger(__name__)


def may_open(gate: Gate, person: Person | None) -> bool:
    """Whether this person (None: nobody signed in) may open an address with this gate."""
    if gate is ANYONE:
        return True
    if person is None:
        return False
    if gate is SIGNED_IN:
        return True
    return person.role in gate or not gate.isdisjoint(person.permission_sets)


def may_open_named(url_name: str, person: Person | None) -> bool:
    """Whether this person may open the address of this name: for menus and palettes."""
    matrix: Mapping[str, Gate] = settings.PERMISSION_MATRIX
    return url_name in matrix and may_open(matrix[url_name], person)


def signed_in(request: HttpRequest) -> Person:
    """The person who has signed in; NotAllowedError when nobody has."""
    if not request.user.is_authenticated:
        raise NotAllowedError(gettext("Sign in first."))
    return request.user


class GateMiddleware:
    """Refuses addresses that the matrix does not list, or not for this person's role and permission sets."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """None lets the request through to its view."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        gate: Gate | None = settings.PERMISSION_MATRIX.get(name)
        if gate is None:
            log.error("address without a line in the permission matrix", extra={"url_name": name})
            return self._refuse(request)
        if gate is ANYONE:
            return None
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        return None if may_open(gate, request.user) else self._refuse(request)

    def _refuse(self, request: HttpRequest) -> HttpResponse:
        message = gettext("Your role does not include this page. Ask an administrator if you need it for your work.")
        return answer(request, status=403, code="not_allowed", message=message)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"code": "not_signed_in", "message": gettext("Sign in first.")}, status=401)
    url = f"{reverse('account_login')}?{urlencode({'next': page_of(request)})}"
    if wants_fragment(request):
        return HttpResponse(status=401, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
