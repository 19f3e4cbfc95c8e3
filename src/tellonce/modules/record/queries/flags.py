"""Flags that hold now."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import Q

from tellonce.modules.record.contracts import FlagKind
from tellonce.modules.record.models import Flag


def flagged(customer_ids: Collection[int], kind: FlagKind, *, at: datetime) -> frozenset[int]:
    """Which of these ids have a flag of this kind that holds at `at`."""
    holding = Q(until__isnull=True) | Q(until__gt=at)
    found = Flag.objects.filter(holding, customer_id__in=list(customer_ids), kind=kind, since__lte=at)
    return frozenset(found.values_list("customer_id", flat=True))


def has_flag(customer_ids: Sequence[int], kind: FlagKind, *, at: datetime) -> bool:
    """Whether a flag of this kind holds at `at` for any of these ids, which read as one customer."""
    return bool(flagged(customer_ids, kind, at=at))
