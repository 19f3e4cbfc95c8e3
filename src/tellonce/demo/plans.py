"""The planner's side of the made-up provider: rosters of this week and the next, and forecasts asked for."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from tellonce.demo import roster
from tellonce.demo.people import Employed
from tellonce.demo.staffing import Colleague
from tellonce.demo.world import World
from tellonce.modules.phone import actions as phone
from tellonce.modules.phone.contracts import QueueLine
from tellonce.modules.phone.queries import queues
from tellonce.modules.planning import actions as planning
from tellonce.modules.planning import tasks
from tellonce.modules.planning.contracts import ChangeKind, NewShift, Pause, PlanChangedError
from tellonce.modules.planning.queries.weeks import moment, monday_of
from tellonce.modules.staff.models import Person

_WEEKS: Final = 2
_QUARTERS: Final = 96
_QUARTER: Final = timedelta(minutes=15)
_LONG_ENOUGH: Final = timedelta(hours=6)
_PARTS: Final = 3
_PLANNER: Final = "Soo-ah Kim"
_TECH: Final = "tech"


def lay_plans(world: World, employed: Employed, *, now: datetime) -> None:
    """Who can do what; each queue's roster of this week and the next; and its forecast, which a worker makes soon."""
    by = next((person for person in employed.people if person.name == _PLANNER), employed.people[-1]).as_actor()
    lines = {line.code: line for line in queues()}
    for place, person in enumerate(employed.people):
        skills = {queue.skill_code: 1 for queue in lines.values() if _answers(world.staff[place], queue.code)}
        if skills:
            phone.set_skills(person_id=person.pk, skills=skills, by=by, at=now)
    monday = monday_of(now.astimezone(ZoneInfo(next(iter(lines.values())).time_zone)).date())
    for queue in lines.values():
        for week in (monday + timedelta(days=7 * n) for n in range(_WEEKS)):
            shifts = list(_shifts(world, employed.people, queue=queue, week=week))
            key = planning.PlanKey(queue.id, week, 0)
            try:
                planning.replace_shifts(key=key, shifts=shifts, kind=ChangeKind.ROSTER, by=by, at=now)
            except PlanChangedError:
                continue  # it is there already, and somebody may have worked on it
        tasks.forecast_soon(queue.id)


def _shifts(world: World, people: Sequence[Person], *, queue: QueueLine, week: date) -> Iterator[NewShift]:
    zone = ZoneInfo(queue.time_zone)
    mine = [place for place, one in enumerate(world.staff) if _answers(one, queue.code)]
    starts = [moment(week + timedelta(days=n), q, zone) for n in range(7) for q in range(_QUARTERS)]
    days = np.array([(at - world.span.first) / timedelta(days=1) for at in starts]) + 1e-6
    there = roster.at_work(world.span, [world.staff[place].shift for place in mine], days)
    for place, row in zip(mine, there, strict=True):
        edges = np.flatnonzero(np.diff(np.concatenate([[False], row, [False]]).astype(int))).reshape(-1, 2)
        for first, last in edges.tolist():
            begin, end = starts[first], starts[last - 1] + timedelta(minutes=15)
            for since, until in _on_the_phones(world.staff[place], begin, end):
                long = until - since >= _LONG_ENOUGH
                pause = Pause(after_min=180 + 60 * (world.staff[place].place % 3), length_min=30)
                yield NewShift(since, until, person_id=people[place].pk, pauses=(pause,) if long else ())


def _on_the_phones(one: Colleague, begin: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Which parts of a day at work: a third in care, two thirds in technical help, all of it at the partner.

    The rest is for what is written, and for open cases. Who begins when changes from day to day.
    """
    if one.partner or end - begin < _LONG_ENOUGH:
        yield begin, end
        return
    third = (end - begin) / _PARTS // _QUARTER * _QUARTER
    edges = (begin, begin + third, begin + 2 * third, end)
    number = (begin.toordinal() + one.place // 2) % _PARTS
    if one.skill != _TECH:
        yield edges[number], edges[number + 1]
        return
    for since, until in ((edges[0], edges[number]), (edges[number + 1], end)):
        if since < until:
            yield since, until


def _answers(one: Colleague, queue: str) -> bool:
    """Every other of the partner's people helps with technical matters."""
    helps = one.skill == _TECH or (bool(one.partner) and one.place % 2 == 1)
    return one.role == "representative" and helps == (queue == _TECH)
