"""Promised credits arrive on bills, or are missing from the one that should have had them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext

from tellonce.modules.billing.actions.credits import reference
from tellonce.modules.billing.actions.findings import find_error
from tellonce.modules.billing.actions.telling import told
from tellonce.modules.billing.contracts import (
    ChargeKind,
    CreditMissed,
    CreditSeen,
    CreditState,
    FindingKind,
    NewFinding,
)
from tellonce.modules.billing.models import Bill, Charge, Credit
from tellonce.modules.billing.queries.whose import holder_of
from tellonce.modules.record import queries as record
from tellonce.modules.record import story
from tellonce.modules.staff.contracts import SYSTEM

_OUTSTANDING = """
SELECT id FROM billing_credit WHERE state = 'granted' AND account_id = ANY(%(accounts)s) ORDER BY id FOR UPDATE
"""
_WORD = re.compile(r"[\w-]+")


@dataclass(frozen=True, slots=True)
class ClaimedBill:
    """A bill that is being checked."""

    customer_id: int
    id: UUID
    account_id: int
    number: str
    issued_on: date
    currency: str


@dataclass(frozen=True, slots=True)
class MissingCredit:
    """A credit that the customer was promised for this bill and that is not on it, or not all of it."""

    reference: str
    amount_minor: int
    currency: str


def missing_on(*, bill_id: UUID, customer_id: int) -> tuple[MissingCredit, ...]:
    """What is due on a bill that is not sent yet and does not stand on it."""
    bill = Bill.objects.get(customer_id=customer_id, id=bill_id)
    due = Credit.objects.filter(
        account_id=bill.account_id, state=CreditState.GRANTED, currency=bill.currency, due_from__lte=bill.issued_on
    )
    waiting = list(due.order_by("settled_at", "pk"))
    if not waiting:
        return ()
    given: dict[int, int] = {}
    for credit, charge in _matched(waiting, given_back([bill]).get(bill.id, [])):
        given[credit.pk] = max(amounts(charge)) if names(charge, credit) else _due_minor(credit)
    left = [(credit, _due_minor(credit) - given.get(credit.pk, 0)) for credit in waiting]
    return tuple(MissingCredit(reference(credit.pk), rest, credit.currency) for credit, rest in left if rest > 0)


def credits_on(bills: Sequence[ClaimedBill], *, at: datetime) -> None:
    """Looks for the outstanding credits of the bills' accounts, the oldest bill first; one that is missing is found.

    A line is a credit's when it names its reference, or gives back exactly its amount; where several credits are
    given back in one line, their sum. A line that names the credit and gives back less has brought a part of it.
    """
    outstanding = _outstanding(bills)
    if not outstanding:
        return
    given = given_back([bill for bill in bills if bill.account_id in outstanding])
    seen: list[tuple[Credit, ClaimedBill]] = []
    for bill in sorted(bills, key=lambda each: (each.issued_on, each.number)):
        waiting = [each for each in outstanding.get(bill.account_id, ()) if each.currency == bill.currency]
        found = _matched(waiting, given.get(bill.id, []))
        for credit, charge in found:
            if _is_a_part(charge, credit):
                continue
            credit.state, credit.bill_id, credit.charge_id = CreditState.ON_BILL, bill.id, charge.id
            credit.seen_on = bill.issued_on
            seen.append((credit, bill))
            outstanding[bill.account_id].remove(credit)
        whole = {credit.pk for credit, _ in found if credit.state == CreditState.ON_BILL}
        for credit in waiting:
            if credit.pk not in whole and credit.due_from is not None and bill.issued_on >= credit.due_from:
                _missed(credit, bill, at=at)
    _arrived(seen, at=at)


def _outstanding(bills: Sequence[ClaimedBill]) -> dict[int, list[Credit]]:
    with connection.cursor() as cursor:
        cursor.execute(_OUTSTANDING, {"accounts": [bill.account_id for bill in bills]})
        ids = [row[0] for row in cursor.fetchall()]
    found: dict[int, list[Credit]] = {}
    for credit in Credit.objects.filter(pk__in=ids).order_by("settled_at", "pk") if ids else ():
        found.setdefault(credit.account_id, []).append(credit)
    return found


def given_back(bills: Sequence[ClaimedBill | Bill]) -> dict[UUID, list[Charge]]:
    """Lines that give something back, by bill; those that another credit was found in are taken."""
    ids = [bill.id for bill in bills]
    lines = Charge.objects.filter(
        customer_id__in={bill.customer_id for bill in bills}, bill_id__in=ids, amount_minor__lt=0
    ).exclude(kind__in=(ChargeKind.DISCOUNT, ChargeKind.TAX))
    taken = set(Credit.objects.filter(bill_id__in=ids).values_list("charge_id", flat=True))
    found: dict[UUID, list[Charge]] = {}
    for charge in lines.order_by("line"):
        if charge.id not in taken:
            found.setdefault(charge.bill_id, []).append(charge)
    return found


def _matched(waiting: Sequence[Credit], lines: Sequence[Charge]) -> list[tuple[Credit, Charge]]:
    """Which credits are in which lines: by reference, by amount, and in the end all in one line by their sum."""
    found: list[tuple[Credit, Charge]] = []
    left, free = list(waiting), list(lines)
    for credit in waiting:
        charge = next((each for each in free if names(each, credit)), None) or next(
            (each for each in free if each.kind == ChargeKind.CREDIT and _due_minor(credit) in amounts(each)), None
        )
        if charge is not None:
            found.append((credit, charge))
            left.remove(credit)
            free.remove(charge)
    total = sum(_due_minor(credit) for credit in left)
    one = next((each for each in free if each.kind == ChargeKind.CREDIT and total in amounts(each)), None)
    if left and one is not None:
        found += [(credit, one) for credit in left]
    return found


def names(charge: Charge, credit: Credit) -> bool:
    """Whether the line says by its reference that it is this credit."""
    return reference(credit.pk) in _WORD.findall(f"{charge.code} {charge.words}")


def _is_a_part(charge: Charge, credit: Credit) -> bool:
    """Whether the line names the credit and brings less than is due; that much has arrived then."""
    arrived = credit.arrived_minor + max(amounts(charge))
    if arrived >= credit.amount_minor or not names(charge, credit):
        return False
    credit.arrived_minor = arrived
    credit.save(update_fields=["arrived_minor"])
    return True


def _due_minor(credit: Credit) -> int:
    return credit.amount_minor - credit.arrived_minor


def amounts(charge: Charge) -> set[int]:
    """What the line gives back, with its tax and without."""
    return {-charge.amount_minor, -(charge.amount_minor + charge.tax_minor)}


def _arrived(seen: Sequence[tuple[Credit, ClaimedBill]], *, at: datetime) -> None:
    Credit.objects.bulk_update(
        [credit for credit, _ in seen], ["state", "bill_id", "charge_id", "seen_on"], batch_size=1000
    )
    holders = record.account_holders(credit.account_id for credit, _ in seen) if seen else {}
    story.tell_each(
        [
            told(
                holders.get(credit.account_id, credit.customer_id),
                CreditSeen(credit.pk, credit.amount_minor, credit.currency, bill.number),
                by=SYSTEM,
                at=at,
                about=("credit", credit.pk),
                case_id=credit.case_id,
            )
            for credit, bill in seen
        ]
    )


def _missed(credit: Credit, bill: ClaimedBill, *, at: datetime) -> None:
    """The bill should have had the credit: an error of ours, with a case the first time."""
    credit.missed_bills += 1
    credit.save(update_fields=["missed_bills"])
    missed = CreditMissed(credit.pk, _due_minor(credit), credit.currency, bill.number)
    about = ("credit", credit.pk)
    story.tell(told(holder_of(credit), missed, by=SYSTEM, at=at, about=about, case_id=credit.case_id))
    find_error(
        NewFinding(
            key=f"credit:{credit.pk}",
            kind=FindingKind.CREDIT_MISSING,
            customer_id=holder_of(credit),
            account_id=credit.account_id,
            bill_id=bill.id,
            bill_number=bill.number,
            issued_on=bill.issued_on,
            amount_minor=_due_minor(credit),
            currency=credit.currency,
            evidence={
                "credit": credit.pk,
                "arrived_minor": credit.arrived_minor,
                "granted_on": credit.settled_at.date().isoformat() if credit.settled_at else "",
                "due_from": credit.due_from.isoformat() if credit.due_from else "",
                "words": credit.words,
            },
        ),
        title=gettext("A promised credit is missing on bill %(number)s") % {"number": bill.number},
        case_id=credit.case_id,
        by=SYSTEM,
        at=at,
    )
