"""The switchboard's journal in PostgreSQL, on the connection that holds the lock: who lost it can keep nothing more."""

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.rows import tuple_row

from tellonce.modules.phone.contracts import LOCK
from tellonce.modules.phone.serving.left import facts_left
from tellonce.modules.phone.serving.shown import show
from tellonce.switchboard.codec import decode, encode
from tellonce.switchboard.errors import JournalError, JournalLostError, NotKeptError
from tellonce.switchboard.facts import Fact
from tellonce.switchboard.folding import Event
from tellonce.switchboard.ports import Asking, Kept, Past

log = logging.getLogger(__name__)

_PAGE = 5_000

GONE_AFTER_S = 11
"""A machine that died without a word has lost its lock after that: 5 s of silence, and three questions 2 s apart."""

_OURS = {"keepalives": 1, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3,
         "tcp_user_timeout": 1_000 * GONE_AFTER_S}  # fmt: skip
_THEIRS = {"tcp_keepalives_idle": "5", "tcp_keepalives_interval": "2", "tcp_keepalives_count": "3",
           "tcp_user_timeout": f"{GONE_AFTER_S}s"}  # fmt: skip

_THIN_OUT = """
DELETE FROM phone_checkpoint WHERE event_id < (SELECT max(event_id) FROM phone_checkpoint)
    AND event_id NOT IN (SELECT min(event_id) FROM phone_checkpoint GROUP BY floor(at / 86400))
"""
_BEGINNING = """
SELECT max(id) FROM (
    SELECT id FROM phone_event WHERE kind = 'BegunAnew'
    UNION ALL
    SELECT id FROM (SELECT id, kind FROM phone_event ORDER BY id LIMIT 1) AS first
    WHERE kind = 'Configured' AND id <= coalesce((SELECT min(event_id) FROM phone_checkpoint), id)
) AS beginning
"""
_HOLDER = """
SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND classid = %s AND objid = %s
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""

Connection = psycopg.Connection[tuple[Any, ...]]


class PostgresJournal:
    """Events in `phone_event`; a switchboard that has not the lock stands by.

    `_last` is the last event that this one has kept, or had before it: another may only have kept some after it.
    """

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._connection: Connection | None = None
        self._is_closed = False
        self._last: int | None = None
        self._pid = 0  # of the server's process that has the lock for us
        self._is_in_doubt = False  # whether what was being kept when the connection broke is kept

    def take_over(self) -> bool:
        """Tries for the lock; it is held as long as the connection is there."""
        with _reached():
            if self._connection is None or self._connection.closed:
                self._connection = self._connected()
            is_ours = self._locks(self._connection)
            if is_ours:
                self._last = _newest(self._connection)
        return is_ours

    def regain(self) -> bool:
        """Connects anew; JournalError if another has, or had, the lock meanwhile."""
        before = self._connection
        if self._is_closed or before is None or self._last is None:
            raise JournalError("This journal was given back.")
        try:
            with _reached():
                if before.closed:
                    self._connection = self._connected()
                connection = self._mine
                if not self._locks(connection):
                    _end_ghost(connection, self._pid)
                    return False
                newest = _newest(connection)
        except JournalLostError:
            return False
        if newest > self._last and not self._is_in_doubt:
            raise JournalError("Another switchboard has served meanwhile.")
        return True

    def _connected(self) -> Connection:
        connection = psycopg.connect(
            make_conninfo(self._conninfo, fallback_application_name="tellonce switchboard", connect_timeout=5, **_OURS),
            row_factory=tuple_row, autocommit=True,
        )  # fmt: skip
        for name, value in _THEIRS.items():
            connection.execute("SELECT set_config(%s, %s, false)", (name, value))
        return connection

    def _locks(self, connection: Connection) -> bool:
        row = connection.execute("SELECT pg_try_advisory_lock(%s), pg_backend_pid()", (LOCK,)).fetchone()
        if row is None or not row[0]:
            return False
        self._pid = row[1]
        return True

    def read(self, *, whole: bool = False) -> Past:
        """The last board, if any, and what came after it; or the whole of it, since it last began."""
        with _reached():
            if whole:
                row = self._mine.execute(_BEGINNING).fetchone()
                if row is None or row[0] is None:
                    raise JournalError("The journal was thinned out: its beginning is there no more.")
                return Past(None, self._events(row[0] - 1))
            row = self._mine.execute(
                "SELECT event_id, board FROM phone_checkpoint ORDER BY event_id DESC LIMIT 1"
            ).fetchone()
            since, board = row or (0, None)
            return Past(board, self._events(since))

    def left(self) -> Sequence[Fact]:
        """From the rows that pages read."""
        with _reached():
            return facts_left(self._mine)

    def _events(self, since: int) -> Iterator[Event]:
        """In pages: a year of events fits into no memory."""
        while rows := self._page(since):
            yield from (decode(kind, data) for _id, kind, data in rows)
            since = rows[-1][0]

    def _page(self, since: int) -> list[tuple[Any, ...]]:
        with _reached():
            return self._mine.execute(
                "SELECT id, kind, data FROM phone_event WHERE id > %s ORDER BY id LIMIT %s", (since, _PAGE)
            ).fetchall()

    def keep(self, kept: Kept) -> None:
        """Events, what was asked for, and what pages see, in one transaction; what is kept already not again."""
        last = self._last
        try:
            with _reached(), self._mine.transaction(), self._mine.cursor() as cursor:
                if kept.events and not (self._is_in_doubt and self._is_there(cursor, kept.events)):
                    last = _insert(cursor, kept.events)
                elif kept.events:
                    last = _newest(self._mine)
                if kept.done:
                    cursor.execute("DELETE FROM phone_asked WHERE id = ANY(%s)", (list(kept.done),))
                if kept.shown is not None:
                    show(cursor, kept.shown)
        except JournalLostError:
            self._is_in_doubt = True
            raise
        except (psycopg.DataError, psycopg.IntegrityError, ValueError) as error:
            raise NotKeptError(f"The database refuses what is to be kept: {type(error).__name__}.") from error
        self._last, self._is_in_doubt = last, False

    def _is_there(self, cursor: psycopg.Cursor[tuple[Any, ...]], events: Sequence[Event]) -> bool:
        """Whether the transaction whose answer was lost went through; JournalError for what another has written."""
        rows = cursor.execute(
            "SELECT kind, data FROM phone_event WHERE id > %s ORDER BY id", (self._last or 0,)
        ).fetchall()
        if not rows:
            return False
        if rows != [(kind, json.loads(json.dumps(data))) for kind, data in map(encode, events)]:
            raise JournalError("Another switchboard has served meanwhile.")
        return True

    def freeze(self, board: Mapping[str, Any]) -> None:
        """Kept are the last board, to go on from, and the first of each day (UTC), to replay that day from."""
        with _reached(), self._mine.transaction():
            self._mine.execute(
                "INSERT INTO phone_checkpoint (event_id, at, board)"
                " SELECT coalesce(max(id), 0), %s, %s::jsonb FROM phone_event"
                " ON CONFLICT (event_id) DO UPDATE SET at = excluded.at, board = excluded.board",
                (board["now"], json.dumps(board, allow_nan=False)),
            )
            self._mine.execute(_THIN_OUT)

    def asked(self) -> Sequence[Asking]:
        """What is asked for, in order; what cannot be read is dropped, so that it holds nobody up."""
        with _reached():
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
        """Gives the lock back, for good."""
        self._is_closed = True
        if self._connection is not None:
            self._connection.close()

    @property
    def _mine(self) -> Connection:
        if self._is_closed:
            raise JournalError("This journal was given back.")
        if self._connection is None or self._connection.closed:
            raise JournalLostError("The connection to the database is gone.")
        return self._connection


@contextmanager
def _reached() -> Iterator[None]:
    """JournalLostError for whatever keeps us from the database for now."""
    try:
        yield
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        raise JournalLostError("The database cannot be reached, or cannot work.") from error


def _newest(connection: Connection) -> int:
    row = connection.execute("SELECT coalesce(max(id), 0) FROM phone_event").fetchone()
    return int(row[0]) if row else 0


def _end_ghost(connection: Connection, pid: int) -> None:
    """Our own broken connection may hold the lock until the server notices; JournalError if it is another that does."""
    row = connection.execute(_HOLDER, (LOCK >> 32, LOCK & 0xFFFF_FFFF)).fetchone()
    if row is None:
        return
    if row[0] != pid:
        raise JournalError("Another switchboard serves by now.")
    connection.execute("SELECT pg_terminate_backend(%s)", (pid,))


def _insert(cursor: psycopg.Cursor[tuple[Any, ...]], events: Sequence[Event]) -> int:
    """Returns the last one's number."""
    rows = [(event.at, kind, data.get("contact", ""), json.dumps(data, allow_nan=False))
            for event in events for kind, data in (encode(event),)]  # fmt: skip
    cursor.executemany("INSERT INTO phone_event (at, kind, contact, data) VALUES (%s, %s, %s, %s::jsonb)", rows)
    row = cursor.execute("SELECT lastval()").fetchone()
    return int(row[0]) if row else 0
