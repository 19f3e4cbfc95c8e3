"""The processes that benchmarks/live.py measures: ours, the relay alone, and a bare stream to hold them against.

Run by benchmarks/live.py: python -m benchmarks.live_processes live|bare|relay PORT
"""

import asyncio
import os
import sys
import threading

import psycopg

SECRET = "benchmark-" + "x" * 40
BARE_CHANNEL = "bare_stream"
_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n"


def live(port: int) -> None:
    """Our live process, as `tellonce live` runs it."""
    from tellonce.live.app import LiveSettings  # noqa: PLC0415 - the bare stream must not pay for it
    from tellonce.live.server import run  # noqa: PLC0415

    run(LiveSettings(conninfo=os.environ["DATABASE_URL"], secret=SECRET, port=port))


def relay(_port: int) -> None:
    """The worker's relay, without the jobs."""
    import django  # noqa: PLC0415

    django.setup()
    from tellonce.config.worker import relay_until  # noqa: PLC0415
    from tellonce.modules.record.outbox import Relay  # noqa: PLC0415

    relay_until(threading.Event(), Relay(hearers=[]))


class _Bare(asyncio.Protocol):
    """Answers anything with a stream, and remembers whom to write to: no tickets, no topics, no bounds."""

    open: set[asyncio.Transport] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(_HEAD + b": here\n\n")
        self.open.add(self.transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self.open.discard(self.transport)


async def _bare(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(_Bare, "127.0.0.1", port, backlog=4096)
    async with server, await psycopg.AsyncConnection.connect(os.environ["DATABASE_URL"], autocommit=True) as heard:
        await heard.execute(f"LISTEN {BARE_CHANNEL}".encode())
        async for notify in heard.notifies():
            event = f"data: {notify.payload}\n\n".encode()
            for transport in _Bare.open:
                transport.write(event)


def bare(port: int) -> None:
    """The least that can be done: LISTEN, and write to every socket."""
    asyncio.run(_bare(port))


if __name__ == "__main__":
    {"live": live, "bare": bare, "relay": relay}[sys.argv[1]](int(sys.argv[2]))
