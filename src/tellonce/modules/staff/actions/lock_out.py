"""The lock-out after repeated wrong passwords or codes, counted in the database cache that all processes share."""

import hashlib
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from tellonce.modules.staff.contracts import LockedOutError

MOST_TRIES = 5
WINDOW = timedelta(minutes=15)
LOCKED_FOR = timedelta(minutes=15)


def refuse_if_locked_out(*, account: str, at: datetime) -> None:
    """LockedOutError, with the time to try again, while the account is locked."""
    _tries, until = _state(account)
    if until is not None and at < until:
        raise _locked_out(until, at)


@transaction.atomic
def begin_try(*, account: str, at: datetime) -> int:
    """Counts a try before it is checked, and locks with the fifth in 15 minutes; returns how many more are allowed.

    Counted first, and under a lock of the database: a hundred tries at once are a hundred tries. Who got it right
    calls `clear_tries`. Raises LockedOutError, with the time to try again, while the account is locked.
    """
    key = _key(account)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
    refuse_if_locked_out(account=account, at=at)
    tries, _until = _state(account)
    tries = [*(tried for tried in tries if tried > at - WINDOW), at]
    until = at + LOCKED_FOR if len(tries) >= MOST_TRIES else None
    cache.set(key, ([] if until else tries, until), timeout=(WINDOW + LOCKED_FOR).total_seconds())
    return MOST_TRIES - len(tries)


def clear_tries(*, account: str) -> None:
    """After a right password or code, or a new password, the count begins again."""
    cache.delete(_key(account))


def _state(account: str) -> tuple[list[datetime], datetime | None]:
    state: tuple[list[datetime], datetime | None] | None = cache.get(_key(account))
    return state or ([], None)


def _key(account: str) -> str:
    return "staff.lock_out." + hashlib.sha256(account.strip().lower().encode()).hexdigest()


def _locked_out(until: datetime, at: datetime) -> LockedOutError:
    minutes = max(1, -int(-(until - at).total_seconds() // 60))
    wait = ngettext("in {n} minute", "in {n} minutes", minutes).format(n=minutes)
    clock = f"{timezone.localtime(until):%H:%M}"
    message = gettext("Too many wrong tries for this account. Try again {wait}, at {clock}.")
    return LockedOutError(message.format(wait=wait, clock=clock), until=until)
