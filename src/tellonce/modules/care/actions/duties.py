"""What care owes to people's data: all of it out, all of it forgotten, old words and files gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from tellonce.modules.care.models import (
    Attachment,
    Caller,
    CallerCode,
    CallerPassword,
    Case,
    Contact,
    Draft,
    HandOver,
    Promise,
)
from tellonce.modules.care.queries.belonging import all_of_customers, of_customers
from tellonce.modules.record.actions.import_changes import forget_changes_about
from tellonce.modules.record.contracts import RetentionKind

_CONTACT = (
    "id",
    "channel",
    "direction",
    "began_at",
    "answered_at",
    "ended_at",
    "reached_from",
    "said_name",
    "said",
    "note",
    "matter__code",
    "taken_by_name",
    "told_again_at",
    "transfers",
    "source",
    "external_id",
    "facts",
)
_CASE = ("id", "title", "state", "matter__code", "opened_at", "opened_by_name", "solved_at", "closed_at", "reopened")
_PROMISE = ("id", "kind", "what", "state", "made_at", "made_by_name", "due_at", "settled_at", "owned_up_at")
_FILE = ("id", "name", "content_type", "size", "sha256", "added_at", "added_by_name")
_DRAFT = ("id", "words", "saved_at")
_CALLER = ("contact_id", "level", "way", "at", "by_name", "tries")
_CODE = ("contact_id", "sent_at", "until", "used_at")
_PASSWORD = ("set_at", "set_by_name")  # the hash is nobody's to have, the customer's included
_HAND_OVER = ("id", "contact_id", "case_id", "line", "at", "taken_at")


def personal_data(customer_ids: Sequence[int]) -> dict[str, Any]:
    """Everything care keeps about these customers, as values that JSON can hold."""
    theirs = _rows_of(customer_ids)
    return {
        "contacts": _values(theirs.contacts, _CONTACT),
        "cases": _values(theirs.cases, _CASE),
        "promises": _values(theirs.promises, _PROMISE),
        "hand_overs": _values(theirs.hand_overs, _HAND_OVER),
        "attachments": _values(theirs.files, _FILE),
        "drafts": _values(theirs.drafts, _DRAFT),
        "callers": _values(Caller.objects.filter(contact__in=theirs.contacts), _CALLER),
        "caller_codes": _values(CallerCode.objects.filter(contact__in=theirs.contacts), _CODE),
        "caller_passwords": _values(CallerPassword.objects.filter(customer_id__in=list(customer_ids)), _PASSWORD),
    }


@transaction.atomic
def forget(customer_ids: Sequence[int], *, at: datetime) -> None:
    """Blanks who it was and what was typed, and deletes files; counts, times and matters stay. Safe to run twice."""
    theirs = _rows_of(customer_ids)
    contact_ids = list(theirs.contacts.values_list("pk", flat=True))
    theirs.drafts.delete()
    CallerPassword.objects.filter(customer_id__in=list(customer_ids)).delete()
    CallerCode.objects.filter(contact__in=contact_ids).delete()
    theirs.contacts.update(
        reached_from="", said_name="", said="", note="", person_of_record=None, facts={"erased": at.isoformat()}
    )
    theirs.cases.update(title="")
    theirs.promises.update(what="")
    theirs.hand_overs.update(line="")
    _delete_files(theirs.files)
    forget_changes_about("contact", contact_ids)


def merged(*, loser_id: int, winner_id: int, at: datetime) -> None:
    """Nothing to do: care's rows stay with the id they were written for and are read for all ids that are one."""


def owned(*, about: str, ids: Sequence[int], customer_ids: Sequence[int]) -> frozenset[int]:
    """Which of these contacts, cases or promises read as these customers': what a split may give away."""
    kept: dict[str, QuerySet[Any]] = {
        "contact": Contact.objects.all(),
        "case": Case.objects.all(),
        "promise": Promise.objects.all(),
    }
    if about not in kept:
        return frozenset()
    theirs = kept[about].filter(of_customers(about, customer_ids), pk__in=list(ids))
    return frozenset(theirs.values_list("pk", flat=True))


@transaction.atomic
def expire(*, kind: str, before: datetime) -> int:
    """Deletes the words of contacts, or the files, that are older than `before`; returns how many."""
    match kind:
        case RetentionKind.BODIES:
            wordy = Contact.objects.filter(began_at__lt=before).exclude(said="", note="")
            return wordy.update(said="", note="")
        case RetentionKind.ATTACHMENTS:
            return _delete_files(Attachment.objects.filter(added_at__lt=before))
        case _:
            return 0


@dataclass(frozen=True, slots=True)
class _Rows:
    contacts: QuerySet[Contact]
    cases: QuerySet[Case]
    promises: QuerySet[Promise]
    hand_overs: QuerySet[HandOver]
    files: QuerySet[Attachment]
    drafts: QuerySet[Draft]


def _rows_of(customer_ids: Sequence[int]) -> _Rows:
    """All rows that read as these customers', hidden ones too; what a split gave to another is the other's."""
    contacts = Contact.objects.filter(all_of_customers("contact", customer_ids))
    cases = Case.objects.filter(all_of_customers("case", customer_ids))
    hanging = Q(contact__in=contacts.values("pk")) | Q(case__in=cases.values("pk"))
    alone = Q(customer_id__in=list(customer_ids), contact__isnull=True, case__isnull=True)
    return _Rows(
        contacts=contacts,
        cases=cases,
        promises=Promise.objects.filter(all_of_customers("promise", customer_ids)),
        hand_overs=HandOver.objects.filter(hanging),
        files=Attachment.objects.filter(hanging | alone),
        drafts=Draft.objects.filter(_drafts_about(contacts, cases, customer_ids)),
    )


def _drafts_about(contacts: QuerySet[Contact], cases: QuerySet[Case], customer_ids: Sequence[int]) -> Q:
    """What somebody was writing about them: in one of their contacts or cases, or about the customer alone."""
    alone = Q(customer_id__in=list(customer_ids), contact_id=None, case_id=None)
    return Q(contact_id__in=contacts.values("pk")) | Q(case_id__in=cases.values("pk")) | alone


def _values(rows: QuerySet[Any], names: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {
            name.replace("__", "_"): value.isoformat() if isinstance(value, datetime) else value
            for name, value in row.items()
        }
        for row in rows.order_by("pk").values(*names)
    ]


def _delete_files(rows: QuerySet[Attachment]) -> int:
    """Deletes the rows now and their bytes after the commit; bytes that stay behind a crash are swept as orphans."""
    stored = list(rows.values_list("stored_as", flat=True))
    rows.delete()
    folder: Path = settings.SETUP.attachments

    def unlink() -> None:
        for name in stored:
            (folder / name).unlink(missing_ok=True)

    transaction.on_commit(unlink)
    return len(stored)
