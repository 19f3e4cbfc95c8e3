"""What the billing system is asked to do, in order, as it fetches it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tellonce.modules.billing.models import BillingOrder
from tellonce.modules.record.queries import outside


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One order. `id` grows; the same `key` is never given twice. `body` is as the guide of disputes says."""

    id: int
    kind: str
    key: str
    customer_id: int
    account_number: str
    written_at: datetime
    body: dict[str, Any]


def orders_waiting(*, after: int = 0, limit: int = 100) -> list[OrderLine]:
    """Orders with a higher id that nobody has said to have taken, in order."""
    rows = list(BillingOrder.objects.filter(pk__gt=after, taken_at__isnull=True).order_by("pk")[:limit])
    numbers = outside.numbers_of_accounts([row.account_id for row in rows])
    return [
        OrderLine(
            id=row.pk,
            kind=row.kind,
            key=row.key,
            customer_id=row.customer_id,
            account_number=numbers.get(row.account_id, ""),
            written_at=row.written_at,
            body=row.body,
        )
        for row in rows
    ]


def orders_left(*, before: datetime) -> int:
    """How many orders were written before that and are not taken: the billing system does not fetch them."""
    return BillingOrder.objects.filter(taken_at__isnull=True, written_at__lt=before).count()
