"""Findings as the pages of bills show them: by kind with their money, and one with its evidence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext

from tellonce.modules.billing.contracts import FindingNotFoundError, FindingState, finding_words
from tellonce.modules.billing.models import Finding
from tellonce.modules.billing.queries.whose import Beside, beside


@dataclass(frozen=True, slots=True)
class KindFound:
    """Findings of one kind and currency: how many wait, how many were an error and were none, and their money.

    `owed_minor` is what customers are out of pocket by those that wait, `lost_minor` what the provider is.
    """

    kind: str
    label: str
    currency: str
    waiting: int
    confirmed: int
    dismissed: int
    owed_minor: int
    lost_minor: int

    @property
    def looked_at(self) -> int:
        """How many somebody has looked at."""
        return self.confirmed + self.dismissed


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding in a list."""

    id: int
    kind: str
    label: str
    customer_id: int
    customer: str
    bill_id: UUID | None
    bill_number: str
    line: int | None
    code: str
    issued_on: date | None
    amount_minor: int
    currency: str
    evidence: Mapping[str, Any]
    state: str
    state_label: str
    found_at: datetime
    settled_at: datetime | None
    settled_by: str
    why: str
    case_id: int | None
    dispute_id: int | None


def kinds_found() -> list[KindFound]:
    """Every kind that was found, that with the most money of customers first."""
    waits = Q(state=FindingState.OPEN)
    groups = Finding.objects.values("kind", "currency").annotate(
        waiting=Count("pk", filter=waits),
        confirmed=Count("pk", filter=Q(state=FindingState.CASE)),
        dismissed=Count("pk", filter=Q(state=FindingState.DISMISSED)),
        owed=Sum("amount_minor", filter=waits & Q(amount_minor__gt=0)),
        lost=Sum("amount_minor", filter=waits & Q(amount_minor__lt=0)),
    )
    found = [
        KindFound(
            kind=group["kind"],
            label=finding_words(group["kind"]),
            currency=group["currency"],
            waiting=group["waiting"],
            confirmed=group["confirmed"],
            dismissed=group["dismissed"],
            owed_minor=group["owed"] or 0,
            lost_minor=-(group["lost"] or 0),
        )
        for group in groups
    ]
    return sorted(found, key=lambda each: (-each.owed_minor, -each.waiting, each.label))


def waiting_findings() -> int:
    """How many nobody has looked at."""
    return Finding.objects.filter(state=FindingState.OPEN).count()


def findings_listed(*, kind: str = "", show: str = "open", limit: int, offset: int = 0) -> list[FindingRow]:
    """Of one kind or all; those that wait with the most money first, the others the latest first."""
    rows = list(_listed(kind, show)[offset : offset + limit])
    whose = beside(rows)
    return [_row(row, whose[row.account_id]) for row in rows]


def finding_row(finding_id: int) -> FindingRow:
    """One; FindingNotFoundError."""
    found = Finding.objects.filter(pk=finding_id).first()
    if found is None:
        raise FindingNotFoundError(gettext("There is no finding %(id)s.") % {"id": finding_id})
    return _row(found, beside([found])[found.account_id])


def _listed(kind: str, show: str) -> QuerySet[Finding]:
    rows = Finding.objects.filter(kind=kind) if kind else Finding.objects.all()
    match show:
        case "case" | "dismissed":
            return rows.filter(state=show).order_by("-settled_at", "-pk")
        case _:
            return rows.filter(state=FindingState.OPEN).order_by("-amount_minor", "-pk")


def _row(row: Finding, whose: Beside) -> FindingRow:
    return FindingRow(
        id=row.pk,
        kind=row.kind,
        label=finding_words(row.kind),
        customer_id=whose.customer_id,
        customer=whose.name,
        bill_id=row.bill_id,
        bill_number=row.bill_number,
        line=row.line,
        code=row.code,
        issued_on=row.issued_on,
        amount_minor=row.amount_minor,
        currency=row.currency,
        evidence=row.evidence,
        state=row.state,
        state_label=row.get_state_display(),
        found_at=row.found_at,
        settled_at=row.settled_at,
        settled_by=row.settled_by_name,
        why=row.words,
        case_id=row.case_id,
        dispute_id=row.dispute_id,
    )
