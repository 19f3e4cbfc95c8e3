"""What time does to promises: reminders before, broken when overdue, owned up to within the hour."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from tellonce.modules.care.actions.promises import break_promise, own_up
from tellonce.modules.care.actions.telling import topics_for
from tellonce.modules.care.contracts import PromiseState
from tellonce.modules.care.models import Promise
from tellonce.modules.record import story
from tellonce.modules.staff.contracts import SYSTEM
from tellonce.webkit import times

OWN_UP_FOR_US_AFTER = timedelta(minutes=45)
_BATCH = 100


def remind_promises(*, at: datetime) -> int:
    """Owners whose promise is soon due hear of it, once each; returns how many were reminded."""
    reminded = 0
    while count := _remind_some(at=at):
        reminded += count
    return reminded


def break_overdue_promises(*, at: datetime) -> int:
    """Promises whose time passed are broken; returns how many. Safe to run twice, by two at once, and to be killed.

    Batches are transactions of their own, and rows that somebody is settling right now are left to them.
    """
    broken = 0
    while count := _break_some(at=at):
        broken += count
    return broken


def own_up_for_us(*, at: datetime) -> int:
    """Tells customers and departments whose broken promise nobody has owned up to after three quarters of an hour.

    Only for promises that a person made: one that the product made itself (to call somebody without an address)
    would come back as another promise of the same kind for ever. Promises loaded as history are left alone by the
    day's limit.
    """
    waiting = Promise.objects.filter(
        state=PromiseState.BROKEN,
        owned_up_at__isnull=True,
        done_late_at__isnull=True,
        hidden_at__isnull=True,
        made_by_id__isnull=False,
        due_at__lte=at - OWN_UP_FOR_US_AFTER,
        due_at__gt=at - timedelta(days=1),
    )
    return sum(_own_up_one(promise_id, at=at) for promise_id in waiting.order_by("due_at").values_list("pk", flat=True))


@transaction.atomic
def _own_up_one(promise_id: int, *, at: datetime) -> int:
    promise = (
        Promise.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("customer")
        .filter(pk=promise_id, owned_up_at__isnull=True)
        .first()
    )
    if promise is None:
        return 0
    languages = promise.customer.languages if promise.customer else ()
    time_zone = promise.customer.time_zone if promise.customer else ""
    with translation.override(next(iter(languages), None) or translation.get_language()):
        words = gettext(
            "We promised you: %(what)s, by %(time)s. We did not keep that in time, and we are sorry. "
            "It is not forgotten; somebody is looking after it."
        ) % {"what": promise.what, "time": times.exact_there(promise.due_at, time_zone=time_zone)}
        own_up(promise_id=promise.pk, by=SYSTEM, at=at, words=words)
    return 1


@transaction.atomic
def _remind_some(*, at: datetime) -> int:
    soon = Promise.objects.select_for_update(of=("self",), skip_locked=True).filter(
        state=PromiseState.DUE, reminded_at__isnull=True, remind_at__lte=at, hidden_at__isnull=True
    )
    promises = list(soon.order_by("remind_at")[:_BATCH])
    for promise in promises:
        topics = topics_for(person_id=promise.owner_person_id, team_id=promise.owner_team_id)
        body = {"promise_id": promise.pk, "due_at": promise.due_at.isoformat()}
        story.announce(topics=topics, kind="care.promise_soon_due", at=at, body=body)
    Promise.objects.filter(pk__in=[promise.pk for promise in promises]).update(reminded_at=at)
    return len(promises)


@transaction.atomic
def _break_some(*, at: datetime) -> int:
    overdue = (
        Promise.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(state=PromiseState.DUE, due_at__lt=at, hidden_at__isnull=True)
        .order_by("due_at")
    )
    promises = list(overdue[:_BATCH])
    for promise in promises:
        break_promise(promise, by=SYSTEM, at=at)
    return len(promises)
