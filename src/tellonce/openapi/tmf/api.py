"""The TM Forum APIs at /tmf-api/, with errors as TMF630 says them."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from tellonce import __version__
from tellonce.kernel.errors import DomainError
from tellonce.openapi.contracts import TooManyRequestsError
from tellonce.openapi.tmf import customers, interactions, problems, tickets
from tellonce.openapi.tmf.shaping import fault

tmf_api = NinjaAPI(
    title="Tellonce, TM Forum Open APIs",
    version=__version__,
    description="TMF621, TMF629, TMF656 and TMF683, version 4. Every request carries a key.",
    urls_namespace="tmf",
    docs_url=None,
    openapi_url="openapi.json",
)
tmf_api.add_router("/partyInteraction/v4", interactions.router)
tmf_api.add_router("/serviceProblemManagement/v4", problems.router)
tmf_api.add_router("/customerManagement/v4", customers.router)
tmf_api.add_router("/troubleTicket/v4", tickets.router)


@tmf_api.exception_handler(DomainError)
def expected(request: HttpRequest, error: DomainError) -> HttpResponse:
    """An expected error."""
    response = fault(request, status=error.status, code=error.code, reason=str(error))
    if isinstance(error, TooManyRequestsError):
        response["Retry-After"] = "60"
    return response


@tmf_api.exception_handler(ValidationError)
def misshapen(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """An attribute is missing or of another type: 400, with each place, never with what was sent."""
    places = [f"{'.'.join(str(part) for part in one['loc'][2:] or one['loc'])}: {one['msg']}" for one in error.errors]
    reason = _("The request has another shape than it should.")
    return fault(request, status=400, code="bad_request", reason=reason, message="; ".join(places))


@tmf_api.exception_handler(HttpError)
def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What ninja itself refuses, such as a body that is not JSON."""
    return fault(request, status=error.status_code, code="bad_request", reason=str(error))
