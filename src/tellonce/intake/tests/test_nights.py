"""The nightly check of bills: due once a day, ended once, whoever is killed or comes in between."""

import os
import subprocess
import sys
import time as clock
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from tellonce.datakit.apart import work_apart
from tellonce.intake import tasks
from tellonce.intake.actions import nights
from tellonce.intake.actions.nights import check_bills_of_night
from tellonce.intake.models import BillNight
from tellonce.intake.queries import due_night
from tellonce.modules.billing import actions as billing
from tellonce.modules.billing.models import Bill, Finding
from tellonce.modules.billing.tests.making import Line, a_bill, a_holder
from tests.databases import url_of_test_database
from tests.factories import NOW

pytestmark = pytest.mark.django_db
NIGHT = date(2026, 3, 10)
AT = time(3, 40)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> Path:
    settings.SETUP = replace(settings.SETUP, home=tmp_path, bills_checked_at=AT)
    return tmp_path


def wrong_bills(count: int, *, on: date = date(2026, 2, 1)) -> list[Bill]:
    """Bills of one customer each, whose totals are not the sums of their lines."""
    bills = [a_bill(a_holder(), Line(kind="one_off"), on=on) for _ in range(count)]
    for bill in bills:
        bill.total_minor += 500
        bill.save()
    return bills


def wrong_totals() -> int:
    return Finding.objects.filter(kind="wrong_total").count()


def checked(on: date = NIGHT) -> BillNight | None:
    return check_bills_of_night(on=on, now=lambda: NOW)


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (datetime(2026, 3, 10, 3, 39, tzinfo=UTC), None),
        (datetime(2026, 3, 10, 3, 40, tzinfo=UTC), NIGHT),
        (datetime(2026, 3, 10, 22, 0, tzinfo=UTC), NIGHT),
        (datetime(2026, 3, 11, 3, 39, tzinfo=UTC), None),
        (datetime(2026, 3, 11, 4, 0, tzinfo=UTC), date(2026, 3, 11)),
    ],
)
def test_a_night_is_due_from_its_time_of_day_on(at: datetime, due: date | None) -> None:
    assert due_night(checked_at=AT, at=at) == due
    assert due_night(checked_at=None, at=at) is None


def test_the_time_of_day_is_that_of_the_provider() -> None:
    with timezone.override("America/Denver"):
        assert due_night(checked_at=AT, at=datetime(2026, 3, 10, 9, 0, tzinfo=UTC)) is None
        assert due_night(checked_at=AT, at=datetime(2026, 3, 11, 1, 0, tzinfo=UTC)) == NIGHT


def test_a_night_that_ended_or_failed_too_often_is_not_due_again() -> None:
    at = datetime(2026, 3, 10, 5, 0, tzinfo=UTC)
    night = BillNight.objects.create(on=NIGHT, began_at=at, tries=1)
    assert due_night(checked_at=AT, at=at) == NIGHT
    night.tries = 5
    night.save()
    assert due_night(checked_at=AT, at=at) is None
    BillNight.objects.update(tries=1, ended_at=at)
    assert due_night(checked_at=AT, at=at) is None
    assert due_night(checked_at=AT, at=at + timedelta(days=1)) == NIGHT + timedelta(days=1)


def test_bills_are_written_and_checked_and_what_is_found_waits_once(home: Path) -> None:
    wrong_bills(2)
    night = checked()
    assert night is not None
    assert (night.new > 1, night.known, night.since, night.ended_at) == (True, 0, None, NOW)
    assert (home / "bills" / "charges" / "month=2026-02" / "all.parquet").is_file()
    assert wrong_totals() == 2
    assert "the lines and their tax come to 14.99" in Finding.objects.filter(kind="wrong_total")[0].evidence["says"]
    wrong_bills(1)
    checked()
    assert wrong_totals() == 2
    later = checked(NIGHT + timedelta(days=1))
    assert later is not None
    assert later.known == night.new
    assert wrong_totals() == 3


def test_without_a_bill_the_night_ends_with_nothing() -> None:
    night = checked()
    assert night is not None
    assert (night.new, night.ended_at) == (0, NOW)


def test_killed_in_between_the_next_run_ends_the_night_and_keeps_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong_bills(3)
    real, times = billing.record_checked, 0

    def dies(found: Sequence[billing.Checked], *, at: datetime) -> billing.Recorded:
        nonlocal times
        times += 1
        if times == 2:
            raise RuntimeError("killed")
        return real(found, at=at)

    monkeypatch.setattr(nights, "_AT_ONCE", 1)
    monkeypatch.setattr(billing, "record_checked", dies)
    with pytest.raises(RuntimeError):
        checked()
    assert Finding.objects.count() == 1
    assert BillNight.objects.get().ended_at is None
    night = checked()
    assert night is not None
    assert (night.tries, night.known, night.ended_at) == (2, 1, NOW)
    assert wrong_totals() == 3


def test_a_second_process_leaves_the_night_to_the_first() -> None:
    other = connections["default"].copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [nights._LOCK])
        assert checked() is None
        assert not BillNight.objects.exists()
    finally:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [nights._LOCK])  # closed, it goes back to the pool
        other.close()
    assert checked() is not None


def test_once_a_week_all_bills_are_checked_and_else_two_runs_and_what_came_late(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[date | None] = []

    def none_found(_folder: Path, *, since: date | None) -> Iterator[billing.Checked]:
        asked.append(since)
        return iter(())

    def since(on: date) -> date | None:
        night = checked(on)
        assert night is not None
        assert asked.pop() == night.since
        return night.since

    monkeypatch.setattr(nights, "found_in_files", none_found)

    a_bill(a_holder(), Line(), on=date(2025, 11, 1))
    assert since(NIGHT) is None
    assert since(NIGHT + timedelta(days=1)) == date(2026, 1, 8)
    a_bill(a_holder(), Line(), on=date(2025, 12, 1), received_at=NOW)
    assert since(NIGHT + timedelta(days=2)) == date(2025, 12, 1)
    assert since(NIGHT + timedelta(days=7)) is None


def test_the_job_asks_for_a_check_when_one_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[date] = []
    monkeypatch.setattr(tasks, "work_apart", lambda _work, *, on, now: asked.append(on))
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 3, 10, 3, 44, tzinfo=UTC))
    assert not tasks.check_bills(timestamp=0)  # there is no bill
    a_bill(a_holder(), Line(), on=date(2026, 2, 1))
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 3, 10, 3, 0, tzinfo=UTC))
    assert not tasks.check_bills(timestamp=0)
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 3, 10, 3, 44, tzinfo=UTC))
    assert tasks.check_bills(timestamp=0)
    assert asked == [NIGHT]
    assert (tasks.check_bills.lock, tasks.check_bills.queueing_lock) == ("intake.check_bills", "intake.check_bills")


_WORKER = """
import sys
from datetime import date
import django
django.setup()
from django.conf import settings
from django.utils import timezone
from tellonce.datakit.apart import work_apart
if __name__ == "__main__":
    settings.DATABASES["default"]["NAME"] = sys.argv[1]
    work_apart("tellonce.intake.actions.nights:check_bills_of_night", on=date(2026, 3, 10), now=timezone.now)
"""


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_takes_its_check_along_and_the_next_one_ends_the_night(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong_bills(40)
    monkeypatch.setenv("DATABASE_URL", url_of_test_database())
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tellonce.config.settings")
    monkeypatch.setenv("TELLONCE_HOME", str(home))
    database = str(connections["default"].settings_dict["NAME"])
    (home / "worker.py").write_text(_WORKER)
    with subprocess.Popen([sys.executable, str(home / "worker.py"), database], env=dict(os.environ)) as worker:
        _wait_for_night()
        worker.kill()
    deadline = clock.monotonic() + 300
    while checked() is None:  # until the check of the killed worker is gone too
        assert clock.monotonic() < deadline, "nobody let go of the night"
        clock.sleep(0.1)
    assert BillNight.objects.get().ended_at is not None
    assert wrong_totals() == 40
    work_apart(tasks._CHECK, on=NIGHT + timedelta(days=1), now=timezone.now)
    assert BillNight.objects.get(on=NIGHT + timedelta(days=1)).known > 0
    assert wrong_totals() == 40


def _wait_for_night() -> None:
    deadline = clock.monotonic() + 300
    while not BillNight.objects.exists():
        assert clock.monotonic() < deadline, "no check began"
        clock.sleep(0.02)
