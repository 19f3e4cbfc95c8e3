"""Which of many bills and payments are here already, and what they said."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import connection
from django.db.models import Min

from tellonce.modules.billing.models import Bill

KnownBill = tuple[str, int, int, str, str | None, str | None, int, str, date, date | None, date | None]
"""Id, customer, account, state, digest, digest of its lines, total, currency, day of issue, its period."""

_BILLS = """
SELECT id::text, customer_id, account_id, state, digest::text, lines_digest::text, total_minor, currency, issued_on,
       period_from, period_until
FROM billing_bill WHERE id = ANY(%s::uuid[])
"""
_PAYMENTS = """
SELECT p.id::text, p.account_id, p."on", p.amount_minor FROM billing_payment p
JOIN unnest(%s::bigint[], %s::uuid[]) AS k (customer_id, id) ON p.customer_id = k.customer_id AND p.id = k.id
"""


def known_bills(ids: Sequence[str]) -> list[KnownBill]:
    """Those of these bills that are here."""
    with connection.cursor() as cursor:
        cursor.execute(_BILLS, [list(ids)])
        rows: list[KnownBill] = cursor.fetchall()
    return rows


def known_payments(customer_ids: Sequence[int], ids: Sequence[str]) -> list[tuple[str, int, date, int]]:
    """Those of these payments that are here, each looked for at its customer: id, account, day, amount."""
    with connection.cursor() as cursor:
        cursor.execute(_PAYMENTS, [list(customer_ids), list(ids)])
        rows: list[tuple[str, int, date, int]] = cursor.fetchall()
    return rows


def has_bills() -> bool:
    """Whether any bill is here."""
    return Bill.objects.exists()


def first_issued_of_received(*, since: datetime) -> date | None:
    """The earliest day of issue of the bills that came in since then; None where none came."""
    found: date | None = Bill.objects.filter(received_at__gte=since).aggregate(first=Min("issued_on"))["first"]
    return found
