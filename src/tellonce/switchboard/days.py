"""A simulated day, told to the engine as if it were live: for tests, and for measuring."""

import math
from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

from tellonce.lab.simulation import Contacts, Scenario
from tellonce.lab.simulation.outcome import HUNG_UP
from tellonce.lab.simulation.presence import stretches, turns
from tellonce.lab.simulation.tables import mean_length
from tellonce.switchboard.commands import Command, Ring
from tellonce.switchboard.engine import Engine, Result
from tellonce.switchboard.facts import Answered, Arrived, Configured, Fact, HungUp, PersonSet, Presence, TimePassed
from tellonce.switchboard.settings import Member, Queue, Settings

_COMES, _GOES, _ENDS, _ARRIVES, _LEAVES = range(5)  # at the same time in this order, as in the simulator


def settings_of(scenario: Scenario, **more: Any) -> Settings:
    """A queue for each thing that contacts of the scenario can wait for; people by their place."""
    wanted: dict[tuple[str, int, int], None] = {}
    for stream in scenario.streams:
        wanted[stream.skill, stream.least_level, stream.priority] = None
        matter = next(each for each in scenario.matters if each.name == stream.matter)
        if matter.passed_on > 0:
            wanted[matter.passed_to, matter.passed_level, stream.priority] = None
    queues = tuple(Queue(_code(*key), *key, ring_s=1e9, **more) for key in wanted)
    people = enumerate(scenario.people)
    members = tuple(Member(place, person.skills, person.site, person.partner) for place, person in people)
    return Settings(queues, members, rules=scenario.rules)


def _code(skill: str, level: int, priority: int) -> str:
    return f"{skill}/{level}/{priority}"


class Day:
    """Callers of one replication of a scenario, and people who answer at once and talk for the mean length.

    `on_take` is given each fact before the engine takes it, and what came of it.
    """

    def __init__(self, scenario: Scenario, contacts: Contacts, engine: Engine) -> None:
        self.scenario, self.contacts, self.engine = scenario, contacts, engine
        self.agenda: list[tuple[float, int, int]] = []
        matters = {matter.name: matter for matter in scenario.matters}
        self.matter = [matters[stream.matter] for stream in scenario.streams]
        for place in range(len(contacts.entered_s)):
            heappush(self.agenda, (float(contacts.entered_s[place]), _ARRIVES, place))
            if contacts.ended[place] == HUNG_UP:
                heappush(self.agenda, (float(contacts.left_s[place]), _LEAVES, place))
        for turn in turns([stretches(person) for person in scenario.people]):
            heappush(self.agenda, (float(turn["time"]), _COMES if turn["on"] else _GOES, int(turn["person"])))

    def play(self, take: Callable[[Fact], Result] | None = None, *, settings: Settings | None = None) -> None:
        """Until nothing is left; `take` is asked instead of the engine, so that it may be watched."""
        take = take or self.engine.take
        take(Configured(0.0, settings or settings_of(self.scenario)))
        while self.agenda:
            at, kind, place = heappop(self.agenda)
            while (due := self.engine.next_due) is not None and due <= at:
                self._follow(take, take(TimePassed(due)).commands, due)
            self._follow(take, take(self._fact(at, kind, place)).commands, at)

    def _fact(self, at: float, kind: int, place: int) -> Fact:
        match kind:
            case 0 | 1:
                return PersonSet(at, place, Presence.AVAILABLE if kind == _COMES else Presence.AWAY)
            case 3:
                queue, efforts = self._queue(place), int(self.contacts.efforts[place])
                return Arrived(at, str(place), queue=queue, efforts=efforts)
            case _:
                return HungUp(at, str(place))

    def _queue(self, place: int) -> str:
        stream = self.scenario.streams[self.contacts.stream[place]]
        if not self.contacts.is_leg[place]:
            return _code(stream.skill, stream.least_level, stream.priority)
        matter = self.matter[self.contacts.stream[place]]
        return _code(matter.passed_to, matter.passed_level, stream.priority)

    def _follow(self, take: Callable[[Fact], Result], commands: tuple[Command, ...], at: float) -> None:
        for command in commands:
            if isinstance(command, Ring):
                take(Answered(at, command.contact, command.person))
                busy_s = self._busy_s(int(command.contact), command.person)
                if math.isfinite(busy_s):
                    heappush(self.agenda, (at + busy_s, _ENDS, int(command.contact)))

    def _busy_s(self, place: int, person: int) -> float:
        matter = self.matter[self.contacts.stream[place]]
        factor = self.scenario.people[person].pace * self.scenario.pressure.service
        return factor * mean_length(matter.service) + factor * mean_length(matter.wrap_up)
