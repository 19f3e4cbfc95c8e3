"""Disputes: raised once for a line, decided once by one person, and what follows from each decision."""

import threading
import time
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connections

from tellonce.modules.billing import actions
from tellonce.modules.billing.actions import credits as credit_actions
from tellonce.modules.billing.contracts import (
    AlreadyDisputedError,
    BadDisputeError,
    CreditSettledError,
    DisputeSettledError,
    SecondPersonError,
)
from tellonce.modules.billing.models import Bill, BillingOrder, Charge, Credit, Dispute, DisputeLine, Watch
from tellonce.modules.billing.queries.limits import given_lately, limits_of
from tellonce.modules.billing.queries.pages_disputes import dispute_read
from tellonce.modules.billing.tests.making import RENT, Holder, Line, a_bill, a_holder, charge
from tellonce.modules.care import actions as care
from tellonce.modules.care.models import Case
from tellonce.modules.record import actions as record_actions
from tellonce.modules.record import queries as record
from tellonce.modules.staff.contracts import SYSTEM, Actor
from tests.factories import NOW, a_matter, a_person

pytestmark = pytest.mark.django_db
FIRST = date(2026, 2, 1)


@pytest.fixture(autouse=True)
def matters() -> None:
    a_matter("billing.wrong")


def dana() -> Actor:
    return a_person(name="Dana Reyes", permission_sets=["billing_care"]).as_actor()


def disputed(holder: Holder, *lines: Line, by: Actor | None = None) -> Dispute:
    bill = a_bill(holder, *(lines or (Line(words="Box rental"),)), on=FIRST)
    return actions.raise_dispute(
        customer_id=holder.customer_id,
        lines=[actions.LineAsked(charge(bill))],
        words="I never had that box.",
        by=by or dana(),
        at=NOW,
    )


def kinds(holder: Holder) -> list[str]:
    return [moment.kind for moment in reversed(record.story_page(holder.customer_id))]


def test_a_dispute_has_a_case_a_term_and_holds_dunning() -> None:
    holder = a_holder()
    dispute = disputed(holder)
    case = Case.objects.get()
    assert case.matter is not None
    assert (case.matter.code, case.state, dispute.due_on) == ("billing.wrong", "open", date(2026, 4, 1))
    (order,) = BillingOrder.objects.all()
    assert (order.kind, order.body["asked_minor"], order.taken_at) == ("hold_dunning", 1499, None)
    assert "billing.dispute_raised" in kinds(holder)


def test_a_line_is_disputed_once_and_again_only_after_it_was_not_upheld() -> None:
    holder, by = a_holder(), dana()
    dispute = disputed(holder, by=by)
    again = [actions.LineAsked(DisputeLine.objects.get().charge_id)]
    with pytest.raises(AlreadyDisputedError, match=str(dispute.pk)):
        actions.raise_dispute(customer_id=holder.customer_id, lines=again, words="", by=by, at=NOW)
    actions.decide_dispute(dispute_id=dispute.pk, verdict="not_upheld", reason="It is in the contract.", by=by, at=NOW)
    second = actions.raise_dispute(customer_id=holder.customer_id, lines=again, words="Look again", by=by, at=NOW)
    assert second.state == "open"


def test_whoever_decides_reads_that_an_equal_line_of_the_bill_was_put_right() -> None:
    holder, by = a_holder(), dana()
    bill = a_bill(holder, Line(words="Box rental"), Line(words="Box rental"), on=FIRST)
    first, second = (
        actions.raise_dispute(
            customer_id=holder.customer_id, lines=[actions.LineAsked(each)], words="Twice.", by=by, at=NOW
        )
        for each in Charge.objects.filter(bill_id=bill.id).values_list("id", flat=True)
    )
    assert not dispute_read(second.pk).lines[0].twin_is_right
    actions.decide_dispute(dispute_id=first.pk, verdict="upheld", reason="Yes.", by=by, at=NOW)
    assert dispute_read(second.pk).lines[0].twin_is_right
    assert not dispute_read(first.pk).lines[0].twin_is_right


@pytest.mark.parametrize("asked", [0, -1, 1500])
def test_what_is_asked_for_is_within_the_line(asked: int) -> None:
    holder = a_holder()
    bill = a_bill(holder, Line(), on=FIRST)
    lines = [actions.LineAsked(charge(bill), asked)]
    with pytest.raises(BadDisputeError):
        actions.raise_dispute(customer_id=holder.customer_id, lines=lines, words="", by=dana(), at=NOW)


def test_a_credit_line_or_a_line_of_somebody_else_is_no_dispute() -> None:
    holder, other = a_holder(), a_holder()
    bill = a_bill(holder, Line(amount_minor=-500, kind="credit"), on=FIRST)
    for whose in (holder, other):
        with pytest.raises(BadDisputeError):
            actions.raise_dispute(
                customer_id=whose.customer_id, lines=[actions.LineAsked(charge(bill))], words="", by=dana(), at=NOW
            )


def test_upheld_credits_watches_tells_and_solves() -> None:
    holder, by = a_holder(mail="maria@example.net"), dana()
    dispute = disputed(holder, Line(words="Box rental", tax_minor=101, device_serial="S1"), by=by)
    actions.decide_dispute(dispute_id=dispute.pk, verdict="upheld", reason="No box was ever sent.", by=by, at=NOW)
    credit, watch = Credit.objects.get(), Watch.objects.get()
    assert (credit.state, credit.amount_minor, credit.due_from) == ("granted", 1600, date(2026, 3, 5))
    assert (watch.code, watch.device_serial, watch.limit_minor, watch.state) == (RENT, "S1", 1600, "watching")
    assert Case.objects.get().state == "solved"
    dispute.refresh_from_db()
    assert (dispute.state, dispute.granted_minor, dispute.dunning_released_at) == ("upheld", 1600, NOW)
    assert [order.kind for order in BillingOrder.objects.order_by("id")] == [
        "hold_dunning",
        "credit",
        "stop_line",
        "release_dunning",
    ]
    letter = next(moment for moment in record.story_page(holder.customer_id) if moment.kind == "care.message_written")
    assert "16.00 USD" in letter.words
    assert "No box was ever sent." in letter.words
    wanted = ["billing.dispute_raised", "billing.dispute_upheld", "billing.credit_granted", "billing.watch_began"]
    assert [kind for kind in kinds(holder) if kind.startswith("billing.")] == wanted


def test_not_upheld_tells_why_and_gives_nothing() -> None:
    holder, by = a_holder(), dana()
    dispute = disputed(holder, by=by)
    with pytest.raises(BadDisputeError):
        actions.decide_dispute(dispute_id=dispute.pk, verdict="not_upheld", reason=" ", by=by, at=NOW)
    actions.decide_dispute(dispute_id=dispute.pk, verdict="not_upheld", reason="It was ordered.", by=by, at=NOW)
    assert not Credit.objects.exists()
    assert not Watch.objects.exists()
    assert "billing.dispute_refused" in kinds(holder)
    assert BillingOrder.objects.filter(kind="release_dunning").count() == 1


def test_partly_watches_only_for_more_than_what_was_right() -> None:
    holder, by = a_holder(), dana()
    dispute = disputed(holder, Line(amount_minor=6000, tax_minor=600), by=by)
    (line,) = dispute.lines.all()
    for wrong in ({}, {line.pk: 6600}, {line.pk: 7000}):
        with pytest.raises(BadDisputeError):
            actions.decide_dispute(
                dispute_id=dispute.pk, verdict="partly", reason="Price of 50", granted=wrong, by=by, at=NOW
            )
    actions.decide_dispute(
        dispute_id=dispute.pk, verdict="partly", reason="Price of 50", granted={line.pk: 1100}, by=by, at=NOW
    )
    assert Watch.objects.get().amount_from_minor == 5001
    assert Credit.objects.get().amount_minor == 1100


def test_of_two_of_the_same_one_is_right_and_not_watched_for() -> None:
    holder, by = a_holder(), dana()
    dispute = disputed(holder, Line(), Line(), by=by)
    actions.decide_dispute(dispute_id=dispute.pk, verdict="upheld", reason="Twice", by=by, at=NOW)
    assert Watch.objects.get().allowed_lines == 1


def test_what_came_with_later_bills_meanwhile_is_put_right_too() -> None:
    holder, by = a_holder(), dana()
    dispute = disputed(holder, by=by)
    a_bill(holder, Line(), Line(code="OTHER"), on=date(2026, 2, 28))
    actions.decide_dispute(dispute_id=dispute.pk, verdict="upheld", reason="No box", by=by, at=NOW)
    dispute.refresh_from_db()
    assert (dispute.asked_minor, dispute.granted_minor, Credit.objects.get().amount_minor) == (2998, 2998, 2998)
    assert dispute.lines.count() == 2


def test_withdrawn_releases_and_the_line_may_be_disputed_again() -> None:
    holder, by = a_holder(), dana()
    dispute = disputed(holder, by=by)
    actions.withdraw_dispute(dispute_id=dispute.pk, by=by, at=NOW, reason="They found the order.")
    assert not DisputeLine.objects.filter(stands=True).exists()
    assert "billing.dispute_withdrawn" in kinds(holder)
    with pytest.raises(DisputeSettledError, match="Dana Reyes"):
        actions.decide_dispute(dispute_id=dispute.pk, verdict="upheld", reason="No box", by=by, at=NOW)


def test_above_the_limit_a_second_person_decides_and_nothing_is_promised_before() -> None:
    holder, first = a_holder(), a_person().as_actor()
    boss, other = a_person(role="manager").as_actor(), a_person().as_actor()
    dispute = disputed(holder, Line(amount_minor=4000), by=first)
    actions.decide_dispute(dispute_id=dispute.pk, verdict="upheld", reason="No box", by=first, at=NOW)
    credit = Credit.objects.get()
    assert credit.state == "asked"
    assert not Watch.objects.exists()
    assert "care.message_written" not in kinds(holder)
    assert Dispute.objects.get().dunning_released_at is None
    for wrong in (first, other):
        with pytest.raises(SecondPersonError):
            actions.grant_credit(credit_id=credit.pk, by=wrong, at=NOW)
    actions.grant_credit(credit_id=credit.pk, by=boss, at=NOW + timedelta(hours=1))
    assert Watch.objects.count() == 1
    assert "care.message_written" in kinds(holder)
    with pytest.raises(CreditSettledError):
        actions.refuse_credit(credit_id=credit.pk, by=boss, at=NOW, why="no")


def test_a_refused_credit_opens_the_dispute_again_and_the_next_decision_has_its_own_credit() -> None:
    holder, first, boss = a_holder(), a_person().as_actor(), a_person(role="manager").as_actor()
    dispute = disputed(holder, Line(amount_minor=4000), by=first)
    actions.decide_dispute(dispute_id=dispute.pk, verdict="upheld", reason="No box", by=first, at=NOW)
    actions.refuse_credit(credit_id=Credit.objects.get().pk, by=boss, at=NOW, why="The box was signed for.")
    dispute.refresh_from_db()
    assert (dispute.state, dispute.granted_minor, dispute.decided_at) == ("open", 0, None)
    (fell,) = dispute_read(dispute.pk).earlier
    assert (fell.state_label, fell.reason, fell.granted_minor, fell.at) == ("upheld", "No box", 4000, NOW)
    assert (fell.by, fell.why) == (first.name, "The box was signed for.")
    (line,) = dispute.lines.all()
    actions.decide_dispute(
        dispute_id=dispute.pk, verdict="partly", reason="Half", granted={line.pk: 2000}, by=first, at=NOW
    )
    assert sorted(Credit.objects.values_list("state", "amount_minor")) == [("granted", 2000), ("refused", 4000)]


def test_limits_are_those_of_the_role_or_set_that_allows_most_and_as_the_administrator_set_them() -> None:
    holder = a_holder()
    plain, care = a_person().as_actor(), dana()
    given = {
        who: actions.give_credit(
            customer_id=holder.customer_id,
            account_id=holder.account_id,
            amount_minor=90_00,
            currency="USD",
            reason="goodwill",
            by=by,
            at=NOW,
        ).state
        for who, by in (("plain", plain), ("care", care))
    }
    assert given == {"plain": "asked", "care": "granted"}
    boss = a_person(role="administrator").as_actor()
    actions.set_limits(
        who="representative", currency="USD", alone_minor=95_00, second_minor=95_00, together_minor=0, by=boss, at=NOW
    )
    again = actions.give_credit(
        customer_id=holder.customer_id,
        account_id=holder.account_id,
        amount_minor=90_00,
        currency="USD",
        reason="goodwill",
        by=plain,
        at=NOW,
    )
    assert again.state == "granted"


def test_disputes_of_one_error_have_one_fingerprint() -> None:
    first, second, third = a_holder(), a_holder(), a_holder()
    marks = []
    for holder, amount in ((first, 1499), (second, 1499), (third, 999)):
        a_bill(holder, Line(amount_minor=999), on=date(2026, 1, 3))
        bill = a_bill(holder, Line(amount_minor=amount), on=date(2026, 2, 3))
        marks.append(
            actions.raise_dispute(
                customer_id=holder.customer_id,
                lines=[actions.LineAsked(charge(bill))],
                words="",
                by=dana(),
                at=NOW,
            ).fingerprint
        )
    assert marks[0] == marks[1]
    assert marks[2] != marks[0]  # charged so since January: another error


def test_the_area_of_a_dispute_is_above_the_node_and_below_the_region() -> None:
    region = record_actions.add_area(kind="region", name="North", code="N")
    area = record_actions.add_area(kind="area", name="Lakeside", code="N-L", parent_id=region.pk)
    node = record_actions.add_area(kind="node", name="Lakeside 4", code="N-L-4", parent_id=area.pk)
    holder = a_holder()
    premise = record_actions.add_premise(line="1 Main St", area_id=node.pk)
    record_actions.move_in(customer_id=holder.customer_id, premise_id=premise.pk, by=SYSTEM, at=NOW)
    assert disputed(holder).area_id == area.pk


@pytest.mark.django_db(transaction=True)
def test_two_people_decide_one_dispute() -> None:
    a_matter("billing.wrong")
    holder = a_holder()
    people = [a_person(name=name, permission_sets=["billing_care"]).as_actor() for name in ("Dana", "Sam")]
    dispute = disputed(holder, by=people[0])
    won: list[str] = []
    told: list[str] = []
    start = threading.Barrier(2)

    def run(by: Actor, verdict: str) -> None:
        try:
            start.wait()
            actions.decide_dispute(dispute_id=dispute.pk, verdict=verdict, reason="So it is.", by=by, at=NOW)
            won.append(by.name)
        except DisputeSettledError as error:
            told.append(str(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in zip(people, ("upheld", "not_upheld"), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == len(told) == 1
    assert won[0] in told[0]
    upheld = Dispute.objects.get().state == "upheld"
    assert Credit.objects.count() == Watch.objects.count() == int(upheld)


@pytest.mark.django_db(transaction=True)
def test_what_a_person_gives_twice_in_the_same_moment_counts_towards_one_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    holder, by = a_holder(), dana()
    alone = limits_of(by, currency="USD").alone_minor
    count = given_lately

    def slowly(**of: Any) -> int:
        given = count(**of)
        time.sleep(0.3)
        return given

    def give() -> None:
        try:
            actions.credit_account(
                customer_id=holder.customer_id,
                account_id=holder.account_id,
                amount_minor=alone,
                by=by,
                at=NOW,
                words="For the trouble",
            )
        finally:
            connections.close_all()

    monkeypatch.setattr(credit_actions, "given_lately", slowly)
    threads = [threading.Thread(target=give) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(Credit.objects.values_list("state", flat=True)) == ["asked", "granted"]


def test_a_bill_between_the_decision_and_the_second_person_is_looked_at() -> None:
    holder, by = a_holder(), dana()
    dispute = disputed(holder, Line(amount_minor=20000), by=by)
    actions.check_bills(at=NOW)
    actions.decide_dispute(dispute_id=dispute.pk, verdict="upheld", reason="Wrong.", by=by, at=NOW)
    a_bill(holder, Line(amount_minor=20000), on=date(2026, 3, 5))
    actions.check_bills(at=NOW + timedelta(days=3))
    sam = a_person(name="Sam Ortiz", role="manager").as_actor()
    actions.grant_credit(credit_id=Credit.objects.get().pk, by=sam, at=NOW + timedelta(days=4))
    actions.answer_what_came_back(at=NOW + timedelta(days=4))
    assert sorted(Credit.objects.values_list("reason", "amount_minor")) == [("came_back", 20000), ("dispute", 20000)]


@pytest.mark.parametrize(
    ("first", "later", "granted"),
    [
        ((Line(), Line()), (Line(), Line()), 2 * 1499),  # charged twice, and twice again
        ((Line(), Line()), (Line(),), 1499),  # once is right
        ((Line(),), (Line(amount_minor=999),), 1499 + 999),  # the same at another price
    ],
)
def test_bills_that_came_meanwhile_are_put_right_by_the_same_measure(
    first: tuple[Line, ...], later: tuple[Line, ...], granted: int
) -> None:
    holder, by = a_holder(), dana()
    bill = a_bill(holder, *first, on=FIRST)
    wrong = [actions.LineAsked(charge(bill, len(first)))]
    dispute = actions.raise_dispute(customer_id=holder.customer_id, lines=wrong, words="", by=by, at=NOW)
    a_bill(holder, *later, on=date(2026, 2, 20))
    actions.check_bills(at=NOW)
    actions.decide_dispute(dispute_id=dispute.pk, verdict="upheld", reason="Wrong.", by=by, at=NOW)
    actions.answer_what_came_back(at=NOW)
    assert [credit.amount_minor for credit in Credit.objects.all()] == [granted]


def test_of_two_services_the_disputed_one_is_watched() -> None:
    holder, by = a_holder(), dana()
    bill = a_bill(holder, Line(service_id=1), Line(service_id=2), on=FIRST)
    wrong = [actions.LineAsked(charge(bill, 2))]
    dispute = actions.raise_dispute(customer_id=holder.customer_id, lines=wrong, words="", by=by, at=NOW)
    actions.decide_dispute(dispute_id=dispute.pk, verdict="upheld", reason="Cancelled.", by=by, at=NOW)
    assert (Watch.objects.get().service_id, Watch.objects.get().allowed_lines) == (2, 0)
    a_bill(holder, Line(service_id=1), on=date(2026, 3, 5))
    actions.check_bills(at=NOW)
    assert Watch.objects.get().came_back == 0
    a_bill(holder, Line(service_id=2), on=date(2026, 4, 5))
    a_bill(holder, Line(), on=date(2026, 5, 5))  # whose service is not known
    actions.check_bills(at=NOW)
    assert Watch.objects.get().came_back == 2


def test_other_use_is_not_the_wrong_one_come_back() -> None:
    holder, by = a_holder(), dana()
    call = Line(code="ROAM", kind="usage", amount_minor=1200)
    dispute = disputed(holder, call, by=by)
    actions.decide_dispute(dispute_id=dispute.pk, verdict="upheld", reason="Never abroad.", by=by, at=NOW)
    a_bill(holder, Line(code="ROAM", kind="usage", amount_minor=345), on=date(2026, 4, 1))
    actions.check_bills(at=NOW)
    assert (Watch.objects.get().came_back, Watch.objects.get().clean_bills) == (0, 1)
    a_bill(holder, call, on=date(2026, 5, 1))
    actions.check_bills(at=NOW)
    assert Watch.objects.get().came_back == 1


def test_a_case_about_something_else_is_left_alone() -> None:
    holder, by = a_holder(), dana()
    slow = care.open_case(
        customer_id=holder.customer_id, matter_id=a_matter("internet.slow"), title="Slow", by=by, at=NOW
    )
    bill = a_bill(holder, Line(), on=FIRST)
    wrong = [actions.LineAsked(charge(bill))]
    dispute = actions.raise_dispute(
        customer_id=holder.customer_id, lines=wrong, words="", by=by, at=NOW, case_id=slow.pk
    )
    actions.decide_dispute(dispute_id=dispute.pk, verdict="upheld", reason="Wrong.", by=by, at=NOW)
    assert {case.title: case.state for case in Case.objects.all()} == {
        "Slow": "open",
        f"Wrong charge: Words of {RENT}": "solved",
    }


def test_a_case_is_not_solved_while_a_second_person_is_waited_for_and_opens_again_when_they_refuse() -> None:
    holder, by = a_holder(), dana()
    large = disputed(holder, Line(amount_minor=20000), by=by)
    small = disputed(holder, Line(code="TV"), by=by)
    actions.decide_dispute(dispute_id=large.pk, verdict="upheld", reason="Wrong.", by=by, at=NOW)
    actions.decide_dispute(dispute_id=small.pk, verdict="not_upheld", reason="Ordered.", by=by, at=NOW)
    assert Case.objects.get().state == "open"
    care.solve_case(case_id=Case.objects.get().pk, by=by, at=NOW)
    sam = a_person(name="Sam Ortiz", role="manager").as_actor()
    actions.refuse_credit(credit_id=Credit.objects.get().pk, by=sam, at=NOW, why="Look at the contract.")
    assert Case.objects.get().state == "open"


def test_nothing_of_a_bill_that_was_taken_back_is_credited() -> None:
    holder, by = a_holder(), dana()
    dispute = disputed(holder, by=by)
    Bill.objects.update(state="withdrawn")
    with pytest.raises(BadDisputeError, match="took bill"):
        actions.decide_dispute(dispute_id=dispute.pk, verdict="upheld", reason="Wrong.", by=by, at=NOW)


def test_many_small_credits_are_one_large_one() -> None:
    holder, by = a_holder(), a_person(name="Dana Reyes", role="representative").as_actor()
    states = []
    for _ in range(3):
        given = actions.credit_account(
            customer_id=holder.customer_id,
            account_id=holder.account_id,
            amount_minor=1000,
            by=by,
            at=NOW,
            words="Sorry",
        )
        states.append(given.state)
    assert states == ["granted", "granted", "asked"]
