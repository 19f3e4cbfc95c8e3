"""Callers who went without a person are called back, or followed up in another way: once, by one of us."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext

from tellonce.modules.phone.actions.callbacks import (
    CallTerms,
    ask_callback,
    new_callback,
    promise_callback,
    refuse_bad_call,
)
from tellonce.modules.phone.contracts import BadFollowUpError, FollowedUpError, MissedCaller
from tellonce.modules.phone.models import FollowUp
from tellonce.modules.phone.queries.got_through import is_on_its_way
from tellonce.modules.staff.contracts import Actor
from tellonce.webkit import times

LONGEST_NOTE = 500
_KEPT = timedelta(days=30)


@transaction.atomic
def follow_up(*, caller: MissedCaller, note: str, by: Actor, at: datetime) -> FollowUp:
    """Somebody has seen to the caller, as the note says. BadFollowUpError, FollowedUpError."""
    words = " ".join(note.split())[:LONGEST_NOTE]
    if not words:
        raise BadFollowUpError(gettext("Write in a few words how it was followed up."))
    return _claim(caller, by=by, at=at, note=words)


@transaction.atomic
def call_back(*, caller: MissedCaller, by: Actor, at: datetime, due_at: datetime | None = None) -> FollowUp:
    """Asks the switchboard to call back, at once or at `due_at`: then it is a promise to a customer whom we know.

    BadFollowUpError, FollowedUpError.
    """
    terms = CallTerms(caller.number, caller.queue_id, due_at or at)
    refuse_bad_call(terms, at=at)
    callback = new_callback(at=at)
    claimed = _claim(caller, by=by, at=at, callback=callback)
    if due_at is None or not caller.customer_id or by.id is None:
        ask_callback(callback, terms, customer_id=caller.customer_id, at=at)
    else:
        what = gettext("they waited on the phone, and nobody answered")
        promise_callback(
            customer_id=caller.customer_id, terms=terms, what=what, by=by, at=at, contact=callback,
            contact_id=caller.contact_id,
        )  # fmt: skip
    return claimed


def _claim(caller: MissedCaller, *, by: Actor, at: datetime, note: str = "", callback: str = "") -> FollowUp:
    """The caller is this one's to follow up: of two at once the database lets one through."""
    FollowUp.objects.filter(at__lt=at - _KEPT).delete()
    said = {"at": at, "by_id": by.id, "by_name": by.name, "note": note, "callback": callback}
    known = {
        "customer_id": caller.customer_id,
        "number": "" if caller.customer_id else caller.number,
        "missed_at": caller.missed_at,
    }
    claims = FollowUp.objects.select_for_update()
    claim, is_new = claims.get_or_create(contact_id=caller.contact_id, defaults=said | known)
    if is_new:
        return claim
    if not claim.callback or is_on_its_way(claim):
        raise FollowedUpError(followed_up_words(claim, now=at))
    return claims.update_or_create(pk=claim.pk, defaults=said)[0]  # a callback that did not reach them


def followed_up_words(claim: FollowUp, *, now: datetime) -> str:
    """Who was first, and when."""
    told = {"name": claim.by_name, "ago": times.ago(claim.at, now=now)}
    if claim.callback:
        return gettext("%(name)s has asked for a callback to them (%(ago)s).") % told
    return gettext("%(name)s has followed them up (%(ago)s).") % told
