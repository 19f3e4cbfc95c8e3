"""The switchboard's process: journal, directory and phone, put together from this installation's settings."""

import asyncio
import logging
import signal
import time

import psycopg
from psycopg.sql import SQL, Identifier

from tellonce.config.databases import connection_string
from tellonce.config.phones import wiring_of
from tellonce.config.setup import Setup
from tellonce.modules.phone.actions import REALM
from tellonce.modules.phone.contracts import ASK_CHANNEL
from tellonce.modules.phone.serving.directory import PhoneDirectory
from tellonce.modules.phone.serving.journal import PostgresJournal
from tellonce.modules.planning.queries.attendance import planned_spells
from tellonce.switchboard.server import Switchboard
from tellonce.switchboard.wiring import Wiring

log = logging.getLogger(__name__)

_CHECK_EVERY_S = 10.0


def run(setup: Setup) -> None:
    """Serves, or stands by while another switchboard does, until SIGTERM or SIGINT."""
    asyncio.run(_run(setup, wiring_of(setup)))


async def _run(setup: Setup, wiring: Wiring) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    conninfo = connection_string(setup)
    journal = PostgresJournal(conninfo)
    directory = PhoneDirectory(records=wiring.records, shifts=planned_spells)
    switchboard = Switchboard(journal=journal, directory=directory, wiring=wiring, clock=time.time, realm=REALM)

    def _end() -> None:
        stop.set()
        switchboard.wake()

    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, _end)
    listening = asyncio.create_task(_listen(conninfo, switchboard))
    try:
        await switchboard.run(stop)
    finally:
        listening.cancel()
        journal.close()


async def _listen(conninfo: str, switchboard: Switchboard) -> None:
    """Wakes the switchboard when it is asked something; without it, it looks by itself now and then."""
    while True:
        try:
            connection = await psycopg.AsyncConnection.connect(
                conninfo, autocommit=True, connect_timeout=5, fallback_application_name="tellonce switchboard"
            )
            async with connection:
                await connection.execute(SQL("LISTEN {}").format(Identifier(ASK_CHANNEL)))
                switchboard.wake()
                while True:
                    async for _notify in connection.notifies(timeout=_CHECK_EVERY_S):
                        switchboard.wake()
                    async with asyncio.timeout(_CHECK_EVERY_S):
                        await connection.execute("SELECT 1")
        except (psycopg.Error, OSError) as error:
            log.warning("switchboard.database_lost", extra={"error": type(error).__name__})
            await asyncio.sleep(1.0)
