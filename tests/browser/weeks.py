"""Ten weeks of calls for the browser tests, their forecast, and a roster of this week with a hole on one morning."""

from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from tellonce.modules.phone import actions as phone
from tellonce.modules.phone.contracts import CallOutcome, NewCall, QueueTerms
from tellonce.modules.planning import actions as planning
from tellonce.modules.planning.contracts import ChangeKind, NewShift, Pause
from tellonce.modules.planning.queries.weeks import monday_of
from tellonce.modules.staff import actions as staff
from tellonce.modules.staff.contracts import SYSTEM, PermissionSet, Role

DAYS = 70
_OPENS, _CLOSES = 8, 20
_HANDLE_S, _PATIENCE_S = 260, 240
_BY_HOUR = np.array([16, 26, 34, 32, 24, 22, 25, 26, 20, 14, 9, 6])
_BY_WEEKDAY = np.array([1.25, 1.05, 1.0, 1.0, 0.95, 0.4, 0.25])
_STARTS = (8, 8, 8, 9, 9, 9, 10, 10, 11, 11, 12, 12)


def make_weeks(now: datetime, *, password: str) -> int:
    """A queue with calls, its forecast and this week's roster, and Paula, who plans; returns the queue's id."""
    staff.add_person(
        email="paula@example.net", name="Paula Quist", role=Role.SUPERVISOR, permission_sets=(PermissionSet.PLANNER,),
        at=now, password=password,
    )  # fmt: skip
    queue = phone.add_queue(code="care", terms=QueueTerms("Care", "care", time_zone="UTC"), by=SYSTEM, at=now)
    phone.load_calls(_calls(queue.pk, now.date()), by=SYSTEM, at=now)
    planning.make_forecast(queue_id=queue.pk, by=SYSTEM, at=now)
    _roster(queue.pk, monday_of(now.date()), now)
    return queue.pk


def _calls(queue_id: int, today: date) -> list[NewCall]:
    draw = np.random.default_rng(7)
    found = []
    for back in range(DAYS, 0, -1):
        day = today - timedelta(days=back)
        midnight = datetime.combine(day, time(), tzinfo=UTC)
        for hour, usual in zip(range(_OPENS, _CLOSES), _BY_HOUR * _BY_WEEKDAY[day.weekday()], strict=True):
            seconds = np.sort(draw.uniform(0, 3600, draw.poisson(usual))).astype(int)
            for number, second in enumerate(seconds.tolist()):
                at = midnight + timedelta(hours=hour, seconds=second)
                wait, patience = int(draw.exponential(25)), int(draw.exponential(_PATIENCE_S))
                is_answered = wait <= patience
                found.append(
                    NewCall(
                        queue_id=queue_id,
                        arrived_at=at,
                        queued_at=at,
                        wait_s=min(wait, patience),
                        handle_s=int(draw.lognormal(np.log(_HANDLE_S) - 0.2, 0.6)) + 1 if is_answered else None,
                        outcome=CallOutcome.ANSWERED if is_answered else CallOutcome.ABANDONED,
                        source="test",
                        external_id=f"{day}-{hour}-{number}",
                    )
                )
    return found


def _roster(queue_id: int, monday: date, now: datetime) -> None:
    """Twelve a day on weekdays and four at weekends, the early four of Monday missing."""
    shifts = []
    for day in range(7):
        midnight = datetime.combine(monday + timedelta(days=day), time(), tzinfo=UTC)
        for number, start in enumerate(_STARTS if day < 5 else _STARTS[::3]):
            if day == 0 and number in {2, 3, 4, 5}:
                continue
            begin = midnight + timedelta(hours=start)
            pause = Pause(after_min=210 + 15 * (number % 4), length_min=30)
            shifts.append(NewShift(begin, begin + timedelta(hours=8), label=f"Seat {number + 1}", pauses=(pause,)))
    key = planning.PlanKey(queue_id, monday, 0)
    planning.replace_shifts(key=key, shifts=shifts, kind=ChangeKind.ROSTER, by=SYSTEM, at=now)
