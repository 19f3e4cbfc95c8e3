"""What customers pay for each month, for those who give back a part of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from tellonce.modules.record.models import Account
from tellonce.modules.record.queries.identity import identity
from tellonce.modules.record.queries.privacy import rows_of


@dataclass(frozen=True, slots=True)
class MonthlyPrice:
    """What the running services of one account cost a month, in minor units."""

    customer_id: int
    account_id: int
    currency: str
    price_minor: int


_PRICES = """
SELECT a.customer_id, a.id, s.currency, sum(s.price_minor)::bigint
FROM record_service s
JOIN record_account a ON a.closed_on IS NULL AND a.customer_id = s.customer_id
    AND a.id = coalesce(s.account_id, (SELECT min(o.id) FROM record_account o
                                       WHERE o.customer_id = s.customer_id AND o.closed_on IS NULL))
WHERE s.customer_id = ANY(%(customers)s) AND s.status = 'active' AND s.price_minor > 0 AND s.currency = a.currency
  AND (cardinality(%(kinds)s::text[]) = 0 OR s.kind = ANY(%(kinds)s))
GROUP BY a.customer_id, a.id, s.currency ORDER BY a.id
"""


def monthly_prices(customer_ids: Sequence[int], service_kinds: Sequence[str] = ()) -> list[MonthlyPrice]:
    """The open accounts of these customers with what their running services (of these kinds, else all) cost a month.

    A service without an account counts to the customer's first one.
    """
    kinds = [str(kind) for kind in service_kinds]
    with connection.cursor() as cursor:
        cursor.execute(_PRICES, {"customers": list(customer_ids), "kinds": kinds})
        return [MonthlyPrice(*row) for row in cursor.fetchall()]


def first_account(customer_id: int) -> tuple[int, str] | None:
    """The customer's first open account with its currency, merges and splits applied; CustomerNotFoundError."""
    theirs = rows_of(Account, "account", identity(customer_id)).filter(closed_on__isnull=True)
    found = theirs.order_by("pk").values_list("pk", "currency").first()
    return (found[0], found[1]) if found else None
