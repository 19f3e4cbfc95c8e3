"""Calls as arrays: a column comes as one run of bytes, so that half a million calls are here in a moment."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
from django.db import connection
from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils.translation import gettext
from numpy.typing import NDArray

from tellonce.modules.phone.contracts import (
    OUTCOMES,
    UNKNOWN_CUSTOMER,
    Arrivals,
    BadIntervalError,
    Calls,
    CallSpan,
    RecordingNotFoundError,
)
from tellonce.modules.phone.models import Call, Recording

SWITCHBOARD: Final = "switchboard"
"""The source of calls that came by our own switchboard."""

_HOUR_S, _DAY_S = 3_600, 86_400
_LONGEST_MENU = timedelta(days=1)
_PERSON = "coalesce(nullif(person_code, ''), '#' || answered_by_id, '')"
_CALLER = "CASE WHEN customer_id > 0 THEN '#' || customer_id ELSE caller_code END"
_AS_BYTES = {
    "float8": ("arrived_s", "queued_s", "menu_s", "wait_s", "handle_s"),
    "int8": ("outcome", "person", "service", "matter", "customer", "caller", "priority", "transfers"),
}
_TYPES = {"float8": np.dtype(">f8"), "int8": np.dtype(">i8")}
_COLUMNS = f"""
    extract(epoch FROM arrived_at)::float8 AS arrived_s,
    coalesce(extract(epoch FROM queued_at)::float8, 'NaN') AS queued_s,
    coalesce(menu_s::float8, 'NaN') AS menu_s,
    coalesce(wait_s::float8, 'NaN') AS wait_s,
    coalesce(handle_s::float8, 'NaN') AS handle_s,
    array_position(%(outcomes)s::text[], outcome::text)::int8 - 1 AS outcome,
    hashtextextended({_PERSON}, 0) AS person,
    hashtextextended(service_code, 0) AS service,
    coalesce(matter_id, -1) AS matter,
    customer_id AS customer,
    hashtextextended({_CALLER}, 0) AS caller,
    priority::int8 AS priority,
    transfers::int8 AS transfers
"""
_WHERE = """
    FROM phone_call
    WHERE arrived_at >= %(since)s AND arrived_at < %(until)s
      AND (%(queue_id)s::int8 IS NULL OR queue_id = %(queue_id)s)
"""
_WORDS = f"""
    SELECT DISTINCT 'person', {_PERSON}, hashtextextended({_PERSON}, 0) {_WHERE}
    UNION ALL SELECT DISTINCT 'service', service_code, hashtextextended(service_code, 0) {_WHERE}
"""
_NOTHING = "SELECT hashtextextended('', 0)"


def call_spans() -> dict[int, CallSpan]:
    """For each queue that has calls, by its id: how many, and when the first and the last arrived."""
    rows = Call.objects.values("queue_id").annotate(first=Min("arrived_at"), last=Max("arrived_at"), calls=Count("*"))
    return {row["queue_id"]: CallSpan(row["first"], row["last"], row["calls"]) for row in rows.order_by("queue_id")}


def calls_of_customers(customer_ids: Sequence[int]) -> QuerySet[Call]:
    """The calls of these customers, latest first; those of callers whom nobody knows belong to no customer."""
    known = [customer_id for customer_id in customer_ids if customer_id != UNKNOWN_CUSTOMER]
    return Call.objects.filter(customer_id__in=known).order_by("-arrived_at")


def calls_between(queue_id: int | None, since: datetime, until: datetime) -> Calls:
    """The calls of a queue (None: of all) that arrived from `since` until before `until`, in the order of arrival."""
    asked = {"queue_id": queue_id, "since": since, "until": until, "outcomes": list(OUTCOMES)}
    columns = [(name, kind) for kind, names in _AS_BYTES.items() for name in names]
    packed = ", ".join(f"coalesce(string_agg({kind}send({name}), ''::bytea), ''::bytea)" for name, kind in columns)
    with connection.cursor() as cursor:
        # Names of columns only; the values are parameters.
        cursor.execute(f"SELECT {packed} FROM (SELECT {_COLUMNS} {_WHERE} ORDER BY arrived_at, id) calls", asked)
        row = cursor.fetchone()
        cursor.execute(_WORDS, asked)
        words = cursor.fetchall()
        cursor.execute(_NOTHING)
        nothing = cursor.fetchone()[0]
    raw = {name: np.frombuffer(cell, _TYPES[kind]) for (name, kind), cell in zip(columns, row, strict=True)}
    return _calls(raw, words=words, nothing=nothing)


def _calls(raw: dict[str, NDArray[Any]], *, words: Sequence[tuple[str, str, int]], nothing: int) -> Calls:
    people, person = _counted(raw["person"], {mark: word for of, word, mark in words if of == "person" and word})
    services, service = _counted(raw["service"], {mark: word for of, word, mark in words if of == "service" and word})
    known, caller = np.unique(raw["caller"], return_inverse=True)
    return Calls(
        **{name: raw[name].astype(np.float64) for name in _AS_BYTES["float8"]},
        outcome=raw["outcome"].astype(np.int8),
        person=person,
        service=service,
        matter=raw["matter"].astype(np.int64),
        customer=raw["customer"].astype(np.int64),
        caller=np.where(known[caller] == nothing, -1, caller).astype(np.int64) if len(known) else caller,
        priority=raw["priority"].astype(np.int16),
        transfers=raw["transfers"].astype(np.int16),
        people=people,
        services=services,
    )


def _counted(marks: NDArray[Any], words: dict[int, str]) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """The words in their order, and for each mark the place of its word; -1 for none."""
    ordered = sorted(words.items(), key=lambda item: item[1])
    places = {mark: place for place, (mark, _word) in enumerate(ordered)}
    distinct, at = np.unique(marks, return_inverse=True)
    place_of = np.array([places.get(int(mark), -1) for mark in distinct], dtype=np.int32)
    return tuple(word for _mark, word in ordered), place_of[at] if len(distinct) else np.empty(0, np.int32)


def arrivals_per_interval(
    queue_id: int | None, since: datetime, until: datetime, *, interval_s: int, time_zone: str
) -> Arrivals:
    """Calls that asked for a person of the queue (None: of any), counted by interval of the local clock.

    `interval_s` divides the hour or is a day (86,400). The first interval is the one that holds `since`, the last one
    begins before `until`; only calls from `since` until before `until` are counted. BadIntervalError.
    """
    edges = _edges(since, until, interval_s=interval_s, zone=ZoneInfo(time_zone))
    asked = {"queue_id": queue_id, "since": since - _LONGEST_MENU, "until": until, "from": since}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(string_agg(float8send(extract(epoch FROM queued_at)::float8), ''::bytea), ''::bytea)"
            f" {_WHERE} AND queued_at >= %(from)s AND queued_at < %(until)s",
            asked,
        )
        times = np.frombuffer(cursor.fetchone()[0], np.dtype(">f8"))
    counts = np.bincount(np.searchsorted(edges, times, side="right") - 1, minlength=len(edges))
    return Arrivals(starts_s=edges, counts=counts.astype(np.int64), interval_s=interval_s)


def _edges(since: datetime, until: datetime, *, interval_s: int, zone: ZoneInfo) -> NDArray[np.float64]:
    if until <= since:
        raise BadIntervalError(gettext("The time span ends before it begins."))
    if interval_s == _DAY_S:
        first, last = since.astimezone(zone).date(), (until - timedelta(microseconds=1)).astimezone(zone).date()
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return np.array([_midnight(day, zone) for day in days])
    if interval_s < 1 or _HOUR_S % interval_s:
        raise BadIntervalError(gettext("An interval divides the hour, or is a day of 86,400 seconds."))
    # Zones shift by whole quarters of an hour from each other: the local hour is where the clock shows minute 0.
    local = since.astimezone(zone)
    hour = since.timestamp() - (local.minute * 60 + local.second + local.microsecond / 1e6)
    begin = hour + (since.timestamp() - hour) // interval_s * interval_s
    return np.arange(begin, until.timestamp(), interval_s, dtype=np.float64)


def _midnight(day: date, zone: ZoneInfo) -> float:
    return datetime.combine(day, time(0), tzinfo=zone).timestamp()


def recording(recording_id: int) -> Recording:
    """A recording whose sound is there; RecordingNotFoundError."""
    found = Recording.objects.filter(pk=recording_id).exclude(file="").first()
    if found is None or not Path(found.file).is_file():
        raise RecordingNotFoundError(gettext("That recording is not kept any more."))
    return found


def routed_by_us(queue_ids: Sequence[int], since: datetime, until: datetime) -> bool:
    """Whether most of the calls of these queues in the time came by our own switchboard."""
    calls = Call.objects.filter(queue_id__in=queue_ids, arrived_at__gte=since, arrived_at__lt=until)
    counts = calls.aggregate(all=Count("id"), ours=Count("id", filter=Q(source=SWITCHBOARD)))
    return bool(counts["ours"] * 2 > counts["all"])
