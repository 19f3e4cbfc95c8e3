"""The demo's driver: real phones may call; made-up callers, who have no sound, ring on the desk alone."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from tellonce.switchboard.drivers.driver import Phone, PhoneDriver, PicksUp, Sink
from tellonce.switchboard.drivers.fake import FakeDriver
from tellonce.switchboard.drivers.told import Called, DriverLost, PhonesChanged, Told
from tellonce.switchboard.prompts import Prompt

REAL: Final = "real-"
"""How the switchboard's names of real calls begin: also after a restart, and when they are called back."""


def is_real(call: str) -> bool:
    """Whether there is somebody with a phone at the other end."""
    return call.startswith(REAL)


class BesideMadeUp:
    """A `PhoneDriver` in front of two: calls that came by the real one are its own, all others are made up.

    Nobody is paused for want of a phone, as made-up calls need none; real ones ring only where there is one.
    """

    def __init__(self, real: PhoneDriver) -> None:
        self._real, self._made_up = real, FakeDriver()
        self._consults: set[str] = set()  # real ones; their names are not ours

    @property
    def can_listen_in(self) -> bool:
        return False

    async def start(self, sink: Sink, *, realm: str) -> None:
        def hear(told: Told) -> None:
            sink(self._named(told))

        sink(PhonesChanged(frozenset()))  # a real driver tells only of phones that are there
        await self._real.start(hear, realm=realm)
        await self._made_up.start(sink, realm=realm)

    def _named(self, told: Told) -> Told:
        """The same, of the call as the switchboard knows it."""
        match told:
            case PhonesChanged():
                return told
            case DriverLost(calls):
                return DriverLost(tuple(self._name(call) for call in calls))
            case Called(call):
                return replace(told, call=self._name(call), needs_phone=True)
            case _:
                return replace(told, call=self._name(told.call))

    def _name(self, call: str) -> str:
        return call if call in self._consults else REAL + call

    async def stop(self) -> None:
        await self._made_up.stop()
        await self._real.stop()

    def _of(self, call: str) -> tuple[PhoneDriver, str]:
        """Whose call it is, and what it is called there."""
        if call in self._consults:
            return self._real, call
        return (self._real, call.removeprefix(REAL)) if is_real(call) else (self._made_up, call)

    async def set_phones(self, phones: Sequence[Phone]) -> None:
        await self._real.set_phones(phones)

    async def answer(self, call: str) -> None:
        driver, name = self._of(call)
        await driver.answer(name)

    async def say(self, call: str, prompt: Prompt) -> None:
        driver, name = self._of(call)
        await driver.say(name, prompt)

    async def tell_said(self, call: str, what: str) -> None:
        driver, name = self._of(call)
        await driver.tell_said(name, what)

    async def music(self, call: str) -> None:
        driver, name = self._of(call)
        await driver.music(name)

    async def ring(self, call: str, person: int, *, shown_number: str, shown_name: str) -> None:
        driver, name = self._of(call)
        await driver.ring(name, person, shown_number=shown_number, shown_name=shown_name)

    async def pick_up(self, call: str, person: int) -> None:
        driver, name = self._of(call)
        if isinstance(driver, PicksUp):
            await driver.pick_up(name, person)

    async def stop_ringing(self, call: str, person: int) -> None:
        driver, name = self._of(call)
        await driver.stop_ringing(name, person)

    async def connect(self, call: str, person: int) -> None:
        driver, name = self._of(call)
        await driver.connect(name, person)

    async def release(self, call: str, person: int) -> None:
        driver, name = self._of(call)
        await driver.release(name, person)

    async def hang_up(self, call: str) -> None:
        driver, name = self._of(call)
        self._consults.discard(call)
        await driver.hang_up(name)

    async def hold(self, call: str) -> None:
        driver, name = self._of(call)
        await driver.hold(name)

    async def resume(self, call: str) -> None:
        driver, name = self._of(call)
        await driver.resume(name)

    async def consult(self, call: str, *, of: str, person: int) -> None:
        driver, name = self._of(of)
        if is_real(of):
            self._consults.add(call)
        await driver.consult(call, of=name, person=person)

    async def dial(self, call: str, number: str) -> None:
        driver, name = self._of(call)
        await driver.dial(name, number)

    async def pause_recording(self, call: str) -> None:
        driver, name = self._of(call)
        await driver.pause_recording(name)

    async def go_on_recording(self, call: str) -> None:
        driver, name = self._of(call)
        await driver.go_on_recording(name)
