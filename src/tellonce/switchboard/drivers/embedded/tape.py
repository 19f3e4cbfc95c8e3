"""A recording while it is made: pieces, as nothing is kept while the customer is held or a card number is spoken."""

import re
import secrets
from dataclasses import dataclass, field

from tellonce.switchboard.drivers.embedded.phones import Leg

_UNFIT = re.compile(r"[^A-Za-z0-9_-]")


def new_name(call: str) -> str:
    """Of a tape of the call, from which `call_of` reads the call again."""
    return f"{_UNFIT.sub('', call)}.{secrets.token_hex(8)}"


def call_of(name: str) -> str:
    """Whose tape, or piece of it, has this name."""
    return name.partition(".")[0]


@dataclass(slots=True, eq=False)
class Tape:
    """Of one conversation: customer and person, until one of them leaves.

    Attributes:
        name: unique; pieces are named after it.
        pieces: names of what was kept, the customer's and the person's.
    """

    call: str
    name: str
    pieces: list[tuple[str, str]] = field(default_factory=list)
    _legs: tuple[Leg, ...] = ()

    def run(self, customer: Leg, person: Leg) -> None:
        """Keeps what is said from now on."""
        if self._legs:
            return
        piece = f"{self.name}-{len(self.pieces)}"
        self.pieces.append((f"{piece}-customer", f"{piece}-person"))
        self._legs = (customer, person)
        for leg, name in zip(self._legs, self.pieces[-1], strict=True):
            leg.record(name)

    def stop(self) -> None:
        """Keeps nothing until it runs again."""
        for leg in self._legs:
            leg.record("")
        self._legs = ()
