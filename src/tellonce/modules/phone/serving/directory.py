"""Who and what there is, as the switchboard asks for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from math import inf

from django.db import close_old_connections

from tellonce.modules.care.queries.matching import rule_match
from tellonce.modules.network.queries import current_outages
from tellonce.modules.phone.actions import keep_recording
from tellonce.modules.phone.models import DeskPhone, Entry, Queue, Skill
from tellonce.modules.phone.queries.dialling import dialling_rules
from tellonce.modules.phone.serving.filing import SOURCE, file_events
from tellonce.modules.record.queries import card
from tellonce.modules.staff.queries import calendar_of_site, seats
from tellonce.switchboard.drivers import Phone
from tellonce.switchboard.drivers.told import Recorded
from tellonce.switchboard.facts import Arrived
from tellonce.switchboard.ports import Around
from tellonce.switchboard.settings import Entry as EngineEntry
from tellonce.switchboard.settings import Member, Settings
from tellonce.switchboard.settings import Queue as EngineQueue

_NEVER_OPEN_AGAIN = 7 * 86_400.0


@contextmanager
def _apart() -> Iterator[None]:
    """In a thread of the switchboard's own: its connection goes back to the pool."""
    try:
        yield
    finally:
        close_old_connections()


class PhoneDirectory:
    """Reads what administrators have set, what customers have, and what is known of the network."""

    @_apart()
    def around(self, at: float) -> Around:
        """Queues, people and numbers as they are set; hours and outages as they are now."""
        now = datetime.fromtimestamp(at, UTC)
        queues = list(Queue.objects.filter(retired_at=None).select_related("site").order_by("pk"))
        return Around(
            settings=Settings(
                queues=tuple(_queue(each) for each in queues),
                members=tuple(_members({each.skill_code or each.code for each in queues})),
                entries=tuple(_entries({each.code for each in queues})),
                dialling=dialling_rules(),
            ),
            closed=dict(_closed(queues, now)),
            outages={
                str(each.id): (str(each.area_id), each.expected_until.timestamp() if each.expected_until else 0.0)
                for each in current_outages(now)
            },
            phones={each.person_id: Phone(each.person_id, each.user, each.ha1) for each in DeskPhone.objects.all()},
        )

    @_apart()
    def known(self, arrived: Arrived) -> Arrived:
        """Whose number it is, where they are served; a number of nobody, or of several, stays without a name."""
        customer_id = arrived.customer or (rule_match(arrived.number) if arrived.number else None)
        if not customer_id:
            return arrived
        return replace(arrived, customer=customer_id, area=_area(customer_id))

    @_apart()
    def file(self) -> bool:
        """Contacts and call records of the next events."""
        return file_events() > 0

    @_apart()
    def recorded(self, recording: Recorded) -> None:
        """Part of the story of whoever called."""
        keep_recording(
            source=SOURCE,
            call=recording.call,
            file=recording.path,
            began_at=datetime.fromtimestamp(recording.began, UTC),
            seconds=recording.seconds,
        )


def _queue(queue: Queue) -> EngineQueue:
    return EngineQueue(
        code=queue.code,
        skill=queue.skill_code or queue.code,
        priority=queue.priority,
        ring_s=float(queue.ring_s),
        wrap_s=float(queue.wrap_s),
        home=tuple(queue.home),
        overflow_to=tuple(queue.overflow_to),
        overflow_after_s=inf if queue.overflow_after_s is None else float(queue.overflow_after_s),
        callback_above_s=inf if queue.callback_above_s is None else float(queue.callback_above_s),
    )


def _members(skills: set[str]) -> Iterator[Member]:
    """Everybody who may sign in and has a skill that some queue asks for."""
    mine: dict[int, dict[str, int]] = {}  # in the order of their numbers, so that settings stay the same
    for person_id, code, level in (
        Skill.objects.filter(code__in=skills).order_by("person_id", "code").values_list("person_id", "code", "level")
    ):
        mine.setdefault(person_id, {})[code] = level
    for person_id, (site, partner) in seats(mine).items():
        yield Member(person_id, mine[person_id], site, partner)


def _entries(codes: set[str]) -> Iterator[EngineEntry]:
    for entry in Entry.objects.select_related("queue").filter(queue__code__in=codes):
        menu = {key: code for key, code in entry.menu.items() if code in codes}
        yield EngineEntry(entry.number, entry.queue.code, menu)


def _closed(queues: list[Queue], now: datetime) -> Iterator[tuple[str, float]]:
    for queue in queues:
        if queue.site_id is None:
            continue
        calendar = calendar_of_site(queue.site_id)
        if not calendar.is_open(now):
            opens = calendar.next_open(now)
            yield queue.code, opens.timestamp() if opens else now.timestamp() + _NEVER_OPEN_AGAIN


def _area(customer_id: int) -> str:
    """The area of an outage that concerns them, or else the smallest that they are served in; "" if none is known."""
    areas = [step.id for premise in card(customer_id).premises for step in premise.areas]
    affected = {outage.area_id for outage in current_outages(datetime.now(UTC))}
    found = [area for area in areas if area in affected] or areas[-1:]
    return str(found[0]) if found else ""
