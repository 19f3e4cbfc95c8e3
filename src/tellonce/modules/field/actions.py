"""A visit to which nobody came becomes known: it is told in the story, and credited by the rule, once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext

from tellonce.kernel.cards import mask_cards
from tellonce.modules.billing import actions as billing
from tellonce.modules.billing.contracts import CreditState
from tellonce.modules.care import queries as care
from tellonce.modules.care.contracts import PromiseKind
from tellonce.modules.field.contracts import (
    LONG_AGO,
    LONGEST_WINDOW,
    BadVisitError,
    NotedVisit,
    VisitMissed,
    VisitOutcome,
)
from tellonce.modules.field.models import Visit
from tellonce.modules.record import queries as record
from tellonce.modules.record import story
from tellonce.modules.record.contracts import About, Told
from tellonce.modules.record.queries import plain_rows
from tellonce.modules.staff.contracts import Actor

_PROMISES = 50
_ONE_BY_ONE = "SELECT pg_advisory_xact_lock(hashtextextended('field.visit', %s))"
_VISIT = ("window_from", "window_until", "outcome", "source", "external_id", "noted_at", "noted_by_name")


@transaction.atomic
def note_missed_visit(
    *,
    customer_id: int,
    window_from: datetime,
    window_until: datetime,
    by: Actor,
    at: datetime,
    words: str = "",
    contact_id: int | None = None,
    case_id: int | None = None,
    source: str = "",
    external_id: str = "",
) -> NotedVisit:
    """Nobody came between these two times: a moment of the story, and what the rule credits for it.

    Told twice, by the same id or with a window that overlaps, it is the same visit: somebody at the desk and the field
    system may both tell of it. A visit that was promised is credited once, as a visit or as the promise.
    """
    _refuse_bad(window_from=window_from, window_until=window_until, at=at)
    who = record.identity(customer_id)
    _one_by_one(who.ids[0])
    if known := _known(who.ids, window_from, window_until, source=source, external_id=external_id):
        _name(known, source=source, external_id=external_id)
        return NotedVisit(known.pk, who.ids[0], is_new=False)
    visit = Visit.objects.create(
        customer_id=who.ids[0],
        window_from=window_from,
        window_until=window_until,
        outcome=VisitOutcome.MISSED,
        source=source if external_id else "",
        external_id=external_id,
        noted_at=at,
        noted_by_id=by.id,
        noted_by_name=by.name,
    )
    _tell(visit, words=words, contact_id=contact_id, case_id=case_id, by=by, at=at)
    return _credited(visit, source=_promised(who, visit) or f"visit:{visit.pk}", at=at)


def personal_data(customer_ids: Sequence[int]) -> dict[str, Any]:
    """The visits of these customers."""
    return {"visits": plain_rows(Visit.objects.filter(customer_id__in=customer_ids).order_by("pk"), _VISIT)}


def forget(customer_ids: Sequence[int], *, at: datetime) -> None:
    """What the field system calls a visit goes; when it was, and that nobody came, stay."""
    Visit.objects.filter(customer_id__in=customer_ids).update(source="", external_id="")


def merged(*, loser_id: int, winner_id: int, at: datetime) -> None:
    """Nothing moves: visits are read for all ids that read as one customer."""


def _refuse_bad(*, window_from: datetime, window_until: datetime, at: datetime) -> None:
    if window_until <= window_from or window_until - window_from > LONGEST_WINDOW:
        raise BadVisitError(gettext("A visit has a window of at most a day, and its end comes after its beginning."))
    if window_until > at:
        raise BadVisitError(gettext("Somebody may still come: this window is not over yet."))
    if window_until < at - LONG_AGO:
        raise BadVisitError(gettext("This is too long ago to be credited by rule; write a note, and give a credit."))


def _one_by_one(customer_id: int) -> None:
    """Of two who tell of a visit at the same time one waits, and then finds it known."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE_BY_ONE, [customer_id])


def _known(
    ids: Sequence[int], window_from: datetime, window_until: datetime, *, source: str, external_id: str
) -> Visit | None:
    named = Visit.objects.filter(source=source, external_id=external_id).first() if external_id else None
    if named is not None:
        return named
    there = Visit.objects.filter(customer_id__in=ids, window_from__lt=window_until, window_until__gt=window_from)
    # Two ids of one field system are two visits, however near they are.
    return there.filter(external_id="").first() if external_id else there.first()


def _name(visit: Visit, *, source: str, external_id: str) -> None:
    """The field system's id of a visit that somebody else told of first."""
    if external_id and not visit.external_id:
        visit.source, visit.external_id = source, external_id
        visit.save(update_fields=["source", "external_id"])


def _tell(visit: Visit, *, words: str, contact_id: int | None, case_id: int | None, by: Actor, at: datetime) -> None:
    story.tell(
        Told(
            customer_id=visit.customer_id,
            what=VisitMissed(visit.pk, visit.window_from, visit.window_until),
            at=at,
            by=by,
            words=mask_cards(words).strip(),
            about=About("visit", visit.pk, contact_id=contact_id, case_id=case_id),
        )
    )


def _promised(who: record.Identity, visit: Visit) -> str:
    """The promise that somebody would come then, as its credit is named; empty where nobody promised it."""
    promises = care.customer_promises(who.ids, limit=_PROMISES, splits=who.moved("promise"))
    meant = [each for each in promises if each.kind == PromiseKind.VISIT and each.made_at < visit.window_until]
    found = next((each for each in meant if visit.window_from <= each.due_at <= visit.window_until), None)
    return billing.promise_source(found.id) if found else ""


def _credited(visit: Visit, *, source: str, at: datetime) -> NotedVisit:
    credit = billing.credit_missed_visit(
        customer_id=visit.customer_id,
        window=(visit.window_from, visit.window_until),
        source=source,
        at=at,
    )
    if credit is None:
        return NotedVisit(visit.pk, visit.customer_id, is_new=True)
    return NotedVisit(
        visit.pk,
        visit.customer_id,
        is_new=True,
        credited_minor=credit.amount_minor,
        currency=credit.currency,
        is_granted=credit.state == CreditState.GRANTED,
    )
