"""What somebody's phone does now."""

from django.conf import settings

from tellonce.modules.phone.contracts import MyPhone, OnPhone, PersonState
from tellonce.modules.phone.models import BrowserPhone, DeskPhone, LiveContact, LivePerson, Queue, Skill
from tellonce.modules.phone.queries.words import refusal_in_words
from tellonce.modules.phone.queries.written import id_in
from tellonce.modules.record.contracts import Channel
from tellonce.modules.staff.models import Person
from tellonce.modules.staff.queries import people
from tellonce.switchboard.drivers.made_up import is_real

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


def people_with_phones() -> set[int]:
    """Who has a phone that may ring: in the browser, or one that was given a password."""
    chosen = BrowserPhone.objects.filter(is_on=True).values_list("person_id", flat=True)
    return {*chosen, *DeskPhone.objects.values_list("person_id", flat=True)}


def my_phone(person_id: int) -> MyPhone | None:
    """The phone of somebody who answers; None for anybody else, and before the switchboard knows them."""
    found = LivePerson.objects.filter(pk=person_id).first()
    if found is None:
        return None
    rows = list(LiveContact.objects.filter(person_id=person_id).order_by("since"))
    queues = _queue_names() if rows else {}
    named = {each.listener_id for each in rows} | {each.unanswered_by_id for each in rows}
    others = [each for each in named if each is not None]
    names = dict(people().filter(pk__in=others).values_list("pk", "name")) if others else {}
    mine = [_on_phone(each, queues, names) for each in rows]
    is_in_browser = BrowserPhone.objects.filter(pk=person_id, is_on=True).exists()
    return MyPhone(
        person_id=person_id,
        state=found.state,
        wished=found.wished,
        reason=found.reason,
        since=found.since,
        wrap_until=found.wrap_until,
        ringing=next((each for each in mine if each.stage == _OFFERED), None),
        talking=tuple(each for each in mine if each.stage != _OFFERED),
        is_in_browser=is_in_browser,
        refused=refusal_in_words(found.refused),
        picks_up=None if is_in_browser else _picks_up(person_id),
    )


def _picks_up(person_id: int) -> bool | None:
    """Only our own gateway asks phones to."""
    if settings.SETUP.phone != "embedded":
        return None
    return DeskPhone.objects.filter(pk=person_id).values_list("picks_up", flat=True).first()


def is_answered_on_page(call: OnPhone) -> bool:
    """Whether it has no sound of its own: a chat, any call where there is no phone, the demo's made-up callers."""
    setup = settings.SETUP
    if call.channel != Channel.CALL:
        return True
    return setup.phone == "none" or (setup.demo and not is_real(call.parent or call.contact))


def colleagues_free(person_id: int, *, contact: str) -> list[Person]:
    """Who could be asked about the call, or given it, at this moment; beside made-up calls a real one needs a phone."""
    free = LivePerson.objects.filter(state=PersonState.AVAILABLE).exclude(pk=person_id)
    found = set(free.values_list("pk", flat=True))
    if settings.SETUP.demo and is_real(contact):
        found &= people_with_phones()
    return list(people().filter(pk__in=found))


def _queue_names() -> dict[str, str]:
    return dict(Queue.objects.values_list("code", "name"))


def _on_phone(each: LiveContact, queues: dict[str, str], names: dict[int, str]) -> OnPhone:
    return OnPhone(
        contact=each.id,
        stage=each.stage,
        queue=queues.get(each.queue_code, each.queue_code),
        queue_code=each.queue_code,
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
        recording=each.recording,
        channel=each.channel,
        contact_id=id_in(each.story),
        listener=names.get(each.listener_id or 0, ""),
        whispers=each.whispers,
        unanswered_by=names.get(each.unanswered_by_id or 0, ""),
    )
