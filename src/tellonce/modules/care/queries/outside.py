"""Contacts and cases as other systems read them: by their ids there, in pages, and all of them to take away."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from tellonce.modules.care.contracts import CaseLine, ContactLine
from tellonce.modules.care.models import Case, Contact, Promise
from tellonce.modules.care.queries.cases import case_lines
from tellonce.modules.care.queries.contacts import contact_lines

_AT_ONCE = 2_000
_CONTACT = (
    *("id", "customer_id", "channel", "direction", "state", "reached_from", "said_name", "said", "note"),
    *("matter__code", "began_at", "answered_at", "ended_at", "taken_by_name", "told_again_at", "transfers"),
    *("source", "external_id", "facts"),
)
_CASE = (
    *("id", "customer_id", "matter__code", "title", "state", "waiting_on", "waiting_until", "owner_person__name"),
    *("owner_team__name", "owner_department__name", "opened_at", "opened_by_name", "solved_at", "closed_at"),
    *("reopened", "parent_id", "merged_into_id"),
)
_PROMISE = (
    *("id", "customer_id", "to_department__name", "case_id", "contact_id", "kind", "what", "state", "made_at"),
    *("made_by_name", "owner_person__name", "owner_team__name", "due_at", "settled_at", "settled_by_name"),
    *("broken_at", "owned_up_at", "done_late_at"),
)


def contact_id_by_external_id(source: str, external_id: str) -> int | None:
    """The contact with this id in a source system."""
    return Contact.objects.filter(source=source, external_id=external_id).values_list("pk", flat=True).first()


def contacts_page(
    *, offset: int, limit: int, customer_ids: Sequence[int] | None = None
) -> tuple[int, list[ContactLine]]:
    """How many contacts there are (of these customers only, where given), and some of them, newest first."""
    rows = Contact.objects.filter(hidden_at=None)
    if customer_ids is not None:
        rows = rows.filter(customer_id__in=list(customer_ids))
    return rows.count(), contact_lines(rows.order_by("-began_at", "-pk")[offset : offset + limit])


def cases_page(*, offset: int, limit: int, customer_ids: Sequence[int] | None = None) -> tuple[int, list[CaseLine]]:
    """How many cases there are (of these customers only, where given), and some of them, newest first."""
    rows = Case.objects.filter(hidden_at=None, merged_into=None)
    if customer_ids is not None:
        rows = rows.filter(customer_id__in=list(customer_ids))
    return rows.count(), case_lines(rows.order_by("-opened_at", "-pk")[offset : offset + limit])


def exported_contacts() -> Iterator[dict[str, Any]]:
    """Every contact as plain values, by id."""
    yield from _exported(Contact.objects.filter(hidden_at=None), _CONTACT)


def exported_cases() -> Iterator[dict[str, Any]]:
    """Every case as plain values, by id."""
    yield from _exported(Case.objects.filter(hidden_at=None), _CASE)


def exported_promises() -> Iterator[dict[str, Any]]:
    """Every promise as plain values, by id."""
    yield from _exported(Promise.objects.filter(hidden_at=None), _PROMISE)


def _exported(rows: QuerySet[Any], names: Sequence[str]) -> Iterator[dict[str, Any]]:
    for row in rows.order_by("pk").values(*names).iterator(chunk_size=_AT_ONCE):
        yield {name.replace("__", "_"): value for name, value in row.items()}
