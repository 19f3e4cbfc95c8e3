"""Personal data: handed out whole, and erased so that the counts stay and the person is lost."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from tellonce.modules.record import queries, story
from tellonce.modules.record.actions.forgetting import forget_record
from tellonce.modules.record.actions.merging import undo_merge
from tellonce.modules.record.actions.providers import keepers
from tellonce.modules.record.contracts import (
    AlreadyEndedError,
    BadRecordError,
    CustomerErased,
    CustomerExported,
    Erased,
    Told,
)
from tellonce.modules.record.models import Customer, CustomerMerge, Erasure
from tellonce.modules.staff.contracts import Actor, ActorKind

ERASURES_FILE = "erasures.jsonl"


def personal_data(customer_ids: Sequence[int]) -> dict[str, Any]:
    """What the record itself keeps about these customers: who they are, what they have, and their story."""
    return queries.everything_of(customer_ids)


def forget(customer_ids: Sequence[int], *, at: datetime) -> None:
    """Blanks what the record itself keeps about these customers; safe to run twice."""
    forget_record(customer_ids, at=at)


def merged(*, loser_id: int, winner_id: int, at: datetime) -> None:
    """Nothing moves: the record reads all ids that are one."""


@transaction.atomic
def export_customer(*, customer_id: int, by: Actor, at: datetime, reason: str) -> dict[str, Any]:
    """Everything that any module keeps about one customer, as values that JSON can hold; the story says so, and why."""
    if not reason.strip():
        raise BadRecordError(gettext("Say why: it stands in the customer's story."))
    ids = queries.same_customer_ids(customer_id)
    kept = {name: keeper.personal_data(ids) for name, keeper in keepers()}
    story.tell(Told(customer_id=ids[0], what=CustomerExported(reason=reason.strip()), at=at, by=by))
    return {"customer_ids": list(ids), "exported_at": at.isoformat(), "exported_by": by.name, **kept}


@transaction.atomic
def erase_customer(*, customer_id: int, by: Actor, at: datetime) -> Erased:
    """Loses the person in every module and keeps the counts. The list of erasures is kept for restores."""
    root = queries.customer(customer_id)
    if root.erased_at is not None:
        raise AlreadyEndedError(gettext("This customer was erased already."))
    erased = _erase(root, by=by, at=at)
    story.tell(Told(customer_id=root.pk, what=CustomerErased(moments=_moments(root.pk)), at=at, by=by))
    return erased


@transaction.atomic
def reapply_erasures(erased: Iterable[Erased], *, at: datetime) -> int:
    """After a restore: erases again who was erased since the backup; returns how many.

    Whoever read as one with them at the erasure is listed too, merged in the backup or not. A merge of the backup
    with somebody who is not listed was undone before the erasure: it is undone first, and the other stays.
    """
    listed = {(one.customer_id, one.customer_created_at): one for one in erased}
    there = Customer.objects.filter(pk__in=[pk for pk, _created_at in listed], erased_at=None)
    wanted = {found.pk: listed[key] for found in there if (key := (found.pk, found.created_at)) in listed}
    again = 0
    for pk, one in wanted.items():
        by = Actor(kind=ActorKind.PERSON, name=one.by_name, id=one.by_id)
        _part_from_others(pk, set(wanted), by=by, at=at)
        root = queries.customer(pk)
        if root.erased_at is None:
            _erase(root, by=by, at=one.at)
            again += 1
    return again


def _part_from_others(customer_id: int, listed: set[int], *, by: Actor, at: datetime) -> None:
    ids = queries.same_customer_ids(customer_id)
    for merge in CustomerMerge.objects.filter(loser_id__in=ids, undone_at=None).order_by("-at", "-pk"):
        if (merge.loser_id in listed) != (merge.winner_id in listed):
            undo_merge(merge_id=merge.pk, customer_id=customer_id, by=by, at=at)
            _part_from_others(customer_id, listed, by=by, at=at)
            return


def listed_erasures(path: Path) -> list[Erased]:
    """The erasures in a list that `erase_customer` wrote under a home; none when there is no list."""
    if not path.exists():
        return []
    times = ("customer_created_at", "at")
    rows = [json.loads(line) for line in path.read_text().splitlines() if line.strip()]
    return [Erased(**{**row, **{name: datetime.fromisoformat(row[name]) for name in times}}) for row in rows]


def _erase(root: Customer, *, by: Actor, at: datetime) -> Erased:
    ids = queries.same_customer_ids(root.pk)
    customers = list(Customer.objects.select_for_update().filter(pk__in=ids))
    for _name, keeper in keepers():
        keeper.forget(ids, at=at)
    moments = _moments(root.pk)
    for each in customers:
        Erasure.objects.get_or_create(
            customer_id=each.pk,
            defaults={
                "customer_created_at": each.created_at,
                "at": at,
                "by_id": by.id,
                "by_name": by.name,
                "moments": moments if each.pk == root.pk else 0,
            },
        )
    transaction.on_commit(complete_erasures_file)
    return Erased(customer_id=root.pk, customer_created_at=root.created_at, at=at, by_id=by.id, by_name=by.name)


def _moments(customer_id: int) -> int:
    return queries.moments_of(queries.identity(customer_id)).count()


def complete_erasures_file() -> int:
    """Adds what the home's list of erasures lacks, since the database's own list is lost with the database; how many.

    Run after each erasure, and now and then: a process may be killed between the commit and the file.
    """
    path = settings.SETUP.home / ERASURES_FILE
    known = {(one.customer_id, one.customer_created_at) for one in listed_erasures(path)}
    missing = [one for one in queries.erasures() if (one.customer_id, one.customer_created_at) not in known]
    if missing:
        with path.open("a") as file:
            file.write("".join(json.dumps(asdict(one), default=str) + "\n" for one in missing))
    return len(missing)
