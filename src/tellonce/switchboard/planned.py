"""Who is planned to come and to go, as far as it was told, for the estimate of waits."""

from collections.abc import Iterable, Mapping

import numpy as np

from tellonce.lab.routing import NO_CHANGES, Changes
from tellonce.switchboard.facts import Presence
from tellonce.switchboard.people import Person

Spells = tuple[tuple[float, float], ...]


class PlannedPeople:
    """Planned spells of presence by person, and the changes that follow from them and from who is there now.

    Who is there goes at the end of the spell, or stays if it is over already. Who is not there while a spell says so is
    not counted on before the next one.
    """

    def __init__(self) -> None:
        self.spells: dict[int, Spells] = {}
        self._known, self._until = NO_CHANGES, -np.inf

    def plan(self, person: int, spells: Spells) -> None:
        """The person is planned to be there so, instead of as before; a spell that ends before it begins is none."""
        real = tuple(sorted(spell for spell in spells if spell[0] < spell[1]))
        self.spells.pop(person, None)
        if real:
            self.spells[person] = real
        self.forget()

    def forget(self) -> None:
        """Who is there, or can do what, has changed."""
        self._until = -np.inf

    def changes(self, people: Mapping[int, Person], *, now: float) -> Changes:
        """Those to come."""
        if not self.spells:
            return NO_CHANGES
        if now >= self._until:
            rows = [row for number in self.spells if number in people for row in self._of(people[number], now)]
            self._known, self._until = _as_arrays(rows), min((row[0] for row in rows), default=np.inf)
        return self._known

    def _of(self, person: Person, now: float) -> Iterable[tuple[float, int, float]]:
        is_there = person.presence is Presence.AVAILABLE
        for begins, ends in self.spells[person.person] if person.group >= 0 else ():
            if ends <= now or (begins <= now and not is_there):
                continue
            if not is_there:
                yield begins, person.group, 1.0
            yield ends, person.group, -1.0
            is_there = False


def _as_arrays(rows: list[tuple[float, int, float]]) -> Changes:
    times, groups, by = zip(*sorted(rows), strict=True) if rows else ((), (), ())
    return Changes(np.array(times, np.float64), np.array(groups, np.int64), np.array(by, np.float64))
