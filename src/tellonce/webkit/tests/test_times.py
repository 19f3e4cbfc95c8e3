"""Times as people say them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from tellonce.webkit import times

NOW = datetime(2026, 3, 4, 11, 10, tzinfo=UTC)  # a Wednesday


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (NOW - timedelta(hours=2), "09:10"),
        (NOW - timedelta(hours=12), "yesterday 23:10"),
        (NOW + timedelta(days=1), "tomorrow 11:10"),
        (NOW - timedelta(days=6), "Thursday 11:10"),
        (NOW - timedelta(days=7), "25 February"),
        (NOW - timedelta(days=400), "28 January 2025"),
    ],
)
def test_near_times_by_day_and_hour_far_ones_by_date(at: datetime, said: str) -> None:
    assert times.spoken(at, now=NOW) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(20, "just now"), (59 * 60, "59 min ago"), (3600, "1 h ago"), (26 * 3600, "1 day ago"), (-7200, "in 2 h")],
)
def test_how_long_ago(seconds: int, said: str) -> None:
    assert times.ago(NOW - timedelta(seconds=seconds), now=NOW) == said


@pytest.mark.parametrize(
    ("minutes", "said", "in_spanish"),
    [
        (0.4, "less than a minute", "menos de un minuto"),
        (1, "1 minute", "1 minuto"),
        (79, "1 hour 19 minutes", "1 hora 19 minutos"),
        (120, "2 hours", "2 horas"),
        (3 * 1440, "3 days", "3 días"),
        (189 * 60 + 25, "7 days 21 hours", "7 días 21 horas"),
        (20 * 1440 + 700, "20 days", "20 días"),
        (188_809, "4 months", "4 meses"),
    ],
)
def test_how_long_something_took_is_never_a_heap_of_minutes(minutes: float, said: str, in_spanish: str) -> None:
    assert times.lasted(minutes * 60) == said
    with translation.override("es"):
        assert times.lasted(minutes * 60) == in_spanish


def test_what_is_due_says_how_late_it_is() -> None:
    assert times.due(NOW - timedelta(minutes=40), now=NOW) == "40 min late"
    assert times.due(NOW + timedelta(hours=3), now=NOW) == "due today"
    assert times.due(NOW + timedelta(days=1), now=NOW) == "due tomorrow 11:10"


def test_days_of_a_story() -> None:
    today = NOW.date()
    assert times.day_name(today, today=today) == "Today"
    assert times.day_name(date(2026, 2, 3), today=today) == "Tuesday 3 February"
    assert times.day_name(date(2020, 9, 14), today=today) == "14 September 2020"


def test_spanish_is_said_in_spanish() -> None:
    with translation.override("es"):
        assert times.exact(NOW).startswith("miércoles 4 de marzo de 2026 ")


def test_a_window_is_said_as_it_is_where_somebody_comes() -> None:
    assert times.window(NOW, NOW + timedelta(hours=2)) == "Wednesday 4 March 2026 11:10\N{EN DASH}13:10"
    there = times.window(NOW, NOW + timedelta(hours=2), time_zone="America/Chicago")
    assert there == "Wednesday 4 March 2026 05:10\N{EN DASH}07:10"
    assert times.window(NOW, NOW + timedelta(hours=14)) == "Wednesday 4 March 2026 11:10 \N{EN DASH} 5 March 2026 01:10"
    with translation.override("es"):
        assert times.window(NOW, NOW + timedelta(hours=2)).startswith("miércoles 4")
