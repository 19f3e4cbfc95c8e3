"""After a test that commits, the database is again as it was migrated.

Django empties every table, lays its own rows anew and leaves out those of our migrations: that takes ten times as long,
and every later test would lay the tree of matters for itself.
"""

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

_KEPT = "as_migrated"
_FILLED = """
SELECT relname FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
"""
_IS_THE_SAME = """
SELECT NOT EXISTS (TABLE public.{name} EXCEPT TABLE {kept}.{name})
AND NOT EXISTS (TABLE {kept}.{name} EXCEPT TABLE public.{name})
"""


def keep_as_migrated() -> None:
    """Remembers the rows that are there now."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {_KEPT}")
        for name in _filled(cursor):
            cursor.execute(f"CREATE TABLE {_KEPT}.{name} AS TABLE public.{name}")


@transaction.atomic
def put_back() -> None:
    """Empties the tables in which something else is, which the access log refuses anywhere else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [_KEPT])
        kept = {name for (name,) in cursor.fetchall()}
        changed = [name for name in _filled(cursor) if name not in kept or not _is_the_same(cursor, name)]
        if changed:
            cursor.execute("SET LOCAL tellonce.may_truncate = 'on'")
            cursor.execute(f"TRUNCATE {', '.join(changed)} CASCADE")
        for name in kept:
            cursor.execute(f"INSERT INTO public.{name} TABLE {_KEPT}.{name} ON CONFLICT DO NOTHING")


def _filled(cursor: CursorWrapper) -> list[str]:
    cursor.execute(_FILLED)
    return [name for (name,) in cursor.fetchall()]


def _is_the_same(cursor: CursorWrapper, name: str) -> bool:
    cursor.execute(_IS_THE_SAME.format(name=name, kept=_KEPT))
    return bool(cursor.fetchone()[0])
