"""How many contacts there were, for measures that others keep."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from tellonce.modules.care.contracts import ContactsAbout
from tellonce.modules.care.models import CaseContact, Contact
from tellonce.modules.record.contracts import Direction


def contacts_about(
    customer_ids: Sequence[int], about: ContactsAbout, *, since: datetime, until: datetime
) -> list[datetime]:
    """When these customers came to us about it, from `since` until before `until`."""
    found = Contact.objects.filter(
        customer_id__in=list(customer_ids),
        direction=Direction.FROM,
        began_at__gte=since,
        began_at__lt=until,
        hidden_at__isnull=True,
    )
    named = Q(pk__in=about.contact_ids) | _on(about.case_ids)
    other = Q(pk__in=about.but_contact_ids) | _on(about.but_case_ids)
    mine = found.filter(named | Q(matter__code__in=about.matters) & ~other)
    return list(mine.order_by("began_at").values_list("began_at", flat=True))


def _on(case_ids: frozenset[int]) -> Exists:
    return Exists(CaseContact.objects.filter(contact=OuterRef("pk"), case_id__in=case_ids))
