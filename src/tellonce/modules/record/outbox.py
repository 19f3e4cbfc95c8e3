"""The relay: takes rows out of the outbox and says so, each batch in one transaction.

Rows are claimed by SKIP LOCKED and deleted in the transaction that tells of them, so any number of relays may run,
a late commit is never skipped, and a relay killed at any time loses nothing and tells nothing twice.
"""

import json
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import Count, Min

from tellonce.live.wire import CHANNEL, Event, payloads
from tellonce.modules.record.contracts import Announced, HearsOutbox
from tellonce.modules.record.models import OutboxRow

log = logging.getLogger(__name__)

BATCH = 500
_PASS_OVER_S = 5.0

_CLAIM = """
WITH claimed AS (
    SELECT id FROM record_outboxrow
    WHERE (%(only)s::bigint IS NULL OR id = %(only)s) AND id <> ALL(%(passed_over)s::bigint[])
    ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
DELETE FROM record_outboxrow USING claimed WHERE record_outboxrow.id = claimed.id
RETURNING record_outboxrow.id, topics, kind, customer_id, moment_id, body::text, written_at
"""


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much waits in the outbox, and since when the oldest row does."""

    rows: int
    oldest_at: datetime | None


def backlog() -> Backlog:
    """What waits now."""
    waiting = OutboxRow.objects.aggregate(rows=Count("id"), oldest=Min("written_at"))
    return Backlog(rows=waiting["rows"], oldest_at=waiting["oldest"])


class Relay:
    """Takes batches out of the outbox. `hearers` are told of each; `clock` counts seconds."""

    def __init__(
        self, *, hearers: Sequence[HearsOutbox], clock: Callable[[], float] = time.monotonic, batch: int = BATCH
    ) -> None:
        self._hearers = hearers
        self._clock = clock
        self._batch = batch
        self._passed_over: dict[int, float] = {}

    def turn(self) -> int:
        """Takes one batch and tells of it; returns how many rows are gone.

        A row that a hearer cannot take (a fault of ours) stays, is passed over for some seconds, and holds nobody up.
        """
        try:
            return self._take(limit=self._batch)
        except (DatabaseError, InterfaceError):
            raise
        except Exception:
            log.exception("outbox.batch_refused")
            return self._take_singly()

    def _take_singly(self) -> int:
        taken = 0
        for row_id in OutboxRow.objects.order_by("id").values_list("id", flat=True)[: self._batch]:
            try:
                taken += self._take(limit=1, only=row_id)
            except (DatabaseError, InterfaceError):
                raise
            except Exception:
                log.exception("outbox.row_refused", extra={"row": row_id})
                self._passed_over[row_id] = self._clock() + _PASS_OVER_S
        return taken

    @transaction.atomic
    def _take(self, *, limit: int, only: int | None = None) -> int:
        rows = self._claim(limit=limit, only=only)
        if rows:
            for hear in self._hearers:
                hear(rows)
            _notify(rows)
        return len(rows)

    def _claim(self, *, limit: int, only: int | None) -> list[Announced]:
        now = self._clock()
        self._passed_over = {row_id: until for row_id, until in self._passed_over.items() if until > now}
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, {"only": only, "passed_over": list(self._passed_over), "limit": limit})
            return sorted((_announced(row) for row in cursor.fetchall()), key=lambda row: row.id)


def _announced(row: tuple[Any, ...]) -> Announced:
    row_id, topics, kind, customer_id, moment_id, body, written_at = row
    return Announced(
        id=row_id,
        topics=tuple(topics),
        kind=kind,
        customer_id=customer_id,
        moment_id=moment_id,
        body=json.loads(body),
        written_at=written_at,
    )


def _notify(rows: Sequence[Announced]) -> None:
    """One statement tells the live processes of the whole batch; it reaches them when the transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_notify(%s, payload) FROM unnest(%s::text[]) AS payload",
            [CHANNEL, list(payloads(_event(row) for row in rows))],
        )


def _event(row: Announced) -> Event:
    """Ids only: whatever else an announcement's body holds is not for the air."""
    ids: dict[str, int | str] = {name: value for name, value in row.body.items() if isinstance(value, int)}
    if row.customer_id is not None:
        ids["customer_id"] = row.customer_id
    if row.moment_id is not None:
        ids["moment_id"] = str(row.moment_id)
    return Event(topics=row.topics, kind=row.kind, ids=ids)
