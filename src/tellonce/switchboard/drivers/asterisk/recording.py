"""Recording a call: one ear on what the customer says, one on what they hear; joined to stereo at its end."""

import asyncio
import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tellonce.switchboard.drivers.asterisk.client import Ari, AriError, AriGoneError
from tellonce.switchboard.drivers.asterisk.orders import Orders
from tellonce.switchboard.drivers.asterisk.stereo import Track, join
from tellonce.switchboard.drivers.told import Recorded

log = logging.getLogger(__name__)

DIRECTIONS = ("in", "out")
"""What comes from the customer, and what goes to them."""

MET_WITHIN_S = 5.0


class Expected:
    """What Asterisk will tell of: a channel that enters our application, a recording that is whole."""

    def __init__(self) -> None:
        self._futures: dict[tuple[str, str], asyncio.Future[None]] = {}

    def met(self, what: str, name: str) -> bool:
        """It has happened; False if nobody waits for it."""
        future = self._futures.pop((what, name), None)
        if future is not None and not future.done():
            future.set_result(None)
        return future is not None

    def expect(self, what: str, name: str) -> asyncio.Future[None]:
        """Resolved when it happens; said before what makes it happen is asked for."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._futures[what, name] = future
        return future


@dataclass(slots=True, eq=False)
class Recording:
    """A recording that is made. `names` are those of its two ears, as channels and as recordings at Asterisk."""

    call: str
    channel: str
    names: tuple[str, str]
    orders: Orders
    began: list[float] = field(default_factory=list)
    private: list[tuple[float, float]] = field(default_factory=list)
    ended: list[asyncio.Future[None]] = field(default_factory=list)

    @property
    def is_private(self) -> bool:
        """Whether what is said now is not kept."""
        return bool(self.private) and self.private[-1][1] == math.inf


class Recorder:
    """Makes recordings through Asterisk, and files of them in our folder."""

    def __init__(
        self, ari: Ari, *, app: str, folder: Path, expected: Expected, tell: Callable[[Recorded], None],
    ) -> None:  # fmt: skip
        self._ari, self._app, self._folder, self._expected, self._tell = ari, app, folder, expected, tell

    def begin(self, recording: Recording) -> None:
        """Records from now on."""
        recording.orders.add(lambda: self._begin(recording))

    def set_private(self, recording: Recording, is_private: bool) -> None:
        """Keeps nothing from now on, or everything again. Time goes on in it: both directions stay in step.

        Asterisk writes silence meanwhile; if it could not be told to, the join leaves the time silent all the same.
        """
        if recording.is_private == is_private:
            return
        if is_private:
            recording.private.append((time.time(), math.inf))
        else:
            recording.private[-1] = (recording.private[-1][0], time.time())
        recording.orders.add(lambda: self._mute(recording))

    def end(self, recording: Recording) -> None:
        """Records no more; the file is made, and told of."""
        recording.orders.add(lambda: self._end(recording))

    async def _begin(self, recording: Recording) -> None:
        entered = [self._expected.expect("entered", name) for name in recording.names]
        snoop = f"/channels/{recording.channel}/snoop"
        for name, direction in zip(recording.names, DIRECTIONS, strict=True):
            await self._ari.post(snoop, app=self._app, snoopId=name, spy=direction, whisper="none", appArgs="recording")
        await asyncio.wait_for(asyncio.gather(*entered), MET_WITHIN_S)
        recording.ended = [self._expected.expect("recorded", name) for name in recording.names]
        for name in recording.names:
            await self._ari.post(f"/channels/{name}/record", name=name, format="wav", ifExists="overwrite")
            recording.began.append(time.time())
        if recording.is_private:
            await self._mute(recording)

    async def _mute(self, recording: Recording) -> None:
        change = self._ari.post if recording.is_private else self._ari.delete
        for name in recording.names if recording.began else ():
            try:
                await change(f"/recordings/live/{name}/mute")
            except AriError as error:
                log.warning("asterisk.recording_not_muted", extra={"recording": name, "status": error.status})

    async def _end(self, recording: Recording) -> None:
        for name in recording.names:
            await self._stop(name)
        if len(recording.began) == len(recording.names):
            await asyncio.wait(recording.ended, timeout=MET_WITHIN_S)
            tracks = [
                Track(await self._stored(name), began)
                for name, began in zip(recording.names, recording.began, strict=True)
            ]
            await self._keep(recording, tracks)
        for name in recording.names:
            await self._ari.delete(f"/channels/{name}")
            await self._ari.delete(f"/recordings/stored/{name}")

    async def _stop(self, name: str) -> None:
        try:
            await self._ari.post(f"/recordings/live/{name}/stop")
        except AriGoneError:
            return

    async def _stored(self, name: str) -> bytes:
        try:
            return await self._ari.get_file(f"/recordings/stored/{name}/file")
        except AriGoneError:
            log.warning("asterisk.recording_missing", extra={"recording": name})
            return b""

    async def _keep(self, recording: Recording, tracks: list[Track]) -> None:
        left, right = tracks
        joined, seconds = await asyncio.to_thread(join, left, right, private=tuple(recording.private))
        if not seconds:
            return
        path = self._folder / f"{recording.names[0]}.wav"
        await asyncio.to_thread(_write_whole, path, joined)
        self._tell(Recorded(recording.call, str(path), min(recording.began), seconds))


def _write_whole(path: Path, content: bytes) -> None:
    part = path.with_suffix(".part")
    part.write_bytes(content)
    part.replace(path)
