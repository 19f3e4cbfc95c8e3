"""Call records as a rehearsal takes them: seconds of the local clock from a midnight."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from tellonce.lab.fitting import UNKNOWN, CallLog, Ending
from tellonce.modules.phone import queries as phone
from tellonce.modules.phone.contracts import OUTCOMES, CallOutcome, Calls, QueueLine
from tellonce.modules.planning.contracts.decisions import BadDecisionError

_ENDINGS = {
    CallOutcome.ANSWERED: Ending.ANSWERED,
    CallOutcome.ABANDONED: Ending.ABANDONED,
    CallOutcome.SOLVED_IN_MENU: Ending.SOLVED_IN_MENU,
    CallOutcome.LEFT_MENU: Ending.LEFT_IN_MENU,
}
_NO_ENDING = -1
_HOUR_S = 3_600
_HALF_CODES = 1 << 40


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days of the local clock, from `first` until before `last`."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """Their first and last midnight."""
        return tuple(datetime.combine(day, time(0), self.zone) for day in (self.first, self.last))  # type: ignore[return-value]

    def local_s(self, epoch_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Seconds of the wall clock from the first midnight; nan stays nan."""
        midnight = datetime.combine(self.first, time(0))
        hours, place = np.unique(np.floor(np.nan_to_num(epoch_s) / _HOUR_S), return_inverse=True)
        walls = [datetime.fromtimestamp(hour * _HOUR_S, self.zone).replace(tzinfo=None) for hour in hours.tolist()]
        starts = np.array([(wall - midnight).total_seconds() for wall in walls])
        return np.asarray(starts[place] + epoch_s - hours[place] * _HOUR_S if len(epoch_s) else epoch_s)


@dataclass(frozen=True, slots=True)
class Records:
    """The calls of some queues in a period; `customer` is the id of each call's customer, 0 where not known."""

    log: CallLog
    customer: NDArray[np.int64]
    period: Period


def last_weeks(queues: Sequence[QueueLine], weeks: int, *, at: datetime) -> Period:
    """The last whole weeks of days that the queues' calls cover; BadDecisionError where there are no calls."""
    zone = ZoneInfo(queues[0].time_zone)
    spans = [span for span in map(phone.call_spans().get, (queue.id for queue in queues)) if span is not None]
    if not spans:
        raise BadDecisionError.because("no_calls", field="queue_ids")
    last = min(
        max(span.last_at for span in spans).astimezone(zone).date() + timedelta(days=1), at.astimezone(zone).date()
    )
    first = max(last - timedelta(days=7 * weeks), min(span.first_at for span in spans).astimezone(zone).date())
    whole = (last - first).days // 7 * 7
    if not whole:
        raise BadDecisionError.because("no_week", field="weeks")
    return Period(last - timedelta(days=whole), last, zone)


def records(queues: Sequence[QueueLine], period: Period) -> Records:
    """The calls of the queues in the period."""
    parts = [(queue, phone.calls_between(queue.id, *period.bounds)) for queue in queues]
    kinds = sorted({name for queue, calls in parts for name in _kind_names(queue, calls, alone=len(parts) == 1)})
    people = sorted({name for _, calls in parts for name in calls.people})
    columns = [
        _columns(calls, _kind_names(queue, calls, alone=len(parts) == 1), kinds, people, period, place)
        for place, (queue, calls) in enumerate(parts)
    ]
    joined = [np.concatenate([each[column] for each in columns]) for column in range(10)]
    names = [each.name for each in fields(CallLog)[:9]]
    values: dict[str, Any] = dict(zip(names, joined, strict=False))
    log = CallLog(**values, kinds=tuple(kinds), people=tuple(people))
    return Records(log, joined[9], period)


def _kind_names(queue: QueueLine, calls: Calls, *, alone: bool) -> list[str]:
    """A name for each service of the queue's calls, and last for those without one."""
    if not calls.services:
        return [queue.name]
    return [*(name if alone else f"{queue.name}: {name}" for name in calls.services), queue.name]


def _columns(  # noqa: PLR0917 - one column after the other
    calls: Calls, names: list[str], kinds: list[str], people: list[str], period: Period, place: int
) -> list[NDArray[np.generic]]:
    ending = np.array([_ENDINGS.get(CallOutcome(word), _NO_ENDING) for word in OUTCOMES])[calls.outcome]
    arrived = period.local_s(calls.arrived_s)
    queued = np.where(np.isfinite(calls.queued_s), period.local_s(calls.queued_s), arrived)
    kept = (ending != _NO_ENDING) & (queued < period.days * 86_400) & (arrived >= 0)
    kind = np.array([kinds.index(name) for name in names])[calls.service]
    who = np.append([people.index(name) for name in calls.people], UNKNOWN).astype(np.int64)[calls.person]
    caller = np.where(
        calls.customer > 0,
        calls.customer,
        np.where(calls.caller >= 0, calls.caller + (place + 1) * _HALF_CODES, UNKNOWN),
    )
    answered = ending == Ending.ANSWERED
    columns = (
        arrived, np.maximum(queued, arrived), np.nan_to_num(calls.wait_s), ending.astype(np.int64),
        np.where(answered, calls.handle_s, np.nan), np.where(answered, who, UNKNOWN), kind.astype(np.int64),
        np.maximum(calls.priority, 0).astype(np.int64), caller, calls.customer,
    )  # fmt: skip
    return [column[kept] for column in columns]
