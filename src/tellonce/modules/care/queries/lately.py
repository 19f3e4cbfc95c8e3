"""What routing asks of who waits: what it cost them lately to reach us, and who talked with them last."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from tellonce.modules.care.contracts import ContactState
from tellonce.modules.care.models import Contact
from tellonce.modules.record.contracts import Direction

COUNTS_FOR: Final = timedelta(days=7)
"""How long an effort counts that somebody had."""

_LOOKED_BACK: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Lately:
    """`efforts` of the last week: contacts of theirs that nobody answered, and how often they were passed on.

    `last_person_id` talked with them last, at `last_at`; None where nobody did for 90 days.
    """

    efforts: int
    last_person_id: int | None
    last_at: datetime | None


def lately(customer_id: int, *, now: datetime) -> Lately:
    """Of one customer: two short looks at their newest contacts."""
    theirs = Contact.objects.filter(customer_id=customer_id, hidden_at=None, began_at__lte=now)
    unanswered = Q(taken_by=None, state=ContactState.ENDED, direction=Direction.FROM)
    cost = theirs.filter(began_at__gt=now - COUNTS_FOR).aggregate(
        unanswered=Count("id", filter=unanswered), passed_on=Sum("transfers")
    )
    talked = theirs.filter(began_at__gt=now - _LOOKED_BACK, taken_by__isnull=False).order_by("-began_at")
    last = talked.values_list("taken_by_id", Coalesce("ended_at", "answered_at", "began_at")).first()
    person_id, at = last or (None, None)
    return Lately(cost["unanswered"] + (cost["passed_on"] or 0), person_id, at)
