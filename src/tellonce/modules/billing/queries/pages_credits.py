"""Credits as the pages of bills show them: those that wait for a second person, and those that did not arrive."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from tellonce.modules.billing.contracts import CreditNotFoundError, CreditReason, CreditState
from tellonce.modules.billing.models import Credit
from tellonce.modules.billing.queries.limits import limits_of, refuses
from tellonce.modules.billing.queries.scope import ALL, Scope
from tellonce.modules.billing.queries.waiting import stuck_credits
from tellonce.modules.billing.queries.whose import Beside, beside
from tellonce.modules.care import queries as care
from tellonce.modules.record import queries as record
from tellonce.modules.record.contracts import FlagKind
from tellonce.modules.staff.contracts import Actor


@dataclass(frozen=True, slots=True)
class CreditRow:
    """A credit in a list; of a restricted customer the words are left out.

    `owner` is who owns its case, where the list shows it.
    """

    id: int
    customer_id: int
    customer: str
    amount_minor: int
    currency: str
    reason: str
    words: str
    state: str
    state_label: str
    asked_at: datetime
    asked_by: str
    asked_by_id: int | None
    settled_at: datetime | None
    settled_by: str
    refused_why: str
    due_from: date | None
    seen_on: date | None
    missed_bills: int
    dispute_id: int | None
    case_id: int | None
    arrived_minor: int
    owner: str
    ended_at: datetime | None
    ended_by: str
    ended_words: str

    @property
    def due_minor(self) -> int:
        """What no bill has brought yet."""
        return self.amount_minor - self.arrived_minor


def credits_listed(*, show: str, at: datetime, scope: Scope = ALL, limit: int, offset: int = 0) -> list[CreditRow]:
    """The credits of one list.

    `show` is 'asked' (the oldest first), 'missed' (due and not on the bill), 'stuck' (due, and no more bills come),
    'due', or 'all' (the latest first).
    """
    rows = scope.of(_listed(show, at=at), "asked_at__date")[offset : offset + limit]
    return _rows(rows, at=at, with_owners=show == "stuck")


@dataclass(frozen=True, slots=True)
class MayDecide:
    """Which of the listed credits somebody may grant, and which they may refuse."""

    grants: frozenset[int]
    refuses: frozenset[int]


def may_decide(rows: Sequence[CreditRow], *, by: Actor) -> MayDecide:
    """What this person may do about credits that wait for a second person; about their own see `may_refuse`."""
    limits = {currency: limits_of(by, currency=currency) for currency in {row.currency for row in rows}}
    others = [row for row in rows if row.asked_by_id != by.id]
    return MayDecide(
        grants=frozenset(row.id for row in others if limits[row.currency].second_minor >= row.amount_minor),
        refuses=frozenset(row.id for row in others if refuses(limits[row.currency], row.amount_minor)),
    )


def credit_counts(scope: Scope = ALL, *, at: datetime) -> dict[str, int]:
    """How many there are in each list, of those asked for in the scope; 'failed' are missed, stuck, or both."""
    shown = ("asked", "missed", "stuck", "due", "failed")
    return {show: scope.of(_listed(show, at=at), "asked_at__date").count() for show in shown}


def credit_row(credit_id: int, *, at: datetime) -> CreditRow:
    """One; CreditNotFoundError."""
    found = _rows(Credit.objects.filter(pk=credit_id), at=at, with_owners=True)
    if not found:
        raise CreditNotFoundError(gettext("There is no credit %(id)s.") % {"id": credit_id})
    return found[0]


def _listed(show: str, *, at: datetime) -> QuerySet[Credit]:
    match show:
        case "stuck":
            return stuck_credits(at=at)
        case "missed":
            return Credit.objects.filter(state=CreditState.GRANTED, missed_bills__gt=0).order_by("settled_at", "pk")
        case "failed":
            failed = _listed("missed", at=at).values("pk"), _listed("stuck", at=at).values("pk")
            return Credit.objects.filter(Q(pk__in=failed[0]) | Q(pk__in=failed[1]))
        case "due":
            return Credit.objects.filter(state=CreditState.GRANTED).order_by("-settled_at", "-pk")
        case "all":
            return Credit.objects.order_by("-asked_at", "-pk")
        case _:
            return Credit.objects.filter(state=CreditState.ASKED).order_by("asked_at", "pk")


def _rows(found: QuerySet[Credit], *, at: datetime, with_owners: bool) -> list[CreditRow]:
    rows = list(found)
    whose = beside(rows)
    hidden = record.flagged([each.customer_id for each in whose.values()], FlagKind.RESTRICTED, at=at)
    owners = care.case_owners({row.case_id for row in rows if row.case_id is not None}) if with_owners else {}
    return _lines(rows, whose, hidden, owners)


def _lines(
    rows: Sequence[Credit], whose: dict[int, Beside], hidden: frozenset[int], owners: Mapping[int, str]
) -> list[CreditRow]:
    return [
        CreditRow(
            id=row.pk,
            customer_id=whose[row.account_id].customer_id,
            customer=whose[row.account_id].name,
            amount_minor=row.amount_minor,
            currency=row.currency,
            reason=str(CreditReason(row.reason).label),
            words="" if whose[row.account_id].customer_id in hidden else row.words,
            state=row.state,
            state_label=row.get_state_display(),
            asked_at=row.asked_at,
            asked_by=row.asked_by_name,
            asked_by_id=row.asked_by_id,
            settled_at=row.settled_at,
            settled_by=row.settled_by_name,
            refused_why=row.refused_why,
            due_from=row.due_from,
            seen_on=row.seen_on,
            missed_bills=row.missed_bills,
            dispute_id=row.dispute_id,
            case_id=row.case_id,
            arrived_minor=row.arrived_minor,
            owner=owners.get(row.case_id, "") if row.case_id is not None else "",
            ended_at=row.ended_at,
            ended_by=row.ended_by_name,
            ended_words="" if whose[row.account_id].customer_id in hidden else row.ended_words,
        )
        for row in rows
    ]
