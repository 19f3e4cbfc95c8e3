"""One address is one page: whole, or the part of it that htmx asked for."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

HTMX_HEADERS = ("HX-Request", "HX-Target", "HX-Boosted", "HX-History-Restore-Request")
UNPROCESSABLE = 422


def wanted_part(request: HttpRequest) -> str:
    """The id of the element that htmx wants to fill; empty where the whole page is wanted."""
    headers = request.headers
    if headers.get("HX-Request") != "true" or "HX-Boosted" in headers or "HX-History-Restore-Request" in headers:
        return ""
    return headers.get("HX-Target", "")


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    parts: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page by `template`, or the template that `parts` names for the element that htmx asked to fill."""
    chosen = (parts or {}).get(wanted_part(request), template)
    response = render(request, chosen, dict(context or {}), status=status)
    patch_vary_headers(response, HTMX_HEADERS)
    return response


def done(request: HttpRequest, address: str) -> HttpResponse:
    """Where to go after a write: a redirect; under htmx the same page is swapped in place, another one is opened."""
    if request.headers.get("HX-Request") != "true":
        return HttpResponseRedirect(address, status=303)
    current = urlsplit(request.headers.get("HX-Current-URL", ""))
    target = urlsplit(address)
    response = HttpResponse(status=204)
    if (current.path, current.query) == (target.path, target.query):
        place = {"path": address, "target": "#main", "select": "#main", "swap": "outerHTML show:none"}
        response["HX-Location"] = json.dumps(place)
    else:
        response["HX-Redirect"] = address
    return response
