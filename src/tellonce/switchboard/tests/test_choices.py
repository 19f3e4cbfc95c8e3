"""The time for a choice begins when its sentence is over: with the real words, as long as they really are."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from tellonce.switchboard import voices
from tellonce.switchboard.board import Board
from tellonce.switchboard.decisions import CallbackKept, Ended, Entered, NewsWanted, Outcome
from tellonce.switchboard.drivers import PhoneDriver
from tellonce.switchboard.drivers.asterisk.tests import scene
from tellonce.switchboard.drivers.asterisk.tests.scene import Scene, until
from tellonce.switchboard.drivers.embedded.driver import EmbeddedDriver
from tellonce.switchboard.drivers.embedded.settings import GatewaySettings
from tellonce.switchboard.drivers.embedded.sounds import Sounds
from tellonce.switchboard.drivers.embedded.tests import fakes
from tellonce.switchboard.drivers.embedded.wire import read_told, told_line
from tellonce.switchboard.drivers.fake import FakeDriver
from tellonce.switchboard.drivers.told import Called, Said, Told
from tellonce.switchboard.facts import Arrived, Fact, OutageBegan, QueueClosed, TimePassed
from tellonce.switchboard.folding import Event
from tellonce.switchboard.hearing import facts_of_told
from tellonce.switchboard.prompts import Prompt
from tellonce.switchboard.settings import Entry, Queue
from tellonce.switchboard.tests.making import CARE, Floor
from tellonce.switchboard.wiring import Manners, Saying, Wiring
from tellonce.switchboard.wording import Speech, said, welcome

RATE = 8_000
LATE_S = 5.0  # within the eight seconds, after all was said
ENTRIES = ("care", scene.ENTRY)
MENU = {"1": "care", "2": "tech"}


def front(which: str) -> Floor:
    """A house in which callers are given this choice."""
    menu = MENU if which == "menu" else {}
    floor = Floor(CARE, Queue("tech", "tech"), entries=tuple(Entry(each, "care", menu) for each in ENTRIES))
    match which:
        case "outage":
            floor.take(OutageBegan(floor.at, "o1", "north", floor.at + 90_000.0))
        case "closed":
            floor.take(QueueClosed(floor.at, "care", floor.at + 40_000.0))
    return floor


TAKEN: dict[str, tuple[str, Callable[[Event], bool]]] = {
    "outage": ("1", lambda event: isinstance(event, NewsWanted)),
    "closed": ("1", lambda event: isinstance(event, CallbackKept)),
    "menu": ("2", lambda event: isinstance(event, Entered) and event.queue == "tech"),
}
"""The key, and what shows that it was taken."""

LEFT: dict[str, Callable[[Event], bool]] = {
    "outage": lambda event: isinstance(event, Entered),
    "closed": lambda event: isinstance(event, Ended) and event.outcome is Outcome.CLOSED,
    "menu": lambda event: isinstance(event, Entered) and event.queue == "care",
}
"""What shows that nothing was pressed in time."""


class Desk:
    """A floor whose words a driver says, and to which it tells what happens; time is moved by hand."""

    def __init__(self, driver: PhoneDriver, *, language: str, which: str) -> None:
        self.floor, speech = front(which), Speech(language, topics={"tech": "technical"})

        def say(_board: Board, command: Saying) -> Prompt:
            return said(command, speech, at=self.floor.at, menu=MENU)

        self.driver = driver
        self.wiring = Wiring(driver, say, manners=Manners(welcome=welcome(speech, is_recorded=True)))

    async def hear(self, told: Told) -> None:
        if isinstance(told, Called):
            await self.wiring.pick_up(told.call)
        for fact in facts_of_told(self.floor.board, told, at=self.floor.at):
            await self.take(replace(fact, area="north") if isinstance(fact, Arrived) else fact)

    async def take(self, fact: Fact) -> None:
        for command in self.floor.take(fact):
            await self.wiring.carry_out(self.floor.board, command)

    async def passes(self, seconds: float) -> None:
        until = self.floor.at + seconds
        while (due := self.floor.engine.next_due) is not None and due <= until:
            await self.take(TimePassed(due))
        self.floor.at = until

    def has(self, shown: Callable[[Event], bool]) -> bool:
        return any(shown(event) for event in self.floor.events)


class Gateway:
    """The gateway's calls within this process: between fake phones, and in time that is moved by hand."""

    def __init__(self) -> None:
        self.office = fakes.Floor()

    def send(self, what: str, **order: Any) -> None:
        getattr(self.office.calls, what)(order.pop("call"), **order)


class Embedded:
    """The embedded driver, but for its process."""

    def __init__(self, folder: Path, *, language: str, which: str) -> None:
        self.gateway = Gateway()
        driver = EmbeddedDriver(GatewaySettings(str(folder)), speech=spoken, music=lambda: b"\xff" * RATE)
        driver._child = cast("Any", self.gateway)
        driver._sounds = Sounds(folder, spoken, lambda: b"\xff" * RATE)
        self.desk, self._heard = Desk(driver, language=language, which=which), 0

    async def calls(self) -> fakes.FakeLeg:
        customer = self.gateway.office.comes()
        await self._hears()
        return customer

    async def passes(self, seconds: float) -> None:
        for _ in range(round(seconds * 10)):
            self.gateway.office.passes(0.1)
            await self._hears()
            await self.desk.passes(0.1)

    async def presses(self, customer: fakes.FakeLeg, key: str) -> None:
        assert customer.side is not None
        customer.side.pressed(key)
        await self._hears()

    async def _hears(self) -> None:
        told = self.gateway.office.told
        while self._heard < len(told):
            self._heard += 1
            await self.desk.hear(read_told(json.loads(told_line(told[self._heard - 1]))))


def spoken(prompt: Prompt) -> bytes:
    return voices.speech(prompt).tobytes()


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("which", [*TAKEN])
def test_a_key_after_the_last_word_is_taken_by_the_embedded_driver(which: str, language: str, tmp_path: Path) -> None:
    key, taken = TAKEN[which]

    async def scenario() -> None:
        line = Embedded(tmp_path, language=language, which=which)
        customer = await line.calls()
        while not customer.is_endless:
            await line.passes(0.1)
        assert line.desk.floor.at > 1_000.0 + line.desk.floor.board.settings.choice_s
        await line.passes(LATE_S)
        await line.presses(customer, key)
        assert line.desk.has(taken)
        assert not line.desk.has(LEFT[which])

    asyncio.run(scenario())


@pytest.mark.parametrize("which", [*LEFT])
def test_silence_after_the_last_word_is_a_choice_too(which: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        line = Embedded(tmp_path, language="en", which=which)
        customer = await line.calls()
        while not customer.is_endless:
            await line.passes(0.1)
        await line.passes(7.5)
        assert not line.desk.has(LEFT[which])
        await line.passes(1.0)
        assert line.desk.has(LEFT[which])

    asyncio.run(scenario())


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("which", [*TAKEN])
def test_a_key_after_the_last_word_is_taken_by_asterisk(
    which: str, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, taken = TAKEN[which]
    monkeypatch.setattr(scene, "speech", spoken)

    async def scenario(at: Scene) -> None:
        desk, heard = Desk(at.driver, language=language, which=which), asyncio.Queue[Told]()
        at.hear = heard.put_nowait
        call = at.fake.call(scene.ENTRY.removeprefix("+"), scene.CALLER)
        await desk.hear(await heard.get())
        for _prompt in range(2):
            await until(lambda: at.fake.channels[call].playing)
            await desk.passes(seconds_of(at, call))
            at.finish(call)
        assert desk.floor.at > 1_000.0 + desk.floor.board.settings.choice_s
        told = await heard.get()
        assert isinstance(told, Said)
        await desk.hear(told)
        await desk.passes(LATE_S)
        at.fake.press(call, key)
        await desk.hear(await heard.get())
        assert desk.has(taken)
        assert not desk.has(LEFT[which])

    scene.run(scenario, tmp_path)


def seconds_of(at: Scene, call: str) -> float:
    """How long that is which is being said to the caller."""
    media = at.fake.playbacks[at.fake.channels[call].playing[0]].media
    return (at.settings.sounds / f"{Path(media).name}.ulaw").stat().st_size / RATE


@pytest.mark.parametrize("wording", ["real", "none"])
def test_where_nothing_sounds_the_time_begins_at_once(wording: str) -> None:
    async def scenario() -> None:
        driver, told = FakeDriver(), list[Told]()
        await driver.start(told.append, realm="tellonce")
        desk = Desk(driver, language="en", which="menu")
        if wording == "none":
            desk.wiring = Wiring(driver)
        await desk.take(Arrived(desk.floor.at, "a", entry="care"))
        await asyncio.sleep(0)
        assert [type(each) for each in told] == [Said]
        await desk.hear(told[0])
        await desk.passes(desk.floor.board.settings.choice_s)
        assert desk.has(LEFT["menu"])

    asyncio.run(scenario())
