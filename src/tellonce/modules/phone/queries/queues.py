"""Reads of queues."""

from django.conf import settings
from django.utils.translation import gettext

from tellonce.modules.phone.contracts import QueueLine, QueueNotFoundError
from tellonce.modules.phone.models import Entry, Queue


def queues(*, with_retired: bool = False) -> tuple[QueueLine, ...]:
    """All queues by name; retired ones only where asked for."""
    found = Queue.objects.select_related("site")
    return tuple(as_line(queue) for queue in (found if with_retired else found.filter(retired_at=None)))


def queue_line(queue_id: int) -> QueueLine:
    """The queue with this id; QueueNotFoundError."""
    found = Queue.objects.select_related("site").filter(pk=queue_id).first()
    if found is None:
        raise QueueNotFoundError(gettext("There is no queue %(id)s.") % {"id": queue_id})
    return as_line(found)


def queue_by_code(code: str) -> QueueLine:
    """The queue with this code; QueueNotFoundError names those that there are."""
    found = Queue.objects.select_related("site").filter(code=code).first()
    if found is None:
        known = ", ".join(Queue.objects.order_by("code").values_list("code", flat=True))
        raise QueueNotFoundError(
            gettext("There is no queue %(code)s; there are: %(known)s.") % {"code": code, "known": known or "-"}
        )
    return as_line(found)


def as_line(queue: Queue) -> QueueLine:
    """The queue as it is read."""
    return QueueLine(
        id=queue.pk,
        name=queue.name,
        code=queue.code,
        skill_code=queue.skill_code,
        target_within_s=queue.target_within_s,
        target_share=queue.target_share,
        site_id=queue.site_id,
        site=queue.site.name if queue.site else "",
        time_zone=queue.time_zone or (queue.site.time_zone if queue.site else settings.TIME_ZONE),
        is_open=queue.retired_at is None,
        own_time_zone=queue.time_zone,
        priority=queue.priority,
        ring_s=queue.ring_s,
        wrap_s=queue.wrap_s,
        callback_above_s=queue.callback_above_s,
    )


def numbers_of(queue_id: int) -> list[str]:
    """The numbers that lead to the queue."""
    return list(Entry.objects.filter(queue_id=queue_id).values_list("number", flat=True))
