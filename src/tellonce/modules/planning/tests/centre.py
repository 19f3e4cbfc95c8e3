"""A week of a small centre's calls, as they are loaded."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from tellonce.lab.fitting.tests.centre import Centre
from tellonce.modules.phone import actions as phone
from tellonce.modules.phone.contracts import NewCall, QueueTerms
from tellonce.modules.phone.models import Queue
from tellonce.modules.staff.contracts import SYSTEM
from tests.factories import NOW

MIDNIGHT = NOW.replace(hour=0)
Whose = Callable[[int, float], int]


def centre_calls(
    queue_id: int, *, days: int = 7, until: int = 0, whose: Whose = lambda place, hour: 0
) -> Iterator[NewCall]:
    """Calls of so many days, the last `until` days before today; `whose`: a customer's id for place and hour."""
    log = Centre(days=days, people=4, calls_per_hour=62.0).log(3)
    first = MIDNIGHT - timedelta(days=days + until)
    for place in range(len(log)):
        arrived = first + timedelta(seconds=int(log.arrived_s[place]))
        answered = log.person[place] >= 0
        yield NewCall(
            queue_id=queue_id,
            arrived_at=arrived,
            queued_at=arrived,
            wait_s=int(log.wait_s[place]),
            outcome="answered" if answered else "abandoned",
            handle_s=int(log.service_s[place]) if answered else None,
            person_code=f"AG{log.person[place]}" if answered else "",
            service_code=log.kinds[log.kind[place]],
            priority=int(log.priority[place]),
            customer_id=whose(place, arrived.hour + arrived.minute / 60),
            source="test",
            external_id=f"{until}-{place}",
        )


def a_centre(*, whose: Whose = lambda place, hour: 0) -> Queue:
    """A queue with last week's calls."""
    queue = phone.add_queue(code="care", terms=QueueTerms("Care", "care", time_zone="UTC"), by=SYSTEM, at=NOW)
    phone.load_calls(list(centre_calls(queue.pk, whose=whose)), by=SYSTEM, at=NOW)
    return queue
