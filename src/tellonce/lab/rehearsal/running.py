"""A policy rehearsed: some replications at a time, all policies on the same callers."""

from collections.abc import Callable

from tellonce.lab.rehearsal.applying import changed
from tellonce.lab.rehearsal.changes import Base, Changes
from tellonce.lab.rehearsal.errors import RehearsalInputError
from tellonce.lab.rehearsal.seen import Seen, seen_in
from tellonce.lab.simulation import ScenarioError, simulate

_AT_ONCE = 5  # replications whose waits by hour are held in memory together


def rehearse(
    base: Base,
    changes: Changes,
    *,
    replications: int,
    target_share: float,
    first: int = 0,
    seed: int = 1,
    workers: int | None = None,
    is_cancelled: Callable[[], bool] | None = None,
) -> Seen | None:
    """What a policy does, from replication `first` on; None when cancelled before the first few were done.

    The same base, changes, seed and numbers of replications give the same, whether run at once or in parts.

    Args:
        base: as it is.
        changes: of the policy, none for "as it is".
        replications: how many, at least 1.
        target_share: share of contacts to be answered in time in a quarter hour.
        first: number of the first.
        seed: of all random numbers.
        workers: threads, one for each core if None.
        is_cancelled: asked before each replication.

    Raises:
        RehearsalInputError: a change that cannot be.
    """
    scenario = changed(base, changes)
    found: Seen | None = None
    for begin in range(first, first + replications, _AT_ONCE):
        count = min(_AT_ONCE, first + replications - begin)
        try:
            outcome = simulate(
                scenario, replications=count, first=begin, seed=seed, workers=workers, is_cancelled=is_cancelled
            )
        except ScenarioError as error:
            raise RehearsalInputError("", error.reason or "no_scenario", why=str(error)) from error
        if len(outcome.replications) < count:
            return found
        part = seen_in(outcome, scenario, first_weekday=base.first_weekday, target_share=target_share)
        found = part if found is None else found.joined(part)
    return found
