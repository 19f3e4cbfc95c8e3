"""A browser's end: one WebRTC connection with one track each way, in the telephone's own codec, so nothing is encoded.

While nobody talks no packet is sent either way: a phone that lies there costs next to nothing.
"""

import asyncio
import fractions
import logging
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from aiortc import RTCConfiguration, RTCIceServer, RTCPeerConnection, RTCRtpSender, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av import AudioFrame
from av.packet import Packet
from av.stream import Stream

from tellonce.audio.counts import Lost
from tellonce.audio.ice import Server
from tellonce.audio.sound import FRAME
from tellonce.kernel.errors import DomainError
from tellonce.switchboard import g711

log = logging.getLogger(__name__)

_CLOCK = fractions.Fraction(1, g711.RATE)
_MOST_WAITING = 25
_DRIFT = 5 * FRAME
_NAMED = re.compile(r"^a=candidate:[^\r\n]*\.local [^\r\n]*\r?\n", re.MULTILINE)
"""Addresses that a browser hides behind a name of its own network: it finds us all the same."""

_OVER = {"closed", "failed"}


class OfferError(DomainError):
    """What the browser offers is no connection that we can take."""

    code = "bad_offer"


@dataclass(frozen=True, slots=True)
class Around:
    """Who is told: `said` with 20 ms of the person, 16-bit; `changed` whenever the connection is up, or is gone."""

    said: Callable[[bytes], None]
    changed: Callable[["Peer"], None]


class Ear(MediaStreamTrack):
    """What the person hears: 20 ms of µ-law each, sent as they come."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._heard: asyncio.Queue[bytes] = asyncio.Queue(_MOST_WAITING)
        self._began = time.monotonic()
        self._at = 0

    def hear(self, codes: bytes) -> None:
        """Too much at once is left out: better a gap than a conversation that comes later and later."""
        if not self._heard.full():
            self._heard.put_nowait(codes)

    async def recv(self) -> "Packet[Stream]":
        codes = await self._heard.get()
        packet = Packet(codes)  # as it is: nothing is encoded anew
        packet.pts, packet.time_base = self._stamp(len(codes)), _CLOCK
        return packet

    def _stamp(self, samples: int) -> int:
        """One after the other; after a pause as late as it is."""
        now = int((time.monotonic() - self._began) * g711.RATE)
        if abs(now - self._at) > _DRIFT:
            self._at = max(now, self._at)
        at, self._at = self._at, self._at + samples
        return at


class Peer:
    """One connection of one browser."""

    def __init__(self, around: Around, servers: Sequence[Server] = ()) -> None:
        self._around = around
        helpers = [RTCIceServer(**each) for each in servers]
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=helpers))
        self._listening: asyncio.Task[None] | None = None
        self.ear = Ear()
        self.over: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._connection.on("track", self._track)
        self._connection.on("connectionstatechange", lambda: around.changed(self))

    @property
    def is_up(self) -> bool:
        """Whether sound can flow."""
        return bool(self._connection.connectionState == "connected")

    @property
    def is_over(self) -> bool:
        """Whether it will never again."""
        return self._connection.connectionState in _OVER

    @property
    def has_failed(self) -> bool:
        """Whether it broke, where nobody has closed it."""
        return bool(self._connection.connectionState == "failed")

    async def lost(self) -> Lost:
        """Packets that did not arrive until now."""
        told = list((await self._connection.getStats()).values())
        here = sum(max(each.packetsLost, 0) for each in told if each.type == "inbound-rtp")
        there = sum(max(each.packetsLost, 0) for each in told if each.type == "remote-inbound-rtp")
        return Lost(here, there)

    async def answer(self, offer: str) -> str:
        """Our description for the browser's; OfferError."""
        try:
            ours = self._connection.addTransceiver(self.ear, "sendrecv")
            usable = [each for each in RTCRtpSender.getCapabilities("audio").codecs if each.mimeType == "audio/PCMU"]
            ours.setCodecPreferences(usable)
            await self._connection.setRemoteDescription(RTCSessionDescription(_NAMED.sub("", offer), "offer"))
            await self._connection.setLocalDescription(await self._connection.createAnswer())
        except Exception as error:
            await self.close()
            raise OfferError("This browser offers no sound that the phone can use (one audio track, PCMU).") from error
        return str(self._connection.localDescription.sdp)

    async def close(self, why: str = "") -> None:
        """Gives up everything; `over` says why."""
        if not self.over.done():
            self.over.set_result(why)
        if self._listening is not None:
            self._listening.cancel()
        self.ear.stop()
        await self._connection.close()

    def _track(self, track: MediaStreamTrack) -> None:
        self._listening = asyncio.ensure_future(self._listen(track))

    async def _listen(self, track: MediaStreamTrack) -> None:
        rest = np.empty(0, dtype=np.int16)
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            assert isinstance(frame, AudioFrame)
            rest = np.concatenate((rest, frame.to_ndarray().reshape(-1)))
            whole = len(rest) // FRAME * FRAME
            for start in range(0, whole, FRAME):
                self._around.said(rest[start : start + FRAME].tobytes())
            rest = rest[whole:]
