"""What a correction may come to: in all, and of a line that a promotion had taken something off."""

from datetime import date

import pytest
from django.test import Client

from tellonce.modules.billing import actions
from tellonce.modules.billing.contracts import SecondPersonError
from tellonce.modules.billing.models import Credit, Watch
from tellonce.modules.billing.queries.limits import limits_of
from tellonce.modules.billing.queries.pages_causes import cause_read
from tellonce.modules.billing.tests.making import Holder, Line, a_bill, a_holder
from tellonce.modules.billing.tests.test_causes import a_cause, boss, care, charged, disputed, matters, run
from tellonce.modules.record import queries as record
from tellonce.modules.staff.models import Person
from tests.factories import NOW, a_person

pytestmark = pytest.mark.django_db
__all__ = ["matters"]
GROSS = Line("FEE-REG", 3000, 300, product="Sports", service_id=7)
PROMOTION = Line("PROMO", -2000, -200, kind="discount", product="Sports", service_id=7)


def test_nobody_approves_more_in_all_than_they_may_though_each_credit_is_small() -> None:
    by, other = care(), care()
    charged(3, 1)
    asked = actions.ask_correction(cause_id=a_cause(by).pk, words="Sorry", by=by, at=NOW)
    limits = {"alone_minor": 100_00, "second_minor": 500_00}
    ada = a_person(role="administrator").as_actor()
    actions.set_limits(who="billing_care", currency="USD", **limits, together_minor=989, by=ada, at=NOW)
    with pytest.raises(SecondPersonError, match=r"9\.90 USD in all"):
        actions.approve_correction(correction_id=asked.pk, by=other, at=NOW)
    actions.set_limits(who="billing_care", currency="USD", **limits, together_minor=990, by=ada, at=NOW)
    assert actions.approve_correction(correction_id=asked.pk, by=other, at=NOW).state == "running"


def test_limits_that_were_set_before_there_was_one_in_all_have_the_first_one() -> None:
    by = care()
    row = actions.set_limits(
        who="billing_care", currency="USD", alone_minor=1, second_minor=2, together_minor=3, by=by, at=NOW
    )
    assert limits_of(by, currency="USD").together_minor == 3
    row.together_minor = None
    row.save()
    assert limits_of(by, currency="USD").together_minor == 5_000_00


def test_the_page_says_who_may_approve_it() -> None:
    asks, may_not = a_person(name="Dana Reyes", permission_sets=["billing_care"]), a_person(role="supervisor")
    (holder,) = charged(1, line=Line("FEE-REG", 6_000_00))
    a_bill(holder, Line("FEE-REG", 400_00), on=date(2026, 1, 3))
    actions.set_limits(
        who="supervisor", currency="USD", alone_minor=0, second_minor=500_00, together_minor=399_99,
        by=asks.as_actor(), at=NOW,
    )  # fmt: skip
    cause = a_cause(asks.as_actor())
    actions.ask_correction(cause_id=cause.pk, words="Sorry", by=asks.as_actor(), at=NOW)

    def page(person: Person) -> str:
        client = Client()
        client.force_login(person)
        return client.get(f"/bills/causes/{cause.pk}").content.decode()

    assert "Approve, and credit all of them" in page(a_person(role="manager"))
    assert "Approve, and credit all of them" not in page(asks)
    refused = page(may_not)
    assert "Approve, and credit all of them" not in refused
    assert "399.99 USD in all" in refused


def test_what_a_promotion_took_off_is_not_credited() -> None:
    by, second = care(), boss()
    plain, promoted, free = (a_holder() for _ in range(3))
    a_bill(plain, GROSS, on=date(2026, 1, 3))
    a_bill(promoted, GROSS, PROMOTION, on=date(2026, 1, 3))
    a_bill(free, GROSS, Line("PROMO", -3000, -300, kind="discount", product="Sports"), on=date(2026, 1, 3))
    cause = a_cause(by)
    owed = {row.account_id: (row.amount_minor, row.discount_minor) for row in cause.accounts.all()}
    assert owed == {plain.account_id: (3300, 0), promoted.account_id: (1100, 2200)}
    read = cause_read(cause.pk)
    assert (read.discounted, read.discount_minor, read.row.open_minor) == (1, 2200, 4400)
    run(cause, by=by, approved_by=second)
    given = dict(Credit.objects.values_list("account_id", "amount_minor"))
    assert given == {plain.account_id: 3300, promoted.account_id: 1100}


def test_a_dispute_that_asked_for_the_whole_line_gets_what_was_paid() -> None:
    by, second = care(), boss()
    holder = a_holder()
    a_bill(holder, GROSS, PROMOTION, on=date(2026, 1, 3))
    dispute = disputed(holder, by)
    assert dispute.asked_minor == 3300
    run(a_cause(by), by=by, approved_by=second)
    dispute.refresh_from_db()
    assert (dispute.state, dispute.granted_minor, Credit.objects.get().amount_minor) == ("upheld", 3300, 1100)


def test_a_person_who_finds_the_whole_line_wrong_credits_what_was_paid_and_watches_for_all_of_it() -> None:
    by = care()
    holder = a_holder(mail="maria@example.net")
    a_bill(holder, GROSS, PROMOTION, on=date(2026, 1, 3))
    dispute = disputed(holder, by)
    a_bill(holder, GROSS, PROMOTION, on=date(2026, 2, 3))
    a_bill(holder, GROSS, on=date(2026, 3, 3))
    actions.decide_dispute(dispute_id=dispute.pk, verdict="upheld", reason="Never ordered.", by=by, at=NOW)
    assert sorted(line.credit_minor for line in dispute.lines.all()) == [1100, 1100, 3300]
    watch = Watch.objects.get()
    assert (Credit.objects.get().amount_minor, watch.limit_minor, watch.wrong_minor) == (5500, 9900, None)
    assert "We credit you what you paid of it, 55.00 USD" in story(holder)


def test_of_a_part_that_was_wrong_what_was_paid_is_credited() -> None:
    by, holder = care(), a_holder()
    a_bill(holder, GROSS, PROMOTION, on=date(2026, 1, 3))
    dispute = disputed(holder, by)
    (line,) = dispute.lines.all()
    granted = {line.pk: 550}
    actions.decide_dispute(dispute_id=dispute.pk, verdict="partly", granted=granted, reason="Half.", by=by, at=NOW)
    assert (Credit.objects.get().amount_minor, Watch.objects.get().wrong_minor) == (550, 500)


def test_what_a_promotion_took_off_whole_is_watched_and_not_credited() -> None:
    by, holder = care(), a_holder(mail="maria@example.net")
    a_bill(holder, GROSS, Line("PROMO", -3000, -300, kind="discount", product="Sports"), on=date(2026, 1, 3))
    dispute = disputed(holder, by)
    actions.decide_dispute(dispute_id=dispute.pk, verdict="upheld", reason="Never ordered.", by=by, at=NOW)
    dispute.refresh_from_db()
    assert (dispute.state, dispute.dunning_released_at, Credit.objects.count()) == ("upheld", NOW, 0)
    assert Watch.objects.get().state == "watching"
    assert "there is nothing to give back" in story(holder)


@pytest.mark.parametrize(
    ("lines", "owed"),
    [
        # of another service, of another product, of a line that costs more, of a line that runs from month to month
        ((Line("PROMO", -2000, kind="discount", product="Sports", service_id=8),), 3300),
        ((Line("PROMO", -2000, kind="discount", product="Films", service_id=7),), 3300),
        ((PROMOTION, Line("FIB", 9000, product="Sports", service_id=7)), 3300),
        ((PROMOTION, Line("FIB", 100, product="Sports", service_id=7)), 1100),
        ((PROMOTION, PROMOTION), 0),
        ((Line("CREDIT", -2000, kind="credit", product="Sports", service_id=7),), 3300),
        ((Line("PROMO", -500, kind="discount"),), 3300),
    ],
)
def test_a_discount_is_of_one_line_of_its_service_and_product(lines: tuple[Line, ...], owed: int) -> None:
    a_bill(holder := a_holder(), GROSS, *lines, on=date(2026, 1, 3))
    found = {row.account_id: row.amount_minor for row in a_cause(care()).accounts.all()}
    assert found.get(holder.account_id, 0) == owed


def test_only_a_part_is_wrong_and_less_than_that_was_paid() -> None:
    for paid in (5000, 300):
        a_bill(a_holder(), Line("FEE-REG", 5000, product="S"), Line("P", paid - 5000, kind="discount", product="S"),
               on=date(2026, 1, 3))  # fmt: skip
    cause = a_cause(care(), amount_from_minor=4000, wrong_minor=1000)
    assert sorted(row.amount_minor for row in cause.accounts.all()) == [300, 1000]


def test_what_comes_back_under_a_promotion_is_credited_as_far_as_it_was_paid() -> None:
    by, second = care(), boss()
    holder = a_holder()
    a_bill(holder, GROSS, on=date(2026, 1, 3))
    run(a_cause(by), by=by, approved_by=second)
    assert Watch.objects.get().limit_minor == 3300
    comes_back(holder)
    assert Credit.objects.get(reason="came_back").amount_minor == 1100


def story(holder: Holder) -> str:
    return "\n".join(moment.words for moment in record.story_page(holder.customer_id))


def comes_back(holder: Holder) -> None:
    a_bill(holder, GROSS, PROMOTION, on=date(2026, 4, 3))
    actions.check_bills(at=NOW)
    actions.answer_what_came_back(at=NOW)
