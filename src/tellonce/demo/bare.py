"""The big tables without what is looked up and checked row by row, for as long as a new demo is written into them."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from django.db import connection, transaction

_AT_ONCE: Final = 2  # connections that make indexes: each is one process of the database
_MEMORY: Final = "128MB"
_BIG: Final = "^(record|care|phone|network|billing)_"
_FOREIGN_KEYS: Final = """
SELECT conrelid::regclass::text, format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
       format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
FROM pg_constraint
WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conrelid::regclass::text ~ %s
ORDER BY conrelid, conname
"""
_INDEXES: Final = """
SELECT indrelid::regclass::text, format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
WHERE NOT indisunique AND relnamespace = 'public'::regnamespace AND relname ~ %s
ORDER BY indrelid, indexrelid
"""


@dataclass(frozen=True, slots=True)
class _Part:
    """A foreign key or an index of a table, by the statements that take it away and make it again."""

    table: str
    drop: str
    make: str


@contextmanager
def bare_tables(progress: Callable[[str, float], None]) -> Iterator[None]:
    """Lays foreign keys and plain indexes aside, and makes them again at the end from their own definitions.

    A foreign key that is made anew looks at every row, so no rule is passed over; unique indexes, checks and triggers
    stay where they are. Only for a database that is being made and that nobody uses: whoever is interrupted here makes
    all of it again.
    """
    keys, indexes = _parts(_FOREIGN_KEYS), _parts(_INDEXES)
    with transaction.atomic(), connection.cursor() as cursor:
        for part in (*keys, *indexes):
            cursor.execute(part.drop)
    yield
    progress("indexes", 0.85)
    _make(indexes)
    progress("foreign keys", 0.93)
    _run([part.make for part in keys])


def _parts(query: str) -> list[_Part]:
    with connection.cursor() as cursor:
        cursor.execute(query, [_BIG])
        return [_Part(*row) for row in cursor.fetchall()]


def _make(indexes: Sequence[_Part]) -> None:
    """Each table's indexes one after another, so that it is read while it is still in memory."""
    tables: dict[str, list[str]] = {}
    for part in indexes:
        tables.setdefault(part.table, []).append(part.make)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for done in [pool.submit(_run, statements) for statements in tables.values()]:
            done.result()


def _run(statements: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('maintenance_work_mem', %s, false)", [_MEMORY])
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("RESET maintenance_work_mem")
    connection.close()
