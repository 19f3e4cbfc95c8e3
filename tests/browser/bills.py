"""Bills of the small provider: with disputes, one that came back, a cause of three hundred; and the next bill."""

from dataclasses import replace
from datetime import datetime, timedelta

from tellonce.modules.billing import actions
from tellonce.modules.billing.models import Bill, Credit, Dispute, Finding, Watch
from tellonce.modules.billing.tests.lives import FIBRE, HIRE, RENTAL, SPORT, TV, billed_lives, month_before
from tellonce.modules.billing.tests.making import Holder, Line, a_bill, a_holder, charge
from tellonce.modules.record.models import Account
from tellonce.modules.staff.contracts import Role
from tellonce.modules.staff.models import Person
from tests.browser.lives import Lives
from tests.factories import a_person

MANY = 300


def make_bills(now: datetime, lives: Lives) -> dict[str, int | str]:
    """Bills of Okafor Dental with a rental that came back to us, and everything that the pages of bills show."""
    bea = a_person(name="Bea Bills", email="bea@example.net", permission_sets=["billing_care"], at=now)
    lena = a_person(name="Lena Lead", email="lena@example.net", role=Role.MANAGER, at=now)
    account = Account.objects.get(customer_id=lives.okafor.pk)
    okafor = Holder(lives.okafor.pk, account.pk)
    for back in (3, 2):
        a_bill(okafor, FIBRE, TV, on=month_before(now.date(), back), number=f"OK-{back}")
    a_bill(okafor, FIBRE, TV, RENTAL, on=month_before(now.date(), 1), number="OK-1")
    made = billed_lives(dana=bea, lead=lena, now=now, many=MANY)
    _novak(now, lives)
    alike = _alike(bea, made.hired[10:12], now=now)
    found = Finding.objects.filter(state="open").earliest("pk")
    return {
        "dispute": made.waiting.pk,
        "to_choose": _two_boxes(bea, now=now).pk,
        "watch": Watch.objects.get(dispute=made.upheld).pk,
        "bill": str(Bill.objects.get(number="OK-2").id),
        "upheld": made.upheld.pk,
        "upheld_case": made.upheld.case_id or 0,
        "credit": Credit.objects.filter(state="asked").earliest("pk").pk,
        "finding": found.pk,
        "cause": made.cause.pk,
        "alike": (alike.first_on or now.date()).replace(day=1).isoformat(),
        "hired": made.hired[20].customer_id,
    }


def bill_again(now: datetime, customer_id: int) -> str:
    """The next bill of this customer, with the rental again and the credit; checked as the worker checks it."""
    account = Account.objects.get(customer_id=customer_id)
    coming = Credit.objects.filter(customer_id=customer_id, state="granted")
    lines = [Line("CREDIT", -each.amount_minor, kind="credit", words=f"Credit TO-{each.pk}") for each in coming]
    on = now.date() + timedelta(days=4)
    bill = a_bill(Holder(customer_id, account.pk), FIBRE, TV, RENTAL, *lines, on=on, number="OK-0", received_at=now)
    actions.check_bills(at=now)
    actions.answer_what_came_back(at=now)
    return bill.number


def _alike(bea: Person, holders: tuple[Holder, ...], *, now: datetime) -> Dispute:
    """Two disputes about the same new charge, and no cause for them yet."""
    raised = []
    for holder in holders:
        bill = a_bill(holder, FIBRE, SPORT, on=month_before(now.date(), 0, day=2))
        raised.append(
            actions.raise_dispute(
                customer_id=holder.customer_id,
                lines=[actions.LineAsked(charge(bill, 2))],
                words="Nobody here watches sports.",
                by=bea.as_actor(),
                at=now - timedelta(hours=3),
            )
        )
    return raised[0]


def _novak(now: datetime, lives: Lives) -> None:
    """Two bills, the second with a sports package that was not on the first."""
    account = Account.objects.get(customer_id=lives.novak.pk)
    novak = Holder(lives.novak.pk, account.pk)
    a_bill(novak, FIBRE, TV, on=month_before(now.date(), 2))
    a_bill(novak, FIBRE, TV, SPORT, on=month_before(now.date(), 1))


def _two_boxes(bea: Person, *, now: datetime) -> Dispute:
    """One box was rented rightly until it was given back; another one, on the latest bill, is disputed."""
    first = replace(HIRE, code="RENT-ROOM", device_serial="TV3-0011")
    second = replace(first, words="Box rental, second room", device_serial="TV3-0077")
    holder = a_holder(name="Nadia Brandt", at=now - timedelta(days=400))
    for back in (3, 2):
        a_bill(holder, FIBRE, first, on=month_before(now.date(), back))
    bill = a_bill(holder, FIBRE, second, on=month_before(now.date(), 1))
    return actions.raise_dispute(
        customer_id=holder.customer_id,
        lines=[actions.LineAsked(charge(bill, 2))],
        words="There never was a box in a second room.",
        by=bea.as_actor(),
        at=now - timedelta(hours=2),
    )
