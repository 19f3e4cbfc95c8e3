"""A visit to which nobody came: told once in the story, credited once by the rule."""

import threading
from datetime import timedelta

import pytest
from django.db import connections

from tellonce.modules.billing import actions as billing
from tellonce.modules.billing.contracts.limits import Rule
from tellonce.modules.billing.models import Credit
from tellonce.modules.care import actions as care
from tellonce.modules.care.models import Promise
from tellonce.modules.field import actions
from tellonce.modules.field.contracts import BadVisitError, NotedVisit
from tellonce.modules.field.models import Visit
from tellonce.modules.record import actions as record_actions
from tellonce.modules.record import queries as record
from tellonce.modules.record.models import Customer
from tellonce.modules.staff.contracts import SYSTEM, Actor
from tests.factories import NOW, a_customer, a_person, a_promise

HOUR = timedelta(hours=1)
FROM, UNTIL = NOW - 4 * HOUR, NOW - 2 * HOUR


def a_payer(currency: str = "USD") -> Customer:
    customer = a_customer(name="Maria Alvarez")
    record_actions.add_account(
        customer_id=customer.pk, number=f"A-{customer.pk}", currency=currency, by=SYSTEM, at=NOW - 90 * 24 * HOUR
    )
    return customer


def missed(customer: Customer, *, by: Actor = SYSTEM, **more: object) -> NotedVisit:
    said = {"window_from": FROM, "window_until": UNTIL, "at": NOW} | more
    return actions.note_missed_visit(customer_id=customer.pk, by=by, **said)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_it_is_a_moment_of_the_story_and_is_credited_by_the_rule() -> None:
    customer = a_payer()
    noted = missed(customer, by=a_person(name="Dana Reyes").as_actor(), words="I took the day off. 4111 1111 1111 1111")
    assert (noted.is_new, noted.credited_minor, noted.currency, noted.is_granted) == (True, 2000, "USD", True)
    told = {moment.kind: moment for moment in record.story_page(customer.pk)}
    moment = told["field.visit_missed"]
    assert (moment.headline.lead, moment.by_name) == ("Nobody came", "Dana Reyes")
    assert "4111 1111" not in moment.words
    assert moment.words.startswith("I took the day off.")
    assert "billing.credit_granted" in told
    assert "20.00 USD" in told["care.message_written"].words
    credit = Credit.objects.get()
    assert (credit.reason, credit.amount_minor, credit.state) == ("missed_visit", 2000, "granted")


@pytest.mark.django_db
def test_told_by_the_desk_and_by_the_field_system_it_is_one_visit() -> None:
    customer = a_payer()
    first = missed(customer)
    again = missed(customer, source="vans", external_id="V-1", window_from=FROM + HOUR, window_until=UNTIL + HOUR)
    third = missed(customer, source="vans", external_id="V-1")
    assert {first.visit_id} == {again.visit_id, third.visit_id}
    assert [first.is_new, again.is_new, third.is_new] == [True, False, False]
    visit = Visit.objects.get()
    assert (visit.source, visit.external_id) == ("vans", "V-1")
    assert Credit.objects.count() == 1


@pytest.mark.django_db
def test_two_visits_are_two_credits_and_two_customers_may_have_the_same_window() -> None:
    customer, other = a_payer(), a_payer()
    missed(customer)
    missed(customer, window_from=FROM - 24 * HOUR, window_until=UNTIL - 24 * HOUR)
    missed(other)
    assert Credit.objects.filter(reason="missed_visit").count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize("visit_first", [True, False])
def test_a_promised_visit_is_credited_once_and_as_a_visit_whoever_is_first(visit_first: bool) -> None:
    customer = a_payer()
    person = a_person().as_actor()
    a_promise(customer=customer, due_at=UNTIL, what="Somebody comes", at=FROM - HOUR, by=person, kind="visit")
    care.break_overdue_promises(at=NOW)
    assert Promise.objects.get().state == "broken"
    if visit_first:
        assert missed(customer).credited_minor == 2000
    billing.credit_by_rule(at=NOW)
    assert missed(customer).credited_minor == 0
    credit = Credit.objects.get()
    assert (credit.reason, credit.amount_minor) == ("missed_visit", 2000)


@pytest.mark.django_db
def test_the_rule_says_how_much_and_what_is_above_it_waits_for_a_person() -> None:
    boss = a_person(role="administrator").as_actor()
    billing.set_rule(
        reason="missed_visit", currency="USD", rule=Rule(flat_minor=50_00, granted_minor=49_99), by=boss, at=NOW
    )
    noted = missed(a_payer())
    assert (noted.credited_minor, noted.is_granted) == (5000, False)
    assert Credit.objects.get().state == "asked"
    billing.set_rule(reason="missed_visit", currency="USD", rule=Rule(is_on=False, flat_minor=1), by=boss, at=NOW)
    assert missed(a_payer()).credited_minor == 0
    assert missed(a_customer()).credited_minor == 0, "who has no account has nothing to credit on"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("window_from", "window_until"),
    [
        (NOW - HOUR, NOW + HOUR),
        (FROM, FROM),
        (FROM - 30 * HOUR, UNTIL),
        (FROM - 61 * 24 * HOUR, UNTIL - 61 * 24 * HOUR),
    ],
    ids=["not over yet", "no window", "longer than a day", "long ago"],
)
def test_what_is_no_missed_visit(window_from: object, window_until: object) -> None:
    with pytest.raises(BadVisitError):
        missed(a_payer(), window_from=window_from, window_until=window_until)
    assert not Visit.objects.exists()


@pytest.mark.django_db
def test_visits_are_taken_along_by_their_customer_and_lose_their_names_when_they_are_erased() -> None:
    customer = a_payer()
    missed(customer, source="vans", external_id="V-1")
    assert [each["external_id"] for each in actions.personal_data([customer.pk])["visits"]] == ["V-1"]
    record_actions.erase_customer(customer_id=customer.pk, by=a_person(role="administrator").as_actor(), at=NOW)
    assert [each["external_id"] for each in actions.personal_data([customer.pk])["visits"]] == [""]


@pytest.mark.django_db(transaction=True)
def test_two_who_tell_of_it_at_the_same_moment_credit_it_once() -> None:
    customer = a_payer()
    found: list[NotedVisit] = []
    both = threading.Barrier(2, timeout=30)

    def tell() -> None:
        try:
            both.wait()
            found.append(missed(customer))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=tell) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(each.is_new for each in found) == [False, True]
    assert (Visit.objects.count(), Credit.objects.count()) == (1, 1)
