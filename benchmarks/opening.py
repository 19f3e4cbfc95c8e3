"""A Tellonce with as many customers as asked, served as in production, whose customer pages can be opened."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks import databases
from benchmarks.harness import ROOT, Load, free_port, open_pages, serving

SEED = 20261122


def page_of(customer_id: int) -> str:
    """The page of a customer, opened on the case that every seeded customer has, with the same id."""
    return f"/customers/{customer_id}?case={customer_id}"


@dataclass(frozen=True, slots=True)
class Served:
    """A server that answers, and a signed-in representative."""

    port: int
    customers: int
    seen: dict[str, str | float]
    group: int = 0

    def open(self, pages: int, *, connections: int) -> Load:
        """Opens `pages` customers drawn by chance from a fixed seed."""
        chance = random.Random(SEED + pages)
        paths = [page_of(chance.randint(1, self.customers)) for _ in range(pages)]
        return open_pages(paths, port=self.port, cookie=str(self.seen["cookie"]), connections=connections)


def granian(target: str, port: int, *, workers: str, python: str = sys.executable) -> list[str]:
    """The command line of the pages' server."""
    return [
        python, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", workers, "--blocking-threads", "4", "--no-ws", "--log-level", "error", target,
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Prepared:
    """A filled database: what a server of pages needs to know of it, and what was seen of its pages."""

    environment: dict[str, str]
    customers: int
    seen: dict[str, str | float]

    @contextmanager
    def served(self, command: Callable[[int], list[str]]) -> Iterator[Served]:
        """Serves its pages by the command line that `command` makes for a port, until the block ends."""
        port = free_port()
        with serving(command(port), port=port, environment=self.environment, path="/healthz") as group:
            yield Served(port=port, customers=self.customers, seen=self.seen, group=group)


def prepared(server: databases.Server, *, customers: int, moments: int) -> Prepared:
    """Fills the database if need be (it is kept for the next run), and signs somebody in."""
    name = f"tellonce_bench_{customers}_{moments}"
    server.make(name)
    environment = {
        "DATABASE_URL": server.at(name),
        "DJANGO_SETTINGS_MODULE": "tellonce.config.settings",
        "TELLONCE_HOSTS": "localhost,127.0.0.1",
        "TELLONCE_SECRET_KEY": "benchmarks-only-" + "x" * 40,
    }
    filled = subprocess.run(
        [sys.executable, "-m", "benchmarks.prepare_pages", str(customers), str(moments)],
        env={**os.environ, **environment}, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return Prepared(environment=environment, customers=customers, seen=json.loads(filled.stdout.splitlines()[-1]))


@contextmanager
def served(server: databases.Server, *, customers: int, moments: int, workers: str = "2") -> Iterator[Served]:
    """Fills the database if need be and serves the pages as `tellonce web` does, until the block ends."""
    ready = prepared(server, customers=customers, moments=moments)
    with ready.served(lambda port: granian("tellonce.config.wsgi:application", port, workers=workers)) as ours:
        yield ours
