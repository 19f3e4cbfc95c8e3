"""Bulk paths: told with their own times, a second run changes nothing, undone and brought back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tellonce.modules.care import actions, queries
from tellonce.modules.care.contracts import NewCase, NewContact, NewPromise
from tellonce.modules.care.models import Contact
from tellonce.modules.record import queries as record_queries
from tellonce.modules.record.models import Moment, OutboxRow
from tellonce.modules.staff.contracts import SYSTEM
from tests.factories import NOW, a_customer, a_matter, a_person

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def a_new_contact(number: int = 1, **more: object) -> NewContact:
    values = {
        "channel": "call",
        "began_at": NOW - 30 * MINUTE,
        "answered_at": NOW - 27 * MINUTE,
        "ended_at": NOW - 20 * MINUTE,
        "source": "old",
        "external_id": str(number),
        "said": "card 4111111111111111",
        "taken_by_name": "Dana Reyes",
    }
    return NewContact(**(values | more))  # type: ignore[arg-type] # defaults of a test


def told(customer_id: int) -> list[str]:
    return [moment.kind for moment in record_queries.story_page(customer_id) if moment.kind.startswith("care.")]


def test_a_second_run_of_the_same_rows_changes_nothing() -> None:
    customer = a_customer()
    rows = [a_new_contact(1, customer_id=customer.pk), a_new_contact(2), a_new_contact(3, external_id="")]
    OutboxRow.objects.all().delete()
    first = actions.load_contacts(rows, by=SYSTEM, at=NOW, import_id=7)
    again = actions.load_contacts(rows[:2], by=SYSTEM, at=NOW, import_id=8)
    assert (first.added, first.changed, first.unchanged) == (3, 0, 0)
    assert (again.ids, again.added, again.changed, again.unchanged) == (first.ids[:2], 0, 0, 2)
    assert told(customer.pk) == ["care.contact_ended", "care.contact_began"]
    ended, began = record_queries.story_page(customer.pk, group="contacts")
    assert (began.at, began.words) == (NOW - 30 * MINUTE, "card ••••••••••••1111")
    assert ended.headline.rest == "Dana Reyes · 7 minutes · waited 3 minutes"
    assert Contact.objects.get(pk=first.ids[0]).said == "card ••••••••••••1111"
    assert not OutboxRow.objects.exists()


def test_the_same_row_twice_in_one_run_is_one_contact() -> None:
    loaded = actions.load_contacts([a_new_contact(1), a_new_contact(1)], by=SYSTEM, at=NOW)
    assert (loaded.added, loaded.unchanged, loaded.ids[0]) == (1, 1, loaded.ids[1])


def test_changed_rows_change_and_one_that_now_names_its_customer_is_told() -> None:
    customer = a_customer()
    rows = [a_new_contact(1, customer_id=customer.pk), a_new_contact(2)]
    first = actions.load_contacts(rows, by=SYSTEM, at=NOW)
    better = [replace(rows[0], said="no card at all"), replace(rows[1], customer_id=customer.pk)]
    second = actions.load_contacts(better, by=SYSTEM, at=NOW + MINUTE)
    assert (second.ids, second.changed) == (first.ids, 2)
    assert told(customer.pk)[0] == "care.contact_corrected"
    assert told(customer.pk).count("care.contact_began") == 2
    assert actions.load_contacts(better, by=SYSTEM, at=NOW).unchanged == 2
    assert actions.load_contacts([replace(better[1], customer_id=None)], by=SYSTEM, at=NOW).unchanged == 1


def test_an_undone_import_is_hidden_and_comes_back_with_the_next_run() -> None:
    rows = [a_new_contact(1), a_new_contact(2)]
    actions.load_contacts(rows, by=SYSTEM, at=NOW, import_id=7)
    assert actions.hide_care_of(import_id=7, by=SYSTEM, at=NOW).contacts == 2
    assert (queries.unmatched_count(), queries.unmatched_contacts()) == (0, [])
    again = actions.load_contacts(rows, by=SYSTEM, at=NOW, import_id=8)
    assert (again.added, again.changed, queries.unmatched_count()) == (0, 2, 2)


def test_cases_and_promises_of_the_past_are_told_as_they_went() -> None:
    customer, person = a_customer(), a_person(name="Dana Reyes")
    (contact_id,) = actions.load_contacts([a_new_contact(customer_id=customer.pk)], by=SYSTEM, at=NOW).ids
    case = NewCase(
        customer_id=customer.pk,
        title="Internet drops",
        opened_at=NOW - 25 * MINUTE,
        matter_id=a_matter("internet.drops"),
        state="solved",
        owner_person_id=person.pk,
        owner_name=person.name,
        opened_by_name=person.name,
        solved_at=NOW - 5 * MINUTE,
        solved_by_name=person.name,
        reopened_at=(NOW - 15 * MINUTE,),
        contact_ids=(contact_id,),
    )
    (case_id,) = actions.load_cases([case], by=SYSTEM, at=NOW).ids
    broken = NewPromise(
        customer_id=customer.pk,
        what="call back",
        made_at=NOW - 24 * MINUTE,
        due_at=NOW - 10 * MINUTE,
        state="broken",
        settled_at=NOW - 9 * MINUTE,
        owned_up_at=NOW - 8 * MINUTE,
        done_late_at=NOW - 7 * MINUTE,
        case_id=case_id,
        owner_person_id=person.pk,
    )
    actions.load_promises(
        [
            broken,
            replace(broken, state="due", settled_at=None, owned_up_at=None, done_late_at=None, due_at=NOW + MINUTE),
        ],
        by=SYSTEM,
        at=NOW,
    )
    assert [kind.removeprefix("care.") for kind in told(customer.pk)] == [
        "case_solved",
        "promise_kept_late",
        "promise_owned_up",
        "promise_broken",
        "case_reopened",
        "contact_ended",
        "promise_made",
        "promise_made",
        "case_opened",
        "contact_began",
    ]
    read = queries.case(case_id)
    assert (read.line.reopened, len(read.contacts), len(read.promises)) == (1, 1, 2)
    assert queries.cost([customer.pk], NOW - 60 * MINUTE, NOW).broken_promises == 1
    assert actions.break_overdue_promises(at=NOW + 2 * MINUTE) == 1


def test_the_number_of_queries_does_not_grow_with_the_rows() -> None:
    counts = []
    for size in (10, 200):
        rows = [a_new_contact(number, source=f"size {size}") for number in range(size)]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            actions.load_contacts(rows, by=SYSTEM, at=NOW)
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert Moment.objects.filter(kind="care.contact_began").count() == 0
