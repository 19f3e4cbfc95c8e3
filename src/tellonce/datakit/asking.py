"""Several reads in one round trip, each understood by whoever asked it."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import psycopg
from django.db import connection

T = TypeVar("T")
Row = tuple[Any, ...]
Values = Mapping[str, Any] | Sequence[Any]


@dataclass(slots=True)
class _Asked:
    sql: str
    values: Values
    cursor: type[psycopg.Cursor[Row]]
    rows: list[Row] | None = None


@dataclass(slots=True)
class Together:
    """Collects reads; they go to the database when the block of `together` ends."""

    _asked: list[_Asked] = field(default_factory=list)

    def __call__(
        self, sql: str, values: Values, understand: Callable[[list[Row]], T], *, is_prepared: bool = True
    ) -> Callable[[], T]:
        """Asks it with the others; what comes back gives, after the block, what `understand` makes of the rows.

        A statement whose best plan depends on its values (words that are searched for) is not to be prepared.
        """
        asked = _Asked(sql, values, psycopg.Cursor if is_prepared else psycopg.ClientCursor)
        self._asked.append(asked)

        def answer() -> T:
            assert asked.rows is not None, "asked, and not answered yet: the block of `together` has not ended"
            return understand(asked.rows)

        return answer

    def _fetch(self) -> None:
        if not self._asked:
            return
        connection.ensure_connection()
        began = time.monotonic()
        with connection.wrap_database_errors:
            with connection.connection.pipeline():
                cursors = [each.cursor(connection.connection).execute(each.sql, each.values) for each in self._asked]
            for each, cursor in zip(self._asked, cursors, strict=True):
                each.rows = cursor.fetchall()
        self._log((time.monotonic() - began) / len(self._asked))

    def _log(self, seconds: float) -> None:
        """Where Django counts queries these count too."""
        if connection.queries_logged:
            written = psycopg.ClientCursor(connection.connection).mogrify
            connection.queries_log.extend(
                {"sql": written(each.sql, each.values), "time": f"{seconds:.3f}"} for each in self._asked
            )


@contextmanager
def together() -> Iterator[Together]:
    """What is asked inside the block goes to the database in one round trip at its end, as prepared statements.

    Reads, which outside a transaction each see what was committed when they ran, and what is written down about them,
    which is kept only when none of them fails. Raises django.db.DatabaseError then, as the ORM does.
    """
    ask = Together()
    yield ask
    ask._fetch()  # noqa: SLF001 - its own block


def alone(asking: Callable[[Together], Callable[[], T]]) -> T:
    """The answer to one read: `alone(lambda ask: ask_for_it(ask, customer_id))`."""
    with together() as ask:
        answer = asking(ask)
    return answer()
