"""Who called, and who has had a person since."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from tellonce.modules.care.models import Contact


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose contact it is by now (0 while nobody is matched), and from where they reached us ("" if withheld)."""

    customer_id: int
    reached_from: str


def callers_of(contact_ids: Collection[int]) -> dict[int, Caller]:
    """Who was behind these contacts."""
    rows = Contact.objects.filter(pk__in=list(contact_ids), hidden_at=None)
    return {pk: Caller(of or 0, reached) for pk, of, reached in rows.values_list("pk", "customer_id", "reached_from")}


def last_answered(customer_ids: Collection[int], *, since: datetime) -> dict[int, datetime]:
    """When a person last took a contact of these customers, on any channel; who had nobody since is left out."""
    rows = Contact.objects.filter(customer_id__in=list(customer_ids), hidden_at=None, answered_at__gte=since)
    found = rows.order_by().values_list("customer_id").annotate(Max("answered_at"))
    return {of: at for of, at in found if of is not None}


def last_answered_from(numbers: Collection[str], contact_ids: Collection[int]) -> dict[str, datetime]:
    """When a person last took one of these contacts that came from, or went to, one of these numbers."""
    rows = Contact.objects.filter(pk__in=list(contact_ids), reached_from__in=list(numbers), answered_at__isnull=False)
    return dict(rows.order_by().values_list("reached_from").annotate(Max("answered_at")))
