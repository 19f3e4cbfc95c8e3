"""How a story is read: conversations as one entry, days, bill days, due times, marked words."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest

from tellonce.desk.bill_day import bill_day_near, last_bill_day, next_bill_day
from tellonce.desk.deeds.choices import due_times, owner_of
from tellonce.desk.entries import entries_of
from tellonce.desk.moment_line import marked
from tellonce.desk.stories import Wanted, story_of
from tellonce.modules.care import actions as care
from tellonce.modules.record import queries as record
from tellonce.modules.staff.contracts import Calendar, Span
from tests.factories import NOW, a_case, a_contact, a_customer, a_matter, a_person

MINUTE = timedelta(minutes=1)


@pytest.mark.django_db
def test_a_conversation_is_one_entry_with_what_was_said_and_how_it_went() -> None:
    customer, dana = a_customer(at=NOW - timedelta(days=9)), a_person(name="Dana Reyes")
    contact = a_contact(customer=customer, taken_by=dana, at=NOW, said="It drops at night")
    care.tell_again(contact_id=contact.pk, by=dana.as_actor(), at=NOW + MINUTE)
    care.end_contact(
        contact_id=contact.pk, by=dana.as_actor(), at=NOW + 14 * MINUTE, matter_id=a_matter(), note="New modem"
    )
    entries = entries_of(record.story_page(customer.pk))
    talk = [entry for entry in entries if "Dana Reyes" in entry.rest]
    assert len(talk) == 1
    assert talk[0].lead == "Called"
    assert talk[0].words == ("It drops at night", "New modem")
    assert talk[0].again
    assert talk[0].at == NOW


@pytest.mark.django_db
def test_an_end_without_its_beginning_still_shows() -> None:
    customer, dana = a_customer(at=NOW - timedelta(days=9)), a_person()
    contact = a_contact(customer=customer, taken_by=dana, at=NOW)
    care.end_contact(contact_id=contact.pk, by=dana.as_actor(), at=NOW + MINUTE, note="New modem")
    found = story_of(customer.pk, Wanted(words="modem"), now=NOW + MINUTE)
    assert [entry.words for day in found.days for entry in day.entries] == [("New modem",)]


@pytest.mark.django_db
def test_older_pages_follow_without_a_gap() -> None:
    customer = a_customer(at=NOW - timedelta(days=99))
    for number in range(60):
        a_case(customer=customer, title=f"case {number}", at=NOW - timedelta(days=number))
    first = story_of(customer.pk, Wanted(), now=NOW)
    at, _comma, name = first.older.partition(",")
    wanted = Wanted(before=(datetime.fromisoformat(at), UUID(name)))
    ids = [
        entry.id
        for page in (first, story_of(customer.pk, wanted, now=NOW))
        for day in page.days
        for entry in day.entries
    ]
    assert len(ids) == len(set(ids)) == len(record.story_page(customer.pk, limit=500))


@pytest.mark.parametrize(
    ("cycle_day", "today", "last", "coming"),
    [
        (3, date(2026, 3, 2), date(2026, 2, 3), date(2026, 3, 3)),
        (3, date(2026, 3, 3), date(2026, 3, 3), date(2026, 3, 3)),
        (31, date(2026, 2, 28), date(2026, 2, 28), date(2026, 2, 28)),
        (15, date(2026, 12, 20), date(2026, 12, 15), date(2027, 1, 15)),
    ],
)
def test_bill_days_in_short_months_and_over_new_year(cycle_day: int, today: date, last: date, coming: date) -> None:
    assert last_bill_day(cycle_day, today=today) == last
    assert next_bill_day(cycle_day, today=today) == coming


def test_a_bill_day_is_news_around_it_only() -> None:
    assert bill_day_near(3, today=date(2026, 3, 1)) == date(2026, 3, 3)
    assert bill_day_near(3, today=date(2026, 3, 7)) == date(2026, 3, 3)
    assert bill_day_near(3, today=date(2026, 3, 20)) is None
    assert bill_day_near(None, today=date(2026, 3, 3)) is None


def test_due_times_lie_in_open_hours() -> None:
    calendar = Calendar("UTC", ((Span(time(9), time(17)),),) * 5 + ((), ()))
    friday_evening = datetime(2026, 3, 6, 16, 40, tzinfo=UTC)
    offered = due_times(calendar, now=friday_evening)
    assert offered
    assert all(calendar.is_open(each.at - timedelta(seconds=1)) or calendar.is_open(each.at) for each in offered)
    assert offered[0].at == datetime(2026, 3, 9, 9, 40, tzinfo=UTC)  # an open hour reaches over the weekend


def test_searched_words_are_marked_and_nothing_slips_through() -> None:
    assert marked("the <b>modem</b> Modem", "modem") == "the &lt;b&gt;modem&lt;/b&gt; <mark>Modem</mark>"


def test_an_owner_is_one_of_three() -> None:
    assert (owner_of("team:3").team_id, owner_of("person:4").person_id) == (3, 4)
    assert owner_of("nobody") == owner_of("")
