"""What people can do, by which queues find them."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from tellonce.modules.phone.contracts import BadQueueError
from tellonce.modules.phone.models import Skill
from tellonce.modules.phone.models.queues import MOST_LEVEL
from tellonce.modules.staff.actions.changes import note_change
from tellonce.modules.staff.contracts import Actor
from tellonce.modules.staff.queries import person


@transaction.atomic
def set_skills(*, person_id: int, skills: Mapping[str, int], by: Actor, at: datetime) -> None:
    """This is what the person can do from now on, and how well (1 to 5). StaffNotFoundError, BadQueueError."""
    who = person(person_id)
    if not all(code.strip() and 1 <= level <= MOST_LEVEL for code, level in skills.items()):
        raise BadQueueError(gettext("A skill has a code, and a level from 1 to 5."))
    known = dict(Skill.objects.filter(person_id=person_id).values_list("code", "level"))
    if known == dict(skills):
        return
    Skill.objects.filter(person_id=person_id).exclude(code__in=skills).delete()
    for code, level in skills.items():
        Skill.objects.update_or_create(person_id=person_id, code=code, defaults={"level": level})
    note_change(what="skills", about=who, by=by, at=at, before=dict(known), after=dict(skills))
