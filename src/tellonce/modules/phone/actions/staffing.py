"""Who answers a queue and how well they can, and the numbers that lead to it, each with its menu."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext

from tellonce.modules.phone.actions.queues import queue_to_change, skill_of
from tellonce.modules.phone.contracts import BadQueueError, QueueNotFoundError, QueueTakenError
from tellonce.modules.phone.models import Entry, Queue, Skill
from tellonce.modules.phone.models.queues import MOST_LEVEL
from tellonce.modules.phone.queries import levels_of, numbers_of
from tellonce.modules.staff.actions.changes import Json, note_change
from tellonce.modules.staff.contracts import Actor
from tellonce.modules.staff.queries import people as staff

MENU_KEYS: Final = tuple("123456789")
"""What callers may press in a menu; 0 always is a person."""


@transaction.atomic
def staff_queue(
    *,
    queue_id: int,
    people: Collection[int],
    numbers: Sequence[str],
    levels: Mapping[int, int] | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Who answers the queue, and the numbers that lead to it.

    `levels` says how well (1 to 5) some of them have its skill; another keeps theirs, or begins with what the queue
    asks. QueueTakenError for a number of another queue, BadQueueError for a level that there is not.
    """
    queue = queue_to_change(queue_id)
    skill = skill_of(queue)
    had, numbers_before = levels_of(skill), ", ".join(numbers_of(queue_id))
    _give_numbers(queue, numbers)
    has = {person: (levels or {}).get(person, had.get(person, queue.level)) for person in people}
    _give_skill(skill, had, has)
    before: dict[str, Json] = {"people": len(had), "numbers": numbers_before}
    after: dict[str, Json] = {"people": len(has), "numbers": ", ".join(sorted(numbers))}
    other = sorted(person for person in had.keys() & has.keys() if had[person] != has[person])
    if other:
        names = dict(staff().filter(pk__in=other).values_list("pk", "name"))
        before["levels"], after["levels"] = (
            [f"{names[person]} {known[person]}" for person in other] for known in (had, has)
        )
    note_change(what="staffed", about=queue, by=by, at=at, before=before, after=after)


@transaction.atomic
def set_menu(*, queue_id: int, number: str, keys: Sequence[tuple[str, int]], by: Actor, at: datetime) -> None:
    """The menu of a number that leads to the queue: a key from 1 to 9 each for a queue; without any there is none.

    It has one level, and silence, 0 and every other key lead to the queue of the number, so to a person. BadQueueError
    for 0, a key or queue that is there twice, or a number of another queue; QueueNotFoundError.
    """
    queue = queue_to_change(queue_id)
    entry = Entry.objects.select_for_update().filter(queue=queue, number=number).first()
    if entry is None:
        raise BadQueueError(gettext("%(number)s does not lead to this queue.") % {"number": number})
    _refuse_bad_keys(keys)
    before, names = entry.menu, _names()
    entry.menu = {key: _code(to) for key, to in sorted(keys)}
    if entry.menu == before:
        return
    entry.save(update_fields=["menu"])
    note_change(
        what="menu set", about=queue, by=by, at=at,
        before={"menu": _menu_told(number, before, names)}, after={"menu": _menu_told(number, entry.menu, names)},
    )  # fmt: skip


def _refuse_bad_keys(keys: Sequence[tuple[str, int]]) -> None:
    if any(key not in MENU_KEYS for key, _to in keys):
        raise BadQueueError(gettext("The keys of a menu are 1 to 9; 0 always leads to a person."))
    if len(dict(keys)) < len(keys):
        raise BadQueueError(gettext("One key cannot lead to two queues."))
    if len({to for _key, to in keys}) < len(keys):
        raise BadQueueError(gettext("One key is enough for a queue."))


def _code(queue_id: int) -> str:
    code = Queue.objects.filter(pk=queue_id, retired_at=None).values_list("code", flat=True).first()
    if code is None:
        raise QueueNotFoundError(gettext("There is no queue %(id)s.") % {"id": queue_id})
    return code


def _names() -> dict[str, str]:
    return dict(Queue.objects.values_list("code", "name"))


def _menu_told(number: str, menu: Mapping[str, str], names: Mapping[str, str]) -> list[str]:
    """As the history shows it."""
    return [f"{number}: {key} → {names.get(code, code)}" for key, code in sorted(menu.items())]


def _give_numbers(queue: Queue, numbers: Sequence[str]) -> None:
    taken = Entry.objects.filter(number__in=numbers).exclude(queue=queue).select_related("queue").first()
    if taken is not None:
        told = {"number": taken.number, "queue": taken.queue.name}
        raise QueueTakenError(gettext("%(number)s leads to %(queue)s already.") % told)
    Entry.objects.filter(queue=queue).exclude(number__in=numbers).delete()
    for number in numbers:
        Entry.objects.get_or_create(number=number, queue=queue)


def _give_skill(skill: str, had: Mapping[int, int], has: Mapping[int, int]) -> None:
    if not all(1 <= level <= MOST_LEVEL for level in has.values()):
        raise BadQueueError(gettext("A skill has a code, and a level from 1 to 5."))
    Skill.objects.filter(code=skill).exclude(person_id__in=has).delete()
    for person_id, level in has.items():
        if had.get(person_id) != level:
            Skill.objects.update_or_create(person_id=person_id, code=skill, defaults={"level": level})
