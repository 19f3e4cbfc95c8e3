"""Many things are done one by one: what fails in one of them is said in the end, and keeps no other from its turn."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

log = logging.getLogger(__name__)
One = TypeVar("One")


def each_by_itself(every: Iterable[One], do: Callable[[One], int]) -> int:
    """The sum of what `do` returns; raises an ExceptionGroup of all that failed when every other one is done."""
    done, failed = 0, []
    for one in every:
        try:
            done += do(one)
        except Exception as error:  # whatever it is, the others must have their turn
            log.exception("billing.one_failed", extra={"one": str(one)})
            failed.append(error)
    if failed:
        raise ExceptionGroup("some could not be done; the others are", failed)
    return done
