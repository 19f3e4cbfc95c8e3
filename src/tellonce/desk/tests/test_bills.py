"""Bills on the desk: the change first, a line disputed in a few keys, a credit, and what is watched."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tellonce.desk.known import gather
from tellonce.modules.billing import actions
from tellonce.modules.billing.models import Credit, Dispute, Finding
from tellonce.modules.billing.tests.lives import FIBRE, RENTAL, TV, billed_lives, month_before
from tellonce.modules.billing.tests.making import Holder, Line, a_bill, a_holder, charge, paid
from tellonce.modules.care.models import Contact
from tellonce.modules.record import actions as record
from tellonce.modules.record.models import Customer
from tellonce.modules.staff.contracts import SYSTEM, Role
from tellonce.modules.staff.models import AccessEntry, Person
from tests.factories import a_contact, a_matter, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def dana() -> Person:
    return a_person(name="Dana Reyes")


@pytest.fixture
def holder() -> Holder:
    a_matter("billing.wrong")
    return a_holder(name="Rosa Vidal", at=timezone.now() - timedelta(days=900))


def in_hand(holder: Holder, dana: Person) -> Contact:
    customer = Customer.objects.get(pk=holder.customer_id)
    return a_contact(customer=customer, taken_by=dana, at=timezone.now())


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def words(answer: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def test_the_latest_bill_says_first_what_changed_and_from_what(dana: Person, holder: Holder) -> None:
    today = timezone.localdate()
    for back in (3, 2):
        a_bill(holder, FIBRE, TV, on=month_before(today, back))
    dearer = Line("TV-FAM", 4540, 363, words="TV Family", product="TV Family")
    a_bill(holder, FIBRE, dearer, RENTAL, on=month_before(today, 1))
    text = words(signed_in(dana).get(f"/?contact={in_hand(holder, dana).pk}"))
    assert "122.47 USD 22.68 USD more than last time." in text
    assert text.index("TV Family") < text.index("Modem rental") < text.index("Fibre 500")
    assert "3 bills, from 99.79 to 122.47" in text
    assert "Bill day" not in text


def test_the_same_bill_as_before_says_so(dana: Person, holder: Holder) -> None:
    today = timezone.localdate()
    for back in (2, 1):
        a_bill(holder, FIBRE, TV, on=month_before(today, back))
    text = words(signed_in(dana).get(f"/?contact={in_hand(holder, dana).pk}"))
    assert "The same as last time." in text


def test_a_bill_that_is_not_sent_yet_is_not_the_customers(dana: Person, holder: Holder) -> None:
    a_bill(holder, FIBRE, RENTAL, on=timezone.localdate(), state="asked")
    assert gather(customer_id=holder.customer_id, at=timezone.now()).bills.latest == ()


def test_a_line_is_disputed_in_the_contact(dana: Person, holder: Holder) -> None:
    bill = a_bill(holder, FIBRE, RENTAL, on=month_before(timezone.localdate(), 1))
    contact, client = in_hand(holder, dana), signed_in(dana)
    address = f"/customers/{holder.customer_id}/do/dispute?contact={contact.pk}"
    form = client.get(address).content.decode()
    assert re.search(r'data-key="2"[^>]*data-key-label="Modem rental 9.72"', form)
    answer = client.post(address, {"lines": [str(charge(bill, 2))], "words": "It came back", "raised_by": "customer"})
    assert answer.status_code == 303
    dispute = Dispute.objects.get()
    assert (dispute.contact_id, dispute.asked_minor, dispute.raised_by) == (contact.pk, 972, "customer")
    shown = client.get(f"/?contact={contact.pk}").content.decode()
    assert f'href="/bills/disputes/{dispute.pk}"' in shown
    assert str(charge(bill, 2)) not in client.get(address).content.decode()


def test_a_part_of_one_line_is_disputed_and_never_of_several(dana: Person, holder: Holder) -> None:
    bill = a_bill(holder, FIBRE, RENTAL, on=month_before(timezone.localdate(), 1))
    client = signed_in(dana)
    address = f"/customers/{holder.customer_id}/do/dispute?contact={in_hand(holder, dana).pk}"
    both = [str(charge(bill, 1)), str(charge(bill, 2))]
    refused = client.post(address, {"lines": both, "amount": "5", "raised_by": "customer"})
    assert "Say a part only of one line" in words(refused)
    client.post(address, {"lines": both[:1], "amount": "5.00", "raised_by": "customer"})
    assert Dispute.objects.get().asked_minor == 500


def test_nothing_is_no_part_and_a_line_that_was_disputed_meanwhile_is_named_so(dana: Person, holder: Holder) -> None:
    bill = a_bill(holder, FIBRE, RENTAL, on=month_before(timezone.localdate(), 1))
    client = signed_in(dana)
    address = f"/customers/{holder.customer_id}/do/dispute?contact={in_hand(holder, dana).pk}"
    line = {"lines": [str(charge(bill, 2))], "raised_by": "customer"}
    assert client.post(address, {**line, "amount": "0"}).status_code == 422
    assert not Dispute.objects.exists()
    assert client.post(address, line).status_code == 303
    refused = client.post(address, line)
    assert "is disputed already. Choose among those left." in words(refused)
    assert str(charge(bill, 2)) not in words(refused)


def test_an_earlier_bill_is_disputed_too(dana: Person, holder: Holder) -> None:
    today = timezone.localdate()
    earlier = a_bill(holder, FIBRE, RENTAL, on=month_before(today, 2))
    a_bill(holder, FIBRE, on=month_before(today, 1))
    client = signed_in(dana)
    contact = in_hand(holder, dana)
    form = client.get(f"/customers/{holder.customer_id}/do/dispute?contact={contact.pk}").content.decode()
    assert "Modem rental" not in form
    link = re.search(r'href="([^"]*thing=1[^"]*)"[^>]*>An earlier bill', form)
    assert link is not None
    assert str(charge(earlier, 2)) in client.get(unescape(link[1])).content.decode()


def test_a_line_of_another_customer_cannot_be_disputed_from_here(dana: Person, holder: Holder) -> None:
    a_bill(holder, FIBRE, on=month_before(timezone.localdate(), 1))
    other = a_bill(a_holder(), RENTAL, on=month_before(timezone.localdate(), 1))
    address = f"/customers/{holder.customer_id}/do/dispute?contact={in_hand(holder, dana).pk}"
    answer = signed_in(dana).post(address, {"lines": [str(charge(other))], "raised_by": "customer"})
    assert answer.status_code == 422
    assert not Dispute.objects.exists()


@pytest.mark.parametrize(("amount", "state"), [("25.00", "granted"), ("25.01", "asked")])
def test_a_credit_is_given_within_the_limit_and_asked_for_above_it(
    dana: Person, holder: Holder, amount: str, state: str
) -> None:
    client = signed_in(dana)
    address = f"/customers/{holder.customer_id}/do/credit?contact={in_hand(holder, dana).pk}"
    assert "You may give up to 25.00 USD alone" in words(client.get(address))
    client.post(address, {"amount": amount, "account": holder.account_id, "words": "A lost evening"})
    assert Credit.objects.get().state == state


def test_who_has_no_bill_and_no_account_reads_so(dana: Person) -> None:
    customer = Customer.objects.get(pk=record.add_customer(name="New", by=SYSTEM, at=timezone.now()).pk)
    contact, client = a_contact(customer=customer, taken_by=dana, at=timezone.now()), signed_in(dana)
    for deed, said in (("dispute", "There is no such bill."), ("credit", "On which account")):
        answer = client.get(f"/customers/{customer.pk}/do/{deed}?contact={contact.pk}")
        assert answer.status_code == 200
        assert said in words(answer)


def test_the_desk_shows_what_came_back_and_the_credit_that_comes(dana: Person) -> None:
    a_matter("billing.wrong")
    care = a_person(name="Bea Bills", permission_sets=["billing_care"])
    lives = billed_lives(dana=care, lead=a_person(role=Role.MANAGER), now=timezone.now(), many=2)
    text = words(signed_in(dana).get(f"/?contact={in_hand(lives.rosa, dana).pk}"))
    assert "Must not come again Modem rental came back once 0 of 12 clean" in text
    assert "Credits on their way 9.72 Modem rental on the next bill" in text


def test_bills_cost_the_desk_no_round_trip_more_for_two_years_of_them(dana: Person, holder: Holder) -> None:
    today, contact, client = timezone.localdate(), in_hand(holder, dana), signed_in(dana)
    counts = []
    for months in (range(1), range(1, 24)):
        for back in months:
            a_bill(holder, FIBRE, TV, RENTAL, on=month_before(today, back))
        client.get(f"/?contact={contact.pk}")
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/?contact={contact.pk}")
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_nobody_came_is_noted_from_the_desk_and_credited_once(dana: Person, holder: Holder) -> None:
    client, yesterday = signed_in(dana), timezone.localdate() - timedelta(days=1)
    contact = in_hand(holder, dana)
    address = f"/customers/{holder.customer_id}/do/missed-visit?contact={contact.pk}"
    window = {"on": yesterday.isoformat(), "since": "08:00", "until": "10:00", "words": "I waited."}
    assert "Somebody was to come from" in words(client.get(address))
    refused = client.post(address, window | {"until": "07:00"})
    assert "its end comes after its beginning" in words(refused)
    client.post(address, window)
    client.post(address, window)
    credit = Credit.objects.get()
    assert (credit.reason, credit.amount_minor, credit.customer_id) == ("missed_visit", 2000, holder.customer_id)
    text = words(client.get(f"/?contact={contact.pk}"))
    assert "Nobody came" in text
    assert "08:00\N{EN DASH}10:00" in text
    assert "I waited." in text


def test_the_bill_says_what_is_to_be_paid_in_all_and_what_came_in(dana: Person, holder: Holder) -> None:
    today = timezone.localdate()
    last = month_before(today, 1)
    a_bill(holder, TV, on=month_before(today, 2), carried_minor=0)
    a_bill(holder, FIBRE, on=last, carried_minor=6_07, due_on=last + timedelta(days=21))
    paid(holder, 30_00, on=month_before(today, 2, day=20))
    address = f"/?contact={in_hand(holder, dana).pk}"
    text = words(signed_in(dana).get(address))
    assert "Balance before 36.07 Paid until" in text
    assert "\N{MINUS SIGN}30.00 Carried over 6.07 This bill 63.72 To pay by" in text
    assert "69.79" in text
    assert "Still open" not in text
    paid(holder, 60_00, on=last + timedelta(days=2))
    assert "Still open 9.79" in words(signed_in(dana).get(address))
    bills = re.findall(r'/customers/\d+/bills/[^"?]+', signed_in(dana).get(address).content.decode())
    one = signed_in(dana).get(f"{bills[0]}{address[1:]}")
    assert "Still open 9.79" in words(one)
    earlier = re.findall(r'href="(/customers/\d+/bills/[^"]+)" data-key="j"', one.content.decode())[0]
    text = words(signed_in(dana).get(unescape(earlier)))
    assert "To pay 36.07" in text
    assert "Still open 6.07" in text


def test_what_the_billing_system_did_not_say_is_not_made_up(dana: Person, holder: Holder) -> None:
    for back in (2, 1):
        a_bill(holder, FIBRE, on=month_before(timezone.localdate(), back))
    text = words(signed_in(dana).get(f"/?contact={in_hand(holder, dana).pk}"))
    assert "This bill 63.72 The billing system did not say what is carried over" in text
    for none in ("Carried over", "To pay", "Paid", "Balance before", "Nothing was paid"):
        assert none not in text


def chosen(client: Client, address: str) -> list[str]:
    """The lines that the form has chosen already."""
    form = client.get(address).content.decode()
    boxes = re.findall(r'<input type="checkbox" name="lines"[^>]*>', form)
    return [re.findall(r'value="([^"]+)"', each)[0] for each in boxes if " checked" in each]


def test_the_line_that_rose_most_is_chosen_already_and_why_is_said(dana: Person, holder: Holder) -> None:
    today = timezone.localdate()
    a_bill(holder, FIBRE, TV, on=month_before(today, 2))
    dearer = Line("TV-FAM", 4540, 363, words="TV Family", product="TV Family")
    bill = a_bill(holder, FIBRE, RENTAL, dearer, on=month_before(today, 1))
    client = signed_in(dana)
    address = f"/customers/{holder.customer_id}/do/dispute?contact={in_hand(holder, dana).pk}"
    assert chosen(client, address) == [str(charge(bill, 3))]
    assert "The price of TV Family is" in words(client.get(address))
    focused = re.findall(r'value="([^"]+)"[^>]*autofocus', client.get(address).content.decode())
    assert focused == [str(charge(bill, 3))]


def test_a_line_that_a_check_found_wrong_comes_before_what_rose_most(dana: Person) -> None:
    a_matter("billing.wrong")
    care = a_person(name="Bea Bills", permission_sets=["billing_care"])
    lives = billed_lives(dana=care, lead=a_person(role=Role.MANAGER), now=timezone.now(), many=1)
    client = signed_in(dana)
    address = f"/customers/{lives.chidi.customer_id}/do/dispute?contact={in_hand(lives.chidi, dana).pk}"
    finding = Finding.objects.get(kind="returned_device")
    assert chosen(client, address) == [str(finding.charge_id)]
    assert "Our checks found in Modem rental: rent for a device that came back." in words(client.get(address))
    Finding.objects.update(state="dismissed", settled_at=timezone.now())
    assert chosen(client, address) == [str(finding.charge_id)]  # new on this bill
    assert "Our checks found" not in words(client.get(address))


def test_nothing_is_chosen_where_nothing_rose_and_what_was_pointed_at_is(dana: Person, holder: Holder) -> None:
    today = timezone.localdate()
    a_bill(holder, FIBRE, TV, on=month_before(today, 2))
    bill = a_bill(holder, FIBRE, TV, on=month_before(today, 1))
    client = signed_in(dana)
    address = f"/customers/{holder.customer_id}/do/dispute?contact={in_hand(holder, dana).pk}"
    assert chosen(client, address) == []
    assert chosen(client, f"{address}&chosen={charge(bill, 2)}") == [str(charge(bill, 2))]
    assert chosen(client, f"{address}&chosen=nonsense") == []


def test_each_line_of_the_card_leads_to_its_own_dispute(dana: Person, holder: Holder) -> None:
    credit = Line("CREDIT", -500, kind="credit", words="Credit")
    bill = a_bill(holder, FIBRE, TV, credit, on=month_before(timezone.localdate(), 1))
    contact, client = in_hand(holder, dana), signed_in(dana)
    page = client.get(f"/?contact={contact.pk}").content.decode()
    links = [unescape(each) for each in re.findall(r'data-key="x" href="([^"]*chosen=[^"]*)"', page)]
    assert len(links) == 2
    assert chosen(client, links[0]) == [str(charge(bill, 1))]


def test_every_earlier_bill_is_explained_by_the_one_before_it(dana: Person, holder: Holder) -> None:
    today = timezone.localdate()
    bills = [a_bill(holder, FIBRE, TV, on=month_before(today, 30))]
    bills += [a_bill(holder, FIBRE, TV, RENTAL, on=month_before(today, 29))]
    bills += [a_bill(holder, FIBRE, on=month_before(today, back)) for back in (2, 1)]
    client, contact = signed_in(dana), in_hand(holder, dana)
    latest = f"/customers/{holder.customer_id}/bills/{bills[3].id}?contact={contact.pk}"
    assert latest in unescape(client.get(f"/?contact={contact.pk}").content.decode())
    assert "The same as last time." in words(client.get(latest))
    every = re.findall(r'href="(/customers/\d+/bills/[^"]+)"', client.get(latest).content.decode())
    assert {f"/customers/{holder.customer_id}/bills/{each.id}?contact={contact.pk}" for each in bills} == set(every)
    middle = words(client.get(latest.replace(str(bills[3].id), str(bills[1].id))))
    assert "9.72 USD more than last time. New on this bill: Modem rental." in middle
    assert "TV Family, as last time." in middle
    first = words(client.get(latest.replace(str(bills[3].id), str(bills[0].id))))
    assert "The first bill of this account" in first
    third = words(client.get(latest.replace(str(bills[3].id), str(bills[2].id))))
    assert "45.79 USD less than last time. TV Family is no longer charged. Modem rental is no longer charged." in third


@pytest.mark.parametrize("months", [2, 29])
def test_a_line_of_an_earlier_bill_is_disputed_from_its_page(dana: Person, holder: Holder, months: int) -> None:
    """However early: years may pass before somebody sees that something was charged."""
    today = timezone.localdate()
    earlier = a_bill(holder, FIBRE, RENTAL, on=month_before(today, months))
    for back in range(months - 1, 0, -1):
        a_bill(holder, FIBRE, on=month_before(today, back))
    client, contact = signed_in(dana), in_hand(holder, dana)
    at = f"/customers/{holder.customer_id}/bills/{earlier.id}?contact={contact.pk}"
    links = re.findall(r'data-key="x"[^>]* href="([^"]*chosen=[^"]*)"', client.get(at).content.decode())
    of_line = next(unescape(each) for each in links if str(charge(earlier, 2)) in each)
    assert chosen(client, of_line) == [str(charge(earlier, 2))]
    answer = client.post(of_line, {"lines": [str(charge(earlier, 2))], "raised_by": "customer", "next": at})
    assert (answer.status_code, answer.headers["Location"]) == (303, at)
    assert "Modem rental disputed" in words(client.get(at))


def test_a_line_that_was_put_right_is_not_marked_as_one_that_waits(dana: Person, holder: Holder) -> None:
    bill = a_bill(holder, FIBRE, RENTAL, on=month_before(timezone.localdate(), 1))
    client, contact = signed_in(dana), in_hand(holder, dana)
    by, at = a_person(permission_sets=["billing_care"]).as_actor(), timezone.now()
    dispute = actions.raise_dispute(
        customer_id=holder.customer_id, lines=[actions.LineAsked(charge(bill, 2))], words="", by=by, at=at
    )
    page = f"/customers/{holder.customer_id}/bills/{bill.id}?contact={contact.pk}"
    for address in (f"/?contact={contact.pk}", page):
        assert "Modem rental disputed" in words(client.get(address))
    actions.decide_dispute(dispute_id=dispute.pk, verdict="upheld", reason="It came back.", by=by, at=at)
    for address in (f"/?contact={contact.pk}", page):
        assert "Modem rental put right" in words(client.get(address))


def test_a_bill_of_somebody_else_or_none_is_no_page_and_every_look_is_logged(dana: Person, holder: Holder) -> None:
    mine = a_bill(holder, FIBRE, on=month_before(timezone.localdate(), 1))
    other = a_bill(a_holder(), FIBRE, on=month_before(timezone.localdate(), 1))
    asked = a_bill(holder, FIBRE, on=timezone.localdate(), state="asked")
    client, contact = signed_in(dana), in_hand(holder, dana)
    at = f"/customers/{holder.customer_id}/bills"
    for bill, status in ((mine, 200), (other, 404), (asked, 404)):
        assert client.get(f"{at}/{bill.id}?contact={contact.pk}").status_code == status
    assert AccessEntry.objects.filter(page="bill", customer_id=holder.customer_id).exists()
    without = client.get(f"{at}/{mine.id}")
    assert without.headers["Location"].startswith(f"/why?customer={holder.customer_id}")
