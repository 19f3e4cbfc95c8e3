"""Visits from the field system: so far those to which nobody came."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Status

from tellonce.modules.field import actions as field
from tellonce.modules.record.contracts import CustomerNotFoundError
from tellonce.openapi.asking import Key, asker
from tellonce.openapi.contacts import find_customer
from tellonce.openapi.contracts import BadRequestError, Scope
from tellonce.openapi.shapes import MissedVisitIn

router = Router(tags=["visits"])


@router.post(
    "/visits/missed",
    auth=Key(Scope.VISITS_WRITE),
    url_name="visit_missed",
    response={201: dict[str, Any], 200: dict[str, Any]},
)
def missed(request: HttpRequest, body: MissedVisitIn) -> Status[dict[str, Any]]:
    """Nobody came to a visit: 201 with what the rule credits, or 200 when it was told before."""
    asking = asker(request)
    customer_id = find_customer(body.customer, source=asking.key.source)
    if customer_id is None:
        raise BadRequestError(_("Say whose visit it was."))
    if not asking.may_see(customer_id):
        raise CustomerNotFoundError(_("There is no customer %(id)d.") % {"id": customer_id})
    noted = field.note_missed_visit(
        customer_id=customer_id,
        window_from=body.window_from,
        window_until=body.window_until,
        words=body.words,
        by=asking.actor,
        at=asking.at,
        source=asking.key.source,
        external_id=body.external_id,
    )
    credit = {"amount_minor": noted.credited_minor, "currency": noted.currency, "granted": noted.is_granted}
    shown = {"id": noted.visit_id, "customer": noted.customer_id, "credit": credit if noted.credited_minor else None}
    return Status(201 if noted.is_new else 200, shown)
