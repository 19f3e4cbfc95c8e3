"""Queues and people as lines and groups of routing: a line for each queue, stage of overflow, and effort caused."""

import numpy as np
from numpy.typing import NDArray

from tellonce.lab.routing import Group, Line, Plan, can_take, routing_plan
from tellonce.lab.routing.plans import MOST_EFFORTS
from tellonce.switchboard.settings import Member, Queue, Settings

EFFORTS = MOST_EFFORTS + 1


class Lines:
    """The plan of routing for some settings, and where queues and people are in it."""

    def __init__(self, settings: Settings) -> None:
        self.queues = {queue.code: queue for queue in settings.queues}
        self.entries = {entry.number: entry for entry in settings.entries}
        self.places: dict[tuple[str, bool], int] = {}
        lines: list[Line] = []
        for queue in settings.queues:
            for is_overflowing in (False, True) if queue.overflows else (False,):
                self.places[queue.code, is_overflowing] = len(lines)
                lines += [_line(queue, effort, is_overflowing=is_overflowing) for effort in range(EFFORTS)]
        groups, self.group_of = _groups(settings.members)
        self.keys = [*groups]
        everybody = list(groups.values())
        for line in lines:
            if not any(can_take(line, group) for group in everybody):
                everybody.append(_stand_in(line))
        self.plan: Plan = routing_plan(lines, everybody, settings.rules)
        self.shares_of = (frozenset(skill for group in everybody for skill in group.skills), settings.rules.shares)
        skills = len(self.plan.reserve)
        self.skills: NDArray[np.int64] = (self.plan.bits[:, None] >> np.arange(skills)) & 1

    def place(self, queue: str, *, efforts: int, is_overflowing: bool) -> int:
        """The line of a contact."""
        first = self.places.get((queue, is_overflowing), self.places[queue, False])
        return first + min(max(efforts, 0), EFFORTS - 1)


def _line(queue: Queue, effort: int, *, is_overflowing: bool) -> Line:
    places = queue.home + queue.overflow_to if is_overflowing else queue.home
    return Line(queue.skill, queue.level, queue.priority, effort, places)


def _groups(members: tuple[Member, ...]) -> tuple[dict[tuple[object, ...], Group], dict[int, int]]:
    groups: dict[tuple[object, ...], Group] = {}
    group_of: dict[int, int] = {}
    numbers: dict[tuple[object, ...], int] = {}
    for member in members:
        key = (tuple(sorted(member.skills.items())), member.site, member.partner)
        groups.setdefault(key, Group(member.skills, member.site, member.partner))
        group_of[member.person] = numbers.setdefault(key, len(numbers))
    return groups, group_of


def _stand_in(line: Line) -> Group:
    """A group without people, so that a queue may be there before anybody is who can take it."""
    return Group({line.skill: line.level}, line.places[0] if line.places else "")
