"""Queues: added, changed, retired; who did it stands in the audit of staff."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.translation import gettext

from tellonce.modules.phone.contracts import BadQueueError, QueueNotFoundError, QueueTakenError, QueueTerms
from tellonce.modules.phone.models import Entry, Queue, Skill
from tellonce.modules.phone.queries import numbers_of, people_who_can
from tellonce.modules.staff.actions.changes import Json, note_change
from tellonce.modules.staff.contracts import Actor
from tellonce.modules.staff.queries import site

_LONGEST_TARGET_S = 86_400
_LONGEST_RING_S = 120
_MOST_PRIORITY = 5


@transaction.atomic
def add_queue(*, code: str, terms: QueueTerms, by: Actor, at: datetime) -> Queue:
    """A new queue. Its code never changes, as call logs name it so. QueueTakenError, BadQueueError."""
    queue = Queue(code=code.strip())
    if not queue.code:
        raise BadQueueError(gettext("A queue needs a code, as call logs name it."))
    _take(queue, terms)
    note_change(what="added", about=queue, by=by, at=at, after=_told(queue))
    return queue


@transaction.atomic
def change_queue(*, queue_id: int, terms: QueueTerms, by: Actor, at: datetime) -> Queue:
    """Another name, skill, target or site for the queue; its calls stay its calls. QueueTakenError, BadQueueError."""
    queue = _to_change(queue_id)
    before = _told(queue)
    _take(queue, terms)
    note_change(what="changed", about=queue, by=by, at=at, before=before, after=_told(queue))
    return queue


@transaction.atomic
def retire_queue(*, queue_id: int, by: Actor, at: datetime) -> Queue:
    """Takes no calls from now on; those that it took stay, and so does what was learned from them."""
    queue = _to_change(queue_id)
    if queue.retired_at is None:
        queue.retired_at = at
        queue.save(update_fields=["retired_at"])
        note_change(what="retired", about=queue, by=by, at=at)
    return queue


@transaction.atomic
def bring_back_queue(*, queue_id: int, by: Actor, at: datetime) -> Queue:
    """Takes calls again."""
    queue = _to_change(queue_id)
    if queue.retired_at is not None:
        queue.retired_at = None
        queue.save(update_fields=["retired_at"])
        note_change(what="brought back", about=queue, by=by, at=at)
    return queue


@transaction.atomic
def staff_queue(*, queue_id: int, people: Collection[int], numbers: Sequence[str], by: Actor, at: datetime) -> None:
    """Who answers the queue, and the numbers that lead to it. QueueTakenError for a number of another queue."""
    queue = _to_change(queue_id)
    before: dict[str, Json] = {
        "people": len(people_who_can(skill_of(queue))),
        "numbers": ", ".join(numbers_of(queue_id)),
    }
    _give_numbers(queue, numbers)
    _give_skill(skill_of(queue), set(people))
    after: dict[str, Json] = {"people": len(people), "numbers": ", ".join(sorted(numbers))}
    note_change(what="staffed", about=queue, by=by, at=at, before=before, after=after)


def skill_of(queue: Queue) -> str:
    """What people must be able to do."""
    return queue.skill_code or queue.code


def _give_numbers(queue: Queue, numbers: Sequence[str]) -> None:
    taken = Entry.objects.filter(number__in=numbers).exclude(queue=queue).select_related("queue").first()
    if taken is not None:
        told = {"number": taken.number, "queue": taken.queue.name}
        raise QueueTakenError(gettext("%(number)s leads to %(queue)s already.") % told)
    Entry.objects.filter(queue=queue).exclude(number__in=numbers).delete()
    for number in numbers:
        Entry.objects.get_or_create(number=number, queue=queue)


def _give_skill(skill: str, people: set[int]) -> None:
    """Whoever has the skill at a level of their own keeps it."""
    Skill.objects.filter(code=skill).exclude(person_id__in=people).delete()
    for person_id in people - people_who_can(skill):
        Skill.objects.create(person_id=person_id, code=skill)


def _to_change(queue_id: int) -> Queue:
    queue = Queue.objects.select_for_update(of=("self",)).select_related("site").filter(pk=queue_id).first()
    if queue is None:
        raise QueueNotFoundError(gettext("There is no queue %(id)s.") % {"id": queue_id})
    return queue


def _take(queue: Queue, terms: QueueTerms) -> None:
    queue.name, queue.skill_code, queue.time_zone = terms.name.strip(), terms.skill_code.strip(), terms.time_zone
    queue.target_within_s, queue.target_share = terms.target_within_s, terms.target_share
    queue.priority, queue.ring_s, queue.wrap_s = terms.priority, terms.ring_s, terms.wrap_s
    queue.callback_above_s = terms.callback_above_s
    queue.site = site(terms.site_id) if terms.site_id is not None else None
    _refuse_bad(queue)
    _refuse_taken(queue)
    queue.save()


def _refuse_bad(queue: Queue) -> None:
    if not queue.name:
        raise BadQueueError(gettext("A queue needs a name."))
    if not 0 <= queue.target_within_s <= _LONGEST_TARGET_S:
        raise BadQueueError(gettext("The seconds to answer within are 0 to 86,400."))
    if not 0 < queue.target_share <= 1:
        raise BadQueueError(gettext("The share of calls to answer in time is more than 0 and at most 100%."))
    if not (0 < queue.ring_s <= _LONGEST_RING_S and 0 <= queue.wrap_s <= _LONGEST_TARGET_S):
        raise BadQueueError(gettext("A person is rung for 1 to 120 seconds, and wraps up for 0 or more."))
    if not 0 <= queue.priority <= _MOST_PRIORITY:
        raise BadQueueError(gettext("The priority is 0 to 5."))
    if queue.time_zone and queue.time_zone not in available_timezones():
        raise BadQueueError(gettext("There is no time zone “%(name)s”.") % {"name": queue.time_zone})


def _refuse_taken(queue: Queue) -> None:
    others = Queue.objects.exclude(pk=queue.pk)
    if others.filter(name=queue.name).exists():
        raise QueueTakenError(gettext("Another queue is called %(name)s.") % {"name": queue.name})
    if others.filter(code=queue.code).exists():
        raise QueueTakenError(gettext("Another queue has the code %(code)s.") % {"code": queue.code})


def _told(queue: Queue) -> Mapping[str, Json]:
    return {
        "name": queue.name,
        "skill": queue.skill_code,
        "answer_within_s": queue.target_within_s,
        "target_share": f"{queue.target_share:.1%}",
        "site": queue.site.name if queue.site else "",
        "time_zone": queue.time_zone,
        "priority": queue.priority,
        "ring_s": queue.ring_s,
        "wrap_s": queue.wrap_s,
        "callback_above_s": "" if queue.callback_above_s is None else queue.callback_above_s,
    }
