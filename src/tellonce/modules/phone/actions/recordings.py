"""Recordings become part of the story, and go when their time is over."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.db import transaction

from tellonce.modules.phone.contracts import CallRecorded
from tellonce.modules.phone.models import Recording
from tellonce.modules.phone.queries.filed import contact_of_call
from tellonce.modules.record import story
from tellonce.modules.record.contracts import About, Channel, Told
from tellonce.modules.staff.contracts import SYSTEM


@transaction.atomic
def keep_recording(*, source: str, call: str, file: str, began_at: datetime, seconds: float) -> Recording:
    """A recording that is whole, told in the customer's story; the same file twice is one recording."""
    known = Recording.objects.filter(file=file).first()
    if known is not None:
        return known
    contact = contact_of_call(call, source=source)
    customer_id = contact.customer_id if contact is not None else None
    recording = Recording.objects.create(
        call=call,
        customer_id=customer_id or 0,
        contact_id=contact.id if contact is not None else None,
        began_at=began_at,
        seconds=round(seconds),
        file=file,
    )
    if contact is not None and customer_id is not None:
        about = About(about="recording", about_id=recording.pk, contact_id=contact.id)
        what = CallRecorded(recording.pk, recording.seconds)
        told = Told(customer_id=customer_id, what=what, at=began_at, by=SYSTEM, channel=Channel.CALL, about=about)
        story.tell(told)
    return recording


def expire(*, before: datetime) -> int:
    """Deletes the sound of recordings that are older than `before`; that there was one stays."""
    return delete_sound(Recording.objects.filter(began_at__lt=before).exclude(file=""))


@transaction.atomic
def delete_sound(recordings: Iterable[Recording]) -> int:
    """The rows lose their file at once, the disk when that is sure."""
    gone = list(recordings)
    files = [each.file for each in gone if each.file]
    Recording.objects.filter(pk__in=[each.pk for each in gone]).update(file="")
    transaction.on_commit(lambda: _unlink(files))
    return len(files)


def _unlink(files: Iterable[str]) -> None:
    for file in files:
        Path(file).unlink(missing_ok=True)
