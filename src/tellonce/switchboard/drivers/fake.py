"""A phone without a phone: for tests, and for the demo's made-up callers."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from tellonce.switchboard.drivers.driver import Phone, Sink
from tellonce.switchboard.drivers.told import (
    Called,
    CustomerAnswered,
    CustomerNotReached,
    Gone,
    KeySent,
    PersonAnswered,
    PersonGone,
    PersonNotReached,
    Said,
    Told,
    WhyNot,
)
from tellonce.switchboard.prompts import Prompt


@dataclass(slots=True)
class Line:
    """A call as its customer has it: what was said to them, whom they hear, whether they hear music.

    One that is not known by a call, a consult or its being dialled lasts only while a person is rung or talks.
    """

    said: list[Prompt] = field(default_factory=list)
    is_answered: bool = False
    hears: int = -1
    music: bool = False
    is_held: bool = False
    is_private: bool = False
    rings: int = -1
    shown: str = ""
    of: str = ""
    is_known: bool = True


class FakeDriver:
    """Calls and phones in memory. Who plays the callers calls `call`, `press` and `leave`; phones, `pick_up`."""

    can_listen_in = False

    def __init__(self) -> None:
        self.lines: dict[str, Line] = {}
        self.dialled: dict[str, str] = {}
        self._sink: Sink | None = None

    async def start(self, sink: Sink, *, realm: str) -> None:
        """Takes calls from now on."""
        self._sink = sink

    async def stop(self) -> None:
        """Every call ends."""
        self._sink = None
        self.lines.clear()

    async def set_phones(self, phones: Sequence[Phone]) -> None:
        """Everybody has a phone here."""

    # -- what callers and phones do

    def call(self, call: str, entry: str, number: str) -> None:
        """Somebody calls."""
        self.lines[call] = Line()
        self._tell(Called(call, entry, number))

    def press(self, call: str, key: str) -> None:
        """The caller presses a key."""
        self._tell(KeySent(call, key))

    def leave(self, call: str) -> None:
        """The customer hangs up."""
        if self.lines.pop(call, None) is not None:
            self._tell(Gone(call))

    def pick_up(self, call: str, person: int) -> None:
        """The person's phone is picked up."""
        if call in self.lines and self.lines[call].rings == person:
            self._tell(PersonAnswered(call, person))

    def decline(self, call: str, person: int) -> None:
        """The person declines on the phone."""
        self._tell(PersonNotReached(call, person, WhyNot.DECLINED))

    def put_down(self, call: str, person: int) -> None:
        """The person hangs up."""
        self._tell(PersonGone(call, person))

    def answer_dialled(self, call: str, *, is_there: bool) -> None:
        """The customer who is called back picks up, or does not."""
        if self.dialled.pop(call, None) is None:
            return
        if is_there:
            self.lines[call] = Line(is_answered=True)
        self._tell(CustomerAnswered(call) if is_there else CustomerNotReached(call, WhyNot.NO_ANSWER))

    def _tell(self, told: Told) -> None:
        if self._sink is not None:
            self._sink(told)

    # -- what the switchboard orders

    async def answer(self, call: str) -> None:
        """Picked up."""
        if call in self.lines:
            self.lines[call].is_answered = True

    async def say(self, call: str, prompt: Prompt) -> None:
        """Kept, to be looked at."""
        if call in self.lines:
            self.lines[call].said.append(prompt)

    async def tell_said(self, call: str, what: str) -> None:
        """Nothing takes any time to be said; soon, as whoever orders is in the middle of something."""
        asyncio.get_running_loop().call_soon(self._tell, Said(call, what))

    async def music(self, call: str) -> None:
        """Music."""
        if call in self.lines:
            self.lines[call].music = True

    async def ring(self, call: str, person: int, *, shown_number: str, shown_name: str) -> None:
        """Rings."""
        line = self.lines.setdefault(call, Line(is_known=False))
        line.rings, line.shown = person, f"{shown_name} {shown_number}".strip()

    async def stop_ringing(self, call: str, person: int) -> None:
        """Rings no more."""
        if call in self.lines and self.lines[call].rings == person:
            self.lines[call].rings = -1
            self._forget(call)

    def _forget(self, call: str) -> None:
        """Nobody tells us when a customer whom we do not know is gone."""
        line = self.lines[call]
        if not line.is_known and line.rings < 0 and line.hears < 0:
            del self.lines[call]

    async def connect(self, call: str, person: int) -> None:
        """They hear each other."""
        if call in self.lines:
            line = self.lines[call]
            line.hears, line.rings, line.music = person, -1, False
        self.dialled.pop(call, None)

    async def release(self, call: str, person: int) -> None:
        """The person is off the call."""
        if call in self.lines and self.lines[call].hears == person:
            self.lines[call].hears, self.lines[call].music = -1, True
            self._forget(call)

    async def hang_up(self, call: str) -> None:
        """The call is over."""
        self.lines.pop(call, None)
        self.dialled.pop(call, None)

    async def hold(self, call: str) -> None:
        """Held."""
        if call in self.lines:
            self.lines[call].is_held = True

    async def resume(self, call: str) -> None:
        """Not held any more."""
        if call in self.lines:
            self.lines[call].is_held = False

    async def consult(self, call: str, *, of: str, person: int) -> None:
        """The second call of a person."""
        self.lines[call] = Line(is_answered=True, of=of)

    async def dial(self, call: str, number: str) -> None:
        """Rings at the customer's."""
        self.dialled[call] = number

    async def pause_recording(self, call: str) -> None:
        """Nothing is recorded here; that it would not be is kept."""
        if call in self.lines:
            self.lines[call].is_private = True

    async def go_on_recording(self, call: str) -> None:
        """As if it were recorded."""
        if call in self.lines:
            self.lines[call].is_private = False
