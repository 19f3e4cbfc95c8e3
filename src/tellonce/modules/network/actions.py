"""Outages are reported, changed, ended, and told to everybody concerned."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from itertools import chain
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from tellonce.kernel.cards import mask_cards
from tellonce.modules.network.contracts import (
    BadOutageError,
    NewOutage,
    OutageBegan,
    OutageEnded,
    OutageEndedError,
    OutageKind,
    OutageNotFoundError,
    OutageWithdrawn,
)
from tellonce.modules.network.models import Outage
from tellonce.modules.record import queries as record_queries
from tellonce.modules.record import story
from tellonce.modules.record.contracts import About, MomentData, Told
from tellonce.modules.staff import actions as staff
from tellonce.modules.staff.contracts import SYSTEM, Actor

OUTAGES = "outages"
AS_IT_IS: Any = object()
_BATCH = 5000


@transaction.atomic
def report_outage(
    *,
    area_id: int,
    kind: str,
    began_at: datetime,
    expected_until: datetime | None,
    cause: str,
    by: Actor,
    at: datetime,
    external_id: str = "",
    service_kinds: Sequence[str] = (),
) -> Outage:
    """Service is lost or degraded in an area and everything below it; those who live there are told in a moment.

    An `external_id` that is known already changes that outage instead.
    """
    if external_id and (known := Outage.objects.filter(external_id=external_id).first()):
        if known.ended_at is not None:
            return known
        return change_outage(outage_id=known.pk, kind=kind, expected_until=expected_until, cause=cause, by=by, at=at)
    _refuse_bad(area_id=area_id, kind=kind, began_at=began_at, expected_until=expected_until)
    outage = Outage.objects.create(
        area_id=area_id,
        kind=kind,
        began_at=began_at,
        expected_until=expected_until,
        cause=mask_cards(cause).strip()[:300],
        external_id=external_id,
        service_kinds=[str(each) for each in service_kinds],
        reported_by_id=by.id,
        reported_by_name=by.name,
    )
    staff.note_change(what="reported", about=outage, by=by, at=at, after=_known_of(outage))
    _announce(outage, at=at)
    return outage


@transaction.atomic
def change_outage(
    *,
    outage_id: int,
    by: Actor,
    at: datetime,
    kind: str = "",
    expected_until: datetime | None = AS_IT_IS,
    cause: str | None = None,
) -> Outage:
    """What is known of a current outage changed: how bad, until when, why."""
    outage = _to_change(outage_id)
    _refuse_ended(outage)
    before = _known_of(outage)
    if kind:
        outage.kind = kind
    if expected_until is not AS_IT_IS:
        outage.expected_until = expected_until
    if cause is not None:
        outage.cause = mask_cards(cause).strip()[:300]
    _refuse_bad(
        area_id=outage.area_id, kind=outage.kind, began_at=outage.began_at, expected_until=outage.expected_until
    )
    outage.save()
    if before != _known_of(outage):
        staff.note_change(what="changed", about=outage, by=by, at=at, before=before, after=_known_of(outage))
    _announce(outage, at=at)
    return outage


@transaction.atomic
def end_outage(*, outage_id: int, by: Actor, at: datetime, ended_at: datetime | None = None) -> Outage:
    """It works again, since `ended_at` (now when it is not given)."""
    outage = _to_change(outage_id)
    _refuse_ended(outage)
    until = ended_at or at
    if until < outage.began_at:
        raise BadOutageError(gettext("It cannot end before it began."))
    outage.ended_at = until
    outage.save()
    staff.note_change(what="ended", about=outage, by=by, at=at, after={"ended_at": until.isoformat()})
    _announce(outage, at=at)
    return outage


@transaction.atomic
def withdraw_outage(*, outage_id: int, by: Actor, at: datetime) -> Outage:
    """It was reported by mistake: it is shown no more, and those who were told are told so."""
    outage = _to_change(outage_id)
    if outage.withdrawn_at is not None:
        return outage
    outage.withdrawn_at = at
    outage.save()
    staff.note_change(what="taken back", about=outage, by=by, at=at)
    if outage.began_told_to:
        told = (
            each
            for each in record_queries.customers_in_area(outage.area_id, outage.service_kinds)
            if each <= outage.began_told_to
        )
        story.load(_tell(outage, OutageWithdrawn(outage.pk, outage.area.name), customer_ids=told, at=at))
    _announce(outage, at=at)
    return outage


def tell_outages(*, at: datetime) -> int:
    """Tells everybody concerned of outages that began or ended; returns how many moments were told.

    Each batch is one transaction that also notes how far it got: a second run, or one after a kill, goes on from
    there and tells nobody twice.
    """
    told = 0
    to_tell = Outage.objects.filter(_BEGAN_TO_TELL | _ENDED_TO_TELL, began_at__lte=at, withdrawn_at__isnull=True)
    for outage_id in list(to_tell.order_by("began_at").values_list("pk", flat=True)):
        customer_ids = _concerned(outage_id)
        while (count := _tell_some(outage_id, customer_ids, at=at)) is not None:
            told += count
    return told


@transaction.atomic
def load_outages(outages: Sequence[NewOutage], *, by: Actor, at: datetime) -> list[int]:
    """Adds outages of the past with one moment each, at their end, for everybody concerned; ids in the order given.

    One whose external id is here already is left as it is.
    """
    known = dict(
        Outage.objects.filter(external_id__in=[new.external_id for new in outages if new.external_id]).values_list(
            "external_id", "pk"
        )
    )
    new = [each for each in outages if each.external_id not in known]
    living = cache(record_queries.customers_in_area)
    rows: list[tuple[Outage, tuple[int, ...]]] = []
    for each in new:
        concerned = each.customer_ids
        if concerned is None:
            concerned = living(each.area_id, tuple(each.service_kinds))
        rows.append((_past(each, customers=len(concerned), by=by, at=at), concerned))
    made = Outage.objects.bulk_create([row for row, _ in rows])
    names = {area.pk: area.name for area in record_queries.areas()}
    story.load(
        chain.from_iterable(
            _tell(row, _ended(row, names[row.area_id]), customer_ids=concerned, at=row.ended_at or at)
            for row, concerned in rows
        )
    )
    added = iter(made)
    return [known[each.external_id] if each.external_id in known else next(added).pk for each in outages]


_BEGAN_TO_TELL = Q(began_told_at__isnull=True, ended_at__isnull=True)
_ENDED_TO_TELL = Q(ended_told_at__isnull=True, ended_at__isnull=False)


def _known_of(outage: Outage) -> dict[str, str | int | bool | list[str]]:
    until = outage.expected_until.isoformat() if outage.expected_until else ""
    return {"kind": outage.kind, "expected_until": until, "cause": outage.cause}


def _past(new: NewOutage, *, customers: int, by: Actor, at: datetime) -> Outage:
    if new.ended_at < new.began_at:
        raise BadOutageError(gettext("It cannot end before it began."))
    return Outage(
        area_id=new.area_id,
        kind=str(new.kind),
        began_at=new.began_at,
        expected_until=new.expected_until,
        ended_at=new.ended_at,
        cause=mask_cards(new.cause).strip()[:300],
        external_id=new.external_id,
        service_kinds=list(new.service_kinds),
        reported_by_id=by.id,
        reported_by_name=by.name,
        customers=customers,
        began_told_at=at,
        ended_told_at=at,
    )


def _concerned(outage_id: int) -> tuple[int, ...]:
    outage = Outage.objects.get(pk=outage_id)
    customer_ids = record_queries.customers_in_area(outage.area_id, outage.service_kinds)
    if outage.customers is None:
        Outage.objects.filter(pk=outage_id).update(customers=len(customer_ids))
    return customer_ids


@transaction.atomic
def _tell_some(outage_id: int, customer_ids: Sequence[int], *, at: datetime) -> int | None:
    """Tells the next customers of the outage; None when there is nothing left, or somebody else is telling it."""
    outage = (
        Outage.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("area")
        .filter(_BEGAN_TO_TELL | _ENDED_TO_TELL, pk=outage_id, withdrawn_at__isnull=True)
        .first()
    )
    if outage is None:
        return None
    ending = outage.ended_at is not None
    done = outage.ended_told_to if ending else outage.began_told_to
    some = [each for each in customer_ids if each > done][:_BATCH]
    if not some:
        Outage.objects.filter(pk=outage.pk).update(**({"ended_told_at": at} if ending else {"began_told_at": at}))
        return 0
    what: MomentData = _ended(outage, outage.area.name) if ending else _began(outage)
    when = outage.ended_at if outage.ended_at is not None else outage.began_at
    story.load(_tell(outage, what, customer_ids=some, at=when))
    Outage.objects.filter(pk=outage.pk).update(**{"ended_told_to" if ending else "began_told_to": some[-1]})
    return len(some)


def _began(outage: Outage) -> OutageBegan:
    return OutageBegan(outage.pk, outage.kind, outage.area.name, outage.cause, outage.expected_until)


def _ended(outage: Outage, area: str) -> OutageEnded:
    assert outage.ended_at is not None
    minutes = round((outage.ended_at - outage.began_at).total_seconds() / 60)
    return OutageEnded(outage.pk, outage.kind, area, minutes, outage.cause, outage.customers)


def _tell(
    outage: Outage, what: MomentData, *, customer_ids: Sequence[int] | Iterator[int], at: datetime
) -> Iterator[Told]:
    about = About("outage", outage.pk)
    return (Told(customer_id=customer_id, what=what, at=at, by=SYSTEM, about=about) for customer_id in customer_ids)


def _to_change(outage_id: int) -> Outage:
    outage = Outage.objects.select_for_update(of=("self",)).select_related("area").filter(pk=outage_id).first()
    if outage is None:
        raise OutageNotFoundError(gettext("There is no outage %(id)s.") % {"id": outage_id})
    return outage


def _refuse_ended(outage: Outage) -> None:
    if outage.ended_at is not None or outage.withdrawn_at is not None:
        raise OutageEndedError(gettext("This outage is over already."))


def _refuse_bad(*, area_id: int, kind: str, began_at: datetime, expected_until: datetime | None) -> None:
    if kind not in OutageKind.values:
        raise BadOutageError(gettext("Say whether service is lost, degraded, or planned to be."))
    if not record_queries.area_path(area_id):
        raise BadOutageError(gettext("There is no such area."))
    if expected_until is not None and expected_until <= began_at:
        raise BadOutageError(gettext("It cannot be expected to end before it began."))


def _announce(outage: Outage, *, at: datetime) -> None:
    story.announce(topics=[OUTAGES], kind="network.outage_changed", at=at, body={"outage_id": outage.pk})
