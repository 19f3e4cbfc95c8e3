"""What becomes due without anybody doing anything."""

from enum import StrEnum
from heapq import heappop, heappush


class Timer(StrEnum):
    """What is due."""

    CHOICE = "choice"
    RING = "ring"
    ASK_AGAIN = "ask_again"
    DIAL = "dial"
    WRAP = "wrap"
    RETELL = "retell"
    OVERFLOW = "overflow"
    CALLBACK = "callback"
    RECORDING = "recording"


Key = tuple[Timer, str]


class Timers:
    """Due times by what and whom; each is there once. What is due at the same time comes in the order of being set."""

    def __init__(self) -> None:
        self._due: dict[Key, tuple[float, int]] = {}
        self._heap: list[tuple[float, int, Key]] = []
        self._set = 0

    @property
    def due(self) -> dict[Key, float]:
        """When each is due, in the order in which they will be."""
        return {key: at for key, (at, _set) in sorted(self._due.items(), key=lambda entry: entry[1])}

    def set(self, timer: Timer, whom: str, at: float) -> None:
        """Due then, instead of what was set before."""
        key = (timer, whom)
        self._set += 1
        self._due[key] = (at, self._set)
        heappush(self._heap, (at, self._set, key))

    def cancel(self, timer: Timer, whom: str) -> None:
        """Not due any more."""
        self._due.pop((timer, whom), None)

    def due_at(self, timer: Timer, whom: str) -> float:
        """When it is due, 0 if it is not."""
        return self._due.get((timer, whom), (0.0, 0))[0]

    def next_due(self) -> float | None:
        """When the first is due."""
        heap = self._heap
        while heap and self._due.get(heap[0][2]) != heap[0][:2]:
            heappop(heap)
        return heap[0][0] if heap else None

    def take_due(self, at: float) -> list[Key]:
        """Those due by then, in order; they are set no more."""
        found: list[Key] = []
        while (due := self.next_due()) is not None and due <= at:
            key = heappop(self._heap)[2]
            del self._due[key]
            found.append(key)
        return found
