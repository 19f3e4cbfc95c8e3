"""What the phone keeps for a while only: recordings, and the journal."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from tellonce.modules.phone.actions import recordings
from tellonce.modules.phone.models import Checkpoint, Filed, LiveContact
from tellonce.modules.record.contracts import RetentionKind

_AT_ONCE = 20_000


def expire(*, kind: str, before: datetime) -> int:
    """Deletes what is older than `before`; returns how many."""
    match kind:
        case RetentionKind.RECORDINGS:
            return recordings.expire(before=before)
        case RetentionKind.JOURNAL:
            return _expire_journal(before)
        case _:
            return 0


def _expire_journal(before: datetime) -> int:
    """Events before the last board that was frozen by then: what is left can be gone on from, and be replayed.

    What is not filed yet stays, and so does every event of a contact that is not over, or whose caller is still to
    hear of an outage: it is read once more when that happens.
    """
    board = Checkpoint.objects.filter(at__lt=before.timestamp()).order_by("-event_id").first()
    filed = Filed.objects.first()
    if board is None or filed is None:
        return 0
    until = min(board.event_id, filed.event_id)
    kept = set(LiveContact.objects.values_list("pk", flat=True)) | _to_hear()
    gone = 0
    while count := _delete_some(until, sorted(kept)):
        gone += count
    Checkpoint.objects.filter(event_id__lt=until).delete()
    return gone


def _to_hear() -> set[str]:
    """Contacts whose caller chose to hear of an outage that is not over."""
    board: dict[str, Any] = Checkpoint.objects.order_by("-event_id").values_list("board", flat=True)[0]
    return {contact for outage in board["outages"] for contact, _number, _customer in outage["wanted"]}


@transaction.atomic
def _delete_some(until: int, kept: list[str]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM phone_event WHERE id IN (SELECT id FROM phone_event WHERE id <= %s AND NOT contact = ANY(%s)"
            " ORDER BY id LIMIT %s)",
            [until, kept, _AT_ONCE],
        )
        return int(cursor.rowcount)
