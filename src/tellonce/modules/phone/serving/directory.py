"""Who and what there is, as the switchboard asks for it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from math import inf

from django.db import close_old_connections

from tellonce.lab.routing import Rules, concerning
from tellonce.modules.care.queries.lately import lately
from tellonce.modules.care.queries.matching import candidates
from tellonce.modules.network.queries import current_outages
from tellonce.modules.phone.actions import keep_recording
from tellonce.modules.phone.models import BrowserPhone, DeskPhone, Entry, Queue, Skill
from tellonce.modules.phone.queries.callbacks import settled_callbacks
from tellonce.modules.phone.queries.dialling import dialling_rules
from tellonce.modules.phone.queries.filed import SOURCE
from tellonce.modules.phone.queries.queues import closed_queues, places
from tellonce.modules.phone.queries.rules import routing_rules
from tellonce.modules.phone.queries.written import taken_elsewhere
from tellonce.modules.phone.serving.filing import file_events
from tellonce.modules.record.queries import card, names_of
from tellonce.modules.staff.queries import seats
from tellonce.switchboard.drivers import Phone
from tellonce.switchboard.drivers.told import Recorded
from tellonce.switchboard.facts import NOBODY, Arrived
from tellonce.switchboard.ports import Around
from tellonce.switchboard.settings import Entry as EngineEntry
from tellonce.switchboard.settings import Member, Settings
from tellonce.switchboard.settings import Queue as EngineQueue

Spells = Mapping[int, tuple[tuple[float, float], ...]]
Shifts = Callable[[datetime], Spells]
"""By person, when they are planned to be there: what the plans say, wherever plans are kept."""

_PLANS_EVERY_S = 30.0
_MOST_OF_A_NUMBER = 8
"""A number of more customers than that says nothing of where somebody calls from."""


@contextmanager
def _apart() -> Iterator[None]:
    """In a thread of the switchboard's own: its connection goes back to the pool."""
    try:
        yield
    finally:
        close_old_connections()


class PhoneDirectory:
    """Reads what administrators have set, what customers have, and what is known of the network."""

    def __init__(self, *, records: bool = False, shifts: Shifts | None = None) -> None:
        self.records, self._shifts = records, shifts
        self._planned: Spells | None = None
        self._planned_at = -inf

    @_apart()
    def around(self, at: float) -> Around:
        """Queues, people and numbers as they are set; hours and outages as they are now."""
        now = datetime.fromtimestamp(at, UTC)
        queues = list(Queue.objects.filter(retired_at=None).select_related("site").order_by("pk"))
        there = frozenset(places()) if any(each.home for each in queues) else frozenset()
        members = tuple(_members({each.skill_code or each.code for each in queues}))
        return Around(
            settings=Settings(
                queues=tuple(_queue(each, there) for each in queues),
                members=members,
                entries=tuple(_entries({each.code for each in queues})),
                rules=_rules(members),
                dialling=dialling_rules(),
                records=self.records,
            ),
            closed={code: opens.timestamp() if opens else 0.0 for code, opens in closed_queues(queues, at=now).items()},
            outages={
                str(each.id): (str(each.area_id), each.expected_until.timestamp() if each.expected_until else 0.0)
                for each in current_outages(now)
            },
            shifts=self._planned_around(now),
            withdrawn=settled_callbacks(),
            elsewhere=taken_elsewhere(),
            phones=tuple(_phones()),
        )

    def _planned_around(self, now: datetime) -> Spells | None:
        """Plans change seldom: they are read twice a minute."""
        if self._shifts is not None and now.timestamp() - self._planned_at >= _PLANS_EVERY_S:
            self._planned, self._planned_at = self._shifts(now), now.timestamp()
        return self._planned

    @_apart()
    def known(self, arrived: Arrived) -> Arrived:
        """Whose number it is, where they are served, what it cost them lately, who talked with them last.

        A number of nobody, or of several, stays without a name, and so without a past.
        """
        if arrived.customer:
            return _with_past(arrived)
        found = candidates(arrived.number) if arrived.number else ()
        if len(found) == 1:
            return _with_past(replace(arrived, customer=found[0]))
        areas = {_area(each) for each in found} if len(found) <= _MOST_OF_A_NUMBER else set()
        return replace(arrived, area=areas.pop()) if len(areas) == 1 else arrived  # all of them are served in one

    @_apart()
    def name_of(self, customer: int) -> str:
        """As on their record."""
        return names_of([customer]).get(customer, "")

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


def _phones() -> Iterator[Phone]:
    """All that may sign in; a window that is open is rung before a SIP phone."""
    for kind in (BrowserPhone, DeskPhone):
        for each in kind.objects.order_by("person_id"):
            yield Phone(each.person_id, each.user, each.ha1)


def _queue(queue: Queue, there: frozenset[str]) -> EngineQueue:
    """A site or partner that has another name by now is left out: else nobody at all would take the contacts."""
    return EngineQueue(
        code=queue.code,
        skill=queue.skill_code or queue.code,
        level=queue.level,
        priority=queue.priority,
        ring_s=float(queue.ring_s),
        wrap_s=float(queue.wrap_s),
        home=tuple(name for name in queue.home if name in there),
        overflow_to=tuple(name for name in queue.overflow_to if name in there),
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


def _rules(members: Sequence[Member]) -> Rules:
    """Those that are set, as far as they concern anybody."""
    places = {place for member in members for place in (member.site, member.partner)}
    return concerning(routing_rules(), places=places, skills={skill for member in members for skill in member.skills})


def _entries(codes: set[str]) -> Iterator[EngineEntry]:
    for entry in Entry.objects.select_related("queue").filter(queue__code__in=codes):
        menu = {key: code for key, code in entry.menu.items() if code in codes}
        yield EngineEntry(entry.number, entry.queue.code, menu)


def _with_past(arrived: Arrived) -> Arrived:
    past = lately(arrived.customer, now=datetime.fromtimestamp(arrived.at, UTC))
    return replace(
        arrived,
        area=_area(arrived.customer),
        efforts=max(arrived.efforts, past.efforts),
        last_person=NOBODY if past.last_person_id is None else past.last_person_id,
        last_at=past.last_at.timestamp() if past.last_at else 0.0,
    )


def _area(customer_id: int) -> str:
    """The area of an outage that concerns them, or else the smallest that they are served in; "" if none is known."""
    areas = [step.id for premise in card(customer_id).premises for step in premise.areas]
    affected = {outage.area_id for outage in current_outages(datetime.now(UTC))}
    found = [area for area in areas if area in affected] or areas[-1:]
    return str(found[0]) if found else ""
