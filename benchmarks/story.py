"""How fast the story is appended to, one by one and in bulk, beside plain psycopg writing the same rows.

Run: python -m benchmarks.story [--json]
"""

import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import django
from django.core.management import call_command
from django.db import connection, transaction
from psycopg.types.json import Jsonb

from benchmarks import databases
from benchmarks.report import Figure, say

NAME = "tellonce_bench_story"
ONE_BY_ONE = 2_000
BULK = 100_000
ROUNDS = 3
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
_OUTBOX = """
INSERT INTO record_outboxrow (topics, kind, customer_id, moment_id, body, written_at) VALUES (%s, %s, %s, %s, '{}', %s)
"""


def use(server: databases.Server) -> None:
    """Points Django at the benchmark's database, made and migrated where it is missing."""
    server.make(NAME)
    os.environ["DATABASE_URL"] = server.at(NAME)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tellonce.config.settings"
    django.setup()
    call_command("migrate", verbosity=0)


class Ways:
    """Ours and plain psycopg, writing the same rows; each committed as it would be."""

    def __init__(self) -> None:
        from tellonce.modules.record import contracts, story  # noqa: PLC0415 (after setup)
        from tellonce.modules.staff.contracts import SYSTEM  # noqa: PLC0415 (after setup)

        self.story, self.contracts, self.system = story, contracts, SYSTEM
        self.columns = ", ".join(f'"{name}"' for name in story.COLUMNS)
        self.marks = ", ".join(["%s"] * len(story.COLUMNS))

    def moments(self, count: int) -> Iterator[Any]:
        """Moments of 10,000 customers; every third carries words."""
        for n in range(count):
            yield self.contracts.Told(
                customer_id=n % 10_000,
                what=self.contracts.CustomerRenamed(before="Maria Gonzalez", after="Maria Gonzalez-Smith"),
                at=AT + timedelta(seconds=n),
                by=self.system,
                words="Drops every evening around nine; levels at the tap are fine." if n % 3 == 0 else "",
            )

    def rows(self, count: int) -> list[list[Any]]:
        """The same as rows for psycopg, made beforehand."""
        made = (self.story.moment_of(one) for one in self.moments(count))
        rows = [[getattr(one, name) for name in self.story.COLUMNS] for one in made]
        place = self.story.COLUMNS.index("data")
        return [[*row[:place], Jsonb(row[place]), *row[place + 1 :]] for row in rows]

    def tell(self) -> None:
        """Our way, one transaction each."""
        for one in self.moments(ONE_BY_ONE):
            self.story.tell(one)

    def insert(self, rows: list[list[Any]]) -> None:
        """Two INSERTs (moment and outbox) in one transaction each."""
        for row in rows:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"INSERT INTO record_moment ({self.columns}) VALUES ({self.marks})", row)
                cursor.execute(_OUTBOX, [[f"customer:{row[0]}"], row[3], row[0], row[1], row[2]])

    def load(self) -> None:
        """Our bulk way."""
        self.story.load(self.moments(BULK))

    def copy(self, rows: list[list[Any]]) -> None:
        """One COPY."""
        statement = f"COPY record_moment ({self.columns}) FROM STDIN"
        with transaction.atomic(), connection.cursor() as cursor, cursor.copy(statement) as stream:
            for row in rows:
                stream.write_row(row)


def rate(task: Callable[[], object], count: int) -> float:
    """Rows a second."""
    began = time.perf_counter()
    task()
    return count / (time.perf_counter() - began)


def main() -> None:
    """Each way in turn, three rounds, the best of each: the sides alternate on the same machine."""
    with databases.server() as server:
        use(server)
        ways = Ways()
        best = dict.fromkeys(("tell", "insert", "load", "copy"), 0.0)
        for _round in range(ROUNDS):
            with connection.cursor() as cursor:
                cursor.execute("TRUNCATE record_moment, record_outboxrow")
            few, many = ways.rows(ONE_BY_ONE), ways.rows(BULK)
            best["tell"] = max(best["tell"], rate(ways.tell, ONE_BY_ONE))
            best["insert"] = max(best["insert"], rate(partial(ways.insert, few), ONE_BY_ONE))
            best["load"] = max(best["load"], rate(ways.load, BULK))
            best["copy"] = max(best["copy"], rate(partial(ways.copy, many), BULK))
        say(Figure("moments told one by one", best["tell"], "moments/s", "psycopg INSERT, same rows", best["insert"]))
        say(Figure("moments loaded in bulk", best["load"], "moments/s", "psycopg COPY, same rows", best["copy"]))


if __name__ == "__main__":
    main()
