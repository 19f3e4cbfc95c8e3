"""Callbacks that were promised: dialled in time the promise is kept; who did not pick up is told of in the story."""

from contextlib import suppress
from datetime import datetime

from django.utils.translation import gettext

from tellonce.modules.care import actions as care
from tellonce.modules.care.contracts import PromiseSettledError
from tellonce.modules.phone.contracts import CallbackUnreached
from tellonce.modules.phone.models import CallbackEnd, PromisedCallback
from tellonce.modules.record import story
from tellonce.modules.record.contracts import About, Channel, Direction, Told
from tellonce.modules.staff.contracts import SYSTEM, Actor
from tellonce.switchboard.decisions import Outcome
from tellonce.switchboard.trails import Trail

_BECAME = {Outcome.UNREACHED: CallbackEnd.UNREACHED, Outcome.WITHDRAWN: CallbackEnd.WITHDRAWN}


def keep_call_promise(trail: Trail, *, by: Actor, at: datetime) -> None:
    """We have called: that was promised, whether they pick up or not. Only the first time counts."""
    callback = _callback_of(trail)
    if callback is None or callback.dialled_at is not None:
        return
    callback.dialled_at = at
    callback.save(update_fields=["dialled_at"])
    with suppress(PromiseSettledError):  # by hand, a moment ago
        care.keep_promise(promise_id=callback.promise_id, by=by, at=at, note=gettext("The switchboard called them."))


def end_callback(trail: Trail, *, at: datetime) -> None:
    """It is over."""
    became = CallbackEnd.REACHED if trail.holders else _BECAME.get(trail.outcome or Outcome.LOST, CallbackEnd.UNREACHED)
    callback = _callback_of(trail)
    if callback is not None and callback.over_at is None:
        callback.over_at, callback.became = at, became
        callback.save(update_fields=["over_at", "became"])
    if became == CallbackEnd.UNREACHED and trail.customer:
        what = CallbackUnreached(trail.tries)
        story.tell(
            Told(
                customer_id=trail.customer,
                what=what,
                at=at,
                by=SYSTEM,
                channel=Channel.CALL,
                direction=Direction.TO,
                about=About("callback"),
            )
        )


def _callback_of(trail: Trail) -> PromisedCallback | None:
    return PromisedCallback.objects.filter(pk=trail.contact).first() if trail.promise else None
