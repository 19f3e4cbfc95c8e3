"""Everything that happened in care since a time, as plain rows: for models that learn from all customers at once."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime

from django.db.models import Q

from tellonce.modules.care.models import Case, Contact, Promise
from tellonce.modules.record.contracts import Channel, Direction


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A contact that a customer began."""

    id: int
    customer_id: int
    began_at: datetime
    ended_at: datetime | None
    matter_id: int | None
    channel: str


@dataclass(frozen=True, slots=True)
class CallOver:
    """A call that a customer, or somebody unknown, began and that is over."""

    id: int
    customer_id: int | None
    external_id: str
    matter_id: int | None
    began_at: datetime
    answered_at: datetime | None
    ended_at: datetime
    taken_by_id: int | None
    transfers: int


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case of a customer, as it stands now."""

    id: int
    customer_id: int
    matter_id: int | None
    opened_at: datetime
    solved_at: datetime | None
    reopened: int


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A promise to a customer, as it stands now."""

    id: int
    customer_id: int
    kind: str
    state: str
    made_at: datetime
    due_at: datetime
    settled_at: datetime | None
    owned_up_at: datetime | None


def contacts_since(since: datetime) -> Iterator[ContactRow]:
    """Matched contacts that customers began, the earliest first."""
    rows = Contact.objects.filter(
        began_at__gte=since, customer__isnull=False, hidden_at=None, direction=Direction.FROM
    ).order_by("began_at", "id")
    columns = ("id", "customer_id", "began_at", "ended_at", "matter_id", "channel")
    return (ContactRow(*row) for row in rows.values_list(*columns).iterator(chunk_size=5000))


def calls_over_since(since: datetime, *, but_of: str) -> Iterator[CallOver]:
    """Calls that ended since, the earliest to begin first; not those of a source that keeps its own records."""
    rows = (
        Contact.objects.filter(ended_at__gte=since, channel=Channel.CALL, direction=Direction.FROM, hidden_at=None)
        .exclude(source=but_of)
        .order_by("began_at", "id")
    )
    names = [field.name for field in fields(CallOver)]
    return (CallOver(*row) for row in rows.values_list(*names).iterator(chunk_size=5000))


def count_contacts_with_matter(*, up_to: int) -> int:
    """How many contacts have a customer and a matter, counted no further than `up_to`."""
    known = Contact.objects.filter(customer__isnull=False, matter__isnull=False, ended_at__isnull=False, hidden_at=None)
    return known.values("pk")[:up_to].count()


def cases_since(since: datetime) -> Iterator[CaseRow]:
    """Cases of customers that were opened since, or are not solved."""
    rows = Case.objects.filter(
        Q(opened_at__gte=since) | Q(solved_at=None), customer__isnull=False, hidden_at=None, merged_into=None
    )
    columns = ("id", "customer_id", "matter_id", "opened_at", "solved_at", "reopened")
    return (CaseRow(*row) for row in rows.values_list(*columns).iterator(chunk_size=5000))


def promises_since(since: datetime) -> Iterator[PromiseRow]:
    """Promises to customers that were made since."""
    rows = Promise.objects.filter(made_at__gte=since, customer__isnull=False, hidden_at=None)
    columns = ("id", "customer_id", "kind", "state", "made_at", "due_at", "settled_at", "owned_up_at")
    return (PromiseRow(*row) for row in rows.values_list(*columns).iterator(chunk_size=5000))
