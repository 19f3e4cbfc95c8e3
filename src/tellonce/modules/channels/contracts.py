"""What other modules may know of messages: their states."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MessageState(TextChoices):
    """Where a message stands."""

    WAITING = "waiting", _("waiting")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    DROPPED = "dropped", _("not sent: erased")


class Answer(StrEnum):
    """What a mail server said: taken, not now, never."""

    TAKEN = "taken"
    LATER = "later"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt; `detail` is for people and holds no address and no words of the mail."""

    answer: Answer
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it goes out: plain text in the customer's language."""

    message_id: str
    to: str
    subject: str
    body: str
    written_at: datetime
