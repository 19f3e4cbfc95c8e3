"""Undoing an import: its customers are hidden, its moments too; what somebody worked on later stays."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from tellonce.modules.record import story
from tellonce.modules.record.actions.searching import unindex_customers
from tellonce.modules.record.models import (
    Customer,
    Device,
    HiddenImport,
    ImportChange,
    Moment,
    Occupancy,
    Premise,
    Service,
)

_AT_ONCE = 2_000
_CUSTOMER = story.COLUMNS.index("customer_id")
_CONTACT = story.COLUMNS.index("contact_id")

# Worked on later: a moment that a person or the customer told and that came in with no import, or with another one
# that still stands (that an import was undone is no work); or a merge or split that still stands.
_WORKED_ON = """
SELECT c.id, COALESCE(NULLIF(c.name, ''), c.external_id) FROM record_customer c
WHERE c.import_id = %(import_id)s AND c.hidden_at IS NULL AND (
  EXISTS (SELECT 1 FROM record_moment m WHERE m.customer_id = c.id AND m.by_kind <> 'system'
    AND m.kind <> 'record.import_undone' AND (
    m.import_id IS NULL OR (m.import_id <> %(import_id)s
      AND m.import_id NOT IN (SELECT import_id FROM record_hiddenimport))))
  OR EXISTS (SELECT 1 FROM record_customermerge g WHERE (g.loser_id = c.id OR g.winner_id = c.id)
    AND g.undone_at IS NULL)
  OR EXISTS (SELECT 1 FROM record_customersplit s WHERE (s.customer_id = c.id OR s.new_customer_id = c.id)
    AND s.undone_at IS NULL))
ORDER BY c.id FOR UPDATE OF c
"""


@dataclass(frozen=True, slots=True)
class HiddenCustomers:
    """How many customers of the import are hidden now, and which were kept: (id, name or id in the source system)."""

    hidden: int
    kept: tuple[tuple[int, str], ...]


@transaction.atomic
def hide_customers_of(*, import_id: int, at: datetime) -> HiddenCustomers:
    """Hides the customers that the import added, but those on whom somebody worked later."""
    with connection.cursor() as cursor:
        cursor.execute(_WORKED_ON, {"import_id": import_id})
        kept = tuple((int(pk), str(shown)) for pk, shown in cursor.fetchall())
    kept_ids = [pk for pk, _shown in kept]
    _hand_over_things(kept_ids, of=import_id, to=None)
    rest = Customer.objects.filter(import_id=import_id, hidden_at=None).exclude(pk__in=kept_ids)
    ids = list(rest.values_list("pk", flat=True))
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        Customer.objects.filter(pk__in=some).update(hidden_at=at)
        unindex_customers(some)
    return HiddenCustomers(hidden=len(ids), kept=kept)


@transaction.atomic
def hide_moments_of(*, import_id: int, at: datetime, but_contacts: Collection[int] = ()) -> int:
    """Hides every moment of the import; returns how many had to be told anew because what they are about stays.

    That is so for customers that are not hidden and moments of no contact (they were kept, or known before and what
    changed is not known any more), and for the contacts in `but_contacts`. The story is append-only: those moments
    are told once more, with their own time and no import. Customers of whom it is known what changed are left to
    `give_back`.
    """
    stays = Q(contact_id__in=list(but_contacts)) | Q(contact_id=None)
    shown = Moment.objects.filter(stays, import_id=import_id, erased_at=None)
    rows = shown.order_by("customer_id", "id").values_list(*story.COLUMNS).iterator(_AT_ONCE)
    retold = 0
    for some in _in_batches(rows):
        left_out = _left_out({row[_CUSTOMER] for row in some}, import_id)
        again = [row for row in some if row[_CONTACT] is not None or row[_CUSTOMER] not in left_out]
        retold += len(story.tell_anew(again, import_id=None))
    HiddenImport.objects.get_or_create(import_id=import_id, defaults={"at": at})
    return retold


@transaction.atomic
def hide_all_moments_of(*, import_id: int, at: datetime) -> None:
    """Hides every moment of an import of which nothing is left: none of them is told anew."""
    HiddenImport.objects.get_or_create(import_id=import_id, defaults={"at": at})


def _left_out(customer_ids: Collection[int], import_id: int) -> set[int]:
    hidden = Customer.objects.filter(pk__in=customer_ids, hidden_at__isnull=False).values_list("pk", flat=True)
    changed = ImportChange.objects.filter(import_id=import_id, customer_id__in=customer_ids).exclude(about="contact")
    return {*hidden, *(pk for pk in changed.values_list("customer_id", flat=True) if pk is not None)}


def unhide_things(customers: Mapping[int, int | None], *, import_id: int | None) -> None:
    """These customers came back after the import named beside each was undone: what it brought is theirs again."""
    by_import: dict[int, list[int]] = {}
    for customer_id, before in customers.items():
        if before is not None:
            by_import.setdefault(before, []).append(customer_id)
    for before, ids in by_import.items():
        _hand_over_things(ids, of=before, to=import_id)
        told = Moment.objects.filter(customer_id__in=ids, import_id=before, erased_at=None, contact_id=None)
        for some in _in_batches(told.order_by("customer_id", "id").values_list(*story.COLUMNS).iterator(_AT_ONCE)):
            story.tell_anew(some, import_id=import_id)


def _hand_over_things(customer_ids: Sequence[int], *, of: int, to: int | None) -> None:
    """What an import brought to these customers counts as of another import, or of none, from now on."""
    ids = list(customer_ids)
    Service.objects.filter(customer_id__in=ids, import_id=of).update(import_id=to)
    Device.objects.filter(customer_id__in=ids, import_id=of).update(import_id=to)
    places = Occupancy.objects.filter(customer_id__in=ids).values("premise_id")
    Premise.objects.filter(pk__in=places, import_id=of).update(import_id=to)


def _in_batches(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    while batch := list(islice(rows, _AT_ONCE)):
        yield batch
