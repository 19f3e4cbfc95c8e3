"""How many queries the reads of hot pages take, whatever the size of what they read."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tellonce.datakit import alone
from tellonce.modules.care import actions, queries
from tellonce.modules.record.contracts import Away
from tellonce.modules.staff.contracts import SYSTEM
from tests.factories import NOW, a_case, a_contact, a_customer, a_person, a_promise, a_team

HOUR = timedelta(hours=1)
NONE = Away(frozenset(), frozenset())


@pytest.mark.django_db
def test_reads_take_a_fixed_number_of_queries() -> None:
    customer, person = a_customer(), a_person(team=a_team())
    case = a_case(customer=customer, owner_person_id=person.pk)
    counts = []
    for size in (1, 8):
        for _ in range(size):
            contact = a_contact(customer=customer, taken_by=person)
            actions.add_contact_to_case(case_id=case.pk, contact_id=contact.pk, by=SYSTEM, at=NOW)
            a_promise(customer=customer, due_at=NOW + HOUR, case_id=case.pk, owner_person_id=person.pk)
            other = a_case(customer=customer, parent_id=case.pk)
            actions.link_cases(case_id=case.pk, other_id=other.pk, by=SYSTEM, at=NOW)
            actions.hand_over(contact_id=a_contact().pk, by=SYSTEM, at=NOW, line="Please", to_person_id=person.pk)
        counts.append(
            {
                "in_hand": _count(lambda: queries.in_hand(person.pk)),
                "waiting": _count(queries.waiting_contacts),
                "due": _count(lambda: queries.due_promises(person, NOW + HOUR)),
                "asks": _count(lambda: queries.team_asks(person)),
                "cases": _count(lambda: queries.customer_cases([customer.pk], splits=NONE)),
                "promises": _count(lambda: queries.customer_promises([customer.pk], splits=NONE)),
                "cost": _count(
                    lambda: alone(
                        lambda ask: queries.ask_cost(
                            ask, [customer.pk], NOW - HOUR, NOW + HOUR, contact_splits=NONE, promise_splits=NONE
                        )
                    )
                ),
                "tree": _count(queries.matters_tree),
                "case": _count(lambda: queries.case(case.pk)),
            }
        )
    assert counts[0] == counts[1]
    assert counts[0] == {
        "in_hand": 2,
        "waiting": 1,
        "due": 1,
        "asks": 3,
        "cases": 1,
        "promises": 1,
        "cost": 1,
        "tree": 1,
        "case": 8,
    }


def _count(read: object) -> int:
    assert callable(read)
    with CaptureQueriesContext(connection) as captured:
        read()
    return len(captured)


@pytest.mark.django_db
def test_what_a_split_gave_away_is_not_read_here_any_more() -> None:
    customer, other = a_customer(), a_customer()
    kept, moved = (a_case(customer=customer) for _ in range(2))
    gone = Away(away=frozenset({moved.pk}), here=frozenset())
    came = Away(away=frozenset(), here=frozenset({moved.pk}))
    assert [line.id for line in queries.customer_cases([customer.pk], splits=gone)] == [kept.pk]
    assert [line.id for line in queries.customer_cases([other.pk], splits=came)] == [moved.pk]
    contact = a_contact(customer=customer)
    for customer_id, contacts, counted in (
        (customer.pk, Away(frozenset({contact.pk}), frozenset()), 0),
        (other.pk, Away(frozenset(), frozenset({contact.pk})), 1),
    ):
        assert _contacts_with(customer_id, contacts) == counted


def _contacts_with(customer_id: int, splits: Away) -> int:
    cost = alone(
        lambda ask: queries.ask_cost(ask, [customer_id], NOW, NOW + HOUR, contact_splits=splits, promise_splits=splits)
    )
    return cost.contacts
