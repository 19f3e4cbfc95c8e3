"""The gateway's end of a call's sound: plain RTP, 20 ms a packet, in the codec of the call (RFC 3550, RFC 3551)."""

import asyncio
import struct
from collections import deque
from collections.abc import Callable
from typing import cast

import numpy as np

from tellonce.switchboard import g711
from tellonce.switchboard.drivers.embedded.sdp import PCMU

FRAME_S = 0.02
FRAME = int(g711.RATE * FRAME_S)
"""Samples of a packet, and bytes."""

_HEAD = struct.Struct("!BBHII")
_KEEP, _BEGIN = 8, 2
"""Frames of the person that wait at most, and those that are gathered before the first is sent."""

_LATE_S = 1.0
_SILENCE = {0: b"\xff" * FRAME, 8: b"\xd5" * FRAME}


class Sound(asyncio.DatagramProtocol):
    """Of one call. `heard` is given what the customer says, in µ-law, 20 ms at a time, as it comes."""

    def __init__(self, codec: int, to: tuple[str, int], heard: Callable[[bytes], None], ssrc: int) -> None:
        self._codec, self._to, self._heard, self._ssrc = codec, to, heard, ssrc
        self._waiting: deque[bytes] = deque(maxlen=_KEEP)
        self._is_flowing = False
        self._sent = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)
        self.port = int(transport.get_extra_info("sockname")[1])

    def begin(self) -> None:
        """From now on something is sent every 20 ms: the gateway takes a phone that says nothing for lost."""
        self._task = asyncio.create_task(self._run())

    def close(self) -> None:
        """The call is over."""
        self._task.cancel()
        self._transport.close()

    def say(self, samples: bytes) -> None:
        """20 ms of the person, 16-bit samples; too much at once pushes the oldest out."""
        codes = g711.mulaw if self._codec == PCMU else g711.alaw
        self._waiting.append(codes(np.frombuffer(samples, dtype=np.int16)).tobytes())
        self._is_flowing = self._is_flowing or len(self._waiting) >= _BEGIN

    def error_received(self, exc: Exception) -> None:
        """The gateway is gone; whoever started us knows."""

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if addr[0] != self._to[0] or len(data) <= _HEAD.size or data[1] & 0x7F != self._codec:
            return
        codes = data[_HEAD.size + 4 * (data[0] & 0x0F) :]
        if self._codec != PCMU:
            codes = g711.mulaw(g711.pcm_of_alaw(np.frombuffer(codes, dtype=np.uint8))).tobytes()
        self._heard(codes)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            self._send(self._next())
            due += FRAME_S
            wait = due - loop.time()
            if wait < -_LATE_S:
                due = loop.time()
            await asyncio.sleep(max(wait, 0.0))

    def _next(self) -> bytes:
        if self._is_flowing and self._waiting:
            return self._waiting.popleft()
        self._is_flowing = False
        return _SILENCE[self._codec]

    def _send(self, codes: bytes) -> None:
        marker = 0x80 if self._sent == 0 else 0
        head = _HEAD.pack(0x80, self._codec | marker, self._sent & 0xFFFF, self._sent * FRAME & 0xFFFFFFFF, self._ssrc)
        self._sent += 1
        self._transport.sendto(head + codes, self._to)
