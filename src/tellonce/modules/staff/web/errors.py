"""Expected errors as a page, a fragment or JSON; and the pages for what was not expected."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from tellonce.kernel.errors import DomainError
from tellonce.modules.staff.contracts import ReasonNeededError

_NOT_SO = 405
_API_PATHS = ("/api/", "/tmf-api/")


class DomainErrorMiddleware:
    """Turns a DomainError that a view lets through into an answer with its status and its words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", "") or "\0" in request.path:
            words = gettext("The address holds a character that no text has. Type it again.")
            return answer(request, status=400, code="bad_address", message=words)
        response = self.get_response(request)
        is_empty = response.status_code == _NOT_SO and not response.streaming and not response.content
        return _only_sent_to(request, response) if is_empty else response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """None for errors that were not expected: they stay unhandled, and are logged."""
        if isinstance(error, ReasonNeededError) and not wants_json(request):
            return _ask_for_reason(request, error)
        if isinstance(error, DomainError):
            return answer(request, status=error.status, code=error.code, message=str(error))
        return None


def _only_sent_to(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Somebody opened the address of a form that was sent: a page instead of nothing."""
    words = gettext("This address takes what a form sends, and shows nothing itself. Go back to where the form is.")
    said = answer(request, status=_NOT_SO, code="method", message=words)
    said["Allow"] = response["Allow"]
    return said


def answer(request: HttpRequest, *, status: int, code: str, message: str) -> HttpResponse:
    """An error as JSON for programs, as a fragment for htmx, as a page for everybody else."""
    if wants_json(request):
        return JsonResponse({"code": code, "message": message}, status=status)
    context = {"status": status, "title": _title(status), "message": message}
    if wants_fragment(request):
        response = render(request, "webkit/error_fragment.html", context, status=status)
        response["HX-Retarget"], response["HX-Reswap"] = "#toasts", "beforeend"
        return response
    return render(request, "webkit/error.html", context, status=status)


def wants_json(request: HttpRequest) -> bool:
    """Whether a program asks: by the address, or by accepting JSON before anything else."""
    return request.path.startswith(_API_PATHS) or request.headers.get("Accept", "").startswith("application/json")


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page; boosted and history-restore requests get whole pages."""
    is_htmx = request.headers.get("HX-Request") == "true"
    return is_htmx and not (request.headers.get("HX-Boosted") or request.headers.get("HX-History-Restore-Request"))


def page_of(request: HttpRequest) -> str:
    """Where the person is: the page around a fragment, the page itself, or the desk where something was sent."""
    if wants_fragment(request):
        return request.headers.get("HX-Current-URL") or "/"
    return request.get_full_path() if request.method in {"GET", "HEAD"} else "/"


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Nothing lives at this address."""
    message = gettext("There is nothing at this address. It may have been moved, or mistyped.")
    return answer(request, status=404, code="not_found", message=message)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django refused: PermissionDenied somewhere below."""
    message = gettext("Your role does not include this page. Ask an administrator if you need it for your work.")
    return answer(request, status=403, code="not_allowed", message=message)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is missing or old: mostly a page that was open since before the last sign-in."""
    message = gettext("This page was open for too long. Go back, load it again, and send it once more.")
    return answer(request, status=403, code="form_too_old", message=message)


def _ask_for_reason(request: HttpRequest, error: ReasonNeededError) -> HttpResponse:
    asked = urlencode({"customer": error.customer_id, "next": page_of(request)})
    url = f"{reverse('view_reason')}?{asked}"
    if wants_fragment(request):
        return HttpResponse(status=error.status, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def _title(status: int) -> str:
    titles = {
        400: gettext("That did not work"),
        403: gettext("This is not open to you"),
        404: gettext("Not found"),
        409: gettext("Somebody was faster"),
        429: gettext("Please wait a little"),
    }
    return titles.get(status, titles[400])
