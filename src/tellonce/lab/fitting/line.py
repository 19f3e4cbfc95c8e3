"""How many calls stood in the queue at each moment of a log."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from tellonce.lab.fitting.contracts import CallLog, Floats

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """The number waiting, `length`, from each of `times` on; arrays of shape (changes,), times rising."""

    times: Floats
    length: Ints

    @classmethod
    def of(cls, log: CallLog) -> Self:
        """The line that the calls of a log formed."""
        stood = log.waited
        times = np.concatenate((log.queued_s[stood], log.began_s[stood]))
        steps = np.repeat(np.array([1, -1]), int(stood.sum()))
        order = np.lexsort((steps, times))
        return cls(times[order], np.cumsum(steps[order]))

    def at(self, times: Floats) -> Ints:
        """How many waited at each of `times`, their shape."""
        places = np.searchsorted(self.times, times, side="right")
        lengths: Ints = np.concatenate(([0], self.length))[places]
        return lengths

    def empty_after(self, times: Floats) -> Floats:
        """When the line was next empty after each of `times`, their shape; inf where it never was."""
        emptied = np.append(self.times[self.length == 0], np.inf)
        found: Floats = emptied[np.searchsorted(emptied, times, side="right")]
        return found
