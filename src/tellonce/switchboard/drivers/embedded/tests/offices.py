"""An embedded driver with its gateway process, for tests: tones for speech and music, and a list of what was told."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from tellonce.switchboard import g711
from tellonce.switchboard.drivers.driver import Phone
from tellonce.switchboard.drivers.embedded.digest import ha1_of
from tellonce.switchboard.drivers.embedded.driver import EmbeddedDriver
from tellonce.switchboard.drivers.embedded.settings import GatewaySettings
from tellonce.switchboard.drivers.told import Told
from tellonce.switchboard.prompts import Prompt

REALM, ENTRY = "tellonce", "care"
MUSIC, SPEECH = 300, 600
SPEECH_S = 1.0
WORDS = Prompt("en", ("one",))
PATIENCE_S = 60.0
NAMES = {1: "ann", 2: "bob"}

T = TypeVar("T")


def a_tone(frequency: int, seconds: float) -> bytes:
    """A pure tone in µ-law."""
    time_s = np.arange(int(g711.RATE * seconds)) / g711.RATE
    return g711.mulaw((8_000 * np.sin(2 * np.pi * frequency * time_s)).astype(np.int16)).tobytes()


async def until(what: Callable[[], T], about: str) -> T:
    """Waits for it to be true; fails with `about` if it takes too long."""
    end = time.monotonic() + PATIENCE_S
    while not (found := what()):
        assert time.monotonic() < end, f"waited in vain for {about}"
        await asyncio.sleep(0.02)
    return found


class Office:
    """The driver, and what it told that was not yet asked for."""

    def __init__(self, driver: EmbeddedDriver) -> None:
        self.driver, self.told = driver, list[Told]()

    @property
    def at(self) -> str:
        return f"127.0.0.1:{self.driver.port}"

    @property
    def entry(self) -> str:
        return f"sip:{ENTRY}@{self.at}"

    async def hears(self, kind: type[T], **fields: Any) -> T:
        """Waits until something of this kind, with these fields, is told; each is given once."""

        def found() -> T | None:
            for told in self.told:
                if isinstance(told, kind) and all(getattr(told, name) == value for name, value in fields.items()):
                    self.told.remove(told)
                    return told
            return None

        told = await until(found, f"{kind.__name__} {fields}; told was {self.told}")
        assert told is not None
        return told


def password(person: int) -> str:
    return f"secret of {NAMES[person]}"


@contextlib.asynccontextmanager
async def an_office(folder: Path, **settings: Any) -> AsyncIterator[Office]:
    """A driver that runs; its port is one that was free."""
    given: dict[str, Any] = {"port": 0, "open_entries": (ENTRY,)} | settings
    driver = EmbeddedDriver(
        GatewaySettings(str(folder), **given),
        speech=lambda _prompt: a_tone(SPEECH, SPEECH_S),
        music=lambda: a_tone(MUSIC, 2.0),
    )
    office = Office(driver)
    await driver.start(office.told.append, realm=REALM)
    try:
        phones = [Phone(who, name, ha1_of(name, REALM, password(who))) for who, name in NAMES.items()]
        await driver.set_phones(phones)
        await _heeds(driver)
        yield office
    finally:
        await driver.stop()


async def _heeds(driver: EmbeddedDriver) -> None:
    """Orders are heeded one after the other: of two answers from now on one is to a question asked after them."""
    await _answers(driver)
    await _answers(driver)


async def _answers(driver: EmbeddedDriver) -> None:
    before = driver.health
    driver._child.send("ping")
    await until(lambda: driver.health is not before, "the gateway's answer")
