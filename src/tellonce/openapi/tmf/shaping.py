"""What all TM Forum resources share: references, fields, paging, and errors as TMF630 says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import Query, Schema
from pydantic import ConfigDict, Field

from tellonce.openapi.contracts import BadRequestError

ALWAYS = ("id", "href", "@type")
MOST = 200
JsonObject = dict[str, Any]

Fields = Annotated[str, Query(description="names of first-level attributes, separated by commas; none for ids only")]
Offset = Annotated[int, Query(ge=0, le=10_000_000)]
Limit = Annotated[int, Query(ge=1, le=MOST)]
PartyId = Annotated[str, Query(alias="relatedParty.id", description="our id of a customer")]


class Loose(Schema):
    """What comes in: attributes that we have no use for are let through, as TMF630 wants."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)


class Party(Loose):
    """A related party."""

    id: str = ""
    name: str = ""
    role: str = ""
    referred_type: str = Field(default="", alias="@referredType")


class Period(Loose):
    """A time period."""

    start: datetime | None = Field(default=None, alias="startDateTime")
    end: datetime | None = Field(default=None, alias="endDateTime")


class NoteIn(Loose):
    """A note."""

    text: str = ""


class Reference(Loose):
    """A reference to a channel, place or anything else by id and name."""

    id: str = ""
    name: str = ""


class CharacteristicIn(Loose):
    """A named value."""

    name: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class Paging:
    """What part of a list, and which attributes, are wanted."""

    fields: str
    offset: int
    limit: int


def href(base: str, resource_id: object) -> str:
    """The address of a resource."""
    return f"{settings.SETUP.origin}/tmf-api/{base}/{resource_id}"


def iso(at: datetime | date | None) -> str | None:
    """A date-time of RFC 3339; a plain date is its midnight in UTC."""
    if at is None:
        return None
    if not isinstance(at, datetime):
        at = datetime.combine(at, time(0), tzinfo=UTC)
    return at.isoformat().replace("+00:00", "Z")


def without_empty(resource: Mapping[str, Any]) -> JsonObject:
    """The resource without attributes that hold nothing."""
    return {name: value for name, value in resource.items() if value not in (None, "", [], {})}


def picked(resource: JsonObject, fields: str) -> JsonObject:
    """Only the attributes in `fields` (id, href and @type always); all where nothing is said."""
    wanted = {name.strip() for name in fields.split(",") if name.strip()}
    if not wanted:
        return resource
    return {name: value for name, value in resource.items() if name in wanted or name in ALWAYS}


def listed(resources: Sequence[JsonObject], *, total: int, fields: str) -> HttpResponse:
    """A part of a list, with how many there are."""
    response = JsonResponse([picked(resource, fields) for resource in resources], safe=False)
    response["X-Total-Count"], response["X-Result-Count"] = str(total), str(len(resources))
    return response


def made(resource: JsonObject) -> HttpResponse:
    """A resource that was made: 201 and where it is."""
    return JsonResponse(resource, status=201, headers={"Location": str(resource["href"])})


def fault(request: HttpRequest, *, status: int, code: str, reason: str, message: str = "") -> HttpResponse:
    """An error as TMF630 says it."""
    body = {"code": code, "reason": reason, "message": message, "status": str(status), "@type": "Error"}
    return JsonResponse(without_empty(body), status=status)


def customer_in(parties: Sequence[Party]) -> int | None:
    """The id of the related party that is a customer; None where there is none."""
    for party in parties:
        if "customer" in (party.role.casefold(), party.referred_type.casefold()):
            return whole(party.id, "relatedParty.id")
    return None


def whole(text: str, where: str) -> int:
    """An id of ours."""
    if not (text.isascii() and text.isdigit() and len(text) < 19):  # noqa: PLR2004 - more would not fit a bigint
        raise BadRequestError(_("%(where)s is no id of ours.") % {"where": where})
    return int(text)


def aware(at: datetime | None, where: str) -> datetime | None:
    """The time; refused where it has no offset."""
    if at is not None and at.tzinfo is None:
        raise BadRequestError(_("%(where)s needs an offset, such as Z.") % {"where": where})
    return at


def related_customer(customer_id: int | None, name: str) -> list[JsonObject]:
    """The customer as a related party."""
    if customer_id is None:
        return []
    return [
        without_empty(
            {
                "id": str(customer_id),
                "href": href("customerManagement/v4/customer", customer_id),
                "name": name,
                "role": "customer",
                "@referredType": "Customer",
            }
        )
    ]
