"""A driver at a fake Asterisk, and what it told."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from tellonce.switchboard.drivers.asterisk import AsteriskDriver, AsteriskSettings
from tellonce.switchboard.drivers.asterisk.tests.fake import PASSWORD, USER, FakeAsterisk
from tellonce.switchboard.drivers.asterisk.tests.rest import application
from tellonce.switchboard.drivers.driver import Phone
from tellonce.switchboard.drivers.told import Called, PersonAnswered, Told
from tellonce.switchboard.prompts import CONNECTING, NOTICE, Prompt

LIMIT_S = 60.0
ENTRY, CALLER = "+18005550100", "+12025550143"
ANA, BEN, SUE = 1, 2, 3
PHONES = {ANA: Phone(ANA, "ana", ""), BEN: Phone(BEN, "ben", ""), SUE: Phone(SUE, "sue", "")}
WAIT = Prompt("en", ("wait", "5"))
WELCOME = Prompt("en", ("greeting", NOTICE))
CONNECTS = Prompt("en", (CONNECTING,))
BYE = Prompt("en", ("bye",))
NEVER_SPOKEN = Prompt("en", ("nobody said it",))


def speech(prompt: Prompt) -> bytes:
    if prompt == NEVER_SPOKEN:
        raise KeyError(prompt.pieces[0])
    return " ".join((prompt.language, *prompt.pieces)).encode()


def run(scenario: Callable[..., Coroutine[Any, Any, None]], folder: Path, **settings: Any) -> None:
    """Plays the scenario with a driver that is started, and stops it."""

    async def whole() -> None:
        async with serving(FakeAsterisk()) as (fake, address):
            scene = Scene(fake, settings_for(folder, address, **settings))
            for user in ("ana", "ben", "sue", "trunk"):
                fake.phone(user, "online")
            await scene.driver.set_phones([*PHONES.values()])
            await scene.driver.start(scene.listen, realm="tellonce")
            try:
                await asyncio.wait_for(scenario(scene), 3 * LIMIT_S)
            finally:
                await scene.driver.stop()

    asyncio.run(whole())


@contextlib.asynccontextmanager
async def serving(fake: FakeAsterisk) -> AsyncIterator[tuple[FakeAsterisk, str]]:
    async with listening_at(application(fake)) as address:
        try:
            yield fake, f"{address}/ari"
        finally:
            await fake.drop_sockets()


@contextlib.asynccontextmanager
async def listening_at(served: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(served, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def settings_for(folder: Path, address: str, **settings: Any) -> AsteriskSettings:
    (folder / "sounds").mkdir(exist_ok=True)
    given: Mapping[str, Any] = {"entries": frozenset({ENTRY}), "user": USER, "password": PASSWORD, **settings}
    return AsteriskSettings(address=address, sounds=folder / "sounds", shown_number=ENTRY, **given)


async def until(holds: Callable[[], object]) -> None:
    """Waits for it, generously."""
    async with asyncio.timeout(LIMIT_S):
        while not holds():  # noqa: ASYNC110 - what is waited for is any state of the fake, which knows no event for it
            await asyncio.sleep(0.002)


@dataclass
class Scene:
    fake: FakeAsterisk
    settings: AsteriskSettings
    told: list[Told] = field(default_factory=list)
    hear: Callable[[Told], None] = lambda told: None

    def __post_init__(self) -> None:
        self.driver = AsteriskDriver(self.settings, speech=speech)

    def listen(self, told: Told) -> None:
        """The driver's sink; who else wants to hear says so by `hear`."""
        self.told.append(told)
        self.hear(told)

    def media(self, prompt: Prompt) -> str:
        """What Asterisk is asked to play for the prompt, found by what is in the file."""
        for path in self.settings.sounds.glob("*.ulaw"):
            if path.read_bytes() == speech(prompt):
                return f"sound:tellonce/{path.stem}"
        return "not there yet"

    async def tells(self, told: Told) -> None:
        await until(lambda: told in self.told)

    async def hears(self, channel: str, *heard: str) -> None:
        await until(lambda: channel in self.fake.channels and self.fake.hears(channel) == set(heard))

    async def says(self, channel: str, prompt: Prompt) -> None:
        await until(lambda: self.fake.hears(channel) == {self.media(prompt)})

    def finish(self, channel: str) -> None:
        """What is being said there has been said."""
        self.fake.finish(self.fake.channels[channel].playing[0])

    async def asked(self, method: str, end: str) -> None:
        await until(lambda: any(method == asked[0] and asked[1].endswith(end) for asked in self.fake.requests))

    async def comes(self) -> str:
        """A caller, who is answered and hears music."""
        call = self.fake.call("18005550100", "2025550143")
        await self.tells(Called(call, ENTRY, CALLER))
        await self.driver.answer(call)
        await self.driver.music(call)
        await self.hears(call, "music:default")
        return call

    async def rings(self, call: str, person: int) -> str:
        """The person's phone rings for the call; its channel."""
        await self.driver.ring(call, person, shown_number=CALLER, shown_name="Ida")
        endpoint = f"PJSIP/{PHONES[person].user}"
        await until(lambda: self.fake.dialled(endpoint))
        channel = self.fake.dialled(endpoint)
        await until(lambda: self.fake.channels[channel].state == "Ringing")
        return channel

    async def talks(self, call: str, person: int) -> str:
        """The person picks up, and customer and person hear each other; the person's channel."""
        channel = await self.rings(call, person)
        self.fake.pick_up(channel)
        await until(lambda: PersonAnswered(call, person) in self.told)
        await self.driver.connect(call, person)
        await self.hears(channel, call)
        await self.hears(call, channel)
        return channel
