"""What every driver can do. Each order is for a call that may be gone already: then it does nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from tellonce.switchboard.drivers.told import Told
from tellonce.switchboard.prompts import Prompt

Sink = Callable[[Told], None]
"""Where a driver tells what happens; called in the event loop, returns at once."""


@dataclass(frozen=True, slots=True)
class Phone:
    """How a person's phone signs in: `user` and the HA1 of its password (MD5 of user:realm:password, RFC 7616)."""

    person: int
    user: str
    ha1: str


class PhoneDriver(Protocol):
    """A call has one customer, who hears prompts or music until a person is connected; a person has one phone.

    A consult is a call without a customer: `consult` names it, and the person who asks stands in the customer's place.
    """

    @property
    def can_listen_in(self) -> bool:
        """Whether a supervisor may listen in and whisper."""
        ...

    async def start(self, sink: Sink, *, realm: str) -> None:
        """Begins to take calls; raises DriverError with what to do if it cannot."""
        ...

    async def stop(self) -> None:
        """Takes no more calls, ends those that there are, and waits until recordings are whole."""
        ...

    async def set_phones(self, phones: Mapping[int, Phone]) -> None:
        """Who may sign in with a phone; those who may no more are signed out."""
        ...

    async def answer(self, call: str) -> None:
        """Picks up for a caller: from now on prompts and music are heard."""
        ...

    async def say(self, call: str, prompt: Prompt) -> None:
        """Plays the prompt once to the customer, after what is being said; then music, unless connected."""
        ...

    async def music(self, call: str) -> None:
        """The customer hears music, after what is being said."""
        ...

    async def ring(self, call: str, person: int, *, shown_number: str, shown_name: str) -> None:
        """Rings the person's phone for this call, until `PersonAnswered`, `PersonNotReached` or `stop_ringing`."""
        ...

    async def stop_ringing(self, call: str, person: int) -> None:
        """Rings no more; nothing is told of it."""
        ...

    async def connect(self, call: str, person: int) -> None:
        """The customer (or the asker of a consult) and the person, whose phone was picked up, hear each other.

        A person who was connected to another call of the same story (a warm transfer) is taken over from it.
        """
        ...

    async def release(self, call: str, person: int) -> None:
        """Hangs up the person's phone on this call; the customer stays, with music."""
        ...

    async def hang_up(self, call: str) -> None:
        """Ends the customer's side, after what is being said. Of a consult: the two hear each other no more."""
        ...

    async def hold(self, call: str) -> None:
        """The customer hears music and the person nothing."""
        ...

    async def resume(self, call: str) -> None:
        """Customer and person hear each other again."""
        ...

    async def consult(self, call: str, *, of: str, person: int) -> None:
        """A second call named `call`, in which `person`, who has `of` on hold, asks whoever is rung for it."""
        ...

    async def dial(self, call: str, number: str) -> None:
        """Calls a customer back; the number was checked by the switchboard. Tells `CustomerAnswered` or not reached."""
        ...

    async def pause_recording(self, call: str) -> None:
        """Nothing of the call is kept until `go_on_recording`: a card number is being spoken."""
        ...

    async def go_on_recording(self, call: str) -> None:
        """What is said is kept again."""
        ...
