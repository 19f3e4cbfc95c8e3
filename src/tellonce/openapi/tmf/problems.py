"""TMF656 Service Problem: an outage."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field, TypeAdapter, ValidationError

from tellonce.modules.network import actions as network
from tellonce.modules.network import queries as network_queries
from tellonce.modules.network.contracts import OutageKind, OutageLine
from tellonce.openapi.asking import Key, asker
from tellonce.openapi.contracts import BadRequestError, Scope
from tellonce.openapi.outages import area_with
from tellonce.openapi.tmf.shaping import (
    CharacteristicIn,
    Fields,
    JsonObject,
    Limit,
    Loose,
    Offset,
    Party,
    Reference,
    aware,
    href,
    iso,
    listed,
    made,
    picked,
    without_empty,
)

router = Router(tags=["TMF656 Service Problem"])
_BASE = "serviceProblemManagement/v4/serviceProblem"
_EXPECTED = "expectedResolutionDate"
_BEGAN = "beganAt"
_OVER = frozenset({"resolved", "closed"})
_TIME = TypeAdapter(datetime)


class ProblemIn(Loose):
    """What TMF656 requires, and what of the rest we keep."""

    category: str
    priority: int
    description: str
    reason: str
    originator_party: Party = Field(alias="originatorParty")
    affected_location: list[Reference] = Field(default=[], alias="affectedLocation")
    external_identifier: list[Reference] = Field(default=[], alias="externalIdentifier")
    characteristic: list[CharacteristicIn] = []
    creation_date: datetime | None = Field(default=None, alias="creationDate")


class ProblemChange(Loose):
    """What may be changed of it."""

    status: str = ""
    reason: str | None = None
    category: str = ""
    resolution_date: datetime | None = Field(default=None, alias="resolutionDate")
    characteristic: list[CharacteristicIn] = []


@router.post("/serviceProblem", auth=Key(Scope.OUTAGES_WRITE), url_name="problems", response={201: dict[str, Any]})
def add(request: HttpRequest, body: ProblemIn) -> HttpResponse:
    """Reports an outage. affectedLocation names the area by its code; externalIdentifier makes it known again."""
    asking = asker(request)
    if not body.affected_location:
        raise BadRequestError(_("affectedLocation is missing: it names the area by its code."))
    external_id = body.external_identifier[0].id if body.external_identifier else ""
    began = _time_of(body.characteristic, _BEGAN) or aware(body.creation_date, "creationDate") or asking.at
    outage = network.report_outage(
        area_id=area_with(body.affected_location[0].id),
        kind=_kind(body.category),
        began_at=began,
        expected_until=_time_of(body.characteristic, _EXPECTED),
        cause=body.reason[:300],
        by=asking.actor,
        at=asking.at,
        external_id=external_id[:120],
    )
    return made(_resource(network_queries.outage(outage.pk)))


@router.get("/serviceProblem", auth=Key(Scope.OUTAGES_READ), url_name="problems", response=list[dict[str, Any]])
def several(request: HttpRequest, fields: Fields = "", offset: Offset = 0, limit: Limit = 20) -> HttpResponse:
    """Outages: those that last, then those that are over, the latest first."""
    current = network_queries.current_outages(asker(request).at)
    lines = [*current, *network_queries.past_outages(limit=max(offset + limit - len(current), 1))]
    total = network_queries.outage_count()
    return listed([_resource(line) for line in lines[offset : offset + limit]], total=total, fields=fields)


@router.get(
    "/serviceProblem/{int:outage_id}", auth=Key(Scope.OUTAGES_READ), url_name="problem", response=dict[str, Any]
)
def one(request: HttpRequest, outage_id: int, fields: Fields = "") -> HttpResponse:
    """One outage."""
    return JsonResponse(picked(_resource(network_queries.outage(outage_id)), fields))


@router.patch(
    "/serviceProblem/{int:outage_id}", auth=Key(Scope.OUTAGES_WRITE), url_name="problem", response=dict[str, Any]
)
def change(request: HttpRequest, outage_id: int, body: ProblemChange) -> HttpResponse:
    """Changes the outage; a status of resolved or closed ends it."""
    asking = asker(request)
    changes: dict[str, Any] = {}
    if body.category:
        changes["kind"] = _kind(body.category)
    if body.reason is not None:
        changes["cause"] = body.reason[:300]
    expected = _time_of(body.characteristic, _EXPECTED)
    if expected is not None:
        changes["expected_until"] = expected
    if changes:
        network.change_outage(outage_id=outage_id, by=asking.actor, at=asking.at, **changes)
    if body.status in _OVER or body.resolution_date is not None:
        until = aware(body.resolution_date, "resolutionDate")
        network.end_outage(outage_id=outage_id, by=asking.actor, at=asking.at, ended_at=until)
    return JsonResponse(_resource(network_queries.outage(outage_id)))


def _kind(category: str) -> OutageKind:
    words = category.casefold()
    if "plan" in words or "maintenance" in words:
        return OutageKind.PLANNED
    return OutageKind.DEGRADED if "degrad" in words else OutageKind.LOST


def _time_of(characteristics: list[CharacteristicIn], name: str) -> datetime | None:
    value = next((one.value for one in characteristics if one.name == name), None)
    if value is None:
        return None
    try:
        return aware(_TIME.validate_python(value), name)
    except ValidationError as error:
        raise BadRequestError(_("%(name)s is not a date-time.") % {"name": name}) from error


def _resource(line: OutageLine) -> JsonObject:
    expected = iso(line.expected_until)
    return without_empty(
        {
            "id": str(line.id),
            "href": href(_BASE, line.id),
            "category": f"service.{line.kind}",
            "creationDate": iso(line.began_at),
            "description": f"{line.kind_label}: {line.area}",
            "name": line.area,
            "priority": 1 if line.kind == OutageKind.LOST else 3,
            "reason": line.cause or line.kind_label,
            "resolutionDate": iso(line.ended_at),
            "status": "closed" if line.ended_at else "inProgress",
            "affectedLocation": [{"id": str(line.area_id), "name": line.area, "role": "area", "@type": "RelatedPlace"}],
            "characteristic": [{"name": _EXPECTED, "valueType": "dateTime", "value": expected}] if expected else [],
            "externalIdentifier": [{"id": line.external_id}] if line.external_id else [],
            "originatorParty": {
                "id": line.reported_by_name or "tellonce",
                "name": line.reported_by_name,
                "role": "originator",
                "@referredType": "Individual",
            },
            "@type": "ServiceProblem",
        }
    )
