"""Live updates: a thousand desks hear of one moment, beside a bare stream in the same run.

Three ways, each with its own rounds: a moment told (`story.tell`, committed, taken by the relay, heard by the live
process, written to every desk), a NOTIFY to the live process alone, and the same NOTIFY to a bare stream.
The clock starts before the moment is written, and stops when a desk has read the event; one clock for both.
Run: python -m benchmarks.live [--json] [--desks 1000] [--rounds 40]
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial

import psycopg

from benchmarks import databases
from benchmarks.harness import ROOT, free_port
from benchmarks.live_processes import BARE_CHANNEL, SECRET
from benchmarks.report import Figure, quantile, say

DATABASE = "bench_live"
MOST_P99_MS = 100.0
PAUSE_S = 0.3
TOPIC = "arrivals"


def number_after(name: str, default: int) -> int:
    return int(sys.argv[sys.argv.index(name) + 1]) if name in sys.argv else default


class Desk(asyncio.Protocol):
    """One browser: remembers when each event arrived."""

    def __init__(self, request: bytes, arrived: list[float], is_open: asyncio.Future[None]) -> None:
        self.request, self.arrived, self.is_open = request, arrived, is_open

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        if b"data: {" in data or b"data: [" in data:
            self.arrived.append(time.monotonic())
        elif not self.is_open.done():
            assert data.startswith(b"HTTP/1.1 200"), data
            self.is_open.set_result(None)


@contextmanager
def process(kind: str, port: int) -> Iterator[None]:
    child = subprocess.Popen([sys.executable, "-m", "benchmarks.live_processes", kind, str(port)], cwd=ROOT)
    try:
        yield
    finally:
        child.terminate()
        child.wait(timeout=10)


async def opened(port: int, *, desks: int, path: str) -> list[float]:
    """Connects the desks; what comes back fills with the times at which events arrive."""
    loop = asyncio.get_running_loop()
    arrived: list[float] = []
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    for _ in range(desks):
        is_open: asyncio.Future[None] = loop.create_future()
        while True:
            try:
                await loop.create_connection(partial(Desk, request, arrived, is_open), "127.0.0.1", port)
                break
            except OSError:
                await asyncio.sleep(0.1)
        await is_open
    return arrived


async def rounds(arrived: list[float], tell: Callable[[int], None], *, desks: int, count: int) -> list[float]:
    """Tells `count` times; milliseconds from telling to arriving, one for each desk and round."""
    taken: list[float] = []
    for number in range(count):
        arrived.clear()
        began = time.monotonic()
        await asyncio.to_thread(tell, number)
        while len(arrived) < desks:
            assert time.monotonic() - began < 20, f"only {len(arrived)} of {desks} desks heard"
            await asyncio.sleep(0.005)
        if number:  # the first is for warming up
            taken += [(at - began) * 1000 for at in arrived]
        await asyncio.sleep(PAUSE_S)
    return taken


def ticket_path() -> str:
    from tellonce.kernel.tickets import Ticket, sign  # noqa: PLC0415

    ticket = Ticket(person_id=1, session="bench", topics=(TOPIC,), ends_at_s=int(time.time()) + 3600)
    return f"/live/events?ticket={sign(ticket, secret=SECRET)}"


def notifier(channel: str) -> Callable[[int], None]:
    connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)

    def tell(number: int) -> None:
        payload = json.dumps([[[TOPIC], "care.contact_began", {"contact_id": number}]])
        connection.execute("SELECT pg_notify(%s, %s)", [channel, payload])

    return tell


def teller() -> Callable[[int], None]:
    """Tells a real moment in a customer's story, which the desks hear of as an arrival."""
    from django.utils import timezone  # noqa: PLC0415

    from tellonce.modules.care.contracts import MessageWritten  # noqa: PLC0415
    from tellonce.modules.record import story  # noqa: PLC0415
    from tellonce.modules.record.contracts import Told  # noqa: PLC0415
    from tellonce.modules.staff.contracts import SYSTEM  # noqa: PLC0415

    def tell(number: int) -> None:
        what = MessageWritten(f"Moment {number}")
        story.tell(Told(customer_id=1, what=what, at=timezone.now(), by=SYSTEM, words="Hello", topics=(TOPIC,)))

    return tell


def prepare(server: databases.Server) -> None:
    os.environ["DATABASE_URL"] = server.at(DATABASE)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tellonce.config.settings"
    server.make(DATABASE)
    import django  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", verbosity=0)


def measure(kinds: list[str], tell: Callable[[int], None], *, path: str, desks: int, count: int) -> list[float]:
    """Starts the processes (the first one is listened to), connects the desks and tells."""
    port = free_port()

    async def run() -> list[float]:
        arrived = await opened(port, desks=desks, path=path)
        await asyncio.sleep(1)
        return await rounds(arrived, tell, desks=desks, count=count)

    with ExitStack() as stack:
        for kind in kinds:
            stack.enter_context(process(kind, port))
        return asyncio.run(run())


def main() -> None:
    """Prints the figures of the three ways."""
    desks, count = number_after("--desks", 1000), number_after("--rounds", 40) + 1
    with databases.server() as server:
        prepare(server)
        from tellonce.live.wire import CHANNEL  # noqa: PLC0415

        bare = measure(["bare"], notifier(BARE_CHANNEL), path="/", desks=desks, count=count)
        ours = measure(["live"], notifier(CHANNEL), path=ticket_path(), desks=desks, count=count)
        whole = measure(["live", "relay"], teller(), path=ticket_path(), desks=desks, count=count)
    many = f"{desks:,} desks"
    for share, name in ((0.5, "p50"), (0.99, "p99")):
        against = MOST_P99_MS if name == "p99" else None
        limit = "limit" if against else ""
        say(Figure(f"a moment told until it arrived, {many}, {name}", quantile(whole, share), "ms", limit, against))
        peer = quantile(bare, share)
        say(Figure(f"a NOTIFY until it arrived, {many}, {name}", quantile(ours, share), "ms", "a bare stream", peer))
    say(Figure(f"the bare stream, {many}, mean", statistics.fmean(bare), "ms"))


if __name__ == "__main__":
    main()
