"""Queues: added, changed, retired; who did it stands in the audit of staff."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.translation import gettext

from tellonce.modules.phone.contracts import BadQueueError, QueueNotFoundError, QueueTakenError, QueueTerms
from tellonce.modules.phone.models import Queue
from tellonce.modules.phone.models.queues import MOST_LEVEL
from tellonce.modules.phone.queries import places
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
    queue = queue_to_change(queue_id)
    before = _told(queue)
    _take(queue, terms)
    note_change(what="changed", about=queue, by=by, at=at, before=before, after=_told(queue))
    return queue


@transaction.atomic
def retire_queue(*, queue_id: int, by: Actor, at: datetime) -> Queue:
    """Takes no calls from now on; those that it took stay, and so does what was learned from them."""
    queue = queue_to_change(queue_id)
    if queue.retired_at is None:
        queue.retired_at = at
        queue.save(update_fields=["retired_at"])
        note_change(what="retired", about=queue, by=by, at=at)
    return queue


@transaction.atomic
def bring_back_queue(*, queue_id: int, by: Actor, at: datetime) -> Queue:
    """Takes calls again."""
    queue = queue_to_change(queue_id)
    if queue.retired_at is not None:
        queue.retired_at = None
        queue.save(update_fields=["retired_at"])
        note_change(what="brought back", about=queue, by=by, at=at)
    return queue


def skill_of(queue: Queue) -> str:
    """What people must be able to do."""
    return queue.skill_code or queue.code


def queue_to_change(queue_id: int) -> Queue:
    """The queue, held until the transaction is over; QueueNotFoundError."""
    queue = Queue.objects.select_for_update(of=("self",)).select_related("site").filter(pk=queue_id).first()
    if queue is None:
        raise QueueNotFoundError(gettext("There is no queue %(id)s.") % {"id": queue_id})
    return queue


def _take(queue: Queue, terms: QueueTerms) -> None:
    queue.name, queue.skill_code, queue.time_zone = terms.name.strip(), terms.skill_code.strip(), terms.time_zone
    queue.target_within_s, queue.target_share = terms.target_within_s, terms.target_share
    queue.priority, queue.ring_s, queue.wrap_s = terms.priority, terms.ring_s, terms.wrap_s
    queue.callback_above_s, queue.level = terms.callback_above_s, terms.level
    queue.home, queue.overflow_to = list(terms.home), list(terms.overflow_to)
    queue.overflow_after_s = terms.overflow_after_s
    queue.site = site(terms.site_id) if terms.site_id is not None else None
    _refuse_bad(queue)
    _refuse_bad_places(queue)
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
    if not 1 <= queue.level <= MOST_LEVEL:
        raise BadQueueError(gettext("The level that is asked is 1 to 5."))
    if queue.time_zone and queue.time_zone not in available_timezones():
        raise BadQueueError(gettext("There is no time zone “%(name)s”.") % {"name": queue.time_zone})


def _refuse_bad_places(queue: Queue) -> None:
    strange = {*queue.home, *queue.overflow_to} - set(places())
    if strange:
        raise BadQueueError(gettext("There is no site or partner “%(name)s”.") % {"name": min(strange)})
    if bool(queue.overflow_to) != (queue.overflow_after_s is not None):
        raise BadQueueError(gettext("Who helps, and after how many seconds, are said together."))
    if queue.overflow_to and not queue.home:
        raise BadQueueError(
            gettext("Others can help where not everybody takes these calls anyway: say whose they are.")
        )
    if set(queue.home) & set(queue.overflow_to):
        raise BadQueueError(gettext("Whoever takes these calls from the start cannot help later."))
    if queue.overflow_after_s is not None and not 0 <= queue.overflow_after_s <= _LONGEST_TARGET_S:
        raise BadQueueError(gettext("Others help after 0 to 86,400 seconds."))


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
        "level": queue.level,
        "home": list(queue.home),
        "overflow_to": list(queue.overflow_to),
        "overflow_after_s": "" if queue.overflow_after_s is None else queue.overflow_after_s,
        "callback_above_s": "" if queue.callback_above_s is None else queue.callback_above_s,
    }
