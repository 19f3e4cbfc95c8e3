"""What went wrong with phones in browsers since this process began."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum


class Failure(StrEnum):
    """Why one side of a call, or of a phone, came to nothing.

    A browser whose offer could not be taken, or whose connection broke; a call from the gateway that could not be
    taken; a call that was given back to the queue since its browser did not come back.
    """

    OFFER = "offer"
    CONNECTION = "connection"
    REFUSED = "refused"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Lost:
    """Packets of sound that did not arrive, as both ends tell (RFC 3550): from browsers here, from here at browsers."""

    from_browsers: int = 0
    to_browsers: int = 0

    def __add__(self, other: "Lost") -> "Lost":
        return Lost(self.from_browsers + other.from_browsers, self.to_browsers + other.to_browsers)


@dataclass(slots=True)
class Counts:
    """`lost` is of connections that are over; those that are up know their own."""

    failed: Counter[Failure] = field(default_factory=Counter)
    lost: Lost = Lost()
