"""Credits that wait for a bill: which of them get none any more, and who may end them without one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from tellonce.modules.billing.contracts import NO_BILL_DAYS, BillState, CreditReason, CreditState
from tellonce.modules.billing.models import Bill, Credit
from tellonce.modules.billing.queries.limits import is_above, limits_of
from tellonce.modules.billing.queries.lines import day_of
from tellonce.modules.billing.queries.whose import held
from tellonce.modules.record.contracts import Accounts
from tellonce.modules.staff.contracts import Actor

OF_BILLS = (CreditReason.CAME_BACK, CreditReason.CORRECTION)
"""Credits that follow from the bills themselves: nobody typed their amounts."""


@dataclass(frozen=True, slots=True)
class Ends:
    """What somebody may do about a credit that waits for its bill; it is stuck where no more bills come."""

    may_cancel: bool = False
    may_pay_out: bool = False
    is_stuck: bool = False


def ends_of(credit_id: int, *, by: Actor, at: datetime) -> Ends:
    """Whether this person may cancel it, and pay it out another way."""
    credit = Credit.objects.filter(pk=credit_id, state=CreditState.GRANTED).first()
    if credit is None:
        return Ends()
    due_minor = credit.amount_minor - credit.arrived_minor
    return Ends(
        may_cancel=may_cancel(credit, by=by),
        may_pay_out=limits_of(by, currency=credit.currency).second_minor >= due_minor,
        is_stuck=stuck_credits(at=at).filter(pk=credit_id).exists(),
    )


def may_cancel(credit: Credit, *, by: Actor) -> bool:
    """Whether it waits for its bill, was decided by a person or a rule, and `by` granted it or is above who did."""
    waits = credit.state == CreditState.GRANTED and not credit.arrived_minor
    return waits and credit.reason not in OF_BILLS and is_above(by, credit)


def credits_to_cancel(accounts: Accounts, *, by: Actor) -> list[Credit]:
    """Credits on these accounts that this person may cancel, and those that they asked for; the latest first."""
    theirs = Credit.objects.filter(held(accounts)).order_by("-asked_at", "-pk")
    due = theirs.filter(Q(state=CreditState.GRANTED) | Q(state=CreditState.ASKED, asked_by_id=by.id))
    return [credit for credit in due if credit.state == CreditState.ASKED or may_cancel(credit, by=by)]


def stuck_credits(*, at: datetime) -> QuerySet[Credit]:
    """Granted NO_BILL_DAYS days ago or longer, and no bill of the account in these days; the oldest first."""
    since = at - timedelta(days=NO_BILL_DAYS)
    sent = Bill.objects.filter(account_id=OuterRef("account_id"), state=BillState.ISSUED, issued_on__gt=day_of(since))
    due = Credit.objects.filter(state=CreditState.GRANTED, settled_at__lte=since)
    return due.filter(~Exists(sent)).order_by("settled_at", "pk")
