"""What stays fixed, as /bills shows it: what came back, what is watched, and the share of fixes that held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import numpy as np
from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth

from tellonce.lab.survival import kaplan_meier
from tellonce.modules.billing.contracts import CLEAN_BILLS, CheckOutcome, WatchRule, WatchState
from tellonce.modules.billing.models import Watch, WatchCheck
from tellonce.modules.billing.queries.rules import rule_of
from tellonce.modules.billing.queries.scope import ALL, Scope
from tellonce.modules.billing.queries.told import Letter, LetterState, letters, untold
from tellonce.modules.billing.queries.whose import Beside, beside

MOST_MARKS = 18
UNTOLD = "untold"
_STAYED_OFF = Q(state=WatchState.ENDED, clean_bills__gte=CLEAN_BILLS)
_MONTHS, _MOST_MONTHS = 12, 24


@dataclass(frozen=True, slots=True)
class CameBack:
    """A bill on which something that was taken off came back; `is_held` when nobody saw it.

    It `is_answered` once it is credited and its case open again; `letter` says when its customer was told.
    """

    watch_id: int
    customer_id: int
    customer: str
    what: str
    bill_id: UUID
    bill_number: str
    issued_on: date
    at: datetime
    amount_minor: int
    credited_minor: int
    currency: str
    is_held: bool
    is_answered: bool
    letter: Letter
    case_id: int | None
    dispute_id: int | None
    cause_id: int | None


@dataclass(frozen=True, slots=True)
class Watched:
    """A charge that must not come again; `marks` are what its bills said, the oldest first."""

    id: int
    customer_id: int
    customer: str
    what: str
    since: date
    is_over: bool
    clean_bills: int
    came_back: int
    held: int
    last_bill_on: date | None
    marks: tuple[str, ...]
    code: str
    rule: WatchRule
    currency: str
    case_id: int | None
    dispute_id: int | None
    cause_id: int | None


@dataclass(frozen=True, slots=True)
class StaysFixed:
    """Upheld disputes whose charge stays off the next 12 bills.

    `share` is Kaplan and Meier's estimate over bills, None while no bill was checked, with its 95% interval; disputes
    that were watched for fewer bills count as far as they were seen. `failed` came back on a bill that was out, `held`
    were held before it was sent, which is no failure.
    """

    upheld: int
    failed: int
    held: int
    watching: int
    share: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True)
class MonthBack:
    """How many came back in one month: on bills that were out, and held before."""

    month: date
    out: int
    held: int


# Each upheld dispute: the first bill of those watched on which it came back, and how many bills were looked at.
_SPELLS = """
WITH numbered AS (
    SELECT w.dispute_id, k.outcome, row_number() OVER (PARTITION BY k.watch_id ORDER BY k.issued_on, k.id) AS place
    FROM billing_watchcheck k JOIN billing_watch w ON w.id = k.watch_id
    WHERE w.dispute_id IS NOT NULL
), fixes AS (
    SELECT d.id, min(n.place) FILTER (WHERE n.outcome = 'came_back' AND n.place <= %(bills)s) AS back,
           least(coalesce(max(n.place), 0), %(bills)s) AS seen, coalesce(bool_or(n.outcome = 'held'), false) AS held
    FROM billing_dispute d LEFT JOIN numbered n ON n.dispute_id = d.id
    WHERE d.state IN ('upheld', 'partly')
      AND (%(since)s::date IS NULL OR (d.decided_at AT TIME ZONE %(zone)s)::date >= %(since)s)
      AND (%(until)s::date IS NULL OR (d.decided_at AT TIME ZONE %(zone)s)::date <= %(until)s)
      AND (%(there)s::bigint[] IS NULL OR d.customer_id = ANY(%(there)s))
    GROUP BY d.id
)
SELECT coalesce(back, seen), back IS NOT NULL, count(*), count(*) FILTER (WHERE held) FROM fixes GROUP BY 1, 2
"""


def stays_fixed(scope: Scope = ALL) -> StaysFixed:
    """Over the disputes that were upheld in the scope, as of now."""
    with connection.cursor() as cursor:
        cursor.execute(_SPELLS, {"bills": CLEAN_BILLS} | scope.values())
        rows = cursor.fetchall()
    counts = [int(count) for *_, count, _held in rows]
    share, lower, upper = _share(rows)
    return StaysFixed(
        upheld=sum(counts),
        failed=sum(count for _, failed, count, _held in rows if failed),
        held=sum(held for *_, held in rows),
        watching=scope.of(Watch.objects.filter(state=WatchState.WATCHING), "began_at__date").count(),
        share=share,
        lower=lower,
        upper=upper,
    )


def _share(rows: Sequence[tuple[int, bool, int, int]]) -> tuple[float | None, float | None, float | None]:
    seen = [row for row in rows if row[0]]
    if not seen:
        return None, None, None
    bills = np.repeat([row[0] for row in seen], [row[2] for row in seen]).astype(np.float64)
    failed = np.repeat([row[1] for row in seen], [row[2] for row in seen])
    curve = kaplan_meier(bills, failed)
    if not len(curve.survival):
        return 1.0, _none_failed(bills), 1.0
    return float(curve.survival[-1]), float(np.nan_to_num(curve.lower[-1])), float(np.nan_to_num(curve.upper[-1]))


def _none_failed(bills: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> float:
    """Where nothing came back, the exact bound for the disputes that were watched to the end (Clopper and Pearson)."""
    whole = int((bills >= CLEAN_BILLS).sum())
    return float(0.025 ** (1 / whole)) if whole else 0.0


def came_back(*, outcome: str = "", scope: Scope = ALL, limit: int, offset: int = 0) -> list[CameBack]:
    """What came back, the latest first.

    `outcome` narrows it to those that were held or that were out, or ('untold') whose customer no letter has reached.
    """
    found = _not_clean(outcome, scope).select_related("watch", "credit").order_by("-issued_on", "-id")
    rows = list(found[offset : offset + limit])
    whose, told = beside(rows), letters([row.pk for row in rows])
    return [_back(row, whose[row.account_id], told.get(row.pk, Letter(LetterState.NONE))) for row in rows]


def came_back_counts() -> dict[str, int]:
    """How many came back on bills that were out, and how many were held."""
    found = dict(_not_clean("").values_list("outcome").annotate(n=Count("pk")))
    return {str(outcome): found.get(outcome, 0) for outcome in (CheckOutcome.CAME_BACK, CheckOutcome.HELD)}


def back_by_month(*, today: date, scope: Scope = ALL) -> list[MonthBack]:
    """The months of the scope, at most two years of them and else the last twelve; also where nothing came back."""
    firsts = _months(today, scope)
    rows = (
        _not_clean("", scope)
        .filter(issued_on__gte=firsts[0])
        .annotate(month=TruncMonth("issued_on"))
        .values_list("month", "outcome")
        .annotate(n=Count("pk"))
    )
    found = {(month, outcome): count for month, outcome, count in rows}
    return [
        MonthBack(
            month,
            out=found.get((month, CheckOutcome.CAME_BACK), 0),
            held=found.get((month, CheckOutcome.HELD), 0),
        )
        for month in firsts
    ]


def watched(*, show: str = "", words: str = "", scope: Scope = ALL, limit: int, offset: int = 0) -> list[Watched]:
    """What is watched; `show` is 'over' for watches that ended, 'back' for those on which something came back."""
    return watched_rows(list(scope.of(_watches(show=show, words=words), "began_at__date")[offset : offset + limit]))


def watched_rows(rows: Sequence[Watch]) -> list[Watched]:
    """These, each with whose it is and what its bills said."""
    whose = beside(rows)
    marks = _marks([row.pk for row in rows])
    return [_watched(row, whose[row.account_id], marks.get(row.pk, ())) for row in rows]


def watches_of(dispute_id: int) -> list[Watched]:
    """What is watched after one dispute, and what stayed off; not what ended as it is to be decided anew."""
    watched_now = Q(state=WatchState.WATCHING)
    rows = list(Watch.objects.filter(watched_now | _STAYED_OFF, dispute_id=dispute_id).order_by("pk"))
    marks = _marks([row.pk for row in rows])
    return [_watched(row, Beside(row.customer_id, ""), marks.get(row.pk, ())) for row in rows]


def _not_clean(outcome: str, scope: Scope = ALL) -> QuerySet[WatchCheck]:
    rows = scope.of(WatchCheck.objects.exclude(outcome=CheckOutcome.CLEAN), "issued_on")
    if outcome == UNTOLD:
        return rows.filter(pk__in=untold())
    return rows.filter(outcome=outcome) if outcome else rows


def _watches(*, show: str = "", words: str = "") -> QuerySet[Watch]:
    rows = Watch.objects.order_by("-came_back", "-held", "-began_at", "-id")
    match show:
        case "over":
            rows = rows.filter(_STAYED_OFF)
        case "back":
            rows = rows.filter(Q(came_back__gt=0) | Q(held__gt=0))
        case _:
            rows = rows.filter(state=WatchState.WATCHING)
    return rows.filter(Q(words__icontains=words) | Q(code__icontains=words)) if words else rows


def _marks(watch_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, list[str]] = {}
    rows = WatchCheck.objects.filter(watch_id__in=watch_ids).order_by("issued_on", "id")
    for watch_id, outcome in rows.values_list("watch_id", "outcome"):
        found.setdefault(watch_id, []).append(outcome)
    return {watch_id: tuple(outcomes[-MOST_MARKS:]) for watch_id, outcomes in found.items()}


def _back(row: WatchCheck, whose: Beside, letter: Letter) -> CameBack:
    watch = row.watch
    return CameBack(
        watch_id=watch.pk,
        customer_id=whose.customer_id,
        customer=whose.name,
        what=watch.words or watch.code,
        bill_id=row.bill_id,
        bill_number=row.bill_number,
        issued_on=row.issued_on,
        at=row.at,
        amount_minor=row.amount_minor,
        credited_minor=row.credit.amount_minor if row.credit is not None else 0,
        currency=watch.currency,
        is_held=row.outcome == CheckOutcome.HELD,
        is_answered=row.answered_at is not None,
        letter=letter,
        case_id=watch.case_id,
        dispute_id=watch.dispute_id,
        cause_id=watch.cause_id,
    )


def _watched(row: Watch, whose: Beside, marks: tuple[str, ...]) -> Watched:
    return Watched(
        id=row.pk,
        customer_id=whose.customer_id,
        customer=whose.name,
        what=row.words or row.code,
        since=row.since,
        is_over=row.state == WatchState.ENDED,
        clean_bills=row.clean_bills,
        came_back=row.came_back,
        held=row.held,
        last_bill_on=row.last_bill_on,
        marks=marks,
        code=row.code,
        rule=rule_of(row),
        currency=row.currency,
        case_id=row.case_id,
        dispute_id=row.dispute_id,
        cause_id=row.cause_id,
    )


def _months(today: date, scope: Scope) -> list[date]:
    last = min(scope.until or today, today).replace(day=1)
    least = _months_before(last, _MOST_MONTHS - 1)
    first = max(scope.since.replace(day=1), least) if scope.since else _months_before(last, _MONTHS - 1)
    found = [_months_before(last, back) for back in reversed(range(_MOST_MONTHS))]
    return [month for month in found if month >= min(first, last)]


def _months_before(today: date, months: int) -> date:
    first = today.replace(day=1)
    for _ in range(months):
        first = (first - timedelta(days=1)).replace(day=1)
    return first
