"""How many contacts the next half hour may bring, how long they take and how long they bear to wait."""

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Avg, Count, Q, StdDev
from django.db.models.functions import TruncDate

from tellonce.modules.phone.models import Call
from tellonce.modules.phone.queries.day import Pace

HORIZON = timedelta(minutes=30)
_RECENT = timedelta(hours=1)
_WEEKS = 4
_DOUBT = 10.0  # contacts: how much is seen before today's level counts more than the usual one
_LENGTHS = 10  # so many of today's lengths count as much as what was known before
_FIRST_HANDLE_S, _FIRST_VARIATION, _FIRST_LEAVING = 300.0, 1.0, 1.0 / 600.0  # as the engine begins
_FIRST_EXPOSURE_S = 1_200.0
_LEAST_LENGTHS = 20


@dataclass(frozen=True, slots=True)
class Usual:
    """Calls of a queue at this time of this weekday: an average hour before, half hour after, and their lengths."""

    before: float
    after: float
    handle_s: float | None
    variation: float | None


@dataclass(frozen=True, slots=True)
class QueuePace:
    """What is expected of a queue: contacts an hour, mean length and its variation, the rate of hanging up a second."""

    per_hour: float
    handle_s: float
    variation: float
    leaving: float


def usual_calls(queue_ids: Sequence[int], now: datetime) -> dict[int, Usual]:
    """By queue, from the same hour and a half of the weekday in the last weeks that have calls; none where none has."""
    weeks = [now - timedelta(weeks=week) for week in range(1, _WEEKS + 1)]
    before = reduce(or_, (Q(arrived_at__gte=at - _RECENT, arrived_at__lt=at) for at in weeks))
    after = reduce(or_, (Q(arrived_at__gte=at, arrived_at__lt=at + HORIZON) for at in weeks))
    asked = Call.objects.filter(before | after, queue_id__in=queue_ids, queued_at__isnull=False)
    rows = asked.values("queue_id").annotate(
        calls_before=Count("id", filter=before),
        calls_after=Count("id", filter=after),
        weeks=Count(TruncDate("arrived_at"), distinct=True),
        length_s=Avg("handle_s"),
        spread_s=StdDev("handle_s"),
    )
    return {row["queue_id"]: _usual(row) for row in rows.order_by("queue_id")}


def _usual(row: Mapping[str, Any]) -> Usual:
    weeks, mean_s = min(row["weeks"], _WEEKS), row["length_s"] or None
    variation = row["spread_s"] / mean_s if mean_s and row["spread_s"] else None
    return Usual(row["calls_before"] / weeks, row["calls_after"] / weeks, mean_s, variation)


def pace_of(pace: Pace | None, usual: Usual | None, *, now: float, since: float) -> QueuePace:
    """Of today's journal (read from `since` on) and of what is usual at this time."""
    pace = pace or Pace()
    span_s = min(_RECENT.total_seconds(), max(now - since, 60.0))
    recent = sum(at >= now - span_s for at in pace.arrivals)
    handle_s, variation = _lengths(pace.lengths_s, usual)
    exposure_s = pace.waited_s + _FIRST_EXPOSURE_S
    return QueuePace(
        per_hour=_per_hour(recent, usual, span_s=span_s),
        handle_s=handle_s,
        variation=variation,
        leaving=(pace.left + _FIRST_LEAVING * _FIRST_EXPOSURE_S) / exposure_s,
    )


def _per_hour(recent: int, usual: Usual | None, *, span_s: float) -> float:
    """The usual half hour to come, times how much more or less than usual came in the last hour."""
    if usual is None or usual.after <= 0:
        return recent * 3600.0 / span_s
    expected = usual.before * span_s / _RECENT.total_seconds()
    level = (recent + _DOUBT) / (expected + _DOUBT)
    return usual.after * level * 3600.0 / HORIZON.total_seconds()


def _lengths(seen_s: Sequence[float], usual: Usual | None) -> tuple[float, float]:
    known_s = usual.handle_s if usual and usual.handle_s else _FIRST_HANDLE_S
    mean_s = (math.fsum(seen_s) + _LENGTHS * known_s) / (len(seen_s) + _LENGTHS)
    if len(seen_s) >= _LEAST_LENGTHS:
        return mean_s, statistics.stdev(seen_s) / statistics.fmean(seen_s) if any(seen_s) else _FIRST_VARIATION
    return mean_s, usual.variation if usual and usual.variation else _FIRST_VARIATION
