"""Hears the relay's NOTIFY on one connection, and comes back after a loss."""

import asyncio
import logging
import random
from collections.abc import Iterable
from typing import Protocol

import psycopg
from psycopg.sql import SQL, Identifier

from tellonce.live.wire import CHANNEL, Event, SignOut, read_payload

log = logging.getLogger(__name__)

_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 5.0
_CHECK_EVERY_S = 10.0


class Hears(Protocol):
    """Whoever is fed."""

    def publish(self, events: Iterable[Event]) -> None:
        """What happened."""
        ...

    def refetch_all(self) -> None:
        """Something may have been missed."""
        ...

    def sign_out(self, session: str) -> None:
        """A session is over."""
        ...


class Listener:
    """One LISTENing connection to the database at `conninfo`, which feeds `hub`."""

    def __init__(self, *, conninfo: str, hub: Hears) -> None:
        self.is_listening = False
        self.connections = 0
        self._conninfo = conninfo
        self._hub = hub
        self._pause_s = _FIRST_PAUSE_S

    async def run(self) -> None:
        """Listens until cancelled; after each loss it waits a little longer, up to five seconds."""
        while True:
            try:
                await self._listen()
            except (psycopg.Error, OSError) as error:
                log.warning("live.database_lost", extra={"error": type(error).__name__})
            finally:
                self.is_listening = False
            # Jitter only spreads reconnects of several processes; nothing is decided by it.
            await asyncio.sleep(self._pause_s * random.uniform(0.5, 1.0))  # noqa: S311 - not a secret
            self._pause_s = min(self._pause_s * 2, _LONGEST_PAUSE_S)

    async def _listen(self) -> None:
        connection = await psycopg.AsyncConnection.connect(
            self._conninfo, autocommit=True, connect_timeout=5, fallback_application_name="tellonce live"
        )
        async with connection:
            await connection.execute(SQL("LISTEN {}").format(Identifier(CHANNEL)))
            self._pause_s = _FIRST_PAUSE_S
            self.is_listening = True
            self.connections += 1
            self._hub.refetch_all()
            while True:
                async for notify in connection.notifies(timeout=_CHECK_EVERY_S):
                    self._hear(notify.payload)
                # A connection whose other end vanished stays silent for ever; a question finds out.
                async with asyncio.timeout(_CHECK_EVERY_S):
                    await connection.execute("SELECT 1")

    def _hear(self, payload: str) -> None:
        try:
            said = read_payload(payload)
        except ValueError:
            log.exception("live.payload_unreadable")
            self._hub.refetch_all()
            return
        if isinstance(said, SignOut):
            self._hub.sign_out(said.session)
        else:
            self._hub.publish(said)
