"""Told waits are kept with what happened, as soon as it is known."""

from collections.abc import Sequence
from datetime import UTC, datetime
from math import inf
from typing import Final

from tellonce.modules.care import actions as care
from tellonce.modules.phone.models import WaitPromise
from tellonce.switchboard.decisions import Form
from tellonce.switchboard.folding import Event
from tellonce.switchboard.promises import WaitPromise as Told
from tellonce.switchboard.promises import WaitPromises
from tellonce.switchboard.trails import Trail

_MINUTE_S: Final = 60.0


def keep_told_waits(events: Sequence[Event]) -> None:
    """Those that the last of a contact's events has settled; kept once, however often it is filed."""
    fold = WaitPromises()
    settled: tuple[Told, ...] = ()
    for event in events:
        settled = fold.take(event)
    if settled:
        WaitPromise.objects.bulk_create([_row(each) for each in settled], ignore_conflicts=True)


def note_told(trail: Trail, contact_id: int, *, over_at: float) -> None:
    """What was said first of the wait stands in the story with what it was; `over_at` somebody answered, or they left.

    Whoever leaves sooner than was said has shown nothing of whether it was true.
    """
    told = next((each for each in trail.told if each.form is not Form.NOT_KNOWN), None)
    if told is None:
        return
    high_min = None if told.form is Form.MORE_THAN else told.high_min
    is_longer = high_min is not None and over_at > told.at + high_min * _MINUTE_S
    is_known = is_longer or (high_min is not None and bool(trail.holders))
    care.note_told_wait(
        contact_id=contact_id, low_min=told.low_min, high_min=high_min, was_kept=not is_longer if is_known else None
    )


def _row(told: Told) -> WaitPromise:
    return WaitPromise(
        contact=told.contact,
        queue_code=told.queue,
        told_at=datetime.fromtimestamp(told.told_at, UTC),
        low_s=_known(told.low_s),
        median_s=_known(told.median_s),
        high_s=_known(told.high_s),
        form=told.form,
        low_min=told.low_min,
        high_min=told.high_min,
        is_again=told.is_again,
        became=told.became,
        waited_s=told.waited_s,
        again_s=_known(told.again_s),
    )


def _known(seconds: float) -> float | None:
    return seconds if seconds < inf else None
