"""What makes a look at a customer's record part of somebody's work: a contact, a case, a partner's assignment."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db.models import Q

from tellonce.datakit import Slot, Together, alone
from tellonce.modules.care.contracts import CaseState
from tellonce.modules.care.models import Case, Contact
from tellonce.modules.care.queries.belonging import RowsOfCustomers
from tellonce.modules.record.contracts import Away

WRAP_UP = timedelta(hours=1)


def is_in_contact(*, contact_id: int, customer_ids: Sequence[int], at: datetime) -> bool:
    """Whether this is a contact of these customers that goes on, or ended within the last hour."""
    return alone(lambda ask: ask_is_in_contact(ask, contact_id=contact_id, customer_ids=customer_ids, at=at))


def ask_is_in_contact(
    ask: Together, *, contact_id: int, customer_ids: Sequence[int], at: datetime, splits: Away | None = None
) -> Callable[[], bool]:
    """`is_in_contact`, read together with other things."""
    since = at - WRAP_UP
    return _LIVE_CONTACT.ask(ask, bool, customer_ids, splits=splits, contact=contact_id, since=since)


def is_on_case(*, case_id: int, customer_ids: Sequence[int]) -> bool:
    """Whether this is a case of these customers that is not closed."""
    return alone(lambda ask: ask_is_on_case(ask, case_id=case_id, customer_ids=customer_ids))


def ask_is_on_case(
    ask: Together, *, case_id: int, customer_ids: Sequence[int], splits: Away | None = None
) -> Callable[[], bool]:
    """`is_on_case`, read together with other things."""
    return _LIVE_CASE.ask(ask, bool, customer_ids, splits=splits, case=case_id)


_LIVE_CONTACT = RowsOfCustomers(
    "contact",
    lambda mine: Contact.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=Slot("since")), mine, pk=Slot("contact")
    ).values("pk"),
)
_LIVE_CASE = RowsOfCustomers(
    "case", lambda mine: Case.objects.filter(mine, pk=Slot("case")).exclude(state=CaseState.CLOSED).values("pk")
)


def customers_of_partner(partner_id: int) -> frozenset[int]:
    """Every customer with a contact that the partner's people took, or a case that is theirs."""
    return _of_partner(partner_id, Q(customer_id__isnull=False))


def partner_customers(partner_id: int, customer_ids: Sequence[int]) -> frozenset[int]:
    """Which of these customers have a contact that the partner's people took, or a case that is theirs."""
    return _of_partner(partner_id, Q(customer_id__in=list(customer_ids)))


def _of_partner(partner_id: int, chosen: Q) -> frozenset[int]:
    taken = Contact.objects.filter(partner_id_then=partner_id)
    owned = Case.objects.filter(
        Q(owner_person__partner_id=partner_id)
        | Q(owner_team__site__partner_id=partner_id)
        | Q(owner_team__department__site__partner_id=partner_id)
        | Q(owner_department__site__partner_id=partner_id)
    )
    rows = [
        each.filter(chosen, hidden_at__isnull=True).values_list("customer_id", flat=True) for each in (taken, owned)
    ]
    return frozenset(pk for pk in rows[0].union(rows[1]) if pk is not None)


def partner_has_customer(partner_id: int, customer_ids: Sequence[int]) -> bool:
    """Whether the partner has a contact or case of any of these ids, which read as one customer."""
    return bool(partner_customers(partner_id, customer_ids))
