"""A window of a browser, played by aiortc: it sends a tone, and says which tone it hears."""

import asyncio
import fractions
import time
from pathlib import Path
from typing import Any

import numpy as np
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av import AudioFrame

from tellonce.audio.line import Times, User
from tellonce.audio.lines import Lines
from tellonce.switchboard.drivers.embedded.digest import ha1_of
from tellonce.switchboard.drivers.embedded.tests.offices import NAMES, REALM, Office, password, until

RATE, FRAME = 8_000, 160


def tone_of(pcm: np.ndarray[Any, np.dtype[np.int16]]) -> int:
    """The loudest tone, to 10 Hz; 0 for silence."""
    heard = pcm.astype(float)
    if len(heard) < RATE // 10 or np.sqrt((heard**2).mean()) < 200:
        return 0
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
    return int(round(np.argmax(spectrum) * RATE / len(heard) / 10) * 10)


class _Tone(MediaStreamTrack):
    kind = "audio"

    def __init__(self, tone: int) -> None:
        super().__init__()
        self._tone, self._sent, self._began = tone, 0, time.monotonic()

    async def recv(self) -> AudioFrame:
        await asyncio.sleep(max(0.0, self._began + self._sent / RATE - time.monotonic()))
        at = (self._sent + np.arange(FRAME)) / RATE
        samples = (8_000 * np.sin(2 * np.pi * self._tone * at)).astype(np.int16)
        frame = AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, self._sent, fractions.Fraction(1, RATE)
        self._sent += FRAME
        return frame


class Window:
    """Its `seat` is its name for itself."""

    def __init__(self, lines: Lines, seat: str = "one", tone: int = 1_000) -> None:
        self.lines, self.seat, self.tone = lines, seat, tone
        self.now_hears = -1
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._task: asyncio.Task[None] | None = None

    async def opens(self, person: int, *, is_taken: bool = False, session: str = "session") -> None:
        pc = self.connection
        pc.addTrack(_Tone(self.tone))
        pc.on("track", self._track)
        await pc.setLocalDescription(await pc.createOffer())
        answer, self.peer = await self.lines.open(
            person, offer=pc.localDescription.sdp, seat=self.seat, session=session, is_taken=is_taken
        )
        await pc.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        await until(lambda: pc.connectionState == "connected", f"the window {self.seat} to be connected")

    async def hears(self, tone: int) -> None:
        await until(lambda: self.now_hears == tone, f"{tone} Hz in the window {self.seat}, hears {self.now_hears}")

    async def closes(self) -> None:
        if self._task is not None:
            self._task.cancel()
        await self.connection.close()

    def _track(self, track: MediaStreamTrack) -> None:
        self._task = asyncio.ensure_future(self._listen(track))

    async def _listen(self, track: MediaStreamTrack) -> None:
        heard = np.empty(0, dtype=np.int16)
        while True:
            try:
                frame = await asyncio.wait_for(track.recv(), 0.6)
            except TimeoutError:
                self.now_hears = 0
                continue
            except MediaStreamError:
                return
            assert isinstance(frame, AudioFrame)
            assert frame.sample_rate == RATE
            heard = np.concatenate((heard, frame.to_ndarray().reshape(-1)))
            if len(heard) >= 1_600:
                self.now_hears, heard = tone_of(heard[-1_600:]), heard[:0]


async def user_of(person: int) -> User | None:
    """Those of the office."""
    name = NAMES.get(person)
    return User(name, ha1_of(name, REALM, password(person))) if name else None


def lines_of(office: Office, folder: Path, **times: float) -> Lines:
    """Phones in browsers, for this office."""
    file = folder / "browsers.json"
    return Lines(("127.0.0.1", office.driver.port), user_of=user_of, file=file, times=Times(**times))
