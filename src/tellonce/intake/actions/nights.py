"""Each night the bills are written to files, checked, and what is found waits for people."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import islice

from django.db import connection

from tellonce.intake.bulk.bill_checks import found_in_files
from tellonce.intake.bulk.bill_files import bill_folder, write_bills
from tellonce.intake.models import BillNight
from tellonce.modules.billing import actions as billing
from tellonce.modules.billing import queries as bills

BY = "nightly check of bills"
_AT_ONCE = 2_000
_WHOLE_EVERY = timedelta(days=7)
"""What the record learns late is about old bills too: at least so often all of them are checked."""
_LOOKED_BACK = timedelta(days=62)
"""The other nights check two billing runs: the newest, and the one of which it may have to give something back."""
_LOCK = 5_120_040
"""The database's lock for the one run; any number that nothing else takes."""


def check_bills_of_night(*, on: date, now: Callable[[], datetime]) -> BillNight | None:
    """Writes the files, checks them and keeps what is found; None where another process is at it.

    Killed at any time and run again it ends the night: months that were written whole are not written anew, and what
    was kept is not kept twice.
    """
    with _alone() as is_mine:
        if not is_mine:
            return None
        night, _ = BillNight.objects.get_or_create(on=on, defaults={"began_at": now(), "since": _since(on)})
        if night.ended_at is None:
            night.tries += 1
            night.save(update_fields=["tries"])
            _check(night, now=now)
        return night


def _since(on: date) -> date | None:
    """From which bills on the night checks; None for all of them."""
    ended = BillNight.objects.filter(ended_at__isnull=False)
    if not ended.filter(since__isnull=True, on__gt=on - _WHOLE_EVERY).exists():
        return None
    came = bills.first_issued_of_received(since=ended.latest("on").began_at)
    return min(on - _LOOKED_BACK, came) if came is not None else on - _LOOKED_BACK


def _check(night: BillNight, *, now: Callable[[], datetime]) -> None:
    new = known = put_right = 0
    if bills.has_bills():
        write_bills(bill_folder(), at=now(), by_name=BY)
        found = found_in_files(bill_folder(), since=night.since)
        while some := list(islice(found, _AT_ONCE)):
            kept = billing.record_checked(some, at=now())
            new, known, put_right = new + kept.new, known + kept.known, put_right + kept.put_right
    night.new, night.known, night.put_right, night.ended_at = new, known, put_right, now()
    night.save()


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether this process alone checks bills now; a killed one holds the lock no longer than its connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        is_mine = bool(cursor.fetchone()[0])
    try:
        yield is_mine
    finally:
        if is_mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
