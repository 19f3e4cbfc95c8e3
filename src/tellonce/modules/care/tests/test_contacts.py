"""Contacts: taken once, told when matched, counted."""

from datetime import timedelta

import pytest

from tellonce.modules.care import actions, queries
from tellonce.modules.care.contracts import (
    CannotDoError,
    ContactEndedError,
    ContactTakenError,
    HandOverTakenError,
    MissingWordsError,
)
from tellonce.modules.record import actions as record
from tellonce.modules.record import queries as record_queries
from tellonce.modules.staff.contracts import SYSTEM
from tests.factories import NOW, a_case, a_contact, a_customer, a_matter, a_person, a_team

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def kinds(customer_id: int) -> list[str]:
    return [moment.kind for moment in record_queries.story_page(customer_id) if moment.kind.startswith("care.")]


def test_a_contact_is_told_from_beginning_to_end_with_who_took_it() -> None:
    customer, person = a_customer(), a_person(name="Dana Reyes")
    contact = a_contact(customer=customer, said="It drops, my card is 4111 1111 1111 1111")
    actions.take_contact(contact_id=contact.pk, by=person.as_actor(), at=NOW + 4 * MINUTE)
    assert [line.id for line in queries.in_hand(person.pk)] == [contact.pk]
    actions.tell_again(contact_id=contact.pk, by=person.as_actor(), at=NOW + 5 * MINUTE)
    actions.tell_again(contact_id=contact.pk, by=person.as_actor(), at=NOW + 6 * MINUTE)
    actions.end_contact(
        contact_id=contact.pk, by=person.as_actor(), at=NOW + 9 * MINUTE, matter_id=a_matter("internet.drops")
    )
    assert kinds(customer.pk) == ["care.contact_ended", "care.told_again", "care.contact_began"]
    ended, _, began = record_queries.story_page(customer.pk)[:3]
    assert ended.headline.rest == "about: Internet drops · Dana Reyes · 5 minutes · waited 4 minutes"
    assert began.words == "It drops, my card is •••• •••• •••• 1111"
    assert queries.in_hand(person.pk) == []
    with pytest.raises(ContactEndedError, match="Dana Reyes"):
        actions.end_contact(contact_id=contact.pk, by=person.as_actor(), at=NOW + 10 * MINUTE)


def test_the_second_to_take_a_contact_learns_who_was_first() -> None:
    first, second = a_person(name="Dana Reyes"), a_person()
    contact = a_contact(taken_by=first)
    with pytest.raises(ContactTakenError, match="Dana Reyes"):
        actions.take_contact(contact_id=contact.pk, by=second.as_actor(), at=NOW)
    assert actions.take_contact(contact_id=contact.pk, by=first.as_actor(), at=NOW).pk == contact.pk


def test_an_unmatched_contact_tells_its_moments_with_their_own_time_once_it_is_matched() -> None:
    person, customer = a_person(team=a_team()), a_customer()
    contact = a_contact(taken_by=person, said="No picture since noon")
    assert [line.id for line in queries.unmatched_contacts()] == [contact.pk]
    passed = actions.hand_over(
        contact_id=contact.pk, by=person.as_actor(), at=NOW + MINUTE, line="Has no number", to_team_id=a_team().pk
    )
    actions.end_contact(contact_id=contact.pk, by=person.as_actor(), at=NOW + 3 * MINUTE, note="Will call again")
    assert record_queries.story_page(customer.pk, group="contacts") == []
    later = NOW + timedelta(days=2)
    actions.match_contact(contact_id=contact.pk, customer_id=customer.pk, by=person.as_actor(), at=later)
    actions.match_contact(contact_id=contact.pk, customer_id=customer.pk, by=person.as_actor(), at=later)
    told = [(moment.kind, moment.at, moment.words) for moment in record_queries.story_page(customer.pk)]
    assert [moment for moment in told if moment[0].startswith("care.")] == [
        ("care.contact_matched", later, ""),
        ("care.contact_ended", NOW + 3 * MINUTE, "Will call again"),
        ("care.handed_over", NOW + MINUTE, "Has no number"),
        ("care.contact_began", NOW, "No picture since noon"),
    ]
    assert passed.line == "Has no number"
    assert queries.unmatched_contacts() == []


def test_the_rule_matches_only_where_exactly_one_customer_is_reached_there() -> None:
    alone, one, two = a_customer(phone="+1 503 555 0142"), a_customer(phone="+15035550143"), a_customer()
    matched = a_contact(reached_from="(503) 555-0142")
    assert matched.customer_id == alone.pk
    unknown = a_contact(reached_from="+15035550199", said="hello")
    shared = a_contact(reached_from="mail@example.net")
    record.add_contact_point(customer_id=two.pk, kind="phone", value="+15035550199", by=SYSTEM, at=NOW)
    for customer in (one, two):
        record.add_contact_point(customer_id=customer.pk, kind="mail", value="mail@example.net", by=SYSTEM, at=NOW)
    assert actions.match_by_rule(at=NOW) == 1
    assert actions.match_by_rule(at=NOW) == 0
    assert queries.contact(unknown.pk).customer_id == two.pk
    assert queries.contact(shared.pk).customer_id is None


def test_a_contact_matched_to_the_wrong_customer_moves_unless_a_case_hangs_on_it() -> None:
    wrong, right, person = a_customer(), a_customer(), a_person()
    contact = a_contact(customer=wrong, taken_by=person)
    actions.match_contact(contact_id=contact.pk, customer_id=right.pk, by=person.as_actor(), at=NOW)
    assert kinds(wrong.pk)[0] == "care.contact_unmatched"
    assert set(kinds(right.pk)) == {"care.contact_began", "care.contact_matched"}
    a_case(customer=right, contact_id=contact.pk)
    with pytest.raises(CannotDoError):
        actions.match_contact(contact_id=contact.pk, customer_id=wrong.pk, by=person.as_actor(), at=NOW)


def test_the_same_external_contact_begins_once() -> None:
    first = a_contact(source="switch", external_id="7")
    assert a_contact(source="switch", external_id="7").pk == first.pk


def test_a_hand_over_needs_a_line_counts_as_a_transfer_and_is_taken_once() -> None:
    customer, giver, taker, late = a_customer(), a_person(), a_person(name="Sam Ortiz"), a_person()
    team = a_team()
    contact = a_contact(customer=customer, taken_by=giver)
    with pytest.raises(MissingWordsError):
        actions.hand_over(contact_id=contact.pk, by=giver.as_actor(), at=NOW, line=" ", to_team_id=team.pk)
    passed = actions.hand_over(
        contact_id=contact.pk, by=giver.as_actor(), at=NOW, line="Modem is new", to_person_id=taker.pk
    )
    assert [line.hand_over_line for line in queries.in_hand(taker.pk)] == ["Modem is new"]
    actions.take_over(hand_over_id=passed.pk, by=taker.as_actor(), at=NOW + MINUTE)
    with pytest.raises(HandOverTakenError, match="Sam Ortiz"):
        actions.take_over(hand_over_id=passed.pk, by=late.as_actor(), at=NOW + MINUTE)
    assert queries.in_hand(giver.pk) == []
    assert [line.hand_over_id for line in queries.in_hand(taker.pk)] == [None]
    assert queries.cost([customer.pk], NOW - MINUTE, NOW + MINUTE).transfers == 1
    assert kinds(customer.pk)[:2] == ["care.taken_over", "care.handed_over"]


def test_cost_counts_repeats_on_the_same_matter_in_the_thirty_days_before() -> None:
    customer, person = a_customer(), a_person()
    for days, matter in ((40, "internet.drops"), (20, "internet.drops"), (3, "internet.drops"), (1, "tv.down")):
        at = NOW - timedelta(days=days)
        contact = a_contact(customer=customer, at=at)
        actions.take_contact(contact_id=contact.pk, by=person.as_actor(), at=at + 10 * MINUTE)
        actions.end_contact(
            contact_id=contact.pk, by=person.as_actor(), at=at + 20 * MINUTE, matter_id=a_matter(matter)
        )
    cost = queries.cost([customer.pk], NOW - timedelta(days=30), NOW)
    assert (cost.contacts, cost.minutes_waited, cost.repeat_contacts) == (3, 30, 2)
    assert (cost.same_matter, cost.same_matter_name) == (2, "Internet drops")


def test_cost_counts_letters_as_contacts_but_not_the_days_they_lay() -> None:
    customer, person = a_customer(), a_person()
    contact = a_contact(customer=customer, channel="letter")
    actions.take_contact(contact_id=contact.pk, by=person.as_actor(), at=NOW + timedelta(days=3))
    cost = queries.cost([customer.pk], NOW, NOW + timedelta(days=9))
    assert (cost.contacts, cost.minutes_waited) == (1, 0)
