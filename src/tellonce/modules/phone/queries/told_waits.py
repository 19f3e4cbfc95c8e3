"""How good the waits were that were told, over days: by queue, and by hour of the day."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf
from typing import Any
from zoneinfo import ZoneInfo

from tellonce.modules.phone.contracts import QueueLine
from tellonce.modules.phone.models import WaitPromise
from tellonce.switchboard.decisions import Form
from tellonce.switchboard.promise_hours import PromiseHour, promise_hour, promise_hours
from tellonce.switchboard.promises import Became
from tellonce.switchboard.promises import WaitPromise as Told

MOST_DAYS = 366
_FIELDS = (
    "contact", "queue_code", "told_at", "low_s", "median_s", "high_s", "waited_s", "again_s",
    "form", "low_min", "high_min", "is_again", "became",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class QueueTold:
    """Waits told in a queue: all of them, and by the hour of the queue's own clock in which they were told."""

    line: QueueLine
    whole: PromiseHour
    hours: tuple[PromiseHour, ...]


def told_waits(lines: Iterable[QueueLine], *, days: int, now: datetime) -> list[QueueTold]:
    """Of each queue in which a wait was told, and is over, in the last `days`; who still waits is not among them."""
    since = now - timedelta(days=min(max(days, 1), MOST_DAYS))
    found = []
    for line in lines:
        rows = WaitPromise.objects.filter(queue_code=line.code, told_at__gte=since).order_by("told_at")
        told = [_as_told(row) for row in rows.values_list(*_FIELDS).iterator()]
        if told:
            hours = promise_hours(told, hour_of=_hour_of(line.time_zone))
            found.append(QueueTold(line, promise_hour(told, queue=line.code, hour=0), tuple(hours)))
    return found


def told_in_hour(line: QueueLine, *, hour: int, days: int, now: datetime, limit: int = 200) -> list[WaitPromise]:
    """The waits behind one number, the latest first: those told within this hour (0 to 23) of the queue's clock."""
    since, hour_of = now - timedelta(days=min(max(days, 1), MOST_DAYS)), _hour_of(line.time_zone)
    rows = WaitPromise.objects.filter(queue_code=line.code, told_at__gte=since).order_by("-told_at")
    found = (row for row in rows.iterator() if hour_of(row.told_at.timestamp()) == hour)
    return [row for row, _number in zip(found, range(limit), strict=False)]


def _hour_of(time_zone: str) -> Callable[[float], int]:
    """The hour of the day, by the clock of a place."""
    zone = ZoneInfo(time_zone)
    return lambda at: datetime.fromtimestamp(at, zone).hour


def _as_told(row: tuple[Any, ...]) -> Told:
    contact, queue, at, *seconds, form, low_min, high_min, is_again, became = row
    low, median, high, waited, again = (inf if each is None else each for each in seconds)
    return Told(
        contact, queue, at.timestamp(), low, median, high, Form(form), low_min, high_min, is_again,
        became=Became(became), waited_s=waited, again_s=again,
    )  # fmt: skip
