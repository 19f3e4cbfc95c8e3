"""The PostgreSQL of the benchmarks: yours by DATABASE_URL, else an embedded one kept under tmp/bench."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from benchmarks.harness import ROOT

HOME = ROOT / "tmp" / "bench"


@dataclass(frozen=True, slots=True)
class Server:
    """A server, by the address of its maintenance database."""

    url: str

    def at(self, name: str) -> str:
        """The address of the database `name`."""
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    @property
    def socket_folder(self) -> str:
        """Where the server's socket is; empty for one that is reached by host and port."""
        return parse_qs(urlsplit(self.url).query).get("host", [""])[0]

    def make(self, name: str) -> bool:
        """Makes the database `name`; False when it was there already."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            if connection.execute("SELECT FROM pg_database WHERE datname = %s", (name,)).rowcount:
                return False
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            return True

    def drop(self, name: str) -> None:
        """Takes the database `name` away where there is one."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


@contextmanager
def server() -> Iterator[Server]:
    """A running server; the embedded one is stopped at the end, its data are kept for the next run."""
    os.environ.setdefault("TELLONCE_HOME", str(HOME))
    given = os.environ.get("DATABASE_URL")
    if given:
        yield Server(urlunsplit(urlsplit(given)._replace(path="/postgres")))
        return
    from tellonce.config.embedded import running  # noqa: PLC0415 (not needed with DATABASE_URL)

    with running(HOME) as embedded:
        yield Server(f"postgresql://tellonce@/postgres?host={embedded.layout.socket_folder()}")
