"""What billing keeps of people: handed out, and lost with them."""

from dataclasses import replace
from datetime import date

import pytest

from tellonce.modules.billing import actions
from tellonce.modules.billing.actions import load_bills
from tellonce.modules.billing.contracts import NewBill, NewCharge, NewOrder, NewTraffic
from tellonce.modules.billing.models import Bill, BillingOrder, Charge, Order, Payment, Traffic
from tellonce.modules.record import actions as record
from tellonce.modules.record.models import Account
from tellonce.modules.record.tests.test_privacy import places_with
from tellonce.modules.staff.contracts import SYSTEM, Role
from tests.factories import NOW, a_customer, a_matter, a_person

pytestmark = pytest.mark.django_db
TRACES = ("quittenbill7", "zwetschgenline", "snzw55", "refzw9")


def test_all_of_it_is_handed_out_and_forgotten_but_the_amounts() -> None:
    customer = a_customer()
    other = a_customer()
    Account.objects.create(customer=customer, number="70001")
    Account.objects.create(customer=other, number="70002")
    line = NewCharge("recurring", "BOX", 1000, words="zwetschgenline", service_ref="refzw9", device_serial="snzw55")
    mine = NewBill("billing", "quittenbill7", "70001", date(2026, 2, 1), "USD", (line,))
    load_bills([mine, replace(mine, number="B9", account_number="70002")], by=SYSTEM, at=NOW)
    Payment.objects.create(
        customer_id=customer.pk,
        id=Bill.objects.first().id,  # type: ignore[union-attr]
        account_id=1,
        source="billing",
        number="quittenbill7",
        on=date(2026, 2, 3),
        amount_minor=1000,
        currency="USD",
    )
    body = {"code": "BOX", "device": "snzw55"}
    BillingOrder.objects.create(
        kind="stop_line", key="watch:1", customer_id=customer.pk, account_id=1, body=body, written_at=NOW
    )
    by = a_person(role=Role.ADMINISTRATOR).as_actor()
    out = str(record.export_customer(customer_id=customer.pk, by=by, at=NOW, reason="asked"))
    assert all(trace in out for trace in TRACES)
    assert "B9" not in out
    record.erase_customer(customer_id=customer.pk, by=by, at=NOW)
    assert places_with(*TRACES[:1]) == []
    assert BillingOrder.objects.get().body == {"code": "BOX", "device": ""}
    assert Charge.objects.get(customer_id=customer.pk).amount_minor == 1000
    assert Charge.objects.get(customer_id=other.pk).words == "zwetschgenline"


def test_old_bills_and_payments_go_but_those_of_an_open_dispute() -> None:
    a_matter("billing.wrong")
    customer = a_customer()
    Account.objects.create(customer=customer, number="70001")
    line = NewCharge("recurring", "BOX", 1000)
    months = [NewBill("billing", f"B{year}", "70001", date(year, 2, 1), "USD", (line,)) for year in (2016, 2017, 2026)]
    load_bills(months, by=SYSTEM, at=NOW)
    disputed = Charge.objects.get(issued_on=date(2017, 2, 1))
    actions.raise_dispute(
        customer_id=customer.pk, lines=[actions.LineAsked(disputed.id)], words="Never had it.", by=SYSTEM, at=NOW
    )
    assert record.apply_retention(at=NOW)["bills"] == 1
    assert sorted(Bill.objects.values_list("number", flat=True)) == ["B2017", "B2026"]
    assert Charge.objects.count() == 2


def test_old_orders_and_use_go_with_the_bills_that_they_were_held_against() -> None:
    years = (2016, 2026)
    actions.keep_orders([NewOrder("shop", f"O{year}", 1, 1, "FEE", date(year, 2, 5)) for year in years])
    actions.note_traffic([NewTraffic("meter", 7, date(year, 2, 1), 5) for year in years])
    assert record.apply_retention(at=NOW)["bills"] == 2
    assert list(Order.objects.values_list("number", flat=True)) == ["O2026"]
    assert [each.month.year for each in Traffic.objects.all()] == [2026]
