"""What somebody's phone does now."""

from tellonce.modules.phone.contracts import MyPhone, OnPhone, PersonState
from tellonce.modules.phone.models import LiveContact, LivePerson, Queue, Skill
from tellonce.modules.staff.models import Person
from tellonce.modules.staff.queries import people

_OFFERED = "offered"


def live_contacts() -> list[LiveContact]:
    """All that are not over."""
    return list(LiveContact.objects.all())


def live_people() -> list[LivePerson]:
    """Everybody who answers; nobody where no switchboard has served yet."""
    return list(LivePerson.objects.all())


def people_who_can(skill: str) -> set[int]:
    """Whom a queue that asks for this skill may find."""
    return set(Skill.objects.filter(code=skill).values_list("person_id", flat=True))


def my_phone(person_id: int) -> MyPhone | None:
    """The phone of somebody who answers; None for anybody else, and before the switchboard knows them."""
    found = LivePerson.objects.filter(pk=person_id).first()
    if found is None:
        return None
    mine = [
        _on_phone(each, _queue_names()) for each in LiveContact.objects.filter(person_id=person_id).order_by("since")
    ]
    return MyPhone(
        person_id=person_id,
        state=found.state,
        wished=found.wished,
        reason=found.reason,
        since=found.since,
        wrap_until=found.wrap_until,
        ringing=next((each for each in mine if each.stage == _OFFERED), None),
        talking=tuple(each for each in mine if each.stage != _OFFERED),
    )


def colleagues_free(person_id: int) -> list[Person]:
    """Who could be asked, or given a call, at this moment."""
    free = LivePerson.objects.filter(state=PersonState.AVAILABLE).exclude(pk=person_id).values_list("pk", flat=True)
    return list(people().filter(pk__in=list(free)))


def _queue_names() -> dict[str, str]:
    return dict(Queue.objects.values_list("code", "name"))


def _on_phone(each: LiveContact, queues: dict[str, str]) -> OnPhone:
    return OnPhone(
        contact=each.id,
        stage=each.stage,
        queue=queues.get(each.queue_code, each.queue_code),
        number=each.number,
        customer_id=each.customer_id,
        entered_at=each.entered_at,
        since=each.since,
        told_form=each.told_form,
        told_low_min=each.told_low_min,
        told_high_min=each.told_high_min,
        is_callback=each.is_callback,
        is_held=each.is_held,
        consult=each.consult,
        parent=each.parent,
        note=each.note,
    )
