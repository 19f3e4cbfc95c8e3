"""Real SIP phones for tests (baresip): each sends a tone of its own, and says which tone it hears."""

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator, Mapping
from typing import Any

import numpy as np
import pytest

baresip = pytest.importorskip("baresip", reason="baresip-python is not installed: no real phones on this machine")

from baresip import Account, Config  # noqa: E402 - only where there is one
from baresip.call import CallState  # noqa: E402
from baresip.errors import BaresipError  # noqa: E402
from baresip.runtime import Runtime  # noqa: E402
from baresip.ua import UserAgent  # noqa: E402

from tellonce.switchboard.drivers.embedded.tests.offices import NAMES, Office, password, until  # noqa: E402

RATE, FRAME = 8_000, 160


def tone_of(pcm: bytes) -> int:
    """The loudest tone, to 10 Hz; 0 for silence."""
    heard = np.frombuffer(pcm, "<i2").astype(float)
    if len(heard) < RATE // 10 or np.sqrt((heard**2).mean()) < 200:
        return 0
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
    return int(round(np.argmax(spectrum) * RATE / len(heard) / 10) * 10)


def asks_to_pick_up(headers: Mapping[str, str]) -> bool:
    """As one maker's phones read it and as another's do; both ways must be there."""
    is_after = headers.get("Call-Info", "").endswith(";answer-after=0")
    is_alert = headers.get("Alert-Info", "").endswith(";info=alert-autoanswer;delay=0")
    assert is_after == is_alert, headers
    return is_after


class Talk:
    """One call of a phone: what it sends, and what it hears."""

    def __init__(self, call: Any, tone: int) -> None:
        self.call, self.tone, self.now_hears = call, tone, -1
        self.keys: list[str] = []
        call.on_dtmf(self.keys.append)
        self._task = asyncio.create_task(self._run())

    @property
    def is_over(self) -> bool:
        return self.call.state is CallState.CLOSED

    async def hears(self, tone: int) -> None:
        """Waits until it hears this tone (0: nothing)."""
        await until(lambda: self.now_hears == tone, f"{tone} Hz at the phone of {self.tone} Hz, hears {self.now_hears}")

    async def ends(self) -> None:
        await until(lambda: self.is_over, f"the end of the call of {self.tone} Hz")

    async def _run(self) -> None:
        sent, due = 0, time.monotonic()
        heard, since = b"", due
        while not self.is_over:
            at = (sent + np.arange(FRAME)) / RATE
            with contextlib.suppress(baresip.BaresipError):
                self.call.audio.write((8_000 * np.sin(2 * np.pi * self.tone * at)).astype("<i2").tobytes())
                heard += self.call.audio.read(6_400)
            sent += FRAME
            if len(heard) >= 3_200:
                self.now_hears, heard, since = tone_of(heard[-3_200:]), b"", due
            elif due - since > 0.6:
                self.now_hears, heard, since = 0, b"", due
            due += FRAME / RATE
            await asyncio.sleep(max(0.0, due - time.monotonic()))


class Telephone:
    """A phone with a tone; `rings` gives the calls that come in."""

    def __init__(self, agent: UserAgent, tone: int) -> None:
        self.agent, self.tone = agent, tone
        self.ringing: list[Any] = []
        self.has_rung = False
        agent.on_incoming(self._rings)

    def _rings(self, call: Any) -> None:
        self.has_rung = True
        self.ringing.append(call)

    async def call(self, uri: str) -> Talk:
        return Talk(await self.agent.dial(uri), self.tone)

    async def rings(self) -> Any:
        await until(lambda: self.ringing, f"ringing of the phone of {self.tone} Hz")
        return self.ringing.pop(0)

    async def picks_up_by_itself(self) -> Talk:
        """As phones do that obey the call: it rings until one says so."""
        call = await self.rings()
        while not asks_to_pick_up(call.headers):
            call = await self.rings()
        await call.answer()
        return Talk(call, self.tone)

    async def picks_up(self) -> Talk:
        call = await self.rings()
        await call.answer()
        return Talk(call, self.tone)


class Telephones:
    """All of a test; one stack carries them."""

    def __init__(self, runtime: Runtime, port: int) -> None:
        self._runtime, self.port = runtime, port

    async def customer(self, tone: int = 440, user: str = "2025550199", codec: str = "pcmu") -> Telephone:
        """A phone that belongs to nobody here."""
        account = Account(user=user, domain="127.0.0.1", password="", reg_interval=0, audio_codecs=(codec,))
        return Telephone(await UserAgent.create(self._runtime, account), tone)

    async def desk(self, *, at: str, user: str, secret: str, tone: int) -> Telephone:
        """A person's phone that can sign in there, and has not."""
        account = Account(user=user, domain=at, password=secret, reg_interval=60, audio_codecs=("pcmu",))
        return Telephone(await UserAgent.create(self._runtime, account), tone)

    async def person(self, office: Office, person: int, tone: int, **more: Any) -> Telephone:
        """A person's phone, signed in."""
        given: dict[str, Any] = {"password": password(person), "reg_interval": 60} | more
        account = Account(user=NAMES[person], domain=office.at, audio_codecs=("pcmu", "pcma"), **given)
        phone = Telephone(await UserAgent.create(self._runtime, account), tone)
        await phone.agent.register()
        return phone


def a_free_port() -> int:
    """Free for UDP and TCP: Baresip takes both, and does not say which port it was given."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as trying, socket.socket() as too:
            trying.bind(("127.0.0.1", 0))
            port = int(trying.getsockname()[1])
            with contextlib.suppress(OSError):
                too.bind(("127.0.0.1", port))
                return port


@contextlib.asynccontextmanager
async def telephones() -> AsyncIterator[Telephones]:
    """Phones, as long as they are needed."""
    runtime, port = await _begun()
    try:
        yield Telephones(runtime, port)
    finally:
        await runtime.close()


async def _begun(tries: int = 4) -> tuple[Runtime, int]:
    """On a port that was free: now and then somebody else takes it before Baresip does."""
    runtime, port = Runtime(), a_free_port()
    config = Config(
        net_interface="127.0.0.1",
        max_concurrent_calls=None,
        extra_config_text=f"sip_listen 127.0.0.1:{port}\n",
        expose_headers=("Call-Info", "Alert-Info"),
    )
    try:
        await runtime.start(config)
    except BaresipError:
        if tries == 1:
            raise
        return await _begun(tries - 1)
    return runtime, port
