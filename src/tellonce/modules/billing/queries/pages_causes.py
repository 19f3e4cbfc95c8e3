"""Causes as the pages of bills show them: the list, and one with its accounts and corrections."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext

from tellonce.modules.billing.contracts import CauseNotFoundError, CauseState, CorrectionNotFoundError
from tellonce.modules.billing.models import Cause, CauseAccount, Correction
from tellonce.modules.billing.queries.whose import Beside, beside
from tellonce.modules.record import queries as record


@dataclass(frozen=True, slots=True)
class CauseRow:
    """A cause in a list: on how many accounts it stands, who of them complained, its money, what is corrected."""

    id: int
    title: str
    code: str
    state: str
    state_label: str
    owner: str
    first_on: date
    currency: str
    accounts: int
    complained: int
    left_out: int
    corrected: int
    amount_minor: int
    open_minor: int

    @property
    def to_correct(self) -> int:
        """How many are to be corrected in all."""
        return self.accounts - self.left_out


@dataclass(frozen=True, slots=True)
class CorrectionRead:
    """A correction for everybody: who asked, who approved, and how far it is."""

    id: int
    state: str
    state_label: str
    words: str
    accounts: int
    total_minor: int
    done: int
    asked_at: datetime
    asked_by: str
    asked_by_id: int
    settled_at: datetime | None
    settled_by: str
    refused_why: str
    ended_at: datetime | None

    @property
    def percent(self) -> int:
        """How much of it is done."""
        return min(100, round(100 * self.done / self.accounts)) if self.accounts else 0


@dataclass(frozen=True, slots=True)
class AccountOfCause:
    """An account on which the cause stands."""

    account_id: int
    number: str
    customer_id: int
    customer: str
    charges: int
    amount_minor: int
    repaid_minor: int
    discount_minor: int
    first_on: date
    last_on: date
    complained: bool
    left_out_why: str
    left_out_by: str
    corrected_at: datetime | None
    credited_minor: int


@dataclass(frozen=True, slots=True)
class CauseRead:
    """One cause with its rule, where it stands, and its corrections, the latest first.

    On `discounted` accounts that wait for their correction discounts took `discount_minor` off, which nobody paid.
    """

    row: CauseRow
    words: str
    product: str
    area: str
    last_on: date | None
    price_changed_on: date | None
    amount_from_minor: int | None
    amount_until_minor: int | None
    wrong_minor: int | None
    opened_at: datetime
    opened_by: str
    looked_at: datetime | None
    settled_at: datetime | None
    settled_by: str
    owner_id: int | None
    disputes: int
    discounted: int
    discount_minor: int
    corrections: tuple[CorrectionRead, ...]

    @property
    def is_everybody(self) -> bool:
        """Whether the rule is the charge alone: whoever has it is taken in, wrongly charged or not."""
        parts = (self.amount_from_minor, self.amount_until_minor, self.wrong_minor)
        return not self.area and all(part is None for part in parts)


def causes_listed(*, show: str = "open") -> list[CauseRow]:
    """'open' for those that are not settled, the most money first; 'settled' for the others, the latest first."""
    return [_cause_row(found) for found in _listed(show)]


def cause_counts() -> dict[str, int]:
    """How many causes are in each list."""
    settled = Q(state__in=(CauseState.FIXED, CauseState.DISMISSED))
    return {"open": Cause.objects.exclude(settled).count(), "settled": Cause.objects.filter(settled).count()}


def cause_read(cause_id: int) -> CauseRead:
    """One; CauseNotFoundError."""
    found = _counted(Cause.objects.filter(pk=cause_id)).first()
    if found is None:
        raise CauseNotFoundError(gettext("There is no cause %(id)s.") % {"id": cause_id})
    path = record.area_path(found.area_id) if found.area_id is not None else ()
    off = accounts_to_correct(cause_id).filter(discount_minor__gt=0)
    return CauseRead(
        row=_cause_row(found),
        words=found.words,
        product=found.product,
        area=" \u203a ".join(step.name for step in path),
        last_on=found.last_on,
        price_changed_on=found.price_changed_on,
        amount_from_minor=found.amount_from_minor,
        amount_until_minor=found.amount_until_minor,
        wrong_minor=found.wrong_minor,
        opened_at=found.opened_at,
        opened_by=found.opened_by_name,
        looked_at=found.looked_at,
        settled_at=found.settled_at,
        settled_by=found.settled_by_name,
        owner_id=found.owner_id,
        disputes=found.disputes.count(),
        discounted=off.count(),
        discount_minor=off.aggregate(total=Sum("discount_minor"))["total"] or 0,
        corrections=tuple(_correction(each) for each in found.corrections.select_related("asked_by", "settled_by")),
    )


def cause_of(correction_id: int) -> int:
    """The cause of a correction; CorrectionNotFoundError."""
    found = Correction.objects.filter(pk=correction_id).values_list("cause_id", flat=True).first()
    if found is None:
        raise CorrectionNotFoundError(gettext("There is no correction %(id)s.") % {"id": correction_id})
    return found


def accounts_of_cause(cause_id: int, *, show: str = "", limit: int, offset: int = 0) -> list[AccountOfCause]:
    """`show` is 'waiting', 'corrected', 'out' (left out), 'complained', 'silent' (nobody complained), else all."""
    rows = list(_accounts(cause_id, show).order_by("-amount_minor", "pk")[offset : offset + limit])
    whose = beside(rows)
    numbers = record.account_numbers([row.account_id for row in rows])
    return [_account(row, whose[row.account_id], numbers.get(row.account_id, "")) for row in rows]


def account_counts(cause_id: int) -> dict[str, int]:
    """How many accounts are in each list."""
    return {
        show: _accounts(cause_id, show).count() for show in ("", "waiting", "corrected", "complained", "silent", "out")
    }


def accounts_to_correct(cause_id: int) -> QuerySet[CauseAccount]:
    """Accounts of the cause that are neither corrected nor left out."""
    return _accounts(cause_id, "waiting")


@dataclass(frozen=True, slots=True)
class Owed:
    """What is still to be credited on the accounts of a cause, with tax: on one of them at most, and in all."""

    highest: int
    total: int


def owed_for(cause_id: int) -> Owed:
    """What a correction of the cause would credit now."""
    owed = Greatest(F("amount_minor") - F("repaid_minor"), 0)
    found = accounts_to_correct(cause_id).aggregate(highest=Max(owed), total=Sum(owed))
    return Owed(int(found["highest"] or 0), int(found["total"] or 0))


def _listed(show: str) -> QuerySet[Cause]:
    settled = Q(state__in=(CauseState.FIXED, CauseState.DISMISSED))
    if show == "settled":
        return _counted(Cause.objects.filter(settled)).order_by("-settled_at", "-pk")
    return _counted(Cause.objects.exclude(settled)).order_by(F("money").desc(), "-opened_at", "-pk")


def _counted(rows: QuerySet[Cause]) -> QuerySet[Cause]:
    waits = Q(accounts__corrected_at__isnull=True, accounts__left_out_why="")
    owed = Greatest(F("accounts__amount_minor") - F("accounts__repaid_minor"), 0)
    return rows.select_related("owner").annotate(
        count=Count("accounts"),
        said=Count("accounts", filter=Q(accounts__complained=True)),
        out=Count("accounts", filter=~Q(accounts__left_out_why="")),
        right=Count("accounts", filter=Q(accounts__corrected_at__isnull=False)),
        money=Coalesce(Sum("accounts__amount_minor", filter=Q(accounts__left_out_why="")), 0),
        owed=Coalesce(Sum(owed, filter=waits), 0),
    )


def _cause_row(found: Cause) -> CauseRow:
    counted = {name: getattr(found, name) for name in ("count", "said", "out", "right", "money", "owed")}
    return CauseRow(
        id=found.pk,
        title=found.title,
        code=found.code,
        state=found.state,
        state_label=found.get_state_display(),
        owner=found.owner.name if found.owner is not None else "",
        first_on=found.first_on,
        currency=found.currency,
        accounts=counted["count"],
        complained=counted["said"],
        left_out=counted["out"],
        corrected=counted["right"],
        amount_minor=int(counted["money"]),
        open_minor=int(counted["owed"]),
    )


def _correction(found: Correction) -> CorrectionRead:
    return CorrectionRead(
        id=found.pk,
        state=found.state,
        state_label=found.get_state_display(),
        words=found.words,
        accounts=found.accounts,
        total_minor=found.total_minor,
        done=found.done,
        asked_at=found.asked_at,
        asked_by=found.asked_by.name,
        asked_by_id=found.asked_by_id,
        settled_at=found.settled_at,
        settled_by=found.settled_by.name if found.settled_by is not None else "",
        refused_why=found.refused_why,
        ended_at=found.ended_at,
    )


def _accounts(cause_id: int, show: str) -> QuerySet[CauseAccount]:
    rows = CauseAccount.objects.filter(cause_id=cause_id)
    match show:
        case "waiting":
            return rows.filter(corrected_at__isnull=True, left_out_why="")
        case "corrected":
            return rows.filter(corrected_at__isnull=False)
        case "out":
            return rows.exclude(left_out_why="")
        case "complained":
            return rows.filter(complained=True)
        case "silent":
            return rows.filter(complained=False)
    return rows


def _account(row: CauseAccount, whose: Beside, number: str) -> AccountOfCause:
    return AccountOfCause(
        account_id=row.account_id,
        number=number,
        customer_id=whose.customer_id,
        customer=whose.name,
        charges=row.charges,
        amount_minor=row.amount_minor,
        repaid_minor=row.repaid_minor,
        discount_minor=row.discount_minor,
        first_on=row.first_on,
        last_on=row.last_on,
        complained=row.complained,
        left_out_why=row.left_out_why,
        left_out_by=row.left_out_by_name,
        corrected_at=row.corrected_at,
        credited_minor=max(row.amount_minor - row.repaid_minor, 0) if row.credit_id is not None else 0,
    )
