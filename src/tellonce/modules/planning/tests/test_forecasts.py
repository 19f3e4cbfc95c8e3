"""Forecasts are made of the queue's own calls, kept, and read by the week."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from tellonce.modules.phone import actions as phone
from tellonce.modules.phone.contracts import CallOutcome, NewCall
from tellonce.modules.planning import actions, queries
from tellonce.modules.planning.contracts import NotEnoughCallsError
from tellonce.modules.planning.models import Forecast
from tellonce.modules.planning.tests.making import MONDAY, NOW, a_forecast, a_queue, key
from tellonce.modules.staff.contracts import SYSTEM

pytestmark = pytest.mark.django_db


def calls(queue_id: int, *, days: int) -> list[NewCall]:
    """A call (Mondays two) that waits 30 s each quarter hour from 10 to 14 in Denver; every fourth gives up."""
    found = []
    for back in range(1, days + 1):
        morning = datetime(2026, 2, 27, 17, 0, tzinfo=UTC) - timedelta(days=back)
        for number in range(32 if morning.weekday() == 0 else 16):
            at, gives_up = morning + timedelta(minutes=15 * (number % 16)), number % 4 == 3
            found.append(
                NewCall(
                    queue_id=queue_id, arrived_at=at, queued_at=at, wait_s=30, handle_s=None if gives_up else 200,
                    outcome=CallOutcome.ABANDONED if gives_up else CallOutcome.ANSWERED,
                    source="test", external_id=f"{back}-{number}",
                )
            )  # fmt: skip
    return found


def test_a_forecast_is_of_the_queues_clock_and_learns_handle_time_and_patience() -> None:
    queue = a_queue()
    phone.load_calls(calls(queue.pk, days=36), by=SYSTEM, at=NOW)
    made = actions.make_forecast(queue_id=queue.pk, by=SYSTEM, at=NOW)
    assert made.first_day == date(2026, 2, 27)
    assert (made.handle_s, made.patience_s) == (200.0, 120.0)  # 16 waits of 30 s for every four who gave up
    demand = queries.demand_of(made, MONDAY)
    assert demand.expected[:, 40:56].sum() == pytest.approx(8 * 16, rel=0.1)
    assert demand.expected[:, :36].sum() < 1
    this_week = queries.forecast_for(queue.pk, MONDAY - timedelta(days=7))
    assert this_week == made
    seen = queries.demand_of(made, MONDAY - timedelta(days=7))
    assert seen.days_over == 4
    assert np.array_equal(seen.expected[:2, 40:56], [[2] * 16, [1] * 16])  # what came on Monday and Tuesday


def test_too_few_calls_are_said_so() -> None:
    queue = a_queue()
    with pytest.raises(NotEnoughCallsError, match="No call"):
        actions.make_forecast(queue_id=queue.pk, by=SYSTEM, at=NOW)
    phone.load_calls(calls(queue.pk, days=9), by=SYSTEM, at=NOW)
    with pytest.raises(NotEnoughCallsError, match="at least 28"):
        actions.make_forecast(queue_id=queue.pk, by=SYSTEM, at=NOW)


def test_old_forecasts_go_but_for_the_last_and_those_that_plans_stand_on() -> None:
    queue = a_queue()
    oldest, used = a_forecast(queue), a_forecast(queue)
    ten = datetime(2026, 3, 2, 17, tzinfo=UTC)
    Forecast.objects.filter(pk=used.pk).update(made_at=NOW + timedelta(hours=1))
    actions.change_people(key=key(queue), starts_at=ten, ends_at=ten + timedelta(hours=1), people=1, by=SYSTEM, at=NOW)
    last = a_forecast(queue)
    Forecast.objects.filter(pk=last.pk).update(made_at=NOW + timedelta(hours=2))
    assert actions.forget_old_forecasts(at=NOW + timedelta(days=90)) == 1
    assert set(Forecast.objects.values_list("pk", flat=True)) == {used.pk, last.pk} - {oldest.pk}
