"""The stream of events, kept open: what is lost of it is made good from what there is at Asterisk."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

import aiohttp

from tellonce.switchboard.drivers.asterisk.client import Ari, AriError

log = logging.getLogger(__name__)

FIRST_WAIT_S: Final = 0.1
LONGEST_WAIT_S: Final = 5.0


class Link:
    """`in_reach` is set while events come.

    `found` is awaited before the first of them is read; `lost` is called when none came for `lost_after_s`.
    """

    def __init__(
        self, ari: Ari, *, app: str, in_reach: asyncio.Event, lost_after_s: float,
        found: Callable[[], Awaitable[None]], happened: Callable[[Any], None], lost: Callable[[], None],
    ) -> None:  # fmt: skip
        self._ari, self._app, self._in_reach, self._lost_after_s = ari, app, in_reach, lost_after_s
        self._found, self._happened, self._lost = found, happened, lost
        self._wait_s = FIRST_WAIT_S
        self._giving_up: asyncio.TimerHandle | None = None

    async def run(self) -> None:
        """Until it is cancelled."""
        try:
            while True:
                await self._once()
                self._give_up_later()
                await asyncio.sleep(self._wait_s)
                self._wait_s = min(2 * self._wait_s, LONGEST_WAIT_S)
        finally:
            self._give_up_never()

    async def _once(self) -> None:
        try:
            async with self._ari.events(self._app) as socket:
                await self._found()
                self._in_reach.set()
                self._wait_s = FIRST_WAIT_S
                self._give_up_never()
                await self._listen(socket)
        except (aiohttp.ClientError, TimeoutError, AriError, LookupError, ValueError) as error:
            log.warning("asterisk.out_of_reach", extra={"error": repr(error)})
        finally:
            self._in_reach.clear()

    def _give_up_later(self) -> None:
        if self._giving_up is None:
            self._giving_up = asyncio.get_running_loop().call_later(self._lost_after_s, self._lost)

    def _give_up_never(self) -> None:
        if self._giving_up is not None:
            self._giving_up.cancel()
            self._giving_up = None

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Each event is a call of its own of the loop: a fault in what it leads to does not end the stream."""
        loop = asyncio.get_running_loop()
        async for message in socket:
            if message.type is aiohttp.WSMsgType.TEXT:
                loop.call_soon(self._happened, json.loads(message.data))
