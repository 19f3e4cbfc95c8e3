"""Where contacts, cases and promises may stand."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ContactState(TextChoices):
    """Where a contact stands."""

    WAITING = "waiting", _("waiting")
    IN_HAND = "in_hand", _("in hand")
    ENDED = "ended", _("ended")


class CaseState(TextChoices):
    """Where a case stands."""

    OPEN = "open", _("open")
    WAITING = "waiting", _("waiting")
    SOLVED = "solved", _("solved")
    CLOSED = "closed", _("closed")


class WaitingOn(TextChoices):
    """Whom a waiting case waits for."""

    CUSTOMER = "customer", _("the customer")
    US = "us", _("us")
    THIRD_PARTY = "third_party", _("somebody else")


class PromiseKind(TextChoices):
    """What a promise is to do."""

    CALL = "call", _("Call")
    WRITE = "write", _("Write")
    VISIT = "visit", _("Visit")
    CREDIT = "credit", _("Credit")
    FIX = "fix", _("Fix")
    OTHER = "other", _("Other")


class PromiseState(TextChoices):
    """Where a promise stands."""

    DUE = "due", _("due")
    KEPT = "kept", _("kept")
    BROKEN = "broken", _("broken")
    WITHDRAWN = "withdrawn", _("withdrawn with the customer's consent")


class LinkKind(TextChoices):
    """How two cases belong together."""

    RELATED = "related", _("related to")
    CAUSED_BY = "caused_by", _("caused by")
    DUPLICATE = "duplicate", _("duplicate of")
