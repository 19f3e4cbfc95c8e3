"""The floor as it is now: who waits, who is there, and how the day has gone so far, queue by queue."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tellonce.modules.care.queries import promises_at_risk
from tellonce.modules.phone.contracts import PersonState, QueueLine
from tellonce.modules.phone.models import LiveContact, LivePerson, Queue, Skill
from tellonce.modules.phone.queries.day import DayFold, QueueDay, Share
from tellonce.modules.phone.queries.journal import day_so_far, is_served
from tellonce.modules.phone.queries.queues import as_line
from tellonce.switchboard.contacts import Stage
from tellonce.switchboard.promise_hours import PromiseHour
from tellonce.switchboard.settings import Channel

RISK = timedelta(hours=1)
_WAITING = (Stage.WAITING, Stage.OFFERED, Stage.DIALLING)
_AT_WORK = {PersonState.AVAILABLE, PersonState.ON_CONTACT, PersonState.WRAPPING_UP, PersonState.LISTENING}


@dataclass(frozen=True, slots=True)
class Waiter:
    """A contact that waits: since when, and what it was told last; `told_until` None where that has no end."""

    queue: str
    channel: str
    since: datetime
    is_callback: bool
    is_ringing: bool
    told_form: str
    told_low_min: int
    told_high_min: int
    told_until: datetime | None

    def is_over(self, now: datetime) -> bool:
        """Whether it has waited past what it was told."""
        return self.told_until is not None and self.told_until < now


@dataclass(frozen=True, slots=True)
class PersonHere:
    """Somebody who may sign in and has skills that queues ask for, and what they do; `place` is site and partner.

    `call` is the call that they talk on, which `listener_id` hears, if anybody.
    """

    person_id: int
    name: str
    state: str
    reason: str
    since: datetime | None
    wrap_until: datetime | None
    skills: Mapping[str, int]
    place: tuple[str, str]
    call: str = ""
    listener_id: int | None = None

    @property
    def is_at_work(self) -> bool:
        """Available, on a contact, wrapping up or listening in."""
        return self.state in _AT_WORK

    def takes(self, queue: Queue) -> bool:
        """Whether contacts of the queue go to them: they have its skill at its level, and are where it is answered."""
        is_there = not queue.home or not set(self.place).isdisjoint(queue.home)
        return is_there and self.skills.get(queue.skill_code or queue.code, 0) >= queue.level


@dataclass(frozen=True, slots=True)
class QueueNow:
    """A queue as it is now, its day so far, and the waits that were told in it today. The longest wait comes first."""

    line: QueueLine
    waiting: tuple[Waiter, ...]
    callbacks: tuple[Waiter, ...]
    people: tuple[PersonHere, ...]
    day: QueueDay
    told: PromiseHour

    @property
    def everybody(self) -> tuple[Waiter, ...]:
        """Who waits on the line, and who waits for a callback."""
        return tuple(sorted((*self.waiting, *self.callbacks), key=lambda each: each.since))

    @property
    def at_work(self) -> int:
        """How many who take its contacts are at work."""
        return sum(person.is_at_work for person in self.people)

    def waits_too_long(self, now: datetime) -> bool:
        """Whether somebody waits past the target or past what they were told, or waits while nobody is at work."""
        limit = now - timedelta(seconds=self.line.target_within_s)
        is_late = any(each.is_over(now) or each.since < limit for each in self.everybody)
        return is_late or bool(self.everybody and not self.at_work)


@dataclass(frozen=True, slots=True)
class RiskyPromise:
    """A promise that is due within the hour: what kind, whose, when. No customer is named."""

    kind: str
    owner: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Floor:
    """All queues by name; sites with the quarter hours that their queues kept; promises at risk.

    Where it is not `is_served` (no switchboard runs), who waits and who is there is as the last one left it.
    """

    now: datetime
    is_served: bool
    queues: tuple[QueueNow, ...]
    sites: tuple[tuple[str, Share], ...]
    promises: tuple[RiskyPromise, ...]

    @property
    def pressed(self) -> tuple[QueueNow, ...]:
        """Queues in which somebody waits too long, the longest wait first."""
        found = [each for each in self.queues if each.waits_too_long(self.now)]
        return tuple(sorted(found, key=lambda each: each.everybody[0].since))

    @property
    def pressed_key(self) -> str:
        """Names the set of pressed queues."""
        return "-".join(str(pk) for pk in sorted(queue.line.id for queue in self.pressed))


def floor_now(now: datetime) -> Floor:
    """The floor at this time."""
    queues = open_queues()
    lines = [as_line(queue) for queue in queues]
    people, waiters = people_of(queues), waiting()
    with day_of(lines, now) as (fold, since):
        found = tuple(
            QueueNow(
                line=line,
                waiting=_these(waiters, line.code, is_callback=False),
                callbacks=_these(waiters, line.code, is_callback=True),
                people=tuple(person for person in people if person.takes(queue)),
                day=_day(fold, line, since=since[line.code], now=now),
                told=fold.told_waits(line.code, since=since[line.code], now=now.timestamp()),
            )
            for queue, line in zip(queues, lines, strict=True)
        )
    risky = promises_at_risk(until=now + RISK)
    promises = tuple(RiskyPromise(each.kind, each.owner, each.due_at) for each in risky)
    return Floor(now, is_served(), found, _sites(found), promises)


def open_queues() -> list[Queue]:
    """Those that are not retired, by name."""
    return list(Queue.objects.filter(retired_at=None).select_related("site"))


def waiting() -> list[Waiter]:
    """Who waits anywhere, the longest wait first; calls between colleagues apart, callbacks at a later time apart."""
    rows = LiveContact.objects.filter(stage__in=_WAITING, parent="").order_by("entered_at", "pk")
    return [
        Waiter(
            row.queue_code, row.channel, row.entered_at, row.is_callback, row.stage != Stage.WAITING, row.told_form,
            row.told_low_min, row.told_high_min, row.told_until,
        )
        for row in rows
    ]  # fmt: skip


def people_of(queues: Sequence[Queue]) -> list[PersonHere]:
    """Everybody who can take contacts of these queues, by name; who never came is away."""
    skills = {queue.skill_code or queue.code for queue in queues}
    rows = Skill.objects.filter(code__in=skills, person__is_active=True).order_by("person__name", "person_id")
    names = ("person_id", "person__name", "person__site__name", "person__team__site__name", "person__partner__name")
    can: dict[int, dict[str, int]] = {}
    known: dict[int, tuple[str, tuple[str, str]]] = {}
    for code, level, pk, name, own_site, team_site, partner in rows.values_list("code", "level", *names):
        can.setdefault(pk, {})[code] = level
        known[pk] = name, (own_site or team_site or "", partner or "")
    live, calls = LivePerson.objects.in_bulk(list(can)), _calls()
    here = [_here(pk, name, place, can[pk], live.get(pk)) for pk, (name, place) in known.items()]
    return [
        replace(each, call=calls[each.person_id][0], listener_id=calls[each.person_id][1])
        if each.person_id in calls else each for each in here
    ]  # fmt: skip


def _calls() -> dict[int, tuple[str, int | None]]:
    """By person the call that they talk on, and who hears it."""
    rows = LiveContact.objects.filter(stage=Stage.TALKING, channel=Channel.CALL, parent="", person_id__isnull=False)
    found = rows.values_list("person_id", "pk", "listener_id")
    return {person: (call, listener) for person, call, listener in found if person is not None}


def _here(pk: int, name: str, place: tuple[str, str], skills: Mapping[str, int], live: LivePerson | None) -> PersonHere:
    if live is None:
        return PersonHere(pk, name, PersonState.AWAY, "", None, None, skills, place)
    return PersonHere(pk, name, live.state, live.reason, live.since, live.wrap_until, skills, place)


@contextmanager
def day_of(lines: Iterable[QueueLine], now: datetime) -> Iterator[tuple[DayFold, dict[str, float]]]:
    """Today's journal folded, and when today began in each queue's own zone."""
    lines = list(lines)
    since = {line.code: _midnight(now, line.time_zone) for line in lines}
    first = min(since.values(), default=now.timestamp())
    with day_so_far(first, {line.code: float(line.target_within_s) for line in lines}) as fold:
        yield fold, since


def _midnight(now: datetime, time_zone: str) -> float:
    local = now.astimezone(ZoneInfo(time_zone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()


def _these(waiters: Iterable[Waiter], queue: str, *, is_callback: bool) -> tuple[Waiter, ...]:
    return tuple(each for each in waiters if each.queue == queue and each.is_callback == is_callback)


def _day(fold: DayFold, line: QueueLine, *, since: float, now: datetime) -> QueueDay:
    return fold.queue_day(line.code, since=since, now=now.timestamp(), target_share=line.target_share)


def _sites(queues: Iterable[QueueNow]) -> tuple[tuple[str, Share], ...]:
    kept: dict[str, Share] = {}
    for queue in queues:
        kept[queue.line.site] = kept.get(queue.line.site, Share(0, 0)) + queue.day.quarters
    return tuple(sorted(kept.items()))
