"""One person's phone as this process has it, and what is asked about it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tellonce.audio.calls import Call
from tellonce.audio.peers import Peer
from tellonce.audio.sound import Sound
from tellonce.kernel.errors import ConflictError, NotAllowedError, NotFoundError


class NoPhoneError(NotAllowedError):
    """The person has not chosen to have their phone in the browser."""

    code = "no_browser_phone"


class ElsewhereError(ConflictError):
    """The phone was opened in another window or browser meanwhile."""

    code = "elsewhere"


class NothingRingsError(NotFoundError):
    """There is no call to answer here, or no browser to hear it with."""

    code = "nothing_rings"


@dataclass(frozen=True, slots=True)
class User:
    """How a person's phone signs in at the gateway, which knows it from `known_at` on (seconds since 1970)."""

    name: str
    ha1: str
    known_at: float = 0.0


UserOf = Callable[[int], Awaitable[User | None]]
"""By the person; None for who has no phone in the browser."""


@dataclass(frozen=True, slots=True)
class Times:
    """How long a person's browser may be away before calls are lost, and how long an answer waits for both sides."""

    away_s: float = 20.0
    answer_s: float = 3.0


class Line:
    """One person's phone."""

    def __init__(self, person: int, user: str) -> None:
        self.person, self.user = person, user
        self.signs_in: User | None = None
        self.seat = self.session = ""
        self.peer: Peer | None = None
        self.call: Call | None = None
        self.sound: Sound | None = None
        self.leaving: asyncio.TimerHandle | None = None
        self.changed = asyncio.Event()

    @property
    def is_heard(self) -> bool:
        """Whether their browser is connected."""
        return self.peer is not None and self.peer.is_up

    def hear(self, codes: bytes) -> None:
        """What the customer says."""
        if self.peer is not None and self.peer.is_up:
            self.peer.ear.hear(codes)

    def say(self, samples: bytes) -> None:
        """What the person says."""
        if self.sound is not None:
            self.sound.say(samples)
