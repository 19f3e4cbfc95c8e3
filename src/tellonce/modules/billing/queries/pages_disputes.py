"""Disputes as the pages of bills show them: by their term, and one with its lines, its credits and its watches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext

from tellonce.modules.billing.contracts import CreditReason, CreditState, DisputeNotFoundError, DisputeState, RaisedBy
from tellonce.modules.billing.models import Credit, Dispute, DisputeLine
from tellonce.modules.billing.queries.scope import ALL, Scope
from tellonce.modules.billing.queries.whose import Beside, beside

SOON_DAYS = 7


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """A dispute in a list; `what` is its most costly line in the words of the bill.

    Decided, and its credit `waits_for_second`: nothing is promised to anybody yet, and its term goes on.
    """

    id: int
    customer_id: int
    customer: str
    what: str
    lines: int
    raised_at: datetime
    raised_by: str
    due_on: date
    asked_minor: int
    granted_minor: int
    currency: str
    state: str
    state_label: str
    waits_for_second: bool
    decided_at: datetime | None
    decided_by: str
    case_id: int | None
    cause_id: int | None


@dataclass(frozen=True, slots=True)
class DisputesNow:
    """How many wait, by their term, and the money that they ask for in the currency that most have."""

    open: int
    overdue: int
    soon: int
    asked_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class DisputedLine:
    """A line that is disputed; its `twin_is_right` where another dispute put an equal line of the same bill right."""

    id: int
    code: str
    words: str
    bill_id: UUID
    issued_on: date
    charged_minor: int
    off_minor: int
    asked_minor: int
    granted_minor: int | None
    twin_is_right: bool = False


@dataclass(frozen=True, slots=True)
class CreditOfDispute:
    """A credit that the dispute led to."""

    id: int
    amount_minor: int
    currency: str
    state: str
    state_label: str
    asked_by: str
    settled_by: str
    refused_why: str
    seen_on: date | None
    due_from: date | None
    missed_bills: int


@dataclass(frozen=True, slots=True)
class EarlierDecision:
    """A decision that did not stand, and why it fell."""

    state_label: str
    reason: str
    granted_minor: int
    at: datetime | None
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class DisputeRead:
    """One dispute with what belongs to it."""

    row: DisputeRow
    account_id: int
    contact_id: int | None
    words: str
    reason: str
    code: str
    fingerprint: str
    dunning_is_held: bool
    lines: tuple[DisputedLine, ...]
    credits: tuple[CreditOfDispute, ...]
    earlier: tuple[EarlierDecision, ...]
    cause_title: str
    alike: int


def disputes_now(*, today: date, scope: Scope = ALL) -> DisputesNow:
    """What waits today of what was raised in the scope."""
    soon = today + timedelta(days=SOON_DAYS)
    waiting = scope.of(_with_second(Dispute.objects.all()).filter(_NOT_OVER), "raised_at__date")
    counts = waiting.aggregate(
        open=Count("pk"),
        overdue=Count("pk", filter=Q(due_on__lt=today)),
        soon=Count("pk", filter=Q(due_on__range=(today, soon))),
    )
    money = waiting.values("currency").annotate(asked=Sum("asked_minor"), n=Count("pk")).order_by("-n").first()
    return DisputesNow(
        open=counts["open"],
        overdue=counts["overdue"],
        soon=counts["soon"],
        asked_minor=money["asked"] if money else 0,
        currency=money["currency"] if money else "",
    )


def disputes_listed(
    *,
    show: str,
    today: date,
    words: str = "",
    cause_id: int | None = None,
    scope: Scope = ALL,
    limit: int,
    offset: int = 0,
) -> list[DisputeRow]:
    """`show` is 'open' (those due first come first), 'overdue', 'soon', 'decided' or 'all' (the latest first).

    In the scope are those that were decided in it, of the decided ones, and else those that were raised in it.
    """
    found = _listed(show, today, words, cause_id)
    rows = list(
        scope.of(found, "decided_at__date" if show == "decided" else "raised_at__date")[offset : offset + limit]
    )
    whose = beside(rows)
    return [_row(row, whose[row.account_id]) for row in rows]


def dispute_read(dispute_id: int) -> DisputeRead:
    """One with all that belongs to it; DisputeNotFoundError."""
    found = _with_lines(_with_second(Dispute.objects.filter(pk=dispute_id))).select_related("cause").first()
    if found is None:
        raise DisputeNotFoundError(gettext("There is no dispute %(id)s.") % {"id": dispute_id})
    lines = list(found.lines.all())
    right = _put_right_beside(lines, dispute_id)
    alike = Dispute.objects.filter(fingerprint=found.fingerprint).exclude(state=DisputeState.WITHDRAWN)
    return DisputeRead(
        row=_row(found, beside([found])[found.account_id]),
        account_id=found.account_id,
        contact_id=found.contact_id,
        words=found.words,
        reason=found.reason,
        code=found.code,
        fingerprint=found.fingerprint,
        dunning_is_held=found.dunning_held_at is not None and found.dunning_released_at is None,
        lines=tuple(_line(line, twin_is_right=_alike(line) in right) for line in lines),
        credits=tuple(_credit(credit) for credit in found.credits.order_by("asked_at")),
        earlier=tuple(_earlier(each) for each in reversed(found.earlier_decisions)),
        cause_title=found.cause.title if found.cause is not None else "",
        alike=alike.exclude(pk=dispute_id).count() if found.fingerprint else 0,
    )


def _listed(show: str, today: date, words: str, cause_id: int | None) -> QuerySet[Dispute]:
    rows = _with_lines(_with_second(Dispute.objects.all()))
    if cause_id is not None:
        rows = rows.filter(cause_id=cause_id)
    if words:
        rows = rows.filter(Q(what__icontains=words) | Q(code__icontains=words) | Q(customer__name__icontains=words))
    match show:
        case "decided":
            return rows.exclude(_NOT_OVER).order_by("-decided_at", "-pk")
        case "overdue":
            rows = rows.filter(_NOT_OVER, due_on__lt=today)
        case "soon":
            rows = rows.filter(_NOT_OVER, due_on__range=(today, today + timedelta(days=SOON_DAYS)))
        case "all":
            return rows.order_by("-raised_at", "-pk")
        case _:
            rows = rows.filter(_NOT_OVER)
    return rows.order_by("due_on", "pk")


_NOT_OVER = Q(state=DisputeState.OPEN) | Q(waits_for_second=True)


def _with_second(rows: QuerySet[Dispute]) -> QuerySet[Dispute]:
    """With whether a second person is waited for."""
    asked = Credit.objects.filter(dispute=OuterRef("pk"), reason=CreditReason.DISPUTE, state=CreditState.ASKED)
    return rows.annotate(waits_for_second=Exists(asked))


def _with_lines(rows: QuerySet[Dispute]) -> QuerySet[Dispute]:
    """With the words of the most costly line, and how many lines there are."""
    costly = DisputeLine.objects.filter(dispute=OuterRef("pk")).order_by("-asked_minor", "pk")
    return rows.annotate(what=Subquery(costly.values("words")[:1]), count=Count("lines"))


def _row(found: Dispute, whose: Beside) -> DisputeRow:
    what, count = getattr(found, "what", "") or "", getattr(found, "count", 0)
    return DisputeRow(
        id=found.pk,
        customer_id=whose.customer_id,
        customer=whose.name,
        what=what or found.code,
        lines=count,
        raised_at=found.raised_at,
        raised_by=found.raised_by_name if found.raised_by == RaisedBy.STAFF else str(RaisedBy(found.raised_by).label),
        due_on=found.due_on,
        asked_minor=found.asked_minor,
        granted_minor=found.granted_minor,
        currency=found.currency,
        state=found.state,
        state_label=found.get_state_display(),
        waits_for_second=getattr(found, "waits_for_second", False),
        decided_at=found.decided_at,
        decided_by=found.decided_by_name,
        case_id=found.case_id,
        cause_id=found.cause_id,
    )


def _alike(line: DisputeLine) -> tuple[UUID, str, int]:
    return line.bill_id, line.code, line.charged_minor


def _put_right_beside(lines: Sequence[DisputeLine], dispute_id: int) -> set[tuple[UUID, str, int]]:
    """Lines of the same bills that another dispute put right."""
    beside = DisputeLine.objects.filter(bill_id__in={line.bill_id for line in lines}, stands=True, granted_minor__gt=0)
    return {_alike(line) for line in beside.exclude(dispute_id=dispute_id)}


def _line(line: DisputeLine, *, twin_is_right: bool) -> DisputedLine:
    return DisputedLine(
        id=line.pk,
        code=line.code,
        words=line.words,
        bill_id=line.bill_id,
        issued_on=line.issued_on,
        charged_minor=line.charged_minor,
        off_minor=line.off_minor,
        asked_minor=line.asked_minor,
        granted_minor=line.granted_minor,
        twin_is_right=twin_is_right,
    )


def _earlier(kept: Mapping[str, Any]) -> EarlierDecision:
    return EarlierDecision(
        state_label=str(DisputeState(kept["state"]).label),
        reason=kept["reason"],
        granted_minor=kept["granted_minor"],
        at=datetime.fromisoformat(kept["at"]) if kept["at"] else None,
        by=kept["by"],
        why=kept["why"],
    )


def _credit(credit: Credit) -> CreditOfDispute:
    return CreditOfDispute(
        id=credit.pk,
        amount_minor=credit.amount_minor,
        currency=credit.currency,
        state=credit.state,
        state_label=credit.get_state_display(),
        asked_by=credit.asked_by_name,
        settled_by=credit.settled_by_name,
        refused_why=credit.refused_why,
        seen_on=credit.seen_on,
        due_from=credit.due_from,
        missed_bills=credit.missed_bills,
    )
