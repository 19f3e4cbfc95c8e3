"""Whoever fails too often is not answered for a while."""

from collections import OrderedDict
from dataclasses import dataclass, field

MAX_SOURCES = 10_000


@dataclass(slots=True)
class Throttle:
    """`limit` failures of a source within `window_s` shut it out until the window is over."""

    limit: int = 10
    window_s: float = 60.0
    _failures: OrderedDict[str, tuple[float, int]] = field(default_factory=OrderedDict)

    def failed(self, source: str, now: float) -> None:
        """One more failure."""
        began, count = self._failures.pop(source, (now, 0))
        self._failures[source] = (now, 1) if now - began > self.window_s else (began, count + 1)
        while len(self._failures) > MAX_SOURCES:
            self._failures.popitem(last=False)

    def is_shut(self, source: str, now: float) -> bool:
        """Whether it gets no answer now."""
        began, count = self._failures.get(source, (now, 0))
        return count >= self.limit and now - began <= self.window_s
