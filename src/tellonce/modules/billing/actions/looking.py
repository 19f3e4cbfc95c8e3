"""Watches look at bills: which lines of a bill fit which rule, and what each watch has seen so far."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from tellonce.modules.billing.contracts import CLEAN_BILLS
from tellonce.modules.billing.queries.fitting import FITS

# Lines that fit, on the bill `b`, the rule of the watch `w`; where some like it are right, those after them. What was
# corrected for everybody did not come back.
FITTING = f"""
    SELECT c.id, c.line, c.code, c.words, c.amount_minor, c.tax_minor, c.currency,
           row_number() OVER (ORDER BY c.line) AS place
    FROM billing_charge c
    WHERE c.customer_id = b.customer_id AND c.bill_id = b.id AND {FITS}
      AND NOT EXISTS (SELECT FROM billing_causeaccount k
                      WHERE k.customer_id = c.customer_id AND k.account_id = c.account_id
                        AND k.corrected_at IS NOT NULL AND c.id = ANY(k.charge_ids))
"""

# Which watches look at the bill `b`: not at the bills that were disputed themselves.
LOOKING = """
    w.account_id = b.account_id AND w.state = 'watching' AND b.issued_on >= w.since
    AND NOT EXISTS (SELECT FROM billing_disputeline l WHERE l.dispute_id = w.dispute_id AND l.bill_id = b.id)
"""

_CHECK = f"""
INSERT INTO billing_watchcheck (watch_id, customer_id, account_id, bill_id, bill_number, issued_on, outcome, charge_ids,
                                amount_minor, received_at, at)
SELECT w.id, b.customer_id, b.account_id, b.id, b.number, b.issued_on,
       CASE WHEN f.amount > 0 THEN %(outcome)s ELSE 'clean' END, coalesce(f.ids, '{{}}'), coalesce(f.amount, 0),
       b.received_at, %(at)s
FROM unnest(%(customers)s::bigint[], %(bills)s::uuid[]) AS new(customer_id, id)
JOIN billing_bill b ON b.customer_id = new.customer_id AND b.id = new.id
JOIN billing_watch w ON {LOOKING}
LEFT JOIN LATERAL (
    SELECT array_agg(fit.id ORDER BY fit.line) AS ids, sum(fit.amount_minor + fit.tax_minor)::bigint AS amount
    FROM ({FITTING}) fit WHERE fit.place > w.allowed_lines
) f ON true
WHERE f.amount > 0 OR %(outcome)s = 'came_back'
ON CONFLICT (watch_id, bill_id) DO UPDATE
    SET outcome = EXCLUDED.outcome, charge_ids = EXCLUDED.charge_ids, amount_minor = EXCLUDED.amount_minor,
        at = EXCLUDED.at
    WHERE billing_watchcheck.outcome = 'held' AND EXCLUDED.outcome = 'came_back'
RETURNING watch_id, amount_minor
"""

# Bills that were clean by another rule than the watch has now do not count.
_COUNT = """
UPDATE billing_watch w SET clean_bills = least(%(enough)s, k.clean), came_back = k.came_back, held = k.held,
    last_bill_on = k.last_on
FROM (
    SELECT wanted.id AS watch_id, count(*) FILTER (WHERE outcome = 'came_back') AS came_back,
           count(*) FILTER (WHERE outcome = 'held') AS held, max(issued_on) AS last_on,
           count(*) FILTER (WHERE outcome = 'clean' AND issued_on > coalesce(last_bad, '-infinity')
                              AND checked.at > coalesce(changed.at, '-infinity')) AS clean
    FROM unnest(%(watches)s::bigint[]) wanted(id)
    LEFT JOIN LATERAL (SELECT max(h.at) AS at FROM billing_watchchange h WHERE h.watch_id = wanted.id) changed ON true
    LEFT JOIN (SELECT *, max(issued_on) FILTER (WHERE outcome <> 'clean') OVER (PARTITION BY watch_id) AS last_bad
               FROM billing_watchcheck WHERE watch_id = ANY(%(watches)s)) checked ON checked.watch_id = wanted.id
    GROUP BY wanted.id
) k
WHERE w.id = k.watch_id
"""


def look(bills: Sequence[tuple[int, UUID]], *, outcome: str, at: datetime) -> list[tuple[int, int]]:
    """Writes what each watch says of these bills (customer, id): watches and amounts; what is said already stays."""
    values = {
        "customers": [customer_id for customer_id, _ in bills],
        "bills": [bill_id for _, bill_id in bills],
        "outcome": outcome,
        "at": at,
    }
    return rows(_CHECK, values)


def count_anew(watches: Sequence[int]) -> None:
    """Counts from what was said of the bills: those that come in late or out of order count by their date."""
    if watches:
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, {"watches": list(watches), "enough": CLEAN_BILLS})


def rows(statement: str, values: dict[str, Any]) -> list[Any]:
    """What the statement returns."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
