"""TMF621 Trouble Ticket: a case."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field

from tellonce.modules.care import actions as care
from tellonce.modules.care import queries as care_queries
from tellonce.modules.care.contracts import CaseLine, CaseState
from tellonce.modules.care.queries.outside import cases_page
from tellonce.modules.record import queries as record_queries
from tellonce.openapi.asking import Key, asker
from tellonce.openapi.contracts import BadRequestError, Scope
from tellonce.openapi.tmf.lists import ListOf
from tellonce.openapi.tmf.shaping import (
    Fields,
    JsonObject,
    Limit,
    Loose,
    NoteIn,
    Offset,
    Party,
    PartyId,
    customer_in,
    href,
    iso,
    made,
    picked,
    related_customer,
    without_empty,
)

router = Router(tags=["TMF621 Trouble Ticket"])
_BASE = "troubleTicket/v4/troubleTicket"
_STATUS = {
    CaseState.OPEN: "inProgress",
    CaseState.WAITING: "pending",
    CaseState.SOLVED: "resolved",
    CaseState.CLOSED: "closed",
}


class TicketIn(Loose):
    """What TMF621 requires, and what of the rest we keep."""

    description: str
    severity: str
    ticket_type: str = Field(alias="ticketType")
    name: str = ""
    note: list[NoteIn] = []
    related_party: list[Party] = Field(default=[], alias="relatedParty")


@router.post("/troubleTicket", auth=Key(Scope.CASES_WRITE), url_name="tickets", response={201: dict[str, Any]})
def add(request: HttpRequest, body: TicketIn) -> HttpResponse:
    """Opens a case. relatedParty names the customer by our id; ticketType may be the code of a matter."""
    asking = asker(request)
    customer_id = customer_in(body.related_party)
    if customer_id is None:
        raise BadRequestError(_("relatedParty names no customer: role customer, and our id."))
    if not body.description.strip():
        raise BadRequestError(_("description is empty."))
    title = (body.name or body.description).strip().partition("\n")[0][:200]
    told = [body.description, *(note.text for note in body.note)]
    opened = care.open_case(
        customer_id=record_queries.customer(customer_id).pk,
        matter_id=care_queries.matter_id(body.ticket_type),
        title=title,
        by=asking.actor,
        at=asking.at,
        note="\n".join(part for part in told if part.strip()),
    )
    return made(_resource(care_queries.case(opened.pk).line))


@router.get("/troubleTicket", auth=Key(Scope.CASES_READ), url_name="tickets", response=list[dict[str, Any]])
def several(
    request: HttpRequest, fields: Fields = "", offset: Offset = 0, limit: Limit = 20, party: PartyId = ""
) -> HttpResponse:
    """Cases, newest first; of one customer with relatedParty.id. Those of restricted customers are left out."""
    chosen = ListOf("troubleTicket", cases_page, _resource)
    return chosen.answer(request, party=party, offset=offset, limit=limit, fields=fields)


@router.get("/troubleTicket/{int:case_id}", auth=Key(Scope.CASES_READ), url_name="ticket", response=dict[str, Any])
def one(request: HttpRequest, case_id: int, fields: Fields = "") -> HttpResponse:
    """One case."""
    line = care_queries.case(case_id).line
    if line.customer_id is not None:
        asker(request).see(line.customer_id, "api troubleTicket")
    return JsonResponse(picked(_resource(line), fields))


def _resource(line: CaseLine) -> JsonObject:
    return without_empty(
        {
            "id": str(line.id),
            "href": href(_BASE, line.id),
            "creationDate": iso(line.opened_at),
            "description": line.title,
            "name": line.title,
            "resolutionDate": iso(line.solved_at),
            "severity": "normal",
            "status": _STATUS.get(CaseState(line.state)),
            "ticketType": line.matter or "case",
            "relatedParty": [*related_customer(line.customer_id, line.customer_name), *_owner(line)],
            "@type": "TroubleTicket",
        }
    )


def _owner(line: CaseLine) -> list[JsonObject]:
    if not line.owner:
        return []
    owner_id = line.owner_person_id or line.owner_team_id or line.owner_department_id
    kind = "Individual" if line.owner_person_id else "Organization"
    return [{"id": str(owner_id), "name": line.owner, "role": "owner", "@referredType": kind}]
