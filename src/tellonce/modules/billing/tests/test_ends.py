"""A granted credit that no bill brings: cancelled as a mistake, or paid out another way."""

from datetime import timedelta

import pytest
from django.test import Client

from tellonce.modules.billing import actions
from tellonce.modules.billing.actions.credits import reference
from tellonce.modules.billing.contracts import BadCreditError, CreditSettledError, SecondPersonError
from tellonce.modules.billing.models import BillingOrder, Credit, Dispute, Finding, Watch
from tellonce.modules.billing.queries.pages_credits import credit_counts, credits_listed
from tellonce.modules.billing.queries.pages_fixes import watched, watches_of
from tellonce.modules.billing.tests.making import RENT, Holder, Line, a_bill, a_holder
from tellonce.modules.billing.tests.test_disputes import disputed, kinds, matters
from tellonce.modules.care.models import Case
from tellonce.modules.record.models import Customer
from tellonce.modules.staff.contracts import SYSTEM, Actor
from tellonce.modules.staff.models import Person
from tests.factories import NOW, a_contact, a_person

pytestmark = pytest.mark.django_db
__all__ = ["matters"]
LATER = NOW + timedelta(days=41)


def given(holder: Holder, minor: int, by: Actor) -> Credit:
    return actions.credit_account(
        customer_id=holder.customer_id, account_id=holder.account_id, amount_minor=minor, by=by, at=NOW, words="Sorry"
    )


def cancelled(credit: Credit, by: Actor, why: str = "I typed a nought too many.") -> Credit:
    return actions.cancel_credit(credit_id=credit.pk, by=by, at=NOW, why=why)


def orders() -> list[str]:
    return list(BillingOrder.objects.order_by("pk").values_list("kind", flat=True))


def test_whoever_granted_it_takes_it_back_and_has_their_limit_again() -> None:
    holder, rosa = a_holder(), a_person(name="Rosa Kern").as_actor()
    credit = cancelled(given(holder, 25_00, rosa), rosa)
    assert (credit.state, credit.ended_by_name, credit.ended_words) == (
        "cancelled", "Rosa Kern", "I typed a nought too many.",
    )  # fmt: skip
    assert kinds(holder)[-1] == "billing.credit_cancelled"
    assert "care.message_written" not in kinds(holder)
    assert orders() == ["credit", "cancel_credit"]
    assert given(holder, 25_00, rosa).state == "granted"
    assert given(holder, 1, rosa).state == "asked"


def test_a_bill_that_names_it_all_the_same_is_found_once_and_waits_for_a_person() -> None:
    holder, other, rosa = a_holder(), a_holder(), a_person(name="Rosa Kern").as_actor()
    credit = cancelled(given(holder, 25_00, rosa), rosa)
    name = reference(credit.pk)
    for who, days in ((other, 8), (holder, 9), (holder, 39)):
        a_bill(who, Line("TV"), Line("CREDIT", -25_00, -2_50, kind="credit", words=f"Credit {name}"),
               on=(NOW + timedelta(days=days)).date())  # fmt: skip
    actions.check_bills(at=LATER)
    (found,) = Finding.objects.all()
    assert (found.kind, found.account_id, found.line, found.amount_minor) == (
        "credit_again",
        holder.account_id,
        2,
        -2750,
    )
    assert (found.evidence["credit"], found.evidence["by"], found.state) == (name, "Rosa Kern", "open")
    confirmed = actions.confirm_finding(finding_id=found.pk, by=rosa, at=LATER)
    assert (confirmed.dispute_id, confirmed.case_id is not None) == (None, True)
    credit.refresh_from_db()
    assert credit.state == "cancelled"


def test_a_bill_that_has_its_amount_all_the_same_is_not_taken_for_it() -> None:
    holder, rosa = a_holder(), a_person().as_actor()
    credit = cancelled(given(holder, 25_00, rosa), rosa)
    a_bill(holder, Line("CREDIT", -25_00, kind="credit"), on=(NOW + timedelta(days=9)).date())
    a_bill(holder, Line("TV"), on=(NOW + timedelta(days=40)).date())
    actions.check_bills(at=LATER)
    credit.refresh_from_db()
    assert (credit.state, credit.missed_bills, Finding.objects.count()) == ("cancelled", 0, 0)


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ({"role": "representative"}, False),
        ({"permission_sets": ["billing_care"]}, True),
        ({"role": "supervisor"}, True),
    ],
)
def test_of_others_somebody_above_them(who: dict[str, object], may: bool) -> None:
    credit, by = given(a_holder(), 20_00, a_person().as_actor()), a_person(**who).as_actor()  # type: ignore[arg-type]
    if may:
        assert cancelled(credit, by).state == "cancelled"
    else:
        with pytest.raises(SecondPersonError):
            cancelled(credit, by)


def test_a_supervisor_cancels_nothing_above_what_they_may_approve() -> None:
    credit, by = given(a_holder(), 500_00, a_person(role="manager").as_actor()), a_person(role="supervisor").as_actor()
    with pytest.raises(SecondPersonError):
        cancelled(credit, by)
    assert cancelled(credit, a_person(role="manager").as_actor()).state == "cancelled"


def test_it_needs_a_reason_and_a_credit_that_waits() -> None:
    holder, rosa = a_holder(), a_person().as_actor()
    credit = given(holder, 5_00, rosa)
    with pytest.raises(BadCreditError):
        cancelled(credit, rosa, why=" ")
    cancelled(credit, rosa)
    with pytest.raises(CreditSettledError):
        cancelled(credit, rosa)
    on_bill = given(holder, 7_00, rosa)
    a_bill(holder, Line("CREDIT", -7_00, kind="credit"), on=(NOW + timedelta(days=9)).date())
    actions.check_bills(at=LATER)
    with pytest.raises(CreditSettledError, match="on the bill"):
        cancelled(on_bill, rosa)


def test_whoever_asked_takes_it_back_and_whoever_may_approve_any_refuses_what_nobody_may() -> None:
    holder, rosa, other = a_holder(), a_person(name="Rosa Kern").as_actor(), a_person().as_actor()
    mine, huge = given(holder, 26_00, rosa), given(holder, 999_999_999, rosa)
    assert (mine.state, huge.state) == ("asked", "asked")
    nobody = a_person(role="technician").as_actor()
    with pytest.raises(SecondPersonError, match="refused by whoever asked for it"):
        actions.refuse_credit(credit_id=mine.pk, by=nobody, at=NOW, why="No")
    taken = actions.refuse_credit(credit_id=mine.pk, by=rosa, at=NOW, why="Not what I meant.")
    assert (taken.state, taken.refused_why) == ("refused", "Not what I meant.")
    boss = a_person(role="manager").as_actor()
    with pytest.raises(SecondPersonError):
        actions.grant_credit(credit_id=huge.pk, by=boss, at=NOW)
    assert actions.refuse_credit(credit_id=huge.pk, by=boss, at=NOW, why="A slip").state == "refused"
    with pytest.raises(BadCreditError, match="more than anybody may give"):
        given(holder, 10**9, other)
    assert orders() == []


def test_what_is_on_a_bill_in_part_is_not_cancelled() -> None:
    holder, rosa = a_holder(), a_person().as_actor()
    credit = given(holder, 7_00, rosa)
    part = Line("CREDIT", -2_00, kind="credit", words=f"TO-{credit.pk}")
    a_bill(holder, part, on=(NOW + timedelta(days=9)).date())
    actions.check_bills(at=LATER)
    with pytest.raises(BadCreditError, match="A part"):
        cancelled(credit, rosa)


def test_the_dispute_that_it_was_decided_for_is_open_again_and_nothing_is_watched() -> None:
    holder, boss = a_holder(), a_person(role="manager").as_actor()
    dispute = upheld(disputed(holder), boss)
    credit = Credit.objects.get()
    cancelled(credit, boss, why="It was 4.99 and not 14.99")
    dispute.refresh_from_db()
    assert (dispute.state, dispute.granted_minor, dispute.decided_at) == ("open", 0, None)
    assert dispute.dunning_released_at is None
    assert Watch.objects.get().state == "ended"
    assert watches_of(dispute.pk) == watched(show="over", limit=9) == []
    assert orders()[-3:] == ["cancel_credit", "hold_dunning", "allow_line"]
    assert Case.objects.get().state == "open"
    assert kinds(holder)[-1] == "care.message_written"
    a_bill(holder, Line(RENT), on=(NOW + timedelta(days=20)).date())
    actions.check_bills(at=LATER)
    actions.answer_what_came_back(at=LATER)
    assert Credit.objects.count() == 1
    upheld(dispute, boss)
    assert sorted(Credit.objects.values_list("state", flat=True)) == ["cancelled", "granted"]
    assert Watch.objects.filter(state="watching").count() == 1


def test_what_came_back_since_stays_credited() -> None:
    holder, boss = a_holder(), a_person(role="manager").as_actor()
    upheld(disputed(holder), boss)
    first = Credit.objects.get()
    a_bill(holder, Line(RENT), on=(NOW + timedelta(days=2)).date())
    actions.check_bills(at=LATER)
    actions.answer_what_came_back(at=LATER)
    with pytest.raises(BadCreditError, match="came back since"):
        cancelled(first, boss)
    with pytest.raises(BadCreditError, match="follows from the bills"):
        cancelled(Credit.objects.get(reason="came_back"), boss)


def upheld(dispute: Dispute, by: Actor) -> Dispute:
    return actions.decide_dispute(dispute_id=dispute.pk, verdict="upheld", reason="Wrong.", by=by, at=NOW)


def test_without_a_bill_for_40_days_it_asks_for_another_way_once_and_somebody_owns_it() -> None:
    rosa = a_person(name="Rosa Kern")
    gone, billed = a_holder(), a_holder()
    credit = given(gone, 10_00, rosa.as_actor())
    given(billed, 10_00, rosa.as_actor())
    a_bill(billed, Line("TV"), on=(NOW + timedelta(days=30)).date())
    assert actions.find_stuck_credits(at=NOW + timedelta(days=39)) == 0
    assert actions.find_stuck_credits(at=LATER) == 1
    assert actions.find_stuck_credits(at=LATER) == 0
    (row,) = credits_listed(show="stuck", at=LATER, limit=9)
    assert (row.id, row.owner, row.due_minor) == (credit.pk, "Rosa Kern", 10_00)
    assert credit_counts(at=LATER)["stuck"] == 1
    assert "billing.credit_stuck" in kinds(gone)
    assert Case.objects.get().owner_person == rosa


def test_who_leads_owns_what_was_credited_by_a_rule_or_by_somebody_who_left() -> None:
    lead, rosa = a_person(name="Lena Lead", role="supervisor"), a_person()
    given(a_holder(), 10_00, rosa.as_actor())
    rule = a_holder()
    actions.give_credit(
        customer_id=rule.customer_id, account_id=rule.account_id, amount_minor=500, currency="USD",
        reason="broken_promise", by=SYSTEM, at=NOW, is_granted=True,
    )  # fmt: skip
    rosa.is_active = False
    rosa.save()
    assert actions.find_stuck_credits(at=LATER) == 2
    assert {case.owner_person for case in Case.objects.all()} == {lead}


def test_it_is_paid_out_with_what_was_done_and_its_case_is_solved() -> None:
    holder, boss = a_holder(), a_person(name="Sam Ortiz", role="manager").as_actor()
    credit = given(holder, 30_00, boss)
    actions.find_stuck_credits(at=LATER)
    rep = a_person().as_actor()
    with pytest.raises(SecondPersonError, match=r"30\.00"):
        actions.pay_out_credit(credit_id=credit.pk, by=rep, at=LATER, how="Cash")
    with pytest.raises(BadCreditError):
        actions.pay_out_credit(credit_id=credit.pk, by=boss, at=LATER, how="")
    actions.pay_out_credit(credit_id=credit.pk, by=boss, at=LATER, how="By transfer on 3 April.")
    credit.refresh_from_db()
    assert (credit.state, credit.ended_words, credit.ended_by_name) == (
        "paid_out", "By transfer on 3 April.", "Sam Ortiz",
    )  # fmt: skip
    assert Case.objects.get().state == "solved"
    assert {"billing.credit_paid_out", "care.message_written"} <= set(kinds(holder))
    assert orders()[-1] == "cancel_credit"
    assert credits_listed(show="stuck", at=LATER, limit=9) == []


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_on_the_page_it_is_paid_out_or_cancelled() -> None:
    boss = a_person(name="Sam Ortiz", role="manager")
    long_ago = NOW - timedelta(days=400)
    holders = [a_holder(at=long_ago) for _ in range(2)]
    paid, wrong = [
        actions.credit_account(
            customer_id=each.customer_id, account_id=each.account_id, amount_minor=30_00, by=boss.as_actor(),
            at=long_ago, words="Sorry",
        )
        for each in holders
    ]  # fmt: skip
    client = client_of(boss)
    assert "no bill for 40 days" in client.get("/bills?tab=credits&show=stuck").content.decode()
    page = client.get(f"/bills/credits/{paid.pk}").content.decode()
    assert "Pay it out another way" in page
    assert "no bill of this account for 40 days" in page
    assert client.post(f"/bills/credits/{paid.pk}/pay-out", {"how": ""}).status_code == 422
    assert client.post(f"/bills/credits/{paid.pk}/pay-out", {"how": "A cheque."}).status_code == 303
    assert "A cheque." in client.get(f"/bills/credits/{paid.pk}").content.decode()
    assert client.post(f"/bills/credits/{wrong.pk}/cancel", {"why": "Typed twice."}).status_code == 303
    done = client.get(f"/bills/credits/{wrong.pk}").content.decode()
    assert "Cancelled because" in done
    assert "Cancel the credit" not in done
    assert sorted(Credit.objects.values_list("state", flat=True)) == ["cancelled", "paid_out"]


def test_somebody_else_is_not_offered_it_and_refused() -> None:
    boss, lead = a_person(role="manager"), a_person(role="supervisor")
    credit = given(a_holder(), 500_00, boss.as_actor())
    lead_client = client_of(lead)
    actions.set_limits(
        who="supervisor", currency="USD", alone_minor=0, second_minor=100_00, together_minor=0,
        by=boss.as_actor(), at=NOW,
    )  # fmt: skip
    assert "Cancel the credit" not in lead_client.get(f"/bills/credits/{credit.pk}").content.decode()
    refused = lead_client.post(f"/bills/credits/{credit.pk}/cancel", {"why": "No."})
    assert refused.status_code == 422
    assert "by somebody above them" in refused.content.decode()


def test_from_the_desk_whoever_gave_it_cancels_it() -> None:
    rosa, holder = a_person(), a_holder()
    credit = given(holder, 20_00, rosa.as_actor())
    client = client_of(rosa)
    contact = a_contact(customer=Customer.objects.get(pk=holder.customer_id), taken_by=rosa)
    address = f"/customers/{holder.customer_id}/do/cancel-credit?contact={contact.pk}"
    assert "cancel it" in client.get(f"/?contact={contact.pk}").content.decode()
    assert "20.00 USD" in client.get(f"{address}&thing={credit.pk}").content.decode()
    other = given(a_holder(), 20_00, rosa.as_actor())
    assert client.post(address, {"credit": other.pk, "why": "No."}).status_code == 422
    client.post(address, {"credit": credit.pk, "why": "Typed wrong."})
    credit.refresh_from_db()
    assert credit.state == "cancelled"
