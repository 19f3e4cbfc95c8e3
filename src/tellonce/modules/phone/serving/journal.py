"""The switchboard's journal in PostgreSQL, on the connection that holds the lock: who lost it can keep nothing more."""

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import psycopg
from psycopg.rows import tuple_row

from tellonce.modules.phone.contracts import LOCK
from tellonce.modules.phone.serving.shown import show
from tellonce.switchboard.codec import decode, encode
from tellonce.switchboard.errors import JournalError
from tellonce.switchboard.facts import Fact
from tellonce.switchboard.folding import Event
from tellonce.switchboard.ports import Asking, Kept, Past

log = logging.getLogger(__name__)

_PAGE = 5_000

Connection = psycopg.Connection[tuple[Any, ...]]


class PostgresJournal:
    """Events in `phone_event`; a switchboard that has not the lock stands by."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._connection: Connection | None = None

    def take_over(self) -> bool:
        """Tries for the lock; it is held as long as the connection is there."""
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(
                self._conninfo, row_factory=tuple_row, autocommit=True, connect_timeout=5,
                fallback_application_name="tellonce switchboard",
            )  # fmt: skip
        row = self._connection.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,)).fetchone()
        return bool(row and row[0])

    def read(self, *, whole: bool = False) -> Past:
        """The last board, if any, and what came after it; or the whole of it."""
        row = (
            None
            if whole
            else self._mine.execute(
                "SELECT event_id, board FROM phone_checkpoint ORDER BY event_id DESC LIMIT 1"
            ).fetchone()
        )
        since, board = row or (0, None)
        return Past(board, self._events(since))

    def _events(self, since: int) -> Iterator[Event]:
        """In pages: a year of events fits into no memory."""
        while rows := self._mine.execute(
            "SELECT id, kind, data FROM phone_event WHERE id > %s ORDER BY id LIMIT %s", (since, _PAGE)
        ).fetchall():
            yield from (decode(kind, data) for _id, kind, data in rows)
            since = rows[-1][0]

    def keep(self, kept: Kept) -> None:
        """Events, what was asked for, and what pages see, in one transaction; JournalError if the lock may be lost."""
        try:
            with self._mine.transaction(), self._mine.cursor() as cursor:
                _insert(cursor, kept.events)
                if kept.done:
                    cursor.execute("DELETE FROM phone_asked WHERE id = ANY(%s)", (list(kept.done),))
                if kept.shown is not None:
                    show(cursor, kept.shown)
        except psycopg.OperationalError as error:
            raise JournalError("The database is gone: another switchboard may be serving by now.") from error

    def freeze(self, board: Mapping[str, Any]) -> None:
        """Only the last board is kept: the events before it may go when they are no longer wanted."""
        with self._mine.transaction():
            self._mine.execute(
                "INSERT INTO phone_checkpoint (event_id, at, board)"
                " SELECT coalesce(max(id), 0), %s, %s::jsonb FROM phone_event"
                " ON CONFLICT (event_id) DO UPDATE SET at = excluded.at, board = excluded.board",
                (board["now"], json.dumps(board, allow_nan=False)),
            )
            self._mine.execute(
                "DELETE FROM phone_checkpoint WHERE event_id < (SELECT max(event_id) FROM phone_checkpoint)"
            )

    def asked(self) -> Sequence[Asking]:
        """What is asked for, in order; what cannot be read is dropped, so that it holds nobody up."""
        rows = self._mine.execute("SELECT id, kind, data FROM phone_asked ORDER BY id LIMIT 200").fetchall()
        return [asking for row in rows if (asking := self._read(*row)) is not None]

    def _read(self, number: int, kind: str, data: Mapping[str, Any]) -> Asking | None:
        try:
            return Asking(number, cast("Fact", decode(kind, data)))
        except JournalError:
            log.exception("switchboard.asked_unreadable", extra={"kind": kind})
            self._mine.execute("DELETE FROM phone_asked WHERE id = %s", (number,))
            return None

    def close(self) -> None:
        """Gives the lock back."""
        if self._connection is not None:
            self._connection.close()

    @property
    def _mine(self) -> Connection:
        if self._connection is None or self._connection.closed:
            raise JournalError("The database is gone: another switchboard may be serving by now.")
        return self._connection


def _insert(cursor: psycopg.Cursor[tuple[Any, ...]], events: Sequence[Event]) -> None:
    rows = [(event.at, kind, data.get("contact", ""), json.dumps(data, allow_nan=False))
            for event in events for kind, data in (encode(event),)]  # fmt: skip
    cursor.executemany("INSERT INTO phone_event (at, kind, contact, data) VALUES (%s, %s, %s, %s::jsonb)", rows)
