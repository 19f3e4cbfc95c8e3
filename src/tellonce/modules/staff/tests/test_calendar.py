"""Calendars across weeks, holidays and changes of clocks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tellonce.modules.staff.contracts import ALWAYS_OPEN, Calendar, NeverOpenError, Span

CHICAGO = ZoneInfo("America/Chicago")
OFFICE = (Span(time(9), time(17)),)
WEEKDAYS = Calendar("America/Chicago", (OFFICE,) * 5 + ((), ()), {date(2026, 11, 26): (), date(2026, 11, 27): OFFICE})
NIGHTS = Calendar("America/Chicago", ((Span(time(0), time(23, 59)),),) * 7)


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=CHICAGO)  # type: ignore[arg-type,misc]  # five numbers are a date and a time


def test_a_promise_of_two_hours_late_on_friday_is_due_on_monday() -> None:
    assert WEEKDAYS.add_open_minutes(local(2026, 3, 6, 16, 0), 120) == local(2026, 3, 9, 10, 0)


def test_a_holiday_is_passed_over() -> None:
    assert WEEKDAYS.next_open(local(2026, 11, 25, 18, 0)) == local(2026, 11, 27, 9, 0)


def test_an_end_exactly_at_closing_time_is_still_that_day() -> None:
    assert WEEKDAYS.add_open_minutes(local(2026, 3, 6, 16, 0), 60) == local(2026, 3, 6, 17, 0)
    assert not WEEKDAYS.is_open(local(2026, 3, 6, 17, 0))
    assert WEEKDAYS.closes(local(2026, 3, 6, 16, 0)) == local(2026, 3, 6, 17, 0)


def test_no_minutes_is_the_next_opening() -> None:
    assert WEEKDAYS.add_open_minutes(local(2026, 3, 6, 17, 0), 0) == local(2026, 3, 9, 9, 0)


@pytest.mark.parametrize(("day", "hours"), [((2026, 3, 8), 23), ((2026, 11, 1), 25), ((2026, 3, 9), 24)])
def test_a_day_is_as_long_as_the_clocks_make_it(day: tuple[int, int, int], hours: int) -> None:
    only = Calendar("America/Chicago", ((),) * 7, {date(*day): ALWAYS_OPEN.weekly[0]})
    midnight = datetime(*day, tzinfo=CHICAGO)

    assert only.add_open_minutes(midnight, hours * 60) == local(*day, 0, 0) + timedelta(days=1)
    with pytest.raises(NeverOpenError):
        only.add_open_minutes(midnight, hours * 60 + 1)


def test_a_span_that_ends_in_a_skipped_hour_ends_at_the_change() -> None:
    early = Calendar("America/Chicago", ((),) * 7, {date(2026, 3, 8): (Span(time(1), time(2, 30)),)})

    assert early.closes(local(2026, 3, 8, 1, 0)) == datetime(2026, 3, 8, 8, 0, tzinfo=UTC)


def test_an_hour_that_comes_twice_is_open_twice() -> None:
    late = Calendar("America/Chicago", ((),) * 7, {date(2026, 11, 1): (Span(time(1), time(2)),)})

    assert late.closes(local(2026, 11, 1, 1, 0)) == datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
    assert late.is_open(datetime(2026, 11, 1, 7, 30, tzinfo=UTC))


def test_always_open_never_closes_and_never_open_says_so() -> None:
    never = Calendar("UTC", ((),) * 7)
    at = datetime(2026, 1, 1, tzinfo=UTC)

    assert ALWAYS_OPEN.closes(at) is None
    assert NIGHTS.closes(at) is None
    assert never.next_open(at) is None
    with pytest.raises(NeverOpenError):
        never.add_open_minutes(at, 1)


def spans(minutes: list[int]) -> tuple[Span, ...]:
    ends = sorted(set(minutes))
    times = [time(minute // 60, minute % 60) for minute in ends]
    return tuple(Span(opens, closes) for opens, closes in zip(times[::2], times[1::2], strict=False))


days = st.lists(st.integers(0, 24 * 60 - 1), max_size=6).map(spans)
zones = st.sampled_from(["UTC", "America/Chicago", "Australia/Lord_Howe", "America/Havana", "Asia/Kathmandu"])
around_changes = st.sampled_from([date(2026, 3, 8), date(2026, 4, 5), date(2026, 11, 1), date(2026, 6, 1)])
times = st.builds(
    lambda day, minutes: datetime.combine(day, time(), tzinfo=UTC) + timedelta(minutes=minutes),
    around_changes,
    st.integers(-3000, 3000),
)
calendars = st.builds(Calendar, zones, st.tuples(*[days] * 7), st.dictionaries(around_changes, days, max_size=2))


@given(calendars, times)
def test_the_next_opening_is_open_and_nothing_before_it_is(calendar: Calendar, at: datetime) -> None:
    opening = calendar.next_open(at)

    if opening is None:
        assert not calendar.is_open(at)
        return
    assert opening >= at
    assert calendar.is_open(opening)
    assert (opening == at) == calendar.is_open(at)
    if opening > at:
        assert not calendar.is_open(opening - timedelta(seconds=1))


@given(calendars, times)
def test_it_is_open_until_it_closes(calendar: Calendar, at: datetime) -> None:
    closing = calendar.closes(at)

    if closing is None:
        return
    assert calendar.is_open(at)
    assert calendar.is_open(closing - timedelta(seconds=1))
    assert not calendar.is_open(closing)


@given(calendars, times, st.integers(0, 2000), st.integers(1, 2000))
def test_minutes_can_be_added_in_two_steps(calendar: Calendar, at: datetime, first: int, second: int) -> None:
    try:
        whole = calendar.add_open_minutes(at, first + second)
    except NeverOpenError:
        return
    assert calendar.add_open_minutes(calendar.add_open_minutes(at, first), second) == whole
    assert whole >= at + timedelta(minutes=first + second)


@given(calendars, times, st.integers(1, 300))
def test_open_time_counted_minute_by_minute_agrees(calendar: Calendar, at: datetime, minutes: int) -> None:
    try:
        end = calendar.add_open_minutes(at, minutes)
    except NeverOpenError:
        return
    if end - at > timedelta(days=2):
        return
    counted = sum(
        calendar.is_open(at + timedelta(minutes=minute)) for minute in range(int((end - at).total_seconds() // 60))
    )
    assert counted == minutes
