"""Promises are made, kept (late too), withdrawn with consent, and owned up to when broken."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext

from tellonce.modules.care.actions.locking import promise_to_change
from tellonce.modules.care.actions.notes import write_customer
from tellonce.modules.care.actions.telling import tell_of_promise, typed
from tellonce.modules.care.contracts import (
    CannotDoError,
    MissingWordsError,
    PromiseBroken,
    PromiseKept,
    PromiseKeptLate,
    PromiseKind,
    PromiseMade,
    PromiseOwnedUp,
    PromiseSettledError,
    PromiseState,
    PromiseWithdrawn,
)
from tellonce.modules.care.models import Promise
from tellonce.modules.care.queries import promise_times
from tellonce.modules.care.queries import promises as promise_queries
from tellonce.modules.staff import queries as staff_queries
from tellonce.modules.staff.contracts import Actor

OWN_UP_WITHIN = timedelta(hours=1)
_LONGEST = timedelta(days=730)


@transaction.atomic
def make_promise(
    *,
    what: str,
    due_at: datetime,
    by: Actor,
    at: datetime,
    kind: str = PromiseKind.OTHER,
    customer_id: int | None = None,
    to_department_id: int | None = None,
    owner_person_id: int | None = None,
    owner_team_id: int | None = None,
    case_id: int | None = None,
    contact_id: int | None = None,
) -> Promise:
    """Somebody commits themselves to a customer or a department; without an owner named it is the maker's own."""
    words = typed(what)
    if not words:
        raise MissingWordsError(gettext("Say what is promised."))
    if due_at <= at:
        raise CannotDoError(gettext("A promise is due in the future; this time is over."))
    if due_at - at > _LONGEST:
        raise CannotDoError(gettext("A promise is due within two years; later nobody remembers it."))
    if customer_id is None and to_department_id is None:
        raise CannotDoError(gettext("Say to whom this is promised."))
    if owner_person_id is None and owner_team_id is None:
        owner_person_id = by.id
    promise = Promise.objects.create(
        customer_id=customer_id,
        to_department_id=to_department_id,
        case_id=case_id,
        contact_id=contact_id,
        kind=kind,
        what=words[:300],
        made_at=at,
        made_by_id=by.id,
        made_by_name=by.name,
        owner_person_id=owner_person_id,
        owner_team_id=owner_team_id,
        due_at=due_at,
        remind_at=_remind_at(at=at, due_at=due_at, person_id=owner_person_id, team_id=owner_team_id),
    )
    made = PromiseMade(promise.pk, kind, promise.what, due_at, promise_queries.owner_name(promise))
    tell_of_promise(promise, made, by=by, at=at)
    return promise


@transaction.atomic
def keep_promise(*, promise_id: int, by: Actor, at: datetime, note: str = "") -> Promise:
    """The promise is done: in time it was kept; after its time it was broken, and is done late."""
    promise = promise_to_change(promise_id)
    if promise.state == PromiseState.DUE and at <= promise.due_at:
        settle(promise, state=PromiseState.KEPT, by=by, at=at)
        tell_of_promise(promise, PromiseKept(promise.pk, promise.what), by=by, at=at, words=typed(note))
        return promise
    if promise.state == PromiseState.DUE:
        break_promise(promise, by=by, at=at)
    if promise.state != PromiseState.BROKEN or promise.done_late_at is not None:
        raise PromiseSettledError(promise_queries.where_it_stands(promise))
    promise.done_late_at, promise.settled_by_name = at, by.name
    promise.save()
    late = int((at - promise.due_at).total_seconds())
    tell_of_promise(promise, PromiseKeptLate(promise.pk, promise.what, late), by=by, at=at, words=typed(note))
    return promise


@transaction.atomic
def withdraw_promise(*, promise_id: int, by: Actor, at: datetime, consent: str) -> Promise:
    """Whom it was promised to agreed that it need not be kept; how they said so is written down."""
    promise = promise_to_change(promise_id)
    words = typed(consent)
    if not words:
        raise MissingWordsError(gettext("Write down how they agreed; without that a promise cannot be withdrawn."))
    if promise.state != PromiseState.DUE:
        raise PromiseSettledError(promise_queries.where_it_stands(promise))
    if at > promise.due_at:
        raise CannotDoError(gettext("The promise is overdue; own up to it instead."))
    settle(promise, state=PromiseState.WITHDRAWN, by=by, at=at)
    tell_of_promise(promise, PromiseWithdrawn(promise.pk, promise.what), by=by, at=at, words=words)
    return promise


@transaction.atomic
def own_up(*, promise_id: int, by: Actor, at: datetime, words: str, spoken: bool = False) -> Promise:
    """Tells whom it was made to that we broke our word: a customer in writing, or `spoken` already in a call.

    A department reads the words on its own day.
    """
    promise = promise_to_change(promise_id)
    said = typed(words)
    if not said:
        raise MissingWordsError(gettext("Write what they are told."))
    if promise.state == PromiseState.DUE and at > promise.due_at:
        break_promise(promise, by=by, at=at)
    if promise.state != PromiseState.BROKEN:
        raise CannotDoError(gettext("This promise is not broken; there is nothing to own up to."))
    if promise.owned_up_at is not None:
        raise PromiseSettledError(gettext("Somebody has owned up to this promise already."))
    promise.owned_up_at = at
    promise.save(update_fields=["owned_up_at"])
    in_time = at - promise.due_at <= OWN_UP_WITHIN
    tell_of_promise(promise, PromiseOwnedUp(promise.pk, promise.what, in_time), by=by, at=at, words=said)
    if not spoken and promise.customer_id is not None:
        subject = gettext("We did not keep our promise")
        write_customer(
            customer_id=promise.customer_id, subject=subject, words=said, by=by, at=at, case_id=promise.case_id
        )
    return promise


def settle(promise: Promise, *, state: PromiseState, by: Actor, at: datetime) -> None:
    """Saves how the promise ended, by whom and when."""
    promise.state, promise.settled_at, promise.settled_by_name = state, at, by.name
    promise.save()


def break_promise(promise: Promise, *, by: Actor, at: datetime) -> None:
    """The due time passed and nothing was done: it broke at its due time, noticed at `at`."""
    promise.broken_at = promise.due_at
    settle(promise, state=PromiseState.BROKEN, by=by, at=at)
    tell_of_promise(promise, PromiseBroken(promise.pk, promise.what, promise.due_at), by=by, at=at)


def _remind_at(*, at: datetime, due_at: datetime, person_id: int | None, team_id: int | None) -> datetime:
    calendar = staff_queries.calendar_of(person_id=person_id, team_id=team_id)
    return promise_times.remind_at(calendar, at=at, due_at=due_at)
