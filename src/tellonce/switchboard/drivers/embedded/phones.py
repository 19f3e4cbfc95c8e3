"""What calls need of phones, and phones of calls."""

from typing import Protocol

from tellonce.switchboard.drivers.embedded.speech import Player
from tellonce.switchboard.drivers.told import WhyNot


class Leg(Player, Protocol):
    """One phone, a person's or a customer's, from its ringing on. An order for one that is gone does nothing."""

    @property
    def codec(self) -> int:
        """Payload type of what it says and hears."""
        ...

    def answer(self) -> None:
        """Picks up for somebody who calls us."""
        ...

    def end(self) -> None:
        """Hangs up, rings no more, or declines; nothing is told of it."""
        ...

    def speak_to(self, other: "Leg | None") -> None:
        """Who hears what this phone says."""
        ...

    def stop_speaking_to(self, other: "Leg") -> None:
        """If that is who hears it, nobody does any more."""
        ...

    def record(self, name: str) -> None:
        """Keeps what it says under this name; with "" nothing is kept any more."""
        ...


class Side(Protocol):
    """Who is told what a phone does."""

    def answered(self) -> None: ...

    def not_reached(self, why: WhyNot) -> None: ...

    def gone(self, *, is_lost: bool) -> None: ...

    def pressed(self, key: str) -> None: ...


class Lines(Protocol):
    """Rings phones; None where there is none to ring."""

    @property
    def codec_out(self) -> int:
        """Of customers whom we call."""
        ...

    def ring(
        self, person: int, side: Side, *, codec: int, number: str, name: str, picks_up: bool = False
    ) -> Leg | None: ...

    def dial(self, number: str, side: Side) -> Leg | None: ...
