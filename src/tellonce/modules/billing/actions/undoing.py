"""What an import brought is taken away again; the same file brings it back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from tellonce.modules.billing.actions.looking import rows
from tellonce.modules.billing.actions.withdrawing import count_missed_anew, watch_again
from tellonce.modules.billing.models import BookPrice, DeviceEvent, Order, Payment, Traffic

_KEPT = """
SELECT b.customer_id, b.id, b.number FROM billing_bill b
WHERE (b.import_id = %(id)s OR EXISTS (
    SELECT FROM billing_charge c WHERE c.customer_id = b.customer_id AND c.bill_id = b.id AND c.import_id = %(id)s))
  AND (EXISTS (SELECT FROM billing_disputeline l WHERE l.bill_id = b.id)
    OR EXISTS (SELECT FROM billing_credit d WHERE d.bill_id = b.id)
    OR EXISTS (SELECT FROM billing_watchcheck w WHERE w.bill_id = b.id AND w.outcome <> 'clean'))
ORDER BY b.number
"""
_KEEP_BILLS = "UPDATE billing_bill SET import_id = NULL WHERE id = ANY(%(kept)s::uuid[]) AND import_id = %(id)s"
_KEEP_LINES = """
UPDATE billing_charge SET import_id = NULL
WHERE import_id = %(id)s AND customer_id = ANY(%(customers)s) AND bill_id = ANY(%(kept)s::uuid[])
"""
_GONE = """
SELECT id FROM billing_bill WHERE import_id = %(id)s UNION SELECT bill_id FROM billing_charge WHERE import_id = %(id)s
"""
_CHECKS = f"DELETE FROM billing_watchcheck WHERE bill_id IN ({_GONE}) RETURNING watch_id"
_WAITING = f"""
SELECT DISTINCT d.account_id FROM billing_credit d JOIN billing_bill b ON b.account_id = d.account_id
WHERE d.state = 'granted' AND d.missed_bills > 0 AND b.id IN ({_GONE})
"""
_CHARGES = """
DELETE FROM billing_charge c USING billing_bill b
WHERE b.import_id = %(id)s AND c.customer_id = b.customer_id AND c.bill_id = b.id
"""
_BILLS = "DELETE FROM billing_bill WHERE import_id = %(id)s"
_WITHOUT_LINES = """
UPDATE billing_bill b SET lines = 0, lines_digest = NULL, checked_at = NULL,
  state = CASE WHEN b.state = 'issued' THEN 'no_lines' ELSE b.state END
FROM (SELECT DISTINCT customer_id, bill_id FROM billing_charge WHERE import_id = %(id)s) c
WHERE b.customer_id = c.customer_id AND b.id = c.bill_id
"""
_ROW_BY_ROW = (Payment, BookPrice, DeviceEvent, Order, Traffic)
_LINES = "DELETE FROM billing_charge WHERE import_id = %(id)s"


@dataclass(frozen=True, slots=True)
class TakenAway:
    """How many there were: `bills` counts those whose lines alone came by the import too.

    `kept` are the numbers of bills that somebody disputed, that were credited or on which something came back.
    """

    bills: int = 0
    others: int = 0
    kept: tuple[str, ...] = ()


@transaction.atomic
def remove_billing_of(*, import_id: int, at: datetime) -> TakenAway:
    """Takes away bills with their lines, lines of bills that stay, and whatever else of billing an import brought.

    What watches and credits had counted by those bills is counted anew.
    """
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, {"id": import_id})
        kept = cursor.fetchall()
        values: dict[str, Any] = {
            "id": import_id,
            "kept": [pk for _c, pk, _n in kept],
            "customers": [each for each, _i, _n in kept],
        }
        bills = 0
        for statement in (_KEEP_BILLS, _KEEP_LINES):
            cursor.execute(statement, values)
        watches, accounts = _first_column(_CHECKS, values), _first_column(_WAITING, values)
        for statement in (_CHARGES, _BILLS, _WITHOUT_LINES, _LINES):
            cursor.execute(statement, values)
            bills += cursor.rowcount if statement in {_BILLS, _WITHOUT_LINES} else 0
    watch_again(watches, at=at)
    count_missed_anew(accounts, at=at)
    removed = [model.objects.filter(import_id=import_id).delete()[0] for model in _ROW_BY_ROW]
    return TakenAway(bills=bills, others=sum(removed), kept=tuple(number for _c, _i, number in kept))


def _first_column(statement: str, values: dict[str, Any]) -> set[int]:
    return {int(row[0]) for row in rows(statement, values)}
