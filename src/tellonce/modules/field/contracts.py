"""What other modules may know of visits: how they went, and the moment that a missed one leaves in the story."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tellonce.kernel.errors import DomainError
from tellonce.modules.record.contracts import Group, Headline, Tone, moment_kind
from tellonce.webkit import times

LONGEST_WINDOW = timedelta(days=1)
LONG_AGO = timedelta(days=60)
"""A visit of longer ago is history: it may be written down, and nothing is credited for it any more."""


class VisitOutcome(TextChoices):
    """How a visit went."""

    MISSED = "missed", _("nobody came")


class BadVisitError(DomainError):
    """What was said of a visit cannot be; the text says why."""

    code = "visit_bad"


@dataclass(frozen=True, slots=True)
class NotedVisit:
    """What became of a visit that somebody told of; `credited_minor` is 0 where no rule credits it, or one did before.

    `is_new` is False for a visit that was known already; `is_granted` when nobody has to approve the credit.
    """

    visit_id: int
    customer_id: int
    is_new: bool
    credited_minor: int = 0
    currency: str = ""
    is_granted: bool = False


@moment_kind("field.visit_missed", group=Group.VISITS, tone=Tone.BAD)
@dataclass(frozen=True, slots=True)
class VisitMissed:
    """Nobody came to a visit in its window; what the customer said of it is the moment's words."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    visit_id: int
    window_from: datetime
    window_until: datetime

    def headline(self) -> Headline:
        """When somebody should have come."""
        return Headline(gettext("Nobody came"), times.window(self.window_from, self.window_until))
