"""Tables brought to this version, by one process at a time."""

from collections.abc import Callable

from django.core.management import call_command
from django.db import connection

from tellonce.modules.billing.contracts import DISTRIBUTED as BILLS
from tellonce.modules.phone.contracts import DISTRIBUTED as CALLS
from tellonce.modules.record.actions import distribute as spread

_LOCK = 0x7E110CE
_BIG = (*BILLS, *CALLS)


def migrate() -> None:
    """Applies what is missing and makes the cache's table; a second process waits and then finds nothing to do."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [_LOCK])
    try:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s)", [_LOCK])
        connection.close()


def distribute(say: Callable[[str], None]) -> None:
    """Spreads the big tables over a Citus cluster by customer, where that is not done yet."""
    tables = spread(above=_BIG)
    say(f"Spread by customer: {', '.join(tables)}." if tables else "The big tables are spread already.")
