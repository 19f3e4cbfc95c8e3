"""What the phone keeps about customers: shown, forgotten."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from tellonce.modules.phone.models import Queue
from tellonce.modules.phone.queries import calls_of_customers


def personal_data(customer_ids: Sequence[int]) -> dict[str, Any]:
    """Every call of these customers: when, in which queue, how long, how it ended."""
    names = dict(Queue.objects.values_list("pk", "name"))
    return {
        "calls": [
            {
                "queue": names.get(call.queue_id, ""),
                "arrived_at": call.arrived_at.isoformat(),
                "asked_for_a_person_at": call.queued_at.isoformat() if call.queued_at else None,
                "in_the_menu_s": call.menu_s,
                "waited_s": call.wait_s,
                "with_a_person_s": call.handle_s,
                "outcome": call.outcome,
                "caller_code": call.caller_code,
                "source": call.source,
                "external_id": call.external_id,
            }
            for call in calls_of_customers(customer_ids)
        ]
    }


@transaction.atomic
def forget(customer_ids: Sequence[int], *, at: datetime) -> None:
    """The code by which another system knows the caller goes; times, waits and outcomes stay, as counts need them."""
    calls_of_customers(customer_ids).exclude(caller_code="").update(caller_code="")


def merged(*, loser_id: int, winner_id: int, at: datetime) -> None:
    """Nothing moves: calls are read for all ids that read as one customer."""
