"""Promises: kept, broken, done late, owned up to, withdrawn; due by the calendar."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tellonce.modules.care import actions, queries
from tellonce.modules.care.contracts import CannotDoError, MissingWordsError, PromiseSettledError, PromiseState
from tellonce.modules.care.models import Promise
from tellonce.modules.care.queries.promise_times import remind_at, suggestions
from tellonce.modules.record import queries as record_queries
from tellonce.modules.record.models import OutboxRow
from tellonce.modules.staff import actions as staff
from tellonce.modules.staff.contracts import SYSTEM, Calendar, Span
from tests.factories import NOW, a_customer, a_person, a_promise, a_team

HOUR = timedelta(hours=1)
OFFICE = Calendar(
    "America/New_York",
    (*(((Span(time(8), time(18)),),) * 5), (), ()),
    {date(2026, 3, 9): ()},
)


def told(customer_id: int) -> list[str]:
    return [moment.kind for moment in record_queries.story_page(customer_id, group="promises")]


@pytest.mark.django_db
def test_a_promise_kept_in_time_is_kept_once() -> None:
    customer, dana = a_customer(), a_person(name="Dana Reyes")
    promise = a_promise(customer=customer, due_at=NOW + HOUR, by=dana.as_actor())
    assert [line.id for line in queries.due_promises(dana, NOW + HOUR)] == [promise.pk]
    actions.keep_promise(promise_id=promise.pk, by=dana.as_actor(), at=NOW + HOUR)
    with pytest.raises(PromiseSettledError, match="Dana Reyes"):
        actions.keep_promise(promise_id=promise.pk, by=a_person().as_actor(), at=NOW + HOUR)
    assert actions.break_overdue_promises(at=NOW + 2 * HOUR) == 0
    assert told(customer.pk) == ["care.promise_kept", "care.promise_made"]


@pytest.mark.django_db
@pytest.mark.parametrize("noticed", [True, False])
def test_a_promise_done_after_its_time_was_broken_whether_or_not_the_clock_saw_it_first(noticed: bool) -> None:
    customer = a_customer()
    promise = a_promise(customer=customer, due_at=NOW + HOUR)
    if noticed:
        assert actions.break_overdue_promises(at=NOW + HOUR + timedelta(seconds=1)) == 1
        assert actions.break_overdue_promises(at=NOW + 2 * HOUR) == 0
    actions.keep_promise(promise_id=promise.pk, by=SYSTEM, at=NOW + 77 * HOUR)
    kept = Promise.objects.get(pk=promise.pk)
    assert (kept.state, kept.broken_at, kept.done_late_at) == (PromiseState.BROKEN, NOW + HOUR, NOW + 77 * HOUR)
    assert record_queries.story_page(customer.pk)[0].headline.rest == f"{promise.what} · 3 days 4 hours late"
    assert told(customer.pk) == ["care.promise_kept_late", "care.promise_broken", "care.promise_made"]
    with pytest.raises(PromiseSettledError):
        actions.keep_promise(promise_id=promise.pk, by=SYSTEM, at=NOW + 78 * HOUR)
    assert queries.cost([customer.pk], NOW, NOW + 78 * HOUR).broken_promises == 1


@pytest.mark.django_db
def test_owning_up_writes_to_the_customer_once_and_is_written_by_us_when_nobody_does() -> None:
    customer, dana = a_customer(languages=["es"]), a_person()
    by_hand, forgotten = (a_promise(customer=customer, due_at=NOW + HOUR, by=dana.as_actor()) for _ in range(2))
    of_ours = a_promise(customer=customer, due_at=NOW + HOUR)
    actions.break_overdue_promises(at=NOW + HOUR + timedelta(minutes=1))
    assert len(queries.promises_to_own_up(dana, NOW)) == 2
    actions.own_up(promise_id=by_hand.pk, by=dana.as_actor(), at=NOW + 1.2 * HOUR, words="We are late, sorry")
    with pytest.raises(PromiseSettledError):
        actions.own_up(promise_id=by_hand.pk, by=dana.as_actor(), at=NOW + 1.2 * HOUR, words="Sorry again")
    assert actions.own_up_for_us(at=NOW + 1.5 * HOUR) == 0
    assert actions.own_up_for_us(at=NOW + 1.8 * HOUR) == 1
    assert actions.own_up_for_us(at=NOW + 1.9 * HOUR) == 0
    assert Promise.objects.get(pk=forgotten.pk).owned_up_at == NOW + 1.8 * HOUR
    assert Promise.objects.get(pk=of_ours.pk).owned_up_at is None
    messages = [moment for moment in record_queries.story_page(customer.pk) if moment.kind == "care.message_written"]
    assert [moment.words for moment in messages][-1] == "We are late, sorry"
    assert len(messages) == 2


@pytest.mark.django_db
def test_withdrawing_needs_consent_and_comes_before_the_due_time() -> None:
    promise = a_promise(customer=a_customer(), due_at=NOW + HOUR)
    with pytest.raises(MissingWordsError):
        actions.withdraw_promise(promise_id=promise.pk, by=SYSTEM, at=NOW, consent="")
    with pytest.raises(CannotDoError):
        actions.withdraw_promise(promise_id=promise.pk, by=SYSTEM, at=NOW + 2 * HOUR, consent="No need any more")
    withdrawn = actions.withdraw_promise(promise_id=promise.pk, by=SYSTEM, at=NOW, consent="No need any more")
    assert withdrawn.state == PromiseState.WITHDRAWN
    with pytest.raises(CannotDoError):
        a_promise(customer=a_customer(), due_at=NOW - HOUR)


@pytest.mark.django_db
def test_owners_are_reminded_once_before_it_is_due() -> None:
    team = a_team()
    promise = a_promise(customer=a_customer(), due_at=NOW + HOUR, owner_team_id=team.pk)
    OutboxRow.objects.all().delete()
    assert actions.remind_promises(at=NOW + timedelta(minutes=29)) == 0
    assert actions.remind_promises(at=NOW + timedelta(minutes=31)) == 1
    assert actions.remind_promises(at=NOW + timedelta(minutes=32)) == 0
    (row,) = OutboxRow.objects.all()
    assert (row.kind, row.topics, row.body["promise_id"]) == ("care.promise_soon_due", [f"team:{team.pk}"], promise.pk)


@pytest.mark.django_db
def test_a_promise_to_a_department_without_a_customer_leaves_no_story_and_is_asked_of_the_team() -> None:
    billing = staff.add_department(name="Billing", by=SYSTEM, at=NOW)
    team = a_team()
    person = a_person(team=team)
    promise = actions.make_promise(
        what="the list of rentals",
        due_at=NOW + HOUR,
        by=SYSTEM,
        at=NOW,
        to_department_id=billing.pk,
        owner_team_id=team.pk,
    )
    assert [(line.id, line.to) for line in queries.team_asks(person).promises] == [(promise.pk, "Billing")]
    actions.keep_promise(promise_id=promise.pk, by=person.as_actor(), at=NOW)
    assert queries.team_asks(person).count == 0


def test_times_to_promise_keep_to_the_hours_of_the_site_over_a_weekend_a_change_of_clocks_and_a_holiday() -> None:
    """Friday 6 March 2026, 16:30 in New York; clocks change on Sunday the 8th, Monday the 9th is a holiday."""
    friday = datetime(2026, 3, 6, 16, 30, tzinfo=ZoneInfo("America/New_York"))
    times = [(each.label.split()[0], each.due_at.astimezone(UTC)) for each in suggestions(OFFICE, at=friday)]
    assert times == [
        ("Today", datetime(2026, 3, 6, 22, 0, tzinfo=UTC)),
        ("When", datetime(2026, 3, 10, 12, 0, tzinfo=UTC)),
        ("In", datetime(2026, 3, 10, 12, 30, tzinfo=UTC)),
        ("Tuesday", datetime(2026, 3, 10, 16, 0, tzinfo=UTC)),
    ]


def test_a_reminder_comes_while_somebody_is_there_to_hear_it() -> None:
    friday = datetime(2026, 3, 6, 16, 30, tzinfo=ZoneInfo("America/New_York"))
    opening = datetime(2026, 3, 10, 8, 0, tzinfo=ZoneInfo("America/New_York"))
    assert remind_at(OFFICE, at=friday, due_at=opening) == datetime(2026, 3, 6, 22, 30, tzinfo=UTC)
    assert remind_at(OFFICE, at=opening, due_at=opening + HOUR) == opening + HOUR / 2
    assert remind_at(OFFICE, at=opening, due_at=opening + HOUR / 6) == opening + HOUR / 12
