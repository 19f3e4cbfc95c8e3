"""TMF683 Party Interaction: a contact."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field

from tellonce.modules.care import actions as care
from tellonce.modules.care import queries as care_queries
from tellonce.modules.care.contracts import ContactLine, ContactState
from tellonce.modules.care.queries.outside import contact_id_by_external_id, contacts_page
from tellonce.modules.record import queries as record_queries
from tellonce.modules.record.contracts import Channel, Direction
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
    Period,
    Reference,
    aware,
    customer_in,
    href,
    iso,
    made,
    picked,
    related_customer,
    without_empty,
)

router = Router(tags=["TMF683 Party Interaction"])
_BASE = "partyInteraction/v4/partyInteraction"
_CHANNELS = {
    "phone": Channel.CALL,
    "voice": Channel.CALL,
    "email": Channel.MAIL,
    "e-mail": Channel.MAIL,
    "sms": Channel.TEXT,
    "store": Channel.SHOP,
    "web": Channel.PORTAL,
    "selfcare": Channel.PORTAL,
}
_DIRECTIONS = {"inbound": Direction.FROM, "outbound": Direction.TO}
_STATUS = {ContactState.WAITING: "opened", ContactState.IN_HAND: "inProgress", ContactState.ENDED: "completed"}


class InteractionIn(Loose):
    """What TMF683 requires, and what of the rest we keep."""

    interaction_date: Period = Field(alias="interactionDate")
    reason: str
    status: str
    direction: str
    channel: list[Reference]
    description: str = ""
    note: list[NoteIn] = []
    related_party: list[Party] = Field(default=[], alias="relatedParty")


@router.post(
    "/partyInteraction", auth=Key(Scope.CONTACTS_WRITE), url_name="interactions", response={201: dict[str, Any]}
)
def add(request: HttpRequest, body: InteractionIn) -> HttpResponse:
    """A contact begins; the same Idempotency-Key again gives the same contact. A completed one is ended at its end."""
    asking = asker(request)
    began = aware(body.interaction_date.start, "interactionDate.startDateTime") or asking.at
    ended = aware(body.interaction_date.end, "interactionDate.endDateTime")
    customer_id = customer_in(body.related_party)
    if customer_id is not None:
        customer_id = record_queries.customer(customer_id).pk
    told = [body.description or body.reason, *(note.text for note in body.note)]
    external_id = request.headers.get("Idempotency-Key", "")[:120]
    known = contact_id_by_external_id(asking.key.source, external_id) if external_id else None
    contact = care.begin_contact(
        channel=_channel(body.channel),
        direction=_direction(body.direction),
        at=began,
        by=asking.actor,
        customer_id=customer_id,
        said="\n".join(part for part in told if part),
        said_name=next((p.name for p in body.related_party if p.name and p.role.casefold() == "customer"), ""),
        source=asking.key.source,
        external_id=external_id,
    )
    if known is None and body.status.casefold() in {"completed", "closed"}:
        care.end_contact(contact_id=contact.pk, by=asking.actor, at=max(ended or asking.at, began))
    return made(_resource(care_queries.contact(contact.pk)))


@router.get("/partyInteraction", auth=Key(Scope.CONTACTS_READ), url_name="interactions", response=list[dict[str, Any]])
def several(
    request: HttpRequest, fields: Fields = "", offset: Offset = 0, limit: Limit = 20, party: PartyId = ""
) -> HttpResponse:
    """Contacts, newest first; of one customer with relatedParty.id. Those of restricted customers are left out."""
    chosen = ListOf("partyInteraction", contacts_page, _resource)
    return chosen.answer(request, party=party, offset=offset, limit=limit, fields=fields)


@router.get(
    "/partyInteraction/{int:contact_id}",
    auth=Key(Scope.CONTACTS_READ),
    url_name="interaction",
    response=dict[str, Any],
)
def one(request: HttpRequest, contact_id: int, fields: Fields = "") -> HttpResponse:
    """One contact."""
    line = care_queries.contact(contact_id)
    if line.customer_id is not None:
        asker(request).see(line.customer_id, "api partyInteraction")
    return JsonResponse(picked(_resource(line), fields))


def _channel(channels: list[Reference]) -> Channel:
    if not channels:
        raise BadRequestError(_("channel holds no channel."))
    name = (channels[0].name or channels[0].id).strip().casefold()
    if name in _CHANNELS:
        return _CHANNELS[name]
    try:
        return Channel(name)
    except ValueError as error:
        known = ", ".join(sorted({*Channel.values, *_CHANNELS}))
        raise BadRequestError(_("channel is none of: %(known)s.") % {"known": known}) from error


def _direction(words: str) -> Direction:
    found = _DIRECTIONS.get(words.strip().casefold())
    if found is None:
        raise BadRequestError(_("direction is inbound or outbound."))
    return found


def _resource(line: ContactLine) -> JsonObject:
    direction = "outbound" if line.direction == Direction.TO else "inbound"
    return without_empty(
        {
            "id": str(line.id),
            "href": href(_BASE, line.id),
            "creationDate": iso(line.began_at),
            "description": line.said,
            "direction": direction,
            "reason": line.matter or line.said[:200],
            "status": _STATUS.get(ContactState(line.state)),
            "statusChangeDate": iso(line.ended_at or line.answered_at or line.began_at),
            "channel": [
                {"id": line.channel, "href": href("channel", line.channel), "name": line.channel, "@type": "Channel"}
            ],
            "interactionDate": without_empty({"startDateTime": iso(line.began_at), "endDateTime": iso(line.ended_at)}),
            "relatedParty": related_customer(line.customer_id, line.customer_name),
            "@type": "PartyInteraction",
        }
    )
