"""Which server for the pages: the customer's page, signed in, over the same PostgreSQL, by granian and by gunicorn.

Each with as many processes as processors. All run at once and are asked in turns, in short rounds: whatever else the
machine does meanwhile hits all of them alike. Run: python -m benchmarks.page_server [--json] [--customers 10000]
"""

import os
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks import databases, opening
from benchmarks.harness import Load, open_pages
from benchmarks.report import Figure, quantile, say

CUSTOMERS = 10_000
MOMENTS = 20
ROUNDS = 4
PAGES = 48
PAGES_ALONE = 16
CONNECTIONS = 8
TARGET = "tellonce.config.wsgi:application"
WORKERS = str(os.cpu_count() or 2)

Command = Callable[[int], list[str]]


def granian(threads: int) -> Command:
    """Our server, with so many threads in each process."""
    return lambda port: [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws",
        "--workers", WORKERS, "--blocking-threads", str(threads), "--log-level", "error", TARGET,
    ]  # fmt: skip


def gunicorn(threads: int) -> Command:
    """The peer; 1 thread is its plain worker, which takes one connection at a time and keeps none open."""
    kind = ["--worker-class", "gthread", "--threads", str(threads), "--keep-alive", "30"] if threads > 1 else []
    return lambda port: [
        sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", WORKERS, *kind,
        "--log-level", "error", TARGET,
    ]  # fmt: skip


SERVERS: dict[str, Command] = {
    "gunicorn, 4 threads": gunicorn(4),  # the peer that the others stand beside comes first
    "gunicorn, 2 threads": gunicorn(2),
    "granian, 1 thread": granian(1),
    "granian, 2 threads": granian(2),
    "granian, 4 threads": granian(4),
    "granian, 8 threads": granian(8),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What one round came to: the load, and the processor's seconds that the server's processes took for it."""

    load: Load
    processor_s: float


def processor_s(group: int) -> float:
    """Seconds of the processor that all processes of a group have taken (from /proc: Linux only, else 0)."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(") ", 1)[1].split()
        except (OSError, IndexError):
            continue
        if int(fields[2]) == group:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def asked(servers: dict[str, opening.Served], ask: Callable[[opening.Served], Load]) -> dict[str, list[Asked]]:
    """Every server asked in every round; the first round is not counted: it warms them up."""
    rounds: dict[str, list[Asked]] = {name: [] for name in servers}
    for turn in range(ROUNDS + 1):
        for name, server in servers.items():
            before = processor_s(server.group)
            load = ask(server)
            if turn:
                rounds[name].append(Asked(load, processor_s(server.group) - before))
    return rounds


def customers_at_once(server: opening.Served) -> Load:
    """Customers' pages over all connections."""
    return server.open(PAGES, connections=CONNECTIONS)


def customers_alone(server: opening.Served) -> Load:
    """Customers' pages one after the other."""
    return server.open(PAGES_ALONE, connections=1)


def next_to_nothing(server: opening.Served) -> Load:
    """The smallest page with a query: what is left is the server's own cost."""
    cookie = str(server.seen["cookie"])
    return open_pages(["/healthz"] * PAGES * 4, port=server.port, cookie=cookie, connections=CONNECTIONS)


def tell(what: str, found: dict[str, list[Asked]]) -> None:
    """Prints each server's figures of one question, beside the first server's."""
    peer, peers = next(iter(found)), (None, None)
    for name, rounds in found.items():
        rate = median(each.load.per_second for each in rounds)
        milliseconds = [second * 1000 for each in rounds for second in each.load.seconds]
        cost = sum(each.processor_s for each in rounds) * 1000 / len(milliseconds)
        beside = "" if peers == (None, None) else peer
        say(Figure(f"{what}, {name}: pages a second", rate, "pages/s", beside, peers[0]))
        say(Figure(f"{what}, {name}: processor's time for a page", cost, "ms", beside, peers[1]))
        say(Figure(f"{what}, {name}: p50", quantile(milliseconds, 0.5), "ms"))
        say(Figure(f"{what}, {name}: p99", quantile(milliseconds, 0.99), "ms"))
        peers = peers if beside else (rate, cost)


def main() -> None:
    """Starts all, asks all, says what was found."""
    customers = int(sys.argv[sys.argv.index("--customers") + 1]) if "--customers" in sys.argv else CUSTOMERS
    with databases.server() as server, ExitStack() as running:
        ready = opening.prepared(server, customers=customers, moments=MOMENTS)
        servers = {name: running.enter_context(ready.served(command)) for name, command in SERVERS.items()}
        tell(f"a customer's page over {CONNECTIONS} connections", asked(servers, customers_at_once))
        tell("a customer's page alone", asked(servers, customers_alone))
        tell(f"the smallest page over {CONNECTIONS} connections", asked(servers, next_to_nothing))


if __name__ == "__main__":
    main()
