"""The billing system says which orders it took."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from tellonce.modules.billing.models import BillingOrder


@transaction.atomic
def take_orders(*, order_ids: Sequence[int], at: datetime) -> int:
    """These orders are not given out again; returns how many were still waiting. Safe to say twice."""
    return BillingOrder.objects.filter(pk__in=list(order_ids), taken_at__isnull=True).update(taken_at=at)
