"""Calls: kept once, refused where they cannot be, and read as arrays that say what the rows say."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.db import IntegrityError, connection, transaction

from tellonce.modules.phone import actions, queries
from tellonce.modules.phone.contracts import OUTCOMES, BadCallError, BadIntervalError, NewCall
from tellonce.modules.phone.models import Call
from tellonce.modules.phone.tests.making import a_queue, answered, left_in_menu
from tellonce.modules.record import actions as record
from tellonce.modules.staff.contracts import SYSTEM
from tests.factories import NOW, a_customer

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def _load(*calls: NewCall, import_id: int | None = None) -> tuple[int, int]:
    done = actions.load_calls(calls, by=SYSTEM, at=NOW, import_id=import_id)
    return done.added, done.unchanged


def test_the_same_call_comes_in_once_even_when_its_customer_is_known_by_now() -> None:
    queue, customer = a_queue(), a_customer()
    call = answered(queue)
    assert _load(call, call, import_id=7) == (1, 1)
    assert _load(replace(call, customer_id=customer.pk, wait_s=99), answered(queue, after_s=5)) == (1, 1)
    assert list(Call.objects.order_by("arrived_at").values_list("customer_id", "wait_s")) == [(0, 20), (0, 20)]
    assert actions.remove_calls_of(import_id=7, by=SYSTEM, at=NOW) == 1
    assert _load(call) == (1, 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"outcome": "vanished"},
        {"wait_s": None},
        {"queued_at": None},
        {"queued_at": NOW - DAY},
        {"outcome": "left_menu"},
        {"outcome": "abandoned"},
        {"queued_at": None, "wait_s": None},
        {"handle_s": -1},
        {"menu_s": -1},
        {"wait_s": -1},
    ],
)
def test_a_call_that_cannot_be_is_refused_by_the_action_and_by_the_database(wrong: dict[str, Any]) -> None:
    call = answered(a_queue())
    with pytest.raises(BadCallError):
        _load(answered(a_queue("billing"), after_s=1), replace(call, **wrong))
    assert not Call.objects.exists()
    _load(call)
    sets = ", ".join(f"{name} = %s" for name in wrong)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE phone_call SET {sets}", list(wrong.values()))


def test_calls_as_arrays_say_what_the_rows_say() -> None:
    care, billing, customer = a_queue(), a_queue("billing"), a_customer()
    person: dict[str, Any] = {"person_code": "", "answered_by_id": 12}
    _load(
        answered(care, after_s=60, service_code="PS", caller_code="c7", priority=2, matter_id=5),
        left_in_menu(care, after_s=30, caller_code="c7"),
        answered(care, after_s=90, customer_id=customer.pk, transfers=1, **person),
        answered(billing, after_s=0),
        answered(care, after_s=86_400),
    )
    calls = queries.calls_between(care.pk, NOW, NOW + DAY)
    assert len(calls) == 3
    assert (calls.arrived_s - NOW.timestamp()).tolist() == [30, 60, 90]
    assert [OUTCOMES[number] for number in calls.outcome] == ["left_menu", "answered", "answered"]
    np.testing.assert_array_equal(calls.queued_s - calls.arrived_s, [np.nan, 10, 10])
    np.testing.assert_array_equal(calls.wait_s, [np.nan, 20, 20])
    np.testing.assert_array_equal(calls.handle_s, [np.nan, 180, 180])
    assert calls.people == ("#12", "AG01")
    assert calls.person.tolist() == [-1, 1, 0]
    assert (calls.services, calls.service.tolist()) == (("PS",), [-1, 0, -1])
    assert calls.caller[0] == calls.caller[1] != calls.caller[2]
    assert (calls.customer.tolist(), calls.matter.tolist()) == ([0, 0, customer.pk], [-1, 5, -1])
    assert (calls.priority.tolist(), calls.transfers.tolist()) == ([0, 2, 0], [0, 0, 1])
    assert len(queries.calls_between(None, NOW, NOW + 2 * DAY)) == 5
    nobody = queries.calls_between(billing.pk, NOW + DAY, NOW + 2 * DAY)
    assert (len(nobody), nobody.people) == (0, ())
    assert queries.call_spans()[care.pk].calls == 4


def test_a_caller_of_whom_nothing_is_known_is_nobody() -> None:
    queue = a_queue()
    _load(answered(queue), answered(queue, after_s=5))
    assert queries.calls_between(queue.pk, NOW, NOW + DAY).caller.tolist() == [-1, -1]


def test_arrivals_are_counted_by_the_local_clock_and_menus_apart() -> None:
    queue = a_queue()
    _load(*(answered(queue, after_s=s) for s in (0, 885, 895, 2700)), left_in_menu(queue, after_s=100))
    since, until = NOW + timedelta(minutes=5), NOW + timedelta(hours=1)
    counted = queries.arrivals_per_interval(queue.pk, NOW, until, interval_s=900, time_zone="Asia/Kathmandu")
    assert counted.counts.tolist() == [2, 1, 0, 1]
    assert counted.starts_s[0] == NOW.timestamp()
    inside = queries.arrivals_per_interval(queue.pk, since, until, interval_s=1800, time_zone="America/Denver")
    assert (inside.counts.tolist(), inside.starts_s[0]) == ([2, 1], NOW.timestamp())
    with pytest.raises(BadIntervalError):
        queries.arrivals_per_interval(queue.pk, NOW, until, interval_s=1000, time_zone="UTC")


def test_a_local_day_is_one_interval_when_the_clocks_change() -> None:
    queue = a_queue()
    zone = "America/Denver"  # 8 March 2026 has 23 hours there
    evening = int((datetime(2026, 3, 9, 5, 30, tzinfo=UTC) - NOW).total_seconds())
    _load(answered(queue, after_s=evening), answered(queue, after_s=evening + 3600))
    since, until = datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 3, 10, 6, tzinfo=UTC)
    days = queries.arrivals_per_interval(queue.pk, since, until, interval_s=86_400, time_zone=zone)
    assert days.counts.tolist() == [1, 1]
    assert np.diff(days.starts_s).tolist() == [23 * 3600]


def test_a_customers_calls_are_exported_and_lose_the_callers_code_on_erasure() -> None:
    queue, customer = a_queue(), a_customer()
    _load(answered(queue, customer_id=customer.pk, caller_code="9664491"), answered(queue, after_s=9, caller_code="77"))
    known = actions.personal_data([customer.pk])["calls"]
    assert [(call["queue"], call["caller_code"], call["waited_s"]) for call in known] == [("Care", "9664491", 20)]
    record.erase_customer(customer_id=customer.pk, by=SYSTEM, at=NOW)
    assert sorted(Call.objects.values_list("caller_code", flat=True)) == ["", "77"]
    assert Call.objects.count() == 2
