"""Bills after customers were joined or one was split: the account decides whose they are, and nothing moves."""

from datetime import date, timedelta
from typing import Any

import pytest

from tellonce.datakit import alone
from tellonce.modules.billing import actions
from tellonce.modules.billing.actions import privacy
from tellonce.modules.billing.contracts import BadDisputeError
from tellonce.modules.billing.models import Credit, Dispute
from tellonce.modules.billing.queries.on_desk import BillsOnDesk, ask_bills_on_desk, bills_to_dispute
from tellonce.modules.billing.queries.pages_credits import credits_listed
from tellonce.modules.billing.queries.pages_disputes import disputes_listed
from tellonce.modules.billing.queries.pages_fixes import came_back, watched
from tellonce.modules.billing.tests.making import Holder, Line, a_bill, a_holder, charge
from tellonce.modules.record import actions as record_actions
from tellonce.modules.record import queries as record
from tellonce.modules.record.models import CustomerMerge, CustomerSplit
from tellonce.modules.staff.contracts import SYSTEM, Actor
from tests.factories import NOW, a_matter, a_person

pytestmark = pytest.mark.django_db
FIRST = date(2026, 2, 1)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def matters() -> None:
    a_matter("billing.wrong")


def dana() -> Actor:
    return a_person(name="Dana Reyes", permission_sets=["billing_care"]).as_actor()


def on_desk(customer_id: int) -> BillsOnDesk:
    accounts = record.identity(customer_id).accounts
    return alone(lambda ask: ask_bills_on_desk(ask, accounts, at=NOW))


def bills_of(customer_id: int) -> list[str]:
    return [each.bill.number for each in on_desk(customer_id).latest]


def second_account(holder: Holder) -> Holder:
    account = record_actions.add_account(customer_id=holder.customer_id, number="A-SECOND", by=SYSTEM, at=NOW)
    return Holder(holder.customer_id, account.pk)


def split_off(holder: Holder, *, of: int = 0, name: str = "Jose Alvarez") -> int:
    """The account goes to a new customer."""
    new = record_actions.split_customer(
        customer_id=of or holder.customer_id,
        moments=[],
        others=[("account", holder.account_id)],
        name=name,
        by=SYSTEM,
        at=NOW,
    )
    return new.pk


def undo_last_split(customer_id: int) -> None:
    split = CustomerSplit.objects.order_by("pk").last()
    assert split is not None
    record_actions.undo_split(split_id=split.pk, customer_id=customer_id, by=SYSTEM, at=NOW)


def disputed(holder: Holder, by: Actor, *, customer_id: int = 0) -> Dispute:
    bill = a_bill(holder, Line(), on=FIRST, number=f"B-WRONG-{holder.account_id}")
    return actions.raise_dispute(
        customer_id=customer_id or holder.customer_id,
        lines=[actions.LineAsked(charge(bill))],
        words="",
        by=by,
        at=NOW,
    )


def uphold(dispute: Dispute, by: Actor) -> None:
    actions.decide_dispute(dispute_id=dispute.pk, verdict="upheld", reason="It was wrong.", by=by, at=NOW)


def test_the_bills_of_an_account_go_with_it_when_a_customer_is_split_and_come_back() -> None:
    holder = a_holder()
    second = second_account(holder)
    a_bill(holder, Line(), on=FIRST, number="B-STAYS")
    a_bill(second, Line(), on=FIRST, number="B-GOES")
    assert sorted(bills_of(holder.customer_id)) == ["B-GOES", "B-STAYS"]
    new = split_off(second)
    assert (bills_of(holder.customer_id), bills_of(new)) == (["B-STAYS"], ["B-GOES"])
    a_bill(second, Line(), on=FIRST + timedelta(days=28), number="B-LATER")
    assert (bills_of(holder.customer_id), bills_of(new)) == (["B-STAYS"], ["B-LATER"])
    undo_last_split(holder.customer_id)
    assert sorted(bills_of(holder.customer_id)) == ["B-LATER", "B-STAYS"]


def test_an_account_that_was_given_on_once_more_is_where_the_last_split_put_it() -> None:
    holder = a_holder()
    second = second_account(holder)
    a_bill(second, Line(), on=FIRST, number="B-GOES")
    new = split_off(second)
    third = split_off(second, of=new, name="Ines Alvarez")
    assert [bills_of(each) for each in (holder.customer_id, new, third)] == [[], [], ["B-GOES"]]
    assert record.account_holders([second.account_id]) == {second.account_id: third}
    undo_last_split(new)
    assert bills_of(new) == ["B-GOES"]


def test_bills_of_two_who_were_one_stand_together_until_that_is_undone() -> None:
    one, two = a_holder(), a_holder(name="M. Alvarez")
    a_bill(one, Line(), on=FIRST, number="B-ONE")
    a_bill(two, Line(), on=FIRST, number="B-TWO")
    record_actions.merge_customers(loser_id=two.customer_id, winner_id=one.customer_id, by=SYSTEM, at=NOW)
    assert sorted(bills_of(one.customer_id)) == ["B-ONE", "B-TWO"]
    merge = CustomerMerge.objects.get()
    record_actions.undo_merge(merge_id=merge.pk, customer_id=one.customer_id, by=SYSTEM, at=NOW)
    assert (bills_of(one.customer_id), bills_of(two.customer_id)) == (["B-ONE"], ["B-TWO"])


def test_what_was_disputed_watched_and_credited_goes_along_and_is_listed_under_the_new_customer() -> None:
    holder, by = a_holder(), dana()
    second = second_account(holder)
    uphold(disputed(second, by), by)
    kept = on_desk(holder.customer_id)
    assert [len(kept.disputes), len(kept.watched), len(kept.credits), len(kept.disputed)] == [1, 1, 1, 1]
    new = split_off(second)
    assert on_desk(new).disputed == kept.disputed
    assert [on_desk(new).disputes, on_desk(new).watched, on_desk(new).credits] == [
        kept.disputes,
        kept.watched,
        kept.credits,
    ]
    old = on_desk(holder.customer_id)
    assert [old.disputes, old.watched, old.credits, dict(old.disputed)] == [(), (), (), {}]
    lists: list[Any] = [
        *disputes_listed(show="all", today=TODAY, limit=9),
        *watched(limit=9),
        *credits_listed(show="all", at=NOW, limit=9),
    ]
    assert [(row.customer_id, row.customer) for row in lists] == [(new, "Jose Alvarez")] * 3
    undo_last_split(holder.customer_id)
    rows = disputes_listed(show="all", today=TODAY, limit=9)
    assert [(row.customer_id, row.customer) for row in rows] == [(holder.customer_id, "Maria Alvarez")]


def test_what_comes_back_after_the_split_is_told_and_credited_to_the_new_customer() -> None:
    holder, by = a_holder(), dana()
    second = second_account(holder)
    uphold(disputed(second, by), by)
    new = split_off(second)
    a_bill(second, Line(), on=FIRST + timedelta(days=28), number="B-AGAIN")
    actions.check_bills(at=NOW)
    actions.answer_what_came_back(at=NOW)
    told = [moment.kind for moment in record.story_page(new)]
    assert "billing.charge_came_back" in told
    assert "billing.charge_came_back" not in [moment.kind for moment in record.story_page(holder.customer_id)]
    assert {credit.customer_id for credit in Credit.objects.filter(reason="came_back")} == {new}
    (back,) = came_back(limit=9)
    assert (back.customer_id, back.customer) == (new, "Jose Alvarez")


def test_only_the_new_customer_may_dispute_the_lines_of_an_account_that_went() -> None:
    holder, by = a_holder(), dana()
    second = second_account(holder)
    a_bill(second, Line(words="Box"), on=FIRST)
    new = split_off(second)
    assert bills_to_dispute(record.identity(holder.customer_id).accounts) == []
    (offered,) = bills_to_dispute(record.identity(new).accounts)
    asked = [actions.LineAsked(offered.lines[0].id)]
    with pytest.raises(BadDisputeError, match="lines"):
        actions.raise_dispute(customer_id=holder.customer_id, lines=asked, words="", by=by, at=NOW)
    dispute = actions.raise_dispute(customer_id=new, lines=asked, words="", by=by, at=NOW)
    assert (dispute.customer_id, dispute.account_id) == (new, second.account_id)
    assert "billing.dispute_raised" in [moment.kind for moment in record.story_page(new)]


def test_a_split_customer_takes_away_and_loses_what_is_theirs_alone() -> None:
    holder = a_holder()
    second = second_account(holder)
    a_bill(holder, Line(words="Mine"), on=FIRST, number="B-STAYS")
    a_bill(second, Line(words="Theirs"), on=FIRST, number="B-GOES")
    new = split_off(second)
    shown = {each: privacy.personal_data([each]) for each in (holder.customer_id, new)}
    assert [[bill["number"] for bill in kept["bills"]] for kept in shown.values()] == [["B-STAYS"], ["B-GOES"]]
    privacy.forget([new], at=NOW)
    left = {each: privacy.personal_data([each]) for each in (holder.customer_id, new)}
    assert [[line["words"] for line in kept["charges"]] for kept in left.values()] == [["Mine"], [""]]
