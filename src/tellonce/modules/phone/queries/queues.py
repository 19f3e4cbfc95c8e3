"""Reads of queues."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext

from tellonce.modules.phone.contracts import QueueLine, QueueNotFoundError
from tellonce.modules.phone.models import Entry, Queue, Skill
from tellonce.modules.staff.queries import calendar_of_site, partners, sites


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


def queue_of_entry(number: str, code: str) -> QueueLine | None:
    """The open queue that callers of this number come to, or else the one with this code, or else the first."""
    found = Queue.objects.select_related("site").filter(retired_at=None)
    entry = found.filter(entries__number=number).first() if number else None
    queue = entry or found.filter(code=code).first() or found.order_by("pk").first()
    return as_line(queue) if queue is not None else None


def closed_queues(among: Iterable[Queue | QueueLine], *, at: datetime) -> dict[str, datetime | None]:
    """Those that are closed, by code, and when each opens; None where no opening to come is known."""
    found = list(among)
    opens: dict[int, datetime | None] = {}
    for site_id in {each.site_id for each in found if each.site_id is not None}:
        calendar = calendar_of_site(site_id)
        if not calendar.is_open(at):
            opens[site_id] = calendar.next_open(at)
    return {each.code: opens[each.site_id] for each in found if each.site_id in opens}


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
        level=queue.level,
        home=tuple(queue.home),
        overflow_to=tuple(queue.overflow_to),
        overflow_after_s=queue.overflow_after_s,
    )


def numbers_of(queue_id: int) -> list[str]:
    """The numbers that lead to the queue."""
    return list(Entry.objects.filter(queue_id=queue_id).values_list("number", flat=True))


def menus_of(queue_id: int) -> dict[str, Mapping[str, str]]:
    """Of each number that leads to the queue the menu: key to code of a queue; empty without one."""
    return dict(Entry.objects.filter(queue_id=queue_id).values_list("number", "menu"))


def levels_of(skill: str) -> dict[int, int]:
    """How well (1 to 5) each who has the skill has it."""
    return dict(Skill.objects.filter(code=skill).values_list("person_id", "level"))


def places() -> list[str]:
    """Names of all sites and partners, by which a queue says whose people take its contacts."""
    return sorted({*sites().values_list("name", flat=True), *partners().values_list("name", flat=True)})
