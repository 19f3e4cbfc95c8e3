"""The proof of a correction: contacts about its cause before and after it.

A contact is about the cause where one of its lines was disputed in it or it is on the case of such a dispute, or where
its matter is the one that a dispute about such a line has (or a wrong charge of no kind); but for contacts in which
something else was disputed. The same is counted in both windows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from tellonce.lab.rates import RateRatio, rate_ratio
from tellonce.modules.billing.contracts import CorrectionState
from tellonce.modules.billing.models import CauseAccount, Charge, Dispute, Watch
from tellonce.modules.billing.queries.pages_causes import CauseRead
from tellonce.modules.billing.queries.wrong import WRONG, wrong_kind
from tellonce.modules.care import queries as care
from tellonce.modules.care.contracts import ContactsAbout
from tellonce.modules.record import queries as record


@dataclass(frozen=True, slots=True)
class Proof:
    """Contacts about the cause of the corrected accounts in windows of one length before and after the correction.

    `ratio` compares the rates, with its 95% interval; `weeks` counts them by whole weeks from the correction (week 0
    begins with it), within the windows. `matters` are the names of the matters that are counted.
    """

    corrected_at: datetime
    accounts: int
    days_before: int
    days_after: int
    before: int
    after: int
    ratio: RateRatio
    weeks: tuple[tuple[int, int], ...]
    matters: tuple[str, ...]


def proof(read: CauseRead, *, at: datetime) -> Proof | None:
    """What the first correction that ended changed; None before a day has passed, and where nothing was corrected."""
    ended = [each.ended_at for each in read.corrections if each.state == CorrectionState.DONE and each.ended_at]
    if not ended:
        return None
    corrected_at = min(ended)
    began = datetime.combine(read.row.first_on, time(), tzinfo=timezone.get_default_timezone())
    days = min((corrected_at - began).days, (at - corrected_at).days)
    corrected = CauseAccount.objects.filter(cause_id=read.row.id, corrected_at__isnull=False)
    charged = list(corrected.values_list("customer_id", flat=True).distinct())
    if days < 1 or not charged:
        return None
    customers, kind = sorted({*charged, *record.roots(charged).values()}), _kind(corrected)
    window = timedelta(days=days)
    times = care.contacts_about(
        customers, _about(read.row.id, customers, kind), since=corrected_at - window, until=corrected_at + window
    )
    before = sum(each < corrected_at for each in times)
    exposure = float(days * len(charged))
    return Proof(
        corrected_at=corrected_at,
        accounts=corrected.count(),
        days_before=days,
        days_after=days,
        before=before,
        after=len(times) - before,
        ratio=rate_ratio(before=before, before_time=exposure, after=len(times) - before, after_time=exposure),
        weeks=_by_week(times, corrected_at=corrected_at, days=days),
        matters=care.matter_names({kind, WRONG}),
    )


def _kind(corrected: QuerySet[CauseAccount]) -> str:
    """The matter of the lines that were put right: that of one of them, as all of them have one error."""
    row = corrected.exclude(charge_ids=[]).order_by("pk").first()
    if row is None:
        return WRONG
    charge = Charge.objects.filter(account_id=row.account_id, id__in=row.charge_ids).order_by("issued_on", "id").first()
    return wrong_kind(charge, customer_id=charge.customer_id) if charge is not None else WRONG


def _about(cause_id: int, customers: Sequence[int], kind: str) -> ContactsAbout:
    theirs = Dispute.objects.filter(customer_id__in=customers)
    mine, others = theirs.filter(cause_id=cause_id), theirs.exclude(cause_id=cause_id)
    watched = Watch.objects.filter(cause_id=cause_id).values_list("case_id", flat=True)
    cases = {*mine.values_list("case_id", flat=True), *watched} - {None}
    contacts = set(mine.values_list("contact_id", flat=True)) - {None}
    return ContactsAbout(
        matters=frozenset({kind, WRONG}),
        case_ids=frozenset(cases),
        contact_ids=frozenset(contacts),
        but_case_ids=frozenset(set(others.values_list("case_id", flat=True)) - {None} - cases),
        but_contact_ids=frozenset(set(others.values_list("contact_id", flat=True)) - {None} - contacts),
    )


def _by_week(times: Sequence[datetime], *, corrected_at: datetime, days: int) -> tuple[tuple[int, int], ...]:
    whole = days // 7
    counts = dict.fromkeys(range(-whole, whole), 0)
    for each in times:
        week = (each - corrected_at).days // 7
        if week in counts:
            counts[week] += 1
    return tuple(counts.items())
