"""The billing system asks before it sends: what a customer was told is gone is held, quickly."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tellonce.modules.billing import actions as billing
from tellonce.modules.billing.contracts import NewBill, NewCharge
from tellonce.modules.billing.models import Bill, Charge
from tellonce.modules.care import actions as care
from tellonce.modules.record.models import Account
from tellonce.modules.staff.contracts import SYSTEM
from tellonce.openapi.contracts import Scope
from tellonce.openapi.tests.asking import a_program
from tests.factories import a_customer, a_person

pytestmark = pytest.mark.django_db

TODAY = timezone.now().date()
LINES = [
    {"line": 1, "kind": "recurring", "code": "INT500", "amount_minor": 8000, "tax_minor": 480},
    {"line": 2, "kind": "recurring", "code": "BOX", "amount_minor": 1000, "words": "Second box"},
]


def _asked(**more: Any) -> dict[str, Any]:
    body = {"number": "B2", "account_number": "70001", "issued_on": TODAY.isoformat(), "lines": LINES}
    return body | more


@pytest.fixture(autouse=True)
def account() -> Account:
    return Account.objects.create(customer=a_customer(), number="70001")


def test_nothing_is_watched_so_nothing_is_held(account: Account) -> None:
    program = a_program(Scope.BILLS_ASK)
    answer = program.ask("POST", "/api/bills/ask", _asked())
    assert (answer.status_code, answer.json()) == (200, {"number": "B2", "hold": [], "missing": []})
    bill = Bill.objects.get()
    assert (bill.state, bill.source, bill.total_minor, bill.customer_id) == ("asked", "pbx", 9480, account.customer_id)


def test_a_charge_that_was_taken_off_is_held_each_time_it_is_asked(account: Account) -> None:
    before = NewBill(
        source="pbx",
        number="B1",
        account_number="70001",
        issued_on=TODAY - timedelta(days=30),
        currency="USD",
        charges=(NewCharge(kind="recurring", code="BOX", amount_minor=1000, words="Second box"),),
    )
    billing.load_bills([before], by=SYSTEM, at=timezone.now())
    billing.begin_watch(
        customer_id=account.customer_id,
        account_id=account.pk,
        rule=billing.WatchRule(code="BOX"),
        words="Second box",
        limit_minor=1000,
        currency="USD",
        by=SYSTEM,
        at=timezone.now(),
        since=TODAY - timedelta(days=1),
    )
    program = a_program(Scope.BILLS_ASK)
    for _time in range(2):
        held = program.ask("POST", "/api/bills/ask", _asked()).json()["hold"]
        assert [(line["line"], line["code"], line["amount_minor"]) for line in held] == [(2, "BOX", 1000)]
    without = program.ask("POST", "/api/bills/ask", _asked(lines=LINES[:1]))
    assert without.json()["hold"] == []
    assert Charge.objects.filter(bill_id=Bill.objects.get(number="B2").id).count() == 1


def test_a_bill_that_was_sent_or_cannot_be_is_refused(account: Account) -> None:
    program = a_program(Scope.BILLS_ASK)
    unknown = program.ask("POST", "/api/bills/ask", _asked(account_number="1"))
    assert (unknown.status_code, unknown.json()["code"]) == (400, "bad_bill")
    assert program.ask("POST", "/api/bills/ask", _asked(lines=[])).status_code == 422
    assert a_program(Scope.STORY_READ, name="Other").ask("POST", "/api/bills/ask", _asked()).status_code == 403
    sent = NewBill("pbx", "B2", "70001", TODAY, "USD", (NewCharge("recurring", "INT500", 8000, 480),))
    billing.load_bills([sent], by=SYSTEM, at=timezone.now())
    again = program.ask("POST", "/api/bills/ask", _asked())
    assert (again.status_code, again.json()["code"]) == (409, "bill_known")


def test_a_credit_that_is_due_and_not_on_the_bill_is_named(account: Account) -> None:
    credit = billing.give_credit(
        customer_id=account.customer_id,
        account_id=account.pk,
        amount_minor=500,
        currency="USD",
        reason="goodwill",
        by=SYSTEM,
        at=timezone.now() - timedelta(days=20),
        is_granted=True,
    )
    program, named = a_program(Scope.BILLS_ASK), f"TO-{credit.pk}"
    for given, missing in ((0, 500), (200, 300), (500, 0)):
        back = {"line": 3, "kind": "credit", "code": "CR", "amount_minor": -given, "words": named}
        lines = [*LINES, back] if given else LINES
        told = program.ask("POST", "/api/bills/ask", _asked(lines=lines)).json()["missing"]
        assert told == ([{"reference": named, "amount_minor": missing, "currency": "USD"}] if missing else [])
    credit.refresh_from_db()
    assert (credit.state, credit.arrived_minor) == ("granted", 0)


@pytest.mark.parametrize(
    "wrong",
    [{"number": "B\0"}, {"lines": [{"line": n, "kind": "usage", "code": "X", "amount_minor": 10**15} for n in (1, 2)]}],
)
def test_what_no_bill_can_be_is_refused(wrong: dict[str, Any]) -> None:
    assert a_program(Scope.BILLS_ASK).ask("POST", "/api/bills/ask", _asked(**wrong)).status_code == 422


def test_the_billing_system_fetches_what_it_is_asked_to_do_and_says_what_it_took(account: Account) -> None:
    care.lay_first_matters()
    bill = NewBill(
        source="pbx",
        number="B1",
        account_number="70001",
        issued_on=TODAY,
        currency="USD",
        charges=(NewCharge(kind="recurring", code="BOX", amount_minor=1000, words="Second box"),),
    )
    billing.load_bills([bill], by=SYSTEM, at=timezone.now())
    line = billing.LineAsked(Charge.objects.get().id)
    by = a_person(role="manager").as_actor()
    dispute = billing.raise_dispute(customer_id=account.customer_id, lines=[line], words="", by=by, at=timezone.now())
    billing.decide_dispute(dispute_id=dispute.pk, verdict="upheld", reason="No box", by=by, at=timezone.now())
    program = a_program(Scope.BILLS_ORDERS)
    answer = program.ask("GET", "/api/bills/orders?limit=3").json()
    assert [order["kind"] for order in answer["orders"]] == ["hold_dunning", "credit", "stop_line"]
    hold, credit, stop = answer["orders"]
    assert {hold["account_number"], credit["account_number"]} == {"70001"}
    assert hold["lines"] == [{"bill": "B1", "line": 1, "code": "BOX"}]
    assert (credit["amount_minor"], stop["code"]) == (1000, "BOX")
    rest = program.ask("GET", f"/api/bills/orders?after={answer['next']}").json()
    assert [order["kind"] for order in rest["orders"]] == ["release_dunning"]
    ids = [order["id"] for order in answer["orders"]]
    assert [program.ask("POST", "/api/bills/orders/taken", {"ids": ids}).json()["taken"] for _ in range(2)] == [3, 0]
    assert len(program.ask("GET", "/api/bills/orders").json()["orders"]) == 1
    other = a_program(Scope.BILLS_ASK, name="Another")
    assert other.ask("GET", "/api/bills/orders").status_code == 403
