"""Bills that the billing system took back say nothing any more: not that they were clean, not what they gave back."""

from collections.abc import Sequence
from uuid import UUID

from tellonce.modules.billing.actions.looking import count_anew
from tellonce.modules.billing.contracts import CLEAN_BILLS, CheckOutcome, CreditState, WatchState
from tellonce.modules.billing.models import Credit, Watch, WatchCheck


def forget_what_they_said(bill_ids: Sequence[UUID]) -> None:
    """What watches said of the bills is forgotten but for what was answered; their credits are due again."""
    said = WatchCheck.objects.filter(bill_id__in=bill_ids, answered_at__isnull=True).exclude(outcome=CheckOutcome.HELD)
    watches = sorted(set(said.values_list("watch_id", flat=True)))
    said.delete()
    count_anew(watches)
    ended = Watch.objects.filter(pk__in=watches, state=WatchState.ENDED, clean_bills__lt=CLEAN_BILLS)
    ended.update(state=WatchState.WATCHING, ended_at=None)
    given = Credit.objects.filter(bill_id__in=bill_ids, state=CreditState.ON_BILL)
    given.update(state=CreditState.GRANTED, bill_id=None, charge_id=None, seen_on=None, arrived_minor=0)
