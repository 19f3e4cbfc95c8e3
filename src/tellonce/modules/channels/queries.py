"""Reading messages."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from tellonce.modules.channels.contracts import MessageState
from tellonce.modules.channels.models import OutgoingMail

ON_THEIR_WAY = (MessageState.WAITING, MessageState.SENDING)


def mails_of(customer_ids: Sequence[int]) -> QuerySet[OutgoingMail]:
    """The mails written to these customers, newest first."""
    return OutgoingMail.objects.filter(customer_id__in=customer_ids).order_by("-written_at", "-pk")


def mail_of_moment(moment_id: UUID) -> OutgoingMail | None:
    """The mail of one moment."""
    return OutgoingMail.objects.filter(moment_id=moment_id).first()


def mails_on_their_way() -> QuerySet[OutgoingMail]:
    """Mails that are neither sent nor given up, oldest first."""
    return OutgoingMail.objects.filter(state__in=ON_THEIR_WAY).order_by("written_at")
