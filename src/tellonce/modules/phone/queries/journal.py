"""The switchboard's day as it was journalled, read once by each process and then only what is new."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

from django.db import connection

from tellonce.modules.phone.contracts import LOCK
from tellonce.modules.phone.models import JournalEvent
from tellonce.modules.phone.queries.day import KINDS, DayFold
from tellonce.switchboard.codec import decode

_PAGE = 5_000


@dataclass(slots=True)
class _Reading:
    """What has been read, of what, and how far."""

    of: tuple[object, ...]
    fold: DayFold
    last: int = 0


@dataclass(slots=True)
class _Kept:
    lock: Lock = field(default_factory=Lock)
    reading: _Reading | None = None


_KEPT = _Kept()


@contextmanager
def day_so_far(since: float, within_s: Mapping[str, float]) -> Iterator[DayFold]:
    """The fold of all events from `since` (seconds since 1970) until now, for as long as the block lasts.

    The journal has one writer at a time, so its numbers are in the order of its transactions. What was read last is
    looked for again: where it is gone (another database, or a restored one) the day is read anew.
    """
    of = (connection.settings_dict["NAME"], since, tuple(sorted(within_s.items())))
    with _KEPT.lock:
        reading = _KEPT.reading
        if reading is None or reading.of != of or not _is_there(reading):
            reading = _KEPT.reading = _Reading(of, DayFold(within_s))
        _read_on(reading, since)
        yield reading.fold


def _is_there(reading: _Reading) -> bool:
    return not reading.last or JournalEvent.objects.filter(pk=reading.last).exists()


def _read_on(reading: _Reading, since: float) -> None:
    """In pages: a busy day does not have to be in memory at once."""
    of_today = JournalEvent.objects.filter(kind__in=KINDS, at__gte=since).order_by("id")
    is_more = True
    while is_more:
        rows = list(of_today.filter(id__gt=reading.last).values_list("id", "kind", "data")[:_PAGE])
        for number, kind, data in rows:
            reading.fold.take(decode(kind, data))
            reading.last = number
        is_more = len(rows) == _PAGE


def is_served() -> bool:
    """Whether a switchboard runs: one that does holds the journal's lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND classid"
            " = %s AND objid = %s AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
            (LOCK >> 32, LOCK & 0xFFFF_FFFF),
        )
        return bool(cursor.fetchone()[0])
