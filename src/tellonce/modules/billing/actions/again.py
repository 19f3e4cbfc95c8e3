"""Credits that were cancelled or paid out another way, and that a bill brings all the same."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from tellonce.modules.billing.actions.arriving import ClaimedBill, amounts, given_back, names
from tellonce.modules.billing.actions.credits import reference
from tellonce.modules.billing.actions.findings import record_findings
from tellonce.modules.billing.contracts import CreditState, FindingKind, NewFinding
from tellonce.modules.billing.models import Charge, Credit
from tellonce.modules.billing.queries.whose import holder_of

_OVER = (CreditState.CANCELLED, CreditState.PAID_OUT)


def credited_again_on(bills: Sequence[ClaimedBill], *, at: datetime) -> int:
    """Finds lines that name such a credit by its reference; each credit once. Returns how many are new.

    An amount alone says nothing: another credit may be as high.
    """
    over = Credit.objects.filter(account_id__in=[bill.account_id for bill in bills], state__in=_OVER)
    by_account: dict[int, list[Credit]] = {}
    for credit in over.order_by("pk"):
        by_account.setdefault(credit.account_id, []).append(credit)
    theirs = [bill for bill in bills if bill.account_id in by_account]
    lines = given_back(theirs) if theirs else {}
    found = [
        _finding(credit, bill, charge)
        for bill in theirs
        for charge, credit in _named(lines.get(bill.id, []), by_account[bill.account_id])
    ]
    return record_findings(found, at=at) if found else 0


def _named(lines: Sequence[Charge], over: Sequence[Credit]) -> Iterator[tuple[Charge, Credit]]:
    return ((charge, credit) for charge in lines for credit in over if names(charge, credit))


def _finding(credit: Credit, bill: ClaimedBill, charge: Charge) -> NewFinding:
    return NewFinding(
        key=f"credit:{credit.pk}:again",
        kind=FindingKind.CREDIT_AGAIN,
        customer_id=holder_of(credit),
        account_id=credit.account_id,
        bill_id=bill.id,
        charge_id=charge.id,
        bill_number=bill.number,
        line=charge.line,
        code=charge.code,
        issued_on=bill.issued_on,
        amount_minor=-max(amounts(charge)),
        currency=bill.currency,
        evidence={
            "credit": reference(credit.pk),
            "was": str(credit.state),
            "since": credit.ended_at.date().isoformat() if credit.ended_at else "",
            "by": credit.ended_by_name,
            "words": credit.ended_words,
        },
    )
