"""Whether customers were told within the hour that something came back: when the letter was sent, and what was not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import connection

from tellonce.modules.billing.contracts import CheckOutcome
from tellonce.modules.billing.queries.scope import ALL, Scope

IN_TIME = timedelta(hours=1)


class LetterState(StrEnum):
    """Where the letter stands: none written yet, on its way, handed over to the mail, or never to be.

    Of letters that were written before this was kept it is unknown.
    """

    NONE = "none"
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Letter:
    """The letter about one bill; `after_s` is how long after the bill came in it was sent, None while it is not."""

    state: LetterState
    after_s: float | None = None


@dataclass(frozen=True, slots=True)
class ToldInTime:
    """Bills that were out and on which something came back, each by its letter; `late` is sent, after the hour.

    Of those `waiting` (not sent yet) the hour is over for `overdue`.
    """

    bills: int = 0
    in_time: int = 0
    late: int = 0
    waiting: int = 0
    overdue: int = 0
    failed: int = 0

    @property
    def not_told(self) -> int:
        """Whom no letter has reached."""
        return self.waiting + self.failed


_SENT, _FAILED = "('sent', 'delivered')", "('failed', 'no_address')"
_LETTERS = f"""
SELECT k.id, k.bill_id, k.received_at,
  CASE WHEN d.state IN {_SENT} THEN 'sent' WHEN d.state IN {_FAILED} THEN 'failed'
       WHEN k.letter_id IS NOT NULL THEN 'waiting'
       WHEN k.answered_at IS NOT NULL THEN 'unknown' ELSE 'none' END AS letter,
  CASE WHEN d.state IN {_SENT} THEN d.at END AS sent_at
FROM billing_watchcheck k
LEFT JOIN record_delivery d ON d.customer_id = k.letter_to AND d.moment_id = k.letter_id
WHERE k.outcome = '{CheckOutcome.CAME_BACK}'
"""
_OF_CHECKS = f"SELECT id, letter, sent_at - received_at FROM ({_LETTERS}) l WHERE id = ANY(%(ids)s)"
_UNTOLD = f"SELECT id FROM ({_LETTERS}) l WHERE letter NOT IN ('sent', 'unknown')"
# One letter for a bill, however many lines came back on it: the worst of them counts.
_BILLS = f"""
WITH bills AS (
  SELECT bill_id, min(received_at) AS received_at, max(sent_at) AS sent_at, bool_or(letter = 'failed') AS failed,
    bool_and(letter = 'sent') AS sent
  FROM ({_LETTERS} AND (%(since)s::date IS NULL OR k.issued_on >= %(since)s)
    AND (%(until)s::date IS NULL OR k.issued_on <= %(until)s)
    AND (%(there)s::bigint[] IS NULL OR k.customer_id = ANY(%(there)s))) l
  WHERE letter <> 'unknown' GROUP BY bill_id
)
SELECT count(*), count(*) FILTER (WHERE sent AND sent_at <= received_at + %(hour)s),
  count(*) FILTER (WHERE sent AND sent_at > received_at + %(hour)s), count(*) FILTER (WHERE NOT sent AND NOT failed),
  count(*) FILTER (WHERE NOT sent AND NOT failed AND received_at + %(hour)s < %(at)s), count(*) FILTER (WHERE failed)
FROM bills
"""


def told_in_time(scope: Scope = ALL, *, at: datetime) -> ToldInTime:
    """Over the bills of the scope, as of now."""
    with connection.cursor() as cursor:
        cursor.execute(_BILLS, scope.values() | {"hour": IN_TIME, "at": at})
        return ToldInTime(*cursor.fetchone())


def letters(check_ids: Sequence[int]) -> dict[int, Letter]:
    """The letter about what came back, by what the watch said of the bill."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_CHECKS, {"ids": list(check_ids)})
        return {pk: Letter(LetterState(state), _seconds(after)) for pk, state, after in cursor.fetchall()}


def untold() -> list[int]:
    """What came back and its customer was not told of yet, or cannot be by letter."""
    with connection.cursor() as cursor:
        cursor.execute(_UNTOLD)
        return [row[0] for row in cursor.fetchall()]


def _seconds(after: timedelta | None) -> float | None:
    return None if after is None else after.total_seconds()
