"""A customer is promised a call at a time; the switchboard dials them then, for whoever is free, once."""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext

from tellonce.kernel.ids import RANDOM_BYTES, uuid7
from tellonce.modules.care import actions as care
from tellonce.modules.care.contracts import PromiseKind
from tellonce.modules.phone.actions.asking import ask_switchboard
from tellonce.modules.phone.contracts import BadFollowUpError
from tellonce.modules.phone.models import PromisedCallback
from tellonce.modules.phone.queries.dialling import why_not_dialled
from tellonce.modules.phone.queries.queues import queue_line
from tellonce.modules.staff.contracts import Actor
from tellonce.switchboard.facts import CallbackPromised
from tellonce.webkit import times

FARTHEST = timedelta(days=14)
CALL_WITHIN = timedelta(minutes=15)
"""A call for three is there by a quarter past three at the latest: then the promise is due."""


@dataclass(frozen=True, slots=True)
class CallTerms:
    """Whom to call, when, and for which queue the person who talks to them is found."""

    number: str
    queue_id: int
    due_at: datetime


@transaction.atomic
def promise_callback(
    *,
    customer_id: int,
    terms: CallTerms,
    what: str,
    by: Actor,
    at: datetime,
    contact: str = "",
    owner_person_id: int | None = None,
    owner_team_id: int | None = None,
    case_id: int | None = None,
    contact_id: int | None = None,
) -> PromisedCallback:
    """A promise to call, which the switchboard keeps. `contact` is its name of it, made here unless given.

    BadFollowUpError for a number that we do not dial, a time that cannot be, a queue that takes no calls; and the
    errors of `care.make_promise`.
    """
    refuse_bad_call(terms, at=at)
    promise = care.make_promise(
        customer_id=customer_id,
        kind=PromiseKind.CALL,
        what=gettext("Call at %(time)s: %(what)s") % {"time": times.spoken(terms.due_at, now=at), "what": what},
        due_at=terms.due_at + CALL_WITHIN,
        by=by,
        at=at,
        owner_person_id=owner_person_id,
        owner_team_id=owner_team_id,
        case_id=case_id,
        contact_id=contact_id,
    )
    callback = contact or new_callback(at=at)
    ask_callback(callback, terms, customer_id=customer_id, promise=str(promise.pk), at=at)
    return PromisedCallback.objects.create(
        contact=callback, promise_id=promise.pk, customer_id=customer_id, due_at=terms.due_at, made_at=at
    )


def new_callback(*, at: datetime) -> str:
    """A name for it."""
    return uuid7(at=at, random=os.urandom(RANDOM_BYTES)).hex


def ask_callback(
    callback: str, terms: CallTerms, *, customer_id: int, at: datetime, promise: str = "", note: str = ""
) -> None:
    """Asks the switchboard, which does it once, whatever is killed; `note` is for who makes the call."""
    queue = queue_line(terms.queue_id)
    fact = CallbackPromised(
        at.timestamp(), callback, queue.code, terms.number, terms.due_at.timestamp(), customer_id, promise, note=note
    )
    ask_switchboard(fact=fact, at=at)


def refuse_bad_call(terms: CallTerms, *, at: datetime) -> None:
    """BadFollowUpError where it cannot be."""
    queue = queue_line(terms.queue_id)
    if not queue.is_open:
        raise BadFollowUpError(gettext("The queue %(name)s takes no calls any more.") % {"name": queue.name})
    if why := why_not_dialled(terms.number):
        raise BadFollowUpError(why)
    if not at <= terms.due_at <= at + FARTHEST:
        raise BadFollowUpError(gettext("Choose a time from now on, at most %(n)s days away.") % {"n": FARTHEST.days})
