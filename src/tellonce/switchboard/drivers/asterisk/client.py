"""Asterisk's REST interface and its stream of events, as thin as can be."""

import asyncio
import json
from typing import Any, Final

import aiohttp

RETRY_S: Final = (0.1, 0.4)
"""A request that failed by no fault of its own is sent again after these: what we make has ids of our own choice, so
that it is never made twice."""

TIMEOUT: Final = aiohttp.ClientTimeout(total=10.0, connect=3.0)
HEARTBEAT_S: Final = 10.0

CONNECTIONS: Final = 50
KEPT_S: Final = 10.0
"""Asterisk takes 100 connections, and closes one that was idle for 15 seconds: we are below both."""

OK: Final = 200
NOT_FOUND: Final = 404
CONFLICT: Final = 409
FAILED: Final = 500

GONE: Final = frozenset({NOT_FOUND, CONFLICT})
"""A channel that has just hung up is there still, but in no application any more: 409."""


class AriError(Exception):
    """Asterisk did not do what was asked; `status` is 0 where it could not be reached."""

    def __init__(self, request: str, status: int, text: str) -> None:
        super().__init__(f"{request}: {status or 'not reached'} {text}")
        self.status = status


class AriGoneError(AriError):
    """What was asked about is gone, or on its way."""


class Ari:
    """One Asterisk."""

    def __init__(self, address: str, *, user: str, password: str) -> None:
        self._address = address.rstrip("/")
        who = {"Authorization": aiohttp.encode_basic_auth(user, password)}
        connector = aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=KEPT_S)
        self._session = aiohttp.ClientSession(headers=who, timeout=TIMEOUT, connector=connector)

    async def close(self) -> None:
        """No more requests."""
        await self._session.close()

    async def get(self, path: str, **query: str) -> Any:
        """What there is, as JSON."""
        body = await self._ask("GET", path, query)
        try:
            return json.loads(body)
        except ValueError as fault:
            raise AriError(f"GET {path}", OK, "but what came is no JSON") from fault

    async def get_file(self, path: str) -> bytes:
        """A file, as it is."""
        return await self._ask("GET", path, {})

    async def post(self, path: str, **query: str) -> None:
        """Does something, or makes something with an id that is given; AriGoneError if its object is gone."""
        await self._ask("POST", path, query)

    async def originate(self, **query: str) -> None:
        """Makes a channel that calls. A phone that is not there is no passing fault: asked once, unless not reached."""
        try:
            await self._ask("POST", "/channels", query, passing=FAILED + 1)
        except AriError as error:
            if error.status != CONFLICT:  # it was made by an attempt whose answer was lost
                raise

    async def delete(self, path: str, **query: str) -> None:
        """Ends it; what is gone already is a success."""
        try:
            await self._ask("DELETE", path, query)
        except AriGoneError:
            return

    def events(self, app: str) -> Any:
        """The stream of events of the application, to be entered."""
        url = f"{self._address}/events"
        timeout = aiohttp.ClientWSTimeout(ws_close=2.0)
        return self._session.ws_connect(url, params={"app": app}, heartbeat=HEARTBEAT_S, timeout=timeout)

    async def _ask(self, method: str, path: str, query: dict[str, str], *, passing: int = FAILED) -> bytes:
        """The body of the answer; errors from `passing` on, and silence, are met by asking again."""
        for wait_s in RETRY_S:
            try:
                return await self._ask_once(method, path, query)
            except AriError as error:
                if 0 < error.status < passing:
                    raise
            await asyncio.sleep(wait_s)
        return await self._ask_once(method, path, query)

    async def _ask_once(self, method: str, path: str, query: dict[str, str]) -> bytes:
        try:
            async with self._session.request(method, self._address + path, params=query) as answer:
                body = await answer.read()
        except (aiohttp.ClientError, TimeoutError) as fault:
            raise AriError(f"{method} {path}", 0, type(fault).__name__) from fault
        if answer.status >= 400:  # noqa: PLR2004 - every error of HTTP
            kind = AriGoneError if answer.status in GONE else AriError
            raise kind(f"{method} {path}", answer.status, body[:200].decode(errors="replace"))
        return body
