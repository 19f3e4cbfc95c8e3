"""What every driver can do. Each order is for a call that may be gone already: then it does nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

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


class Listens(Protocol):
    """What a driver that `can_listen_in` can do besides."""

    async def listen_in(self, call: str, supervisor: int, *, whispers: bool) -> None:
        """Rings the supervisor's phone, which hears the call then; DriverError if nobody talks or it cannot be rung."""
        ...

    async def stop_listening(self, supervisor: int) -> None:
        """The supervisor hears no more; `ListenerGone` is not told of it."""
        ...


@runtime_checkable
class PicksUp(Protocol):
    """What a driver can do besides that makes phones pick up by themselves."""

    async def pick_up(self, call: str, person: int) -> None:
        """The person's phone, which rings for the call, picks up if it is set to obey; else it goes on ringing."""
        ...


class PhoneDriver(Protocol):
    """A call has one customer, who hears prompts or music until a person is connected; one phone of a person rings.

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

    async def set_phones(self, phones: Sequence[Phone]) -> None:
        """Who may sign in with a phone; those who may no more are signed out.

        Of several phones of a person the first in this order that is signed in is rung.
        """
        ...

    async def answer(self, call: str) -> None:
        """Picks up for a caller: from now on prompts and music are heard."""
        ...

    async def say(self, call: str, prompt: Prompt) -> None:
        """Plays the prompt once to the customer, after what is being said; then music, unless connected.

        Of what waits to be said when a person is connected only a notice (`Prompt.is_notice`) is still said; of what is
        being said, what leads to the person (`Prompt.is_last`) is not cut off.
        """
        ...

    async def tell_said(self, call: str, what: str) -> None:
        """Tells `Said` once all that is to be said to the customer so far has been said; soon if that is nothing."""
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

        Not before a notice that the call is recorded was heard to its end, if one is being said or waits to be.
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
