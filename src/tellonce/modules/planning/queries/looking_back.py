"""What callers met after a decision was taken, and whether as many came as the forecast said that it was taken on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from tellonce.modules.phone import queries as phone
from tellonce.modules.planning.contracts import QUARTER_S
from tellonce.modules.planning.contracts.decisions import DecisionState
from tellonce.modules.planning.models import Decision, Forecast
from tellonce.modules.planning.queries.bases import seen_measures
from tellonce.modules.planning.queries.decisions import forecasts_used, queues_of
from tellonce.modules.planning.queries.records import Period, records
from tellonce.modules.planning.queries.weeks import by_wall_clock, moment

LOOKED_BACK_DAYS = (7, 30, 90)


@dataclass(frozen=True, slots=True)
class CallsBack:
    """Calls that were forecast for `days` days, and that came.

    `inside` is the share of the forecasts' intervals whose calls lay in the 80% interval: about 0.8 for a good one.
    """

    days: int
    expected: float
    came: float
    inside: float


@dataclass(frozen=True, slots=True)
class LookBack:
    """What callers met in the first `days` days after a decision; `so_far` of them are over, `seen` their measures.

    `calls` is None for a decision that was rehearsed without a forecast, or none of whose days was forecast.
    """

    days: int
    so_far: int
    seen: Mapping[str, Any]
    calls: CallsBack | None


def looked_back(found: Decision, *, now: datetime) -> tuple[LookBack, ...]:
    """What callers met after the decision was taken, from the whole days after it; none before it is taken."""
    if found.state != DecisionState.TAKEN or found.settled_at is None:
        return ()
    queues, forecasts = queues_of(found), forecasts_used(found)
    zone = ZoneInfo(queues[0].time_zone)
    first = found.settled_at.astimezone(zone).date() + timedelta(days=1)
    today = now.astimezone(zone).date()
    made = []
    for days in LOOKED_BACK_DAYS:
        so_far = max(min((today - first).days, days), 0)
        seen: Mapping[str, Any] = {}
        if so_far:
            over = records(queues, Period(first, first + timedelta(days=so_far), zone))
            seen = seen_measures(over, within_s=found.answer_within_s, target_share=found.target_share)
        made.append(LookBack(days, so_far, seen, calls_back(forecasts, first, so_far)))
    return tuple(made)


def calls_back(forecasts: Sequence[Forecast], first: date, days: int) -> CallsBack | None:
    """The calls of `days` days from `first` beside what was forecast, as far as every forecast reaches."""
    if not forecasts:
        return None
    begin = max(first, *(each.first_day for each in forecasts))
    end = min(first + timedelta(days=days), *(each.first_day + timedelta(days=each.days) for each in forecasts))
    if begin >= end:
        return None
    parts = [_beside(each, begin, (end - begin).days) for each in forecasts]
    expected, came, inside = (np.concatenate(column) for column in zip(*parts, strict=True))
    return CallsBack((end - begin).days, float(expected.sum()), float(came.sum()), float(inside.mean()))


def _beside(forecast: Forecast, begin: date, days: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """By interval: what was expected, what came, whether that lay within; an hour that the clock skips is left out."""
    zone, skip = ZoneInfo(forecast.time_zone), (begin - forecast.first_day).days
    since, until = (moment(begin + timedelta(days=n), 0, zone) for n in (0, days))
    arrivals = phone.arrivals_per_interval(
        forecast.queue_id, since, until, interval_s=QUARTER_S, time_zone=forecast.time_zone
    )
    said = [np.array(each).reshape(forecast.days, -1)[skip : skip + days].ravel() for each in (
        forecast.expected, forecast.low, forecast.high
    )]  # fmt: skip
    quarters = by_wall_clock(arrivals, begin, days, zone).ravel()
    came = quarters.reshape(len(said[0]), -1).sum(axis=1)
    known = np.isfinite(came)
    expected, low, high = (each[known] for each in said)
    came = came[known]
    return expected, came, (low <= came) & (came <= high)
