"""Areas, premises, and who lives where."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from tellonce.modules.record import story
from tellonce.modules.record.actions.customers import customer_to_change
from tellonce.modules.record.actions.searching import index_customer
from tellonce.modules.record.contracts import (
    About,
    AlreadyEndedError,
    AreaKind,
    BadRecordError,
    MovedIn,
    MovedOut,
    NotOfRecordError,
    TakenError,
    Told,
)
from tellonce.modules.record.models import Area, Occupancy, Premise
from tellonce.modules.staff.contracts import Actor

_ABOVE = {AreaKind.REGION: None, AreaKind.AREA: AreaKind.REGION, AreaKind.NODE: AreaKind.AREA}


@transaction.atomic
def add_area(*, kind: str, name: str, code: str, parent_id: int | None = None) -> Area:
    """A region, an area in a region, or a node in an area; `code` never changes and is unique."""
    parent = Area.objects.filter(pk=parent_id).first() if parent_id is not None else None
    if (parent.kind if parent else None) != _ABOVE[AreaKind(kind)]:
        raise BadRecordError(gettext("A region stands alone, an area lies in a region, a node in an area."))
    try:
        with transaction.atomic():
            return Area.objects.create(kind=kind, name=name.strip(), code=code.strip(), parent=parent)
    except IntegrityError as error:
        raise TakenError(gettext("There is an area with the code %(code)s already.") % {"code": code}) from error


@transaction.atomic
def add_premise(
    *,
    line: str = "",
    unit: str = "",
    town: str = "",
    state: str = "",
    postcode: str = "",
    country: str = "US",
    area_id: int | None = None,
) -> Premise:
    """A place where service can be delivered; nobody lives there yet."""
    place = new_premise(
        line=line, unit=unit, town=town, state=state, postcode=postcode, country=country, area_id=area_id
    )
    if area_id is not None and not Area.objects.filter(pk=area_id).exists():
        raise NotOfRecordError(gettext("There is no such area."))
    place.save(force_insert=True)
    return place


def new_premise(
    *, line: str, unit: str, town: str, state: str, postcode: str, country: str, area_id: int | None
) -> Premise:
    """A place that is not saved yet."""
    if not (line.strip() or postcode.strip() or town.strip()):
        raise BadRecordError(gettext("A premise needs a street, a town or a postcode."))
    return Premise(
        area_id=area_id,
        line=line.strip(),
        unit=unit.strip(),
        town=town.strip(),
        state=state.strip(),
        postcode=postcode.strip(),
        country=country,
    )


@transaction.atomic
def move_in(*, customer_id: int, premise_id: int, by: Actor, at: datetime, since: date | None = None) -> Occupancy:
    """The customer lives at the premise from `since` (today when not given)."""
    customer = customer_to_change(customer_id)
    premise = Premise.objects.filter(pk=premise_id).first()
    if premise is None:
        raise NotOfRecordError(gettext("There is no such premise."))
    stay = Occupancy(customer_id=customer.pk, premise=premise, since=since or at.date())
    try:
        with transaction.atomic():
            stay.save(force_insert=True)
    except IntegrityError as error:
        raise TakenError(gettext("The customer lives there already.")) from error
    index_customer(customer.pk)
    story.tell(moved_in(stay, by=by, at=at))
    return stay


def moved_in(stay: Occupancy, *, by: Actor, at: datetime) -> Told:
    """What is told of somebody who lives at a premise from now on."""
    what = MovedIn(premise_id=stay.premise_id, place=str(stay.premise), since=stay.since)
    return Told(customer_id=stay.customer_id, what=what, at=at, by=by, about=About("premise", stay.premise_id))


@transaction.atomic
def move_out(*, customer_id: int, premise_id: int, by: Actor, at: datetime, until: date | None = None) -> Occupancy:
    """The customer lives at the premise no longer."""
    customer = customer_to_change(customer_id)
    stays = Occupancy.objects.select_for_update(of=("self",)).select_related("premise")
    stay = stays.filter(customer=customer, premise_id=premise_id, until=None).first()
    if stay is None:
        raise AlreadyEndedError(gettext("The customer does not live there."))
    told = moved_out(stay, until=until or at.date(), by=by, at=at)
    stay.save(update_fields=["until"])
    index_customer(customer.pk)
    story.tell(told)
    return stay


def moved_out(stay: Occupancy, *, until: date, by: Actor, at: datetime) -> Told:
    """The stay that is over, unsaved, and what is told of it."""
    stay.until = until
    what = MovedOut(premise_id=stay.premise_id, place=str(stay.premise), until=until)
    return Told(customer_id=stay.customer_id, what=what, at=at, by=by, about=About("premise", stay.premise_id))
