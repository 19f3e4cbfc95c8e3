"""What stands for all tests of a module: made once, inside a transaction that is rolled back after the last of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction


@contextmanager
def standing(make: Callable[[], object], *, unblocked: Any) -> Iterator[None]:
    """Each test of the database works in a savepoint above what `make` makes, and leaves it as it was.

    `unblocked` is what pytest-django's `django_db_blocker.unblock` is.
    """
    block: Any = transaction.atomic()
    block._from_testcase = True  # as around a single test: what insists on the outermost transaction runs inside
    with unblocked():
        block.__enter__()
    try:
        with unblocked():
            make()
        yield
    finally:
        with unblocked():
            transaction.set_rollback(True)
            block.__exit__(None, None, None)
