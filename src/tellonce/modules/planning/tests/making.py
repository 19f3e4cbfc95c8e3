"""A queue with a forecast that was made, without the calls that it was made from."""

from datetime import UTC, date, datetime, timedelta

import numpy as np

from tellonce.modules.phone import actions as phone
from tellonce.modules.phone.contracts import QueueTerms
from tellonce.modules.phone.models import Queue
from tellonce.modules.planning.actions import PlanKey
from tellonce.modules.planning.contracts import NewShift, Pause
from tellonce.modules.planning.models import Forecast
from tellonce.modules.staff.contracts import SYSTEM

MONDAY = date(2026, 3, 2)
NOW = datetime(2026, 2, 27, 9, 0, tzinfo=UTC)
ZONE = "America/Denver"


def a_queue(*, code: str = "care") -> Queue:
    """A queue on Denver's clock that wants 80% answered in 60 s."""
    return phone.add_queue(code=code, terms=QueueTerms(code.title(), code, time_zone=ZONE), by=SYSTEM, at=NOW)


def a_forecast(queue: Queue, *, calls: float = 12.0) -> Forecast:
    """So many calls in each quarter hour from 8 to 18 o'clock, for five weeks from Monday on."""
    day = np.where((np.arange(96) >= 32) & (np.arange(96) < 72), calls, 0.0)
    expected = np.tile(day, 35)
    return Forecast.objects.create(
        queue=queue, made_at=NOW, history_from=date(2025, 12, 1), history_until=date(2026, 2, 26),
        first_day=MONDAY, days=35, interval_s=900, time_zone=ZONE,
        expected=expected.tolist(), low=(expected * 0.8).tolist(), high=(expected * 1.2).tolist(),
        model="seasonal_naive", handle_s=240.0, patience_s=180.0,
    )  # fmt: skip


def a_shift(
    *, day: int = 0, hour: int = 9, hours: float = 8, person_id: int | None = None, label: str = ""
) -> NewShift:
    """A shift on Denver's clock with half an hour's break after four hours."""
    begin = datetime(2026, 3, 2, 7, 0, tzinfo=UTC) + timedelta(days=day, hours=hour)
    name = "" if person_id else label or "Seat"
    return NewShift(begin, begin + timedelta(hours=hours), person_id=person_id, label=name, pauses=(Pause(240, 30),))


def key(queue: Queue, version: int = 0) -> PlanKey:
    """The plan of the first week."""
    return PlanKey(queue.pk, MONDAY, version)
