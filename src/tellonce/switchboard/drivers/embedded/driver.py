"""The phone driver that needs nothing but this machine: a gateway process of our own, and its recordings."""

import asyncio
import contextlib
import importlib.util
import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from tellonce.switchboard.drivers.driver import Phone, Sink
from tellonce.switchboard.drivers.embedded.child import Child, Health, Line
from tellonce.switchboard.drivers.embedded.recorder import Recorder
from tellonce.switchboard.drivers.embedded.settings import GatewaySettings, check_settings
from tellonce.switchboard.drivers.embedded.sounds import Sounds, Speech
from tellonce.switchboard.drivers.embedded.wire import read_told
from tellonce.switchboard.drivers.told import (
    CustomerNotReached,
    DriverLost,
    PersonNotReached,
    PhonesChanged,
    Told,
    WhyNot,
)
from tellonce.switchboard.errors import DriverError
from tellonce.switchboard.prompts import Prompt

log = logging.getLogger("tellonce.switchboard")

FIRST_WAIT_S, LONGEST_WAIT_S = 0.2, 30.0
"""Between two starts of a gateway that does not stay up."""

STEADY_S = 60.0
"""One that was up for so long is started anew at once."""


class EmbeddedDriver:
    """A `PhoneDriver`. `speech` gives the words of a prompt and `music` what those who wait hear, both µ-law."""

    def __init__(self, settings: GatewaySettings, *, speech: Speech, music: Callable[[], bytes]) -> None:
        check_settings(settings)
        self._settings, self._speech, self._music = settings, speech, music
        self._phones: list[Phone] | None = None  # until it is said who may sign in, those who had are left as they are
        self._calls: dict[str, None] = {}
        self._is_stopping = False
        self._wait_s = FIRST_WAIT_S
        self._restart: asyncio.Task[None] | None = None
        self.port = 0

    @property
    def can_listen_in(self) -> bool:
        return False

    @property
    def pid(self) -> int:
        """Of the gateway's process, for whoever watches it."""
        return self._child.pid

    @property
    def health(self) -> Health:
        """How the gateway was when it last answered, some seconds ago at most."""
        return self._child.health

    @property
    def is_down(self) -> bool:
        """Whether the gateway is being started anew."""
        return self._restart is not None

    async def start(self, sink: Sink, *, realm: str) -> None:
        if importlib.util.find_spec("sippy") is None or importlib.util.find_spec("rtp") is None:
            raise DriverError(
                "The phone gateway (sippy and rtp.io) runs on Linux; elsewhere let an Asterisk ring phones."
            )
        folder = Path(self._settings.folder)
        for name in ("pieces", "prompts", "recordings"):
            (folder / name).mkdir(parents=True, exist_ok=True)
            (folder / name).chmod(0o700)
        self._sink, self._realm = sink, realm
        self._sounds = Sounds(folder / "prompts", self._speech, self._music)
        self._recorder = Recorder(folder, sink)
        await self._begin()
        self._recorder.start()

    async def _begin(self) -> None:
        config = self._settings.as_json() | {"realm": self._realm, "port": self.port or self._settings.port}
        child = Child(config, self._said, self._ended)
        self.port = await child.start()
        self._child = child
        self._began = asyncio.get_running_loop().time()
        self._tell_phones()

    async def stop(self) -> None:
        self._is_stopping = True
        if (restart := self._restart) is not None:
            restart.cancel()
            await asyncio.wait([restart])
        await self._child.stop()
        await self._recorder.stop()

    async def set_phones(self, phones: Sequence[Phone]) -> None:
        self._phones = list(phones)
        self._tell_phones()

    def _tell_phones(self) -> None:
        if self._phones is not None:
            self._child.send("phones", phones=[asdict(each) for each in self._phones])

    async def answer(self, call: str) -> None:
        self._child.send("answer", call=call)

    async def say(self, call: str, prompt: Prompt) -> None:
        path, seconds = self._sounds.of(prompt)
        self._child.send("say", call=call, path=path, seconds=seconds, is_notice=prompt.is_notice)

    async def tell_said(self, call: str, what: str) -> None:
        self._child.send("tell_said", call=call, about=what)

    async def music(self, call: str) -> None:
        self._child.send("music", call=call)

    async def ring(self, call: str, person: int, *, shown_number: str, shown_name: str) -> None:
        if self.is_down:
            self._tell_soon(PersonNotReached(call, person, WhyNot.NOT_POSSIBLE))
        self._child.send("ring", call=call, person=person, number=shown_number, name=shown_name)

    async def pick_up(self, call: str, person: int) -> None:
        self._child.send("pick_up", call=call, person=person)

    async def stop_ringing(self, call: str, person: int) -> None:
        self._child.send("stop_ringing", call=call, person=person)

    async def connect(self, call: str, person: int) -> None:
        self._child.send("connect", call=call, person=person)

    async def release(self, call: str, person: int) -> None:
        self._child.send("release", call=call, person=person)

    async def hang_up(self, call: str) -> None:
        self._child.send("hang_up", call=call)

    async def hold(self, call: str) -> None:
        self._child.send("hold", call=call)

    async def resume(self, call: str) -> None:
        self._child.send("resume", call=call)

    async def consult(self, call: str, *, of: str, person: int) -> None:
        self._child.send("consult", call=call, of=of, person=person)

    async def dial(self, call: str, number: str) -> None:
        if self.is_down:
            self._tell_soon(CustomerNotReached(call, WhyNot.NOT_POSSIBLE))
        self._child.send("dial", call=call, number=number)

    async def pause_recording(self, call: str) -> None:
        self._child.send("pause_recording", call=call)

    async def go_on_recording(self, call: str) -> None:
        self._child.send("go_on_recording", call=call)

    def _said(self, line: Line) -> None:
        match line["told"]:
            case "begun":
                self._calls[line["call"]] = None
            case "over":
                self._calls.pop(line["call"], None)
            case "tape":
                self._recorder.take(line)
            case _:
                self._sink(read_told(line))

    def _ended(self) -> None:
        """The gateway is gone: it is started anew."""
        if self._is_stopping or self.port == 0 or self._restart is not None:
            return
        calls, self._calls = tuple(self._calls), {}
        log.error("phones.gateway_ended", extra={"calls": len(calls)})
        self._recorder.all_over()
        self._sink(PhonesChanged(frozenset()))
        self._restart = asyncio.create_task(self._start_again(calls))

    async def _start_again(self, calls: tuple[str, ...]) -> None:
        """The calls are told as lost once somebody could be rung for them again, or at the first try that fails."""
        if asyncio.get_running_loop().time() - self._began > STEADY_S:
            self._wait_s = FIRST_WAIT_S
        is_told = False
        while self._restart is not None:
            await asyncio.sleep(self._wait_s)
            self._wait_s = min(self._wait_s * 2, LONGEST_WAIT_S)
            with contextlib.suppress(DriverError):
                await self._begin()
                self._restart = None
            if not is_told:
                is_told = True
                self._sink(DriverLost(calls))

    def _tell_soon(self, told: Told) -> None:
        """Not within the order: whoever gave it is in the middle of something."""
        asyncio.get_running_loop().call_soon(self._sink, told)
