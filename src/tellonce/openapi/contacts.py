"""Contacts and customers from other systems."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Status

from tellonce.modules.care import actions as care
from tellonce.modules.care.queries.outside import contact_id_by_external_id
from tellonce.modules.phone.actions import queue_contact
from tellonce.modules.record import actions as record
from tellonce.modules.record import queries as record_queries
from tellonce.modules.record.contracts import (
    CustomerNotFoundError,
    NewAccount,
    NewCustomer,
    NewDevice,
    NewPerson,
    NewPremise,
    NewService,
)
from tellonce.modules.record.queries import outside
from tellonce.openapi.asking import Key, asker
from tellonce.openapi.contracts import Scope
from tellonce.openapi.shapes import ContactIn, CustomerIn, WhoIn

router = Router(tags=["contacts", "customers"])


@router.post(
    "/contacts",
    auth=Key(Scope.CONTACTS_WRITE),
    url_name="contact_add",
    response={201: dict[str, Any], 200: dict[str, Any]},
)
def contact_add(request: HttpRequest, body: ContactIn) -> Status[dict[str, Any]]:
    """Hands a contact in: 201, or 200 with the contact that is there when its external id came before."""
    asking = asker(request)
    customer_id = find_customer(body.customer, source=asking.key.source)
    with transaction.atomic():
        known = contact_id_by_external_id(asking.key.source, body.external_id)
        contact = care.begin_contact(
            channel=body.channel,
            direction=body.direction,
            at=body.at or asking.at,
            by=asking.actor,
            customer_id=customer_id,
            reached_from=body.reached_from,
            said_name=body.said_name,
            said=body.said,
            source=asking.key.source,
            external_id=body.external_id,
        )
        if body.queue and known is None:
            queue_contact(contact_id=contact.pk, queue=body.queue, at=asking.at)
    answer = {"id": contact.pk, "state": contact.state, "customer_id": contact.customer_id}
    return Status(201 if known is None else 200, answer)


@router.post(
    "/customers",
    auth=Key(Scope.CUSTOMERS_WRITE),
    url_name="customer_load",
    response={201: dict[str, Any], 200: dict[str, Any]},
)
def customer_load(request: HttpRequest, body: CustomerIn) -> Status[dict[str, Any]]:
    """Adds a customer, or brings the one with this external id up to date; nothing that is left out is lost."""
    asking = asker(request)
    done = record.load_customers([_new(body, asking.key.source)], by=asking.actor, at=asking.at)
    result = "added" if done.added else "changed" if done.changed else "unchanged"
    return Status(201 if done.added else 200, {"id": done.customer_ids[0], "result": result})


def find_customer(who: WhoIn | None, *, source: str) -> int | None:
    """The customer that is meant, None where nobody is named; CustomerNotFoundError where nobody is found."""
    if who is None or not who.model_dump(exclude_none=True):
        return None
    if who.id is not None:
        return record_queries.customer(who.id).pk
    found: int | None = None
    if who.external_id:
        found = outside.customer_ids_by_external_id(source, [who.external_id]).get(who.external_id)
    if found is None and who.account_number:
        found = outside.customer_ids_by_account([who.account_number]).get(who.account_number)
    if found is None:
        raise CustomerNotFoundError(_("There is no such customer; leave it out, and the contact waits to be matched."))
    return record_queries.customer(found).pk


def _new(body: CustomerIn, source: str) -> NewCustomer:
    return NewCustomer(
        source=source,
        external_id=body.external_id,
        kind=body.kind,
        name=body.name,
        languages=tuple(body.languages),
        time_zone=body.time_zone,
        since=body.since,
        left_on=body.left_on,
        facts=body.facts,
        people=tuple(
            NewPerson(
                **person.model_dump(exclude={"phones", "mails"}), phones=tuple(person.phones), mails=tuple(person.mails)
            )
            for person in body.people
        ),
        phones=tuple(body.phones),
        mails=tuple(body.mails),
        premises=tuple(NewPremise(**premise.model_dump()) for premise in body.premises),
        accounts=tuple(NewAccount(**account.model_dump()) for account in body.accounts),
        services=tuple(NewService(**service.model_dump()) for service in body.services),
        devices=tuple(NewDevice(**device.model_dump()) for device in body.devices),
    )
