"""Bills that are gone say nothing any more: not that they were clean, not what they gave back, not what they lacked."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import gettext

from tellonce.modules.billing.actions.findings import take_finding_back
from tellonce.modules.billing.actions.looking import count_anew
from tellonce.modules.billing.actions.watching import look_back
from tellonce.modules.billing.contracts import (
    CLEAN_BILLS,
    BillState,
    CheckOutcome,
    CreditState,
    DisputeState,
    FindingKind,
    FindingState,
    WatchState,
)
from tellonce.modules.billing.models import Bill, Credit, Finding, Watch, WatchCheck
from tellonce.modules.staff.contracts import SYSTEM

# A watch whose dispute was opened again ended with that decision, whatever its bills said.
_STANDS = Q(dispute__isnull=True) | Q(
    dispute__state__in=(DisputeState.UPHELD, DisputeState.PARTLY), began_at__gte=F("dispute__decided_at")
)


def forget_what_they_said(bill_ids: Sequence[UUID], *, at: datetime) -> None:
    """What watches said of the bills is forgotten but for what was answered; their credits are due again."""
    said = WatchCheck.objects.filter(bill_id__in=bill_ids, answered_at__isnull=True).exclude(outcome=CheckOutcome.HELD)
    watches = set(said.values_list("watch_id", flat=True))
    said.delete()
    watch_again(watches, at=at)
    given = Credit.objects.filter(bill_id__in=bill_ids, state=CreditState.ON_BILL)
    given.update(state=CreditState.GRANTED, bill_id=None, charge_id=None, seen_on=None, arrived_minor=0)
    accounts = Bill.objects.filter(id__in=bill_ids).values_list("account_id", flat=True)
    count_missed_anew(set(accounts), at=at)


def watch_again(watches: Iterable[int], *, at: datetime) -> None:
    """Counts the watches anew; those that had ended by bills that are gone watch again.

    They look at the bills that came since they ended, too. The billing system need not hear of it: that a watch ended
    as clean never allowed it the line again.
    """
    counted = sorted(watches)
    was_clean = Watch.objects.filter(_STANDS, pk__in=counted, state=WatchState.ENDED, clean_bills__gte=CLEAN_BILLS)
    ended = list(was_clean.order_by("pk").values_list("pk", flat=True))
    count_anew(counted)
    for watch in Watch.objects.filter(pk__in=ended, clean_bills__lt=CLEAN_BILLS):
        watch.state, watch.ended_at = WatchState.WATCHING, None
        watch.save(update_fields=["state", "ended_at"])
        look_back(watch, at=at)


def count_missed_anew(account_ids: Iterable[int], *, at: datetime) -> None:
    """Outstanding credits of the accounts are missing only on bills that are still here; never on more than before.

    A bill that came while the credit stood on one that is gone had no reason to bring it.
    """
    missed = Credit.objects.select_for_update(of=("self",)).filter(
        account_id__in=list(account_ids), state=CreditState.GRANTED, missed_bills__gt=0
    )
    for credit in missed.order_by("pk"):
        credit.missed_bills = min(credit.missed_bills, _bills_without(credit))
        credit.save(update_fields=["missed_bills"])
        if not credit.missed_bills:
            _take_back_missing(credit, at=at)


def _bills_without(credit: Credit) -> int:
    """A bill that brings all of it would have ended the wait, so every checked bill since it is due counts."""
    return Bill.objects.filter(
        account_id=credit.account_id,
        currency=credit.currency,
        state=BillState.ISSUED,
        checked_at__isnull=False,
        issued_on__gte=credit.due_from,
    ).count()


def _take_back_missing(credit: Credit, *, at: datetime) -> None:
    missing = Finding.objects.filter(key=f"credit:{credit.pk}", kind=FindingKind.CREDIT_MISSING)
    finding = missing.exclude(state=FindingState.DISMISSED).first()
    if finding is not None:
        why = gettext("Bill %(number)s was taken away.") % {"number": finding.bill_number}
        take_finding_back(finding, why=why, by=SYSTEM, at=at)
