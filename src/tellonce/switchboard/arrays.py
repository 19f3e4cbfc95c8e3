"""Who waits and who is free, as the arrays that routing takes."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from tellonce.switchboard.settings import WHOLE

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Number = TypeVar("Number", np.int64, np.float64)

_FIRST_ROOM = 64


class Waiting:
    """Contacts that wait, in the order in which they joined."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self._whole: Ints = np.empty((2, _FIRST_ROOM), dtype=np.int64)
        self._times: Floats = np.empty((3, _FIRST_ROOM))

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def line(self) -> Ints:
        """Places of their lines."""
        return self._whole[0, : len(self.ids)]

    @property
    def last_person(self) -> Ints:
        """Who had the matter last."""
        return self._whole[1, : len(self.ids)]

    @property
    def entered(self) -> Floats:
        """When they entered."""
        return self._times[0, : len(self.ids)]

    @property
    def due(self) -> Floats:
        """When the wait they were told is over."""
        return self._times[1, : len(self.ids)]

    @property
    def last_at(self) -> Floats:
        """When somebody had the matter last."""
        return self._times[2, : len(self.ids)]

    def add(self, contact: str, *, whole: tuple[int, int], times: tuple[float, float, float]) -> None:
        """Joins: line and last person; entered, due and last talk."""
        size = len(self.ids)
        if size == self._whole.shape[1]:
            self._whole, self._times = _doubled(self._whole), _doubled(self._times)
        self._whole[:, size], self._times[:, size] = whole, times
        self.ids.append(contact)

    def remove(self, contact: str) -> None:
        """Waits no more."""
        place, size = self.ids.index(contact), len(self.ids)
        del self.ids[place]
        _close_gap(self._whole, place, size)
        _close_gap(self._times, place, size)

    def change(self, contact: str, *, line: int | None = None, due: float | None = None) -> None:
        """Another line, or another end of the told wait."""
        place = self.ids.index(contact)
        if line is not None:
            self._whole[0, place] = line
        if due is not None:
            self._times[1, place] = due


class Free:
    """People with room for a contact, in the order in which they became free.

    Attributes:
        rooms: what of each is free.
        by_skill: (K,) how many wholly free people have each skill.
        partly: how many are free in part only.
    """

    def __init__(self, skills: int) -> None:
        self.rooms: dict[int, int] = {}
        self.by_skill: Ints = np.zeros(skills, dtype=np.int64)
        self.partly = 0
        self._whole: Ints = np.empty((3, _FIRST_ROOM), dtype=np.int64)
        self._since: Floats = np.empty((1, _FIRST_ROOM))

    def __len__(self) -> int:
        return len(self.rooms)

    @property
    def person(self) -> Ints:
        """Their numbers."""
        return self._whole[0, : len(self.rooms)]

    @property
    def group(self) -> Ints:
        """Places of their groups."""
        return self._whole[1, : len(self.rooms)]

    @property
    def room(self) -> Ints:
        """What of them is free."""
        return self._whole[2, : len(self.rooms)]

    @property
    def since(self) -> Floats:
        """Since when that is so."""
        return self._since[0, : len(self.rooms)]

    def add(self, person: int, *, group: int, room: int, since: float) -> None:
        """Is the last of the free."""
        size = len(self.rooms)
        if size == self._whole.shape[1]:
            self._whole, self._since = _doubled(self._whole), _doubled(self._since)
        self._whole[:, size], self._since[0, size] = (person, group, room), since
        self.rooms[person] = room
        self.partly += room < WHOLE

    def remove(self, person: int) -> None:
        """Is free no more."""
        place, size = int(np.argmax(self.person == person)), len(self.rooms)
        self.partly -= self.rooms.pop(person) < WHOLE
        _close_gap(self._whole, place, size)
        _close_gap(self._since, place, size)


def _doubled(rows: NDArray[Number]) -> NDArray[Number]:
    return np.concatenate((rows, np.empty_like(rows)), axis=1)


def _close_gap(rows: NDArray[Number], place: int, size: int) -> None:
    rows[:, place : size - 1] = rows[:, place + 1 : size]
