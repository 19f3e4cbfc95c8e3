"""What becomes due without anybody doing anything."""

from enum import StrEnum
from heapq import heappop, heappush


class Timer(StrEnum):
    """What is due."""

    CHOICE = "choice"
    RING = "ring"
    DIAL = "dial"
    WRAP = "wrap"
    RETELL = "retell"
    OVERFLOW = "overflow"
    CALLBACK = "callback"


Key = tuple[Timer, str]


class Timers:
    """Due times by what and whom; each is there once."""

    def __init__(self) -> None:
        self.due: dict[Key, float] = {}
        self._heap: list[tuple[float, int, Key]] = []
        self._set = 0

    def set(self, timer: Timer, whom: str, at: float) -> None:
        """Due then, instead of what was set before."""
        key = (timer, whom)
        self.due[key] = at
        self._set += 1
        heappush(self._heap, (at, self._set, key))

    def cancel(self, timer: Timer, whom: str) -> None:
        """Not due any more."""
        self.due.pop((timer, whom), None)

    def listed(self) -> list[tuple[Timer, str, float]]:
        """All that is due, in the order in which it will be."""
        found: dict[Key, float] = {}
        for at, _set, key in sorted(self._heap):
            if self.due.get(key) == at:
                found.setdefault(key, at)
        return [(*key, at) for key, at in found.items()]

    def next_due(self) -> float | None:
        """When the first is due."""
        heap = self._heap
        while heap and self.due.get(heap[0][2]) != heap[0][0]:
            heappop(heap)
        return heap[0][0] if heap else None

    def take_due(self, at: float) -> list[Key]:
        """Those due by then, in order; they are set no more."""
        found: list[Key] = []
        while (due := self.next_due()) is not None and due <= at:
            key = heappop(self._heap)[2]
            del self.due[key]
            found.append(key)
        return found
