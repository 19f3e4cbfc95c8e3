"""Bills that a program has: once, all or none, and known again however they came."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tellonce.modules.billing.actions import load_bills, put_asked_bill
from tellonce.modules.billing.contracts import BadBillError, BillKnownError, NewBill, NewCharge
from tellonce.modules.billing.models import Bill, Charge
from tellonce.modules.billing.queries import billed, latest_bills
from tellonce.modules.record.contracts import Accounts
from tellonce.modules.record.models import Account, Moment
from tellonce.modules.staff.contracts import SYSTEM
from tests.factories import NOW, a_customer

pytestmark = pytest.mark.django_db

LINE = NewCharge(kind="recurring", code="INT500", amount_minor=8000, tax_minor=480, words="Fibre 500")
BILL = NewBill(
    source="billing",
    number="B1",
    account_number="70001",
    issued_on=date(2026, 2, 1),
    currency="USD",
    charges=(LINE, NewCharge(kind="fee", code="LATE", amount_minor=500)),
)


@pytest.fixture(autouse=True)
def account() -> Account:
    return Account.objects.create(customer=a_customer(), number="70001")


def test_a_bill_is_kept_with_its_lines_and_told_once(account: Account) -> None:
    done = load_bills([BILL], by=SYSTEM, at=NOW)
    assert (done.added, done.ids) == (1, ((account.customer_id, Bill.objects.get().id),))
    assert load_bills([BILL], by=SYSTEM, at=NOW).unchanged == 1
    assert [(each.line, each.amount_minor) for each in Charge.objects.order_by("line")] == [(1, 8000), (2, 500)]
    told = Moment.objects.get(customer_id=account.customer_id, kind="billing.bill_issued")
    assert (told.data["total_minor"], told.at.date()) == (8980, date(2026, 2, 1))


def test_a_bill_that_is_asked_about_may_change_until_it_is_sent(account: Account) -> None:
    put_asked_bill(BILL, by=SYSTEM, at=NOW)
    assert Bill.objects.get().state == "asked"
    without = replace(BILL, charges=(LINE,))
    customer_id, pk = put_asked_bill(without, by=SYSTEM, at=NOW)
    assert (Bill.objects.get().total_minor, Charge.objects.count()) == (8480, 1)
    assert not Moment.objects.filter(kind="billing.bill_issued").exists()
    done = load_bills([without], by=SYSTEM, at=NOW)
    assert (done.changed, done.ids) == (1, ((customer_id, pk),))
    assert (Bill.objects.get().state, Charge.objects.count()) == ("issued", 1)
    with pytest.raises(BillKnownError, match="sent already"):
        put_asked_bill(BILL, by=SYSTEM, at=NOW)


@pytest.mark.parametrize(
    ("bill", "why"),
    [
        (replace(BILL, account_number="1"), "there is no account 1"),
        (replace(BILL, currency="EUR"), "its account is kept in USD"),
        (replace(BILL, charges=(replace(LINE, kind="fee", amount_minor=-1, tax_minor=0),)), "line 1 is below zero"),
        (replace(BILL, charges=(replace(LINE, kind="credit"),)), "line 1 is above zero"),
        (replace(BILL, charges=(replace(LINE, line=2), replace(LINE, line=2))), "two of its lines have one number"),
        (replace(BILL, charges=(replace(LINE, tax_minor=-1),)), "the tax of line 1 goes the other way"),
    ],
)
def test_a_bill_that_cannot_be_is_refused_with_all_others(bill: NewBill, why: str) -> None:
    with pytest.raises(BadBillError, match=why):
        load_bills([replace(BILL, number="B0"), bill], by=SYSTEM, at=NOW)
    assert not Bill.objects.exists()


def test_a_bill_that_was_sent_does_not_change() -> None:
    load_bills([BILL], by=SYSTEM, at=NOW)
    with pytest.raises(BillKnownError, match="said something else"):
        load_bills([replace(BILL, charges=(LINE,))], by=SYSTEM, at=NOW)
    assert Charge.objects.count() == 2


def test_the_latest_bill_of_each_account_comes_with_the_one_before_in_one_read(
    account: Account, django_assert_num_queries: Any
) -> None:
    second = Account.objects.create(customer_id=account.customer_id, number="70002")
    months = [replace(BILL, number=f"B{month}", issued_on=date(2026, month, 1)) for month in (3, 1, 2)]
    load_bills([*months, replace(BILL, number="C1", account_number="70002")], by=SYSTEM, at=NOW)
    put_asked_bill(replace(BILL, number="B4", issued_on=date(2026, 4, 1)), by=SYSTEM, at=NOW)
    with django_assert_num_queries(1):
        newest, other = latest_bills(Accounts((account.customer_id,)), since=date(2025, 1, 1))
    assert newest.before is not None
    assert (newest.bill.number, newest.before.number, other.bill.account_id) == ("B3", "B2", second.pk)
    assert other.before is None
    assert newest.totals == tuple((date(2026, month, 1), 8980) for month in (1, 2, 3))
    assert [line.code for line in newest.bill.lines] == ["INT500", "LATE"]
    then = billed(Accounts((account.customer_id,)), newest.before.id, since=date(2025, 1, 1))
    assert then is not None
    assert then.before is not None
    assert (then.bill.number, then.before.number) == ("B2", "B1")
    assert billed(Accounts((account.customer_id + 1,)), newest.bill.id, since=date(2025, 1, 1)) is None


def test_a_bill_that_is_asked_about_is_dated_at_most_62_days_ahead() -> None:
    last = NOW.date() + timedelta(days=62)
    with pytest.raises(BadBillError, match="it is dated more than 62 days after today"):
        put_asked_bill(replace(BILL, issued_on=last + timedelta(days=1)), by=SYSTEM, at=NOW)
    assert not Bill.objects.exists()
    put_asked_bill(replace(BILL, issued_on=last), by=SYSTEM, at=NOW)
    assert Bill.objects.get().issued_on == last
