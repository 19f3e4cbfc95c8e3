"""Outages from the systems that watch the network."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Status

from tellonce.modules.network import actions as network
from tellonce.modules.network import queries as network_queries
from tellonce.modules.network.contracts import OutageLine, OutageNotFoundError
from tellonce.modules.record import queries as record_queries
from tellonce.openapi.asking import Key, asker
from tellonce.openapi.contracts import BadRequestError, Scope
from tellonce.openapi.shapes import OutageChange, OutageEnd, OutageIn

router = Router(tags=["outages"])


@router.post(
    "/outages", auth=Key(Scope.OUTAGES_WRITE), url_name="outages", response={201: dict[str, Any], 200: dict[str, Any]}
)
def report(request: HttpRequest, body: OutageIn) -> Status[dict[str, Any]]:
    """Reports an outage: 201, or 200 when its external id came before, and it was changed."""
    asking = asker(request)
    known = is_known(body.external_id)
    network.report_outage(
        area_id=area_with(body.area_code),
        kind=body.kind,
        began_at=body.began_at,
        expected_until=body.expected_until,
        cause=body.cause,
        by=asking.actor,
        at=asking.at,
        external_id=body.external_id,
        service_kinds=tuple(body.services),
    )
    return Status(200 if known else 201, _shown(network_queries.outage_by_external_id(body.external_id)))


@router.get("/outages", auth=Key(Scope.OUTAGES_READ), url_name="outages", response=list[dict[str, Any]])
def current(request: HttpRequest) -> list[dict[str, Any]]:
    """The outages that are not over."""
    return [_shown(line) for line in network_queries.current_outages(asker(request).at)]


@router.patch("/outages/{external_id}", auth=Key(Scope.OUTAGES_WRITE), url_name="outage_by_id", response=dict[str, Any])
def change(request: HttpRequest, external_id: str, body: OutageChange) -> dict[str, Any]:
    """Changes what is known of an outage."""
    asking = asker(request)
    given = {name: value for name, value in body if name in body.model_fields_set}
    if given.get("kind", "") is None:
        del given["kind"]
    line = network_queries.outage_by_external_id(external_id)
    network.change_outage(outage_id=line.id, by=asking.actor, at=asking.at, **given)
    return _shown(network_queries.outage_by_external_id(external_id))


@router.post(
    "/outages/{external_id}/end", auth=Key(Scope.OUTAGES_WRITE), url_name="outage_over", response=dict[str, Any]
)
def end(request: HttpRequest, external_id: str, body: OutageEnd) -> dict[str, Any]:
    """It works again."""
    asking = asker(request)
    line = network_queries.outage_by_external_id(external_id)
    network.end_outage(outage_id=line.id, by=asking.actor, at=asking.at, ended_at=body.ended_at)
    return _shown(network_queries.outage_by_external_id(external_id))


def is_known(external_id: str) -> bool:
    """Whether an outage with this id was reported already."""
    try:
        network_queries.outage_by_external_id(external_id)
    except OutageNotFoundError:
        return False
    return True


def area_with(code: str) -> int:
    """The area with this code; BadRequestError where there is none."""
    found = next((area.pk for area in record_queries.areas() if area.code == code), None)
    if found is None:
        raise BadRequestError(_("There is no area with the code “%(code)s”.") % {"code": code})
    return found


def _shown(line: OutageLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "external_id": line.external_id,
        "area": line.area,
        "kind": line.kind,
        "began_at": line.began_at,
        "expected_until": line.expected_until,
        "ended_at": line.ended_at,
        "cause": line.cause,
        "services": list(line.service_kinds),
    }
