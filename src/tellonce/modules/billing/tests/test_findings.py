"""Findings: kept once, confirmed into a case and a dispute, or dismissed for good."""

from datetime import date
from typing import Any

import pytest

from tellonce.modules.billing import actions
from tellonce.modules.billing.contracts import BadDisputeError, FindingSettledError, NewFinding
from tellonce.modules.billing.contracts.identity import outside_id
from tellonce.modules.billing.models import Bill, Dispute, Finding
from tellonce.modules.billing.queries import pages_findings as queries
from tellonce.modules.billing.tests.making import Holder, Line, a_bill, a_holder, charge
from tellonce.modules.care.models import Case
from tellonce.modules.staff.contracts import Actor
from tests.factories import NOW, a_matter, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def matters() -> None:
    a_matter("billing.wrong")


def found(
    holder: Holder, bill: Bill, *, line: int | None = 1, kind: str = "returned_device", **more: Any
) -> NewFinding:
    said: dict[str, Any] = {
        "kind": kind,
        "customer_id": holder.customer_id,
        "account_id": holder.account_id,
        "amount_minor": 1000,
        "currency": "USD",
        "evidence": {"returned_on": "2026-01-15"},
        "bill_id": bill.id,
        "charge_id": charge(bill, line) if line else None,
        "bill_number": bill.number,
        "line": line,
    }
    return NewFinding(**said | more)


def dana() -> Actor:
    return a_person(name="Dana Reyes").as_actor()


def test_a_line_that_is_disputed_has_its_finding_looked_at_with_it() -> None:
    holder = a_holder()
    bill = a_bill(holder, Line(), Line(), on=date(2026, 2, 1))
    actions.record_findings([found(holder, bill), found(holder, bill, line=2)], at=NOW)
    lines = [actions.LineAsked(charge(bill, 1))]
    dispute = actions.raise_dispute(customer_id=holder.customer_id, lines=lines, words="", by=dana(), at=NOW)
    settled, waiting = Finding.objects.order_by("line")
    assert (settled.state, settled.dispute_id, settled.case_id, settled.settled_by_name) == (
        "case", dispute.pk, dispute.case_id, "Dana Reyes",
    )  # fmt: skip
    assert waiting.state == "open"


def test_the_same_finding_is_kept_once_and_a_dismissed_one_stays_dismissed() -> None:
    holder = a_holder()
    bill = a_bill(holder, Line(), Line(), on=date(2026, 2, 1))
    both = [found(holder, bill), found(holder, bill, line=2)]
    assert actions.record_findings([both[0], both[0]], at=NOW) == 1
    assert actions.record_findings(both, at=NOW) == 1
    first = Finding.objects.order_by("pk")[0]
    with pytest.raises(BadDisputeError):
        actions.dismiss_finding(finding_id=first.pk, by=dana(), at=NOW, why="")
    actions.dismiss_finding(finding_id=first.pk, by=dana(), at=NOW, why="It came back a month later.")
    assert actions.record_findings(both, at=NOW) == 0
    assert [line.line for line in queries.findings_listed(limit=9)] == [2]
    (kind,) = queries.kinds_found()
    assert (kind.kind, kind.waiting, kind.owed_minor) == ("returned_device", 1, 1000)


def test_a_confirmed_line_is_disputed_by_us_and_two_learn_of_each_other() -> None:
    holder = a_holder()
    bill = a_bill(holder, Line(), on=date(2026, 2, 1))
    actions.record_findings([found(holder, bill)], at=NOW)
    finding = Finding.objects.get()
    actions.confirm_finding(finding_id=finding.pk, by=dana(), at=NOW)
    with pytest.raises(FindingSettledError, match="Dana Reyes"):
        actions.confirm_finding(finding_id=finding.pk, by=dana(), at=NOW)
    dispute = Dispute.objects.get()
    finding.refresh_from_db()
    assert (dispute.raised_by, dispute.asked_minor, dispute.state) == ("us", 1000, "open")
    assert (finding.state, finding.dispute_id, finding.case_id) == ("case", dispute.pk, dispute.case_id)


@pytest.mark.parametrize("more", [{"line": None}, {"amount_minor": -200}])
def test_what_is_no_line_that_the_customer_paid_too_much_for_becomes_a_case(more: dict[str, Any]) -> None:
    holder = a_holder()
    bill = a_bill(holder, Line(), on=date(2026, 2, 1))
    actions.record_findings([found(holder, bill, kind="wrong_total", **more)], at=NOW)
    actions.confirm_finding(finding_id=Finding.objects.get().pk, by=dana(), at=NOW, note="Looked at it.")
    assert not Dispute.objects.exists()
    assert Case.objects.get().title.startswith(f"Error on bill {bill.number}")


def test_a_kind_that_is_not_known_here_is_shown_by_its_name() -> None:
    holder = a_holder()
    bill = a_bill(holder, Line(), on=date(2026, 2, 1))
    actions.record_findings([found(holder, bill, kind="own_new_kind")], at=NOW)
    assert queries.findings_listed(limit=9)[0].label == "own new kind"


def checked(of: Bill, **more: Any) -> actions.Checked:
    said: dict[str, Any] = {
        "account": of.account_id,
        "bill": outside_id(of.id),
        "line": 1,
        "kind": "wrong_price",
        "evidence": {"says": "14.99 of RENT-BOX; the record has 9.99.", "code": "RENT-BOX"},
        "amount_minor": 500,
        "currency": "USD",
    }
    return actions.Checked(**said | more)


def test_what_a_check_of_files_found_comes_back_to_its_bill() -> None:
    holder, other = a_holder(), a_holder()
    bill = a_bill(holder, Line(), Line(code="TV"), on=date(2026, 2, 1))
    disputed = a_bill(other, Line(), on=date(2026, 2, 1))
    actions.raise_dispute(
        customer_id=other.customer_id, lines=[actions.LineAsked(charge(disputed))], words="", by=dana(), at=NOW
    )
    found = [
        checked(bill),
        checked(bill, line=None, kind="promotion_missing", evidence={"code": "PROMO", "service": 1}),
        checked(bill, line=None, kind="promotion_missing", evidence={"code": "PROMO", "service": 2}),
        checked(disputed),
        checked(bill, bill=17),
        checked(disputed, bill=outside_id(bill.id)),
    ]
    assert actions.record_checked(found, at=NOW) == actions.Recorded(new=3, known=0, put_right=1, strange=2)
    assert actions.record_checked(found, at=NOW) == actions.Recorded(new=0, known=3, put_right=1, strange=2)
    first = Finding.objects.get(kind="wrong_price")
    assert (first.charge_id, first.code, first.customer_id) == (charge(bill), "RENT-BOX", holder.customer_id)
    actions.confirm_finding(finding_id=first.pk, by=dana(), at=NOW)
    assert Dispute.objects.filter(raised_by="us", asked_minor=500).count() == 1
