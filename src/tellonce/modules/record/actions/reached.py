"""Phone numbers and addresses of customers."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from tellonce.modules.record import story
from tellonce.modules.record.actions.customers import customer_to_change
from tellonce.modules.record.actions.searching import index_customer
from tellonce.modules.record.contracts import (
    About,
    AlreadyEndedError,
    BadRecordError,
    ContactPointAdded,
    ContactPointEnded,
    ContactPointKind,
    NotOfRecordError,
    TakenError,
    Told,
    mail_address,
    phone_number,
)
from tellonce.modules.record.models import ContactPoint
from tellonce.modules.staff.contracts import Actor


def kept_value(*, kind: str, value: str, country: str) -> str:
    """A contact point's value in the form that the record keeps; a DomainError says what is wrong with it."""
    if kind == ContactPointKind.PHONE:
        return phone_number(value, country=country)
    if kind == ContactPointKind.MAIL:
        return mail_address(value)
    if not value.strip():
        raise BadRecordError(gettext("An address cannot be empty."))
    return value.strip()


@transaction.atomic
def add_contact_point(
    *,
    customer_id: int,
    kind: str,
    value: str,
    by: Actor,
    at: datetime,
    country: str = "US",
    person_id: int | None = None,
    since: date | None = None,
) -> ContactPoint:
    """A phone number (any format, read as one of `country` without a code), mail or postal address, from `since`."""
    customer = customer_to_change(customer_id)
    kept = kept_value(kind=kind, value=value, country=country)
    if person_id is not None and not customer.people.filter(pk=person_id).exists():
        raise NotOfRecordError(gettext("There is no such person of record."))
    point = ContactPoint(customer_id=customer.pk, person_id=person_id, kind=kind, value=kept, since=since or at.date())
    try:
        with transaction.atomic():
            point.save(force_insert=True)
    except IntegrityError as error:
        raise TakenError(gettext("%(value)s is on this customer already.") % {"value": kept}) from error
    index_customer(customer.pk)
    story.tell(contact_point_added(point, by=by, at=at))
    return point


def contact_point_added(point: ContactPoint, *, by: Actor, at: datetime) -> Told:
    """What is told of a new phone number or address."""
    what = ContactPointAdded(contact_point_id=point.pk, point_kind=point.kind, value=point.value)
    return Told(customer_id=point.customer_id, what=what, at=at, by=by, about=About("contact_point", point.pk))


@transaction.atomic
def end_contact_point(*, contact_point_id: int, by: Actor, at: datetime, until: date | None = None) -> ContactPoint:
    """A phone number or address is no longer the customer's."""
    point = ContactPoint.objects.select_for_update().filter(pk=contact_point_id).first()
    if point is None:
        raise NotOfRecordError(gettext("There is no such phone number or address."))
    if point.until is not None:
        raise AlreadyEndedError(gettext("%(value)s has ended already.") % {"value": point.value})
    point.until = until or at.date()
    point.save(update_fields=["until"])
    index_customer(point.customer_id)
    what = ContactPointEnded(contact_point_id=point.pk, point_kind=point.kind, value=point.value)
    story.tell(Told(customer_id=point.customer_id, what=what, at=at, by=by, about=About("contact_point", point.pk)))
    return point
