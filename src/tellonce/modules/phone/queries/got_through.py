"""Which callers need no following up any more: they had a person since, or wait for one now."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Max

from tellonce.modules.care import queries as care
from tellonce.modules.phone.contracts import CallOutcome
from tellonce.modules.phone.models import Asked, Call, FollowUp, LiveContact, Queue
from tellonce.modules.record.contracts import Channel

_PROMISED = "CallbackPromised"


def customers_since(customer_ids: Collection[int], *, since: datetime) -> dict[int, datetime]:
    """When a person last took a contact of these customers, or answered a call of theirs that another system logged."""
    found = care.last_answered(customer_ids, since=since)
    calls = Call.objects.filter(
        customer_id__in=list(customer_ids), outcome=CallOutcome.ANSWERED, arrived_at__gte=since, queued_at__isnull=False
    )
    for of, at in calls.order_by().values_list("customer_id").annotate(Max("queued_at")):
        found[of] = max(at, found.get(of, at))
    return found


def numbers_since(numbers: Collection[str], *, since: datetime, source: str) -> dict[str, datetime]:
    """When a person last answered a call from these numbers; whoever called is perhaps known since."""
    if not numbers:
        return {}
    calls = Call.objects.filter(
        queue_id__in=all_queues(), arrived_at__gte=since, outcome=CallOutcome.ANSWERED, source=source
    )
    contacts = calls.filter(contact_id__isnull=False).values_list("contact_id", flat=True)
    return care.last_answered_from(numbers, [pk for pk in contacts if pk is not None])


def all_queues() -> list[int]:
    """The ids of all queues, also the retired ones: by them calls of a time are found."""
    return list(Queue.objects.values_list("pk", flat=True))


def here_now() -> tuple[set[int], set[str]]:
    """Customers and numbers that are on the line, or that will be called back."""
    live = LiveContact.objects.filter(channel=Channel.CALL, parent="").values_list("customer_id", "number")
    asked = Asked.objects.filter(kind=_PROMISED).values_list("data__customer", "data__number")
    rows = [*live, *asked]
    return {of for of, _number in rows if of}, {number for _of, number in rows if number}


def is_on_its_way(follow_up: FollowUp) -> bool:
    """Whether its callback is still to be made, or is being made."""
    asked = Asked.objects.filter(kind=_PROMISED, data__contact=follow_up.callback)
    return asked.exists() or LiveContact.objects.filter(pk=follow_up.callback).exists()
