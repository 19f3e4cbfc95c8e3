"""Bills, payments and what they are checked against are kept for a while only: other systems are their masters."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from tellonce.modules.billing.contracts import DisputeState
from tellonce.modules.billing.models import Order, Payment, Traffic
from tellonce.modules.record.contracts import RetentionKind

_AT_ONCE = 5_000
_BILLS = """
DELETE FROM billing_bill b USING (
  SELECT customer_id, id FROM billing_bill o WHERE issued_on < %(before)s AND NOT EXISTS (
    SELECT FROM billing_disputeline l JOIN billing_dispute d ON d.id = l.dispute_id
    WHERE l.bill_id = o.id AND d.state = %(open)s)
  ORDER BY issued_on LIMIT %(limit)s) old
WHERE b.customer_id = old.customer_id AND b.id = old.id RETURNING b.customer_id, b.id
"""
_CHARGES = """
DELETE FROM billing_charge c USING unnest(%s::bigint[], %s::uuid[]) AS gone (customer_id, id)
WHERE c.customer_id = gone.customer_id AND c.bill_id = gone.id
"""


def expire(*, kind: str, before: datetime) -> int:
    """Deletes bills, payments, orders and use that are older than `before`; returns how many."""
    if kind != RetentionKind.BILLS:
        return 0
    day = before.date()
    dated = [rows.objects.filter(on__lt=day) for rows in (Payment, Order)]
    gone = sum(rows.delete()[0] for rows in (*dated, Traffic.objects.filter(month__lt=day.replace(day=1))))
    while count := _delete_some(before):
        gone += count
    return gone


@transaction.atomic
def _delete_some(before: datetime) -> int:
    values: dict[str, Any] = {"before": before.date(), "open": DisputeState.OPEN.value, "limit": _AT_ONCE}
    with connection.cursor() as cursor:
        cursor.execute(_BILLS, values)
        gone = cursor.fetchall()
        cursor.execute(_CHARGES, [[customer_id for customer_id, _id in gone], [pk for _customer, pk in gone]])
    return len(gone)
