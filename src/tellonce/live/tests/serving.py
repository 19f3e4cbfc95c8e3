"""A live process inside the test, over real sockets and the test run's database server."""

import asyncio
import atexit
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import httpx
import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier
from starlette.routing import Route

from tellonce.kernel.tickets import Ticket, sign
from tellonce.live.app import LiveSettings, build
from tellonce.live.hub import Hub
from tellonce.live.server import server_of
from tellonce.live.wire import CHANNEL, Event, payloads

SECRET = "s" * 40
ORIGIN = "http://care.example.net"


@cache
def database_url() -> str:
    """A database of this process's own: what another one notifies in a shared database would be heard here too."""
    given, name = os.environ["DATABASE_URL"], Identifier(f"live_tests_{os.getpid()}")

    def _forget() -> None:
        with suppress(psycopg.Error), psycopg.connect(given, autocommit=True) as connection:
            connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))

    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(name))
    atexit.register(_forget)
    return make_conninfo(given, dbname=f"live_tests_{os.getpid()}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def ticket(*topics: str, session: str = "session", lasts_s: float = 60) -> str:
    ends_at_s = int(time.time() + lasts_s)
    return sign(Ticket(person_id=1, session=session, topics=topics, ends_at_s=ends_at_s), secret=SECRET)


def notify(*events: Event) -> None:
    with psycopg.connect(database_url(), autocommit=True) as connection:
        for payload in payloads(events):
            connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])


def wait_until(holds: Callable[[], bool], *, within_s: float = 60) -> None:
    deadline = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.01)


@dataclass(frozen=True)
class Running:
    url: str
    hub: Hub
    name: str
    loop: asyncio.AbstractEventLoop

    @contextmanager
    def stream(self, text: str, **headers: str) -> Iterator[Iterator[str]]:
        with (
            httpx.Client(timeout=10) as client,
            client.stream("GET", f"{self.url}/live/events", params={"ticket": text}, headers=headers) as response,
        ):
            assert response.status_code == 200, response.status_code
            lines = response.iter_lines()
            assert next(lines) == "retry: 2000"
            yield (line for line in lines if line and line not in {"event: beat", "data: 1"})

    def drop_streams(self) -> None:
        self.loop.call_soon_threadsafe(self.hub.close)

    def lose_database(self) -> None:
        with psycopg.connect(database_url(), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s", [self.name]
            )


@contextmanager
def running(*, more_routes: Sequence[Route] = (), **changes: Any) -> Iterator[Running]:
    name = f"live test {os.getpid()} {free_port()}"
    conninfo = make_conninfo(database_url(), application_name=name)
    port = free_port()
    settings = replace(LiveSettings(conninfo=conninfo, secret=SECRET, origins=(ORIGIN,), port=port), **changes)
    app = build(settings)
    app.router.routes.extend(more_routes)
    server = server_of(app, settings)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=lambda: loop.run_until_complete(server.serve()), daemon=True)
    thread.start()
    wait_until(lambda: app.state.listener.is_listening)
    try:
        yield Running(url=f"http://127.0.0.1:{port}", hub=app.state.hub, name=name, loop=loop)
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        assert not thread.is_alive()
        loop.close()
