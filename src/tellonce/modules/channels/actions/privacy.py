"""What channels keeps about customers: shown, forgotten, and deleted when its time is over."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from tellonce.modules.channels.contracts import MessageState
from tellonce.modules.channels.models import OutgoingMail
from tellonce.modules.channels.queries import ON_THEIR_WAY, mails_of
from tellonce.modules.record.contracts import RetentionKind


def personal_data(customer_ids: Sequence[int]) -> dict[str, Any]:
    """Every mail written to these customers, with where it went and what became of it."""
    return {
        "mails": [
            {
                "to": mail.address,
                "subject": mail.subject,
                "body": mail.body,
                "state": mail.state,
                "written_at": mail.written_at.isoformat(),
                "sent_at": mail.sent_at.isoformat() if mail.sent_at else None,
            }
            for mail in mails_of(customer_ids)
        ]
    }


@transaction.atomic
def forget(customer_ids: Sequence[int], *, at: datetime) -> None:
    """Addresses and words go, those of queued mails too, which are then not sent; counts and times stay.

    A mail that is being sent right now is waited for: it is either gone before, or dropped.
    """
    mails = OutgoingMail.objects.filter(pk__in=[mail.pk for mail in mails_of(customer_ids).select_for_update()])
    mails.filter(state__in=ON_THEIR_WAY).update(state=MessageState.DROPPED)
    mails.update(address="", subject="", body="", last_error="")


def merged(*, loser_id: int, winner_id: int, at: datetime) -> None:
    """Nothing moves: mails are read for all ids that read as one customer."""


@transaction.atomic
def expire(*, kind: str, before: datetime) -> int:
    """Words of mails that are older than `before` and no longer on their way go; returns how many mails lost them."""
    if kind != RetentionKind.BODIES:
        return 0
    old = OutgoingMail.objects.filter(written_at__lt=before).exclude(state__in=ON_THEIR_WAY).exclude(body="")
    return old.update(subject="", body="")
