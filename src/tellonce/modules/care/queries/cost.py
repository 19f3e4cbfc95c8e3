"""What being our customer cost: one query over contacts and promises."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from tellonce.datakit import Row, Together, alone
from tellonce.modules.care.contracts import Cost
from tellonce.modules.care.contracts.words import matter_in_words
from tellonce.modules.record import queries as record_queries
from tellonce.modules.record.contracts import Away, Channel

REPEAT_DAYS = 30
_WAITED_FOR = (Channel.CALL, Channel.CHAT, Channel.SHOP)
_COST = """
WITH mine AS (
    SELECT id, channel, direction, matter_id, began_at, ended_at, told_again_at, transfers,
           COALESCE(answered_at, ended_at) AS answered_at,
           began_at >= %(since)s AS is_counted,
           MAX(began_at) OVER (PARTITION BY matter_id ORDER BY began_at, id
                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before_at
    FROM care_contact
    WHERE {contacts}
      AND hidden_at IS NULL AND began_at < %(until)s AND began_at >= %(looked_back)s AND direction = 'from'
), counted AS (SELECT * FROM mine WHERE is_counted),
often AS (
    SELECT matter_id, COUNT(*) AS times FROM counted WHERE matter_id IS NOT NULL
    GROUP BY matter_id ORDER BY times DESC, MAX(began_at) DESC LIMIT 1
)
SELECT COUNT(*),
       COALESCE(SUM(CASE WHEN channel = ANY(%(waited_for)s) AND answered_at IS NOT NULL
                    THEN EXTRACT(EPOCH FROM answered_at - began_at) END), 0),
       COUNT(told_again_at),
       COALESCE(SUM(transfers), 0),
       COUNT(*) FILTER (WHERE matter_id IS NOT NULL AND before_at >= began_at - %(repeat)s),
       (SELECT COUNT(*) FROM care_promise
        WHERE {promises}
          AND hidden_at IS NULL AND broken_at >= %(since)s AND broken_at < %(until)s),
       (SELECT times FROM often),
       (SELECT matter_id FROM often),
       (SELECT m.name FROM often JOIN care_matter m ON m.id = often.matter_id)
FROM counted
"""


def cost(
    customer_ids: Sequence[int],
    since: datetime,
    until: datetime,
    *,
    repeat_days: int = REPEAT_DAYS,
) -> Cost:
    """The effort from `since` (included) to `until` (not): see `contracts.Cost`.

    A repeat contact has an earlier one of the same customer on the same matter, through any channel, in the
    `repeat_days` before it, also when that one lies before `since`. Waiting counts where somebody stands by: calls,
    chats and shop visits, not letters.
    """
    return alone(lambda ask: ask_cost(ask, customer_ids, since, until, repeat_days=repeat_days))


def ask_cost(
    ask: Together,
    customer_ids: Sequence[int],
    since: datetime,
    until: datetime,
    *,
    repeat_days: int = REPEAT_DAYS,
    contact_splits: Away | None = None,
    promise_splits: Away | None = None,
) -> Callable[[], Cost]:
    """`cost`, read together with other things; what splits moved saves a query each."""
    contacts = record_queries.split_away("contact", customer_ids) if contact_splits is None else contact_splits
    promises = record_queries.split_away("promise", customer_ids) if promise_splits is None else promise_splits
    repeat = timedelta(days=repeat_days)
    params: dict[str, Any] = {
        "ids": list(customer_ids),
        "since": since,
        "until": until,
        "looked_back": since - repeat,
        "repeat": repeat,
        "waited_for": [str(channel) for channel in _WAITED_FOR],
        "contacts_away": list(contacts.away),
        "contacts_here": list(contacts.here),
        "promises_away": list(promises.away),
        "promises_here": list(promises.here),
    }
    sql = _COST.format(contacts=_mine("contacts", contacts), promises=_mine("promises", promises))
    return ask(sql, params, lambda rows: _cost(rows[0]))


def _cost(row: Row) -> Cost:
    return Cost(
        contacts=row[0],
        minutes_waited=round(float(row[1]) / 60),
        told_again=row[2],
        transfers=int(row[3]),
        repeat_contacts=row[4],
        broken_promises=row[5],
        same_matter=row[6] or 0,
        same_matter_id=row[7],
        same_matter_name=matter_in_words(row[8] or ""),
    )


def _mine(name: str, splits: Away) -> str:
    """The condition for a customer's own rows; what splits moved is named only where there is any."""
    mine = "customer_id = ANY(%(ids)s)"
    if splits.away:
        mine = f"({mine} AND id <> ALL(%({name}_away)s))"
    if splits.here:
        mine = f"({mine} OR id = ANY(%({name}_here)s))"
    return mine
