"""The API at /api/: contacts, customers and outages in, stories and promises out; its OpenAPI description beside it."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from tellonce import __version__
from tellonce.kernel.errors import DomainError
from tellonce.openapi import bills, contacts, outages, reading, visits
from tellonce.openapi.contracts import TooManyRequestsError

api = NinjaAPI(
    title="Tellonce",
    version=__version__,
    description="Contacts, customers, outages and visits in; stories and promises out; what of a bill is to be held."
    " Every request carries a key.",
    urls_namespace="api",
    docs_url=None,
    openapi_url="openapi.json",
)
api.add_router("", contacts.router)
api.add_router("", outages.router)
api.add_router("", bills.router)
api.add_router("", visits.router)
api.add_router("", reading.router)


@api.exception_handler(DomainError)
def expected(request: HttpRequest, error: DomainError) -> HttpResponse:
    """An expected error: its code, its words, its status."""
    response = api.create_response(request, {"code": error.code, "message": str(error)}, status=error.status)
    if isinstance(error, TooManyRequestsError):
        response["Retry-After"] = "60"
    return response


@api.exception_handler(ValidationError)
def misshapen(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A body or query of another shape: each place with what is wrong there, never with what was sent."""
    places = [
        {"where": ".".join(str(part) for part in problem["loc"][1:]), "what": problem["msg"]}
        for problem in error.errors
    ]
    body = {"code": "bad_request", "message": _("The request has another shape than it should."), "problems": places}
    return api.create_response(request, body, status=422)


@api.exception_handler(HttpError)
def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What ninja itself refuses, such as a body that is not JSON."""
    return api.create_response(request, {"code": "bad_request", "message": str(error)}, status=error.status_code)


@api.exception_handler(AuthenticationError)
def nobody(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """No key at all."""
    return api.create_response(request, {"code": "no_key", "message": _("This needs a key.")}, status=401)
