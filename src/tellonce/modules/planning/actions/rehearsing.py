"""The worker's part of a decision: its calls read, its policies rehearsed, all that is done kept as it goes.

What is kept says which replications are done; a replication depends on base, policy, seed and its number only. So a run
that was killed goes on where it stopped, and two runs come to the same.
"""

import gzip
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from tellonce import __version__
from tellonce.kernel.errors import DomainError
from tellonce.lab.rehearsal import Base, Seen, digest, rehearse, written
from tellonce.modules.planning.contracts import RunState
from tellonce.modules.planning.contracts.decisions import (
    ALL_REPLICATIONS,
    FIRST_REPLICATIONS,
    DecisionBusyError,
    DecisionState,
    Policy,
)
from tellonce.modules.planning.contracts.reasons import Row, error_row
from tellonce.modules.planning.models import Decision, ForecastUsed, Rehearsal
from tellonce.modules.planning.queries import decisions as queries
from tellonce.modules.planning.queries.bases import base_of
from tellonce.modules.planning.queries.settled import refuse_settled
from tellonce.modules.staff.contracts import Actor

_STEPS = (FIRST_REPLICATIONS, 25, 50, 75, ALL_REPLICATIONS)
Now = Callable[[], datetime]


def read_calls(*, decision_id: int, now: Now) -> None:
    """Learns what the decision is rehearsed on from the calls; one that was read already stays as it is."""
    found = queries.decision(decision_id)
    if found.rehearsal.base_digest or found.settled_at is not None:
        return
    _note(decision_id, state=RunState.RUNNING, began_at=now())
    try:
        base, about = base_of(queries.terms_of(found), queries.queues_of(found), at=found.drafted_at)
    except DomainError as error:
        _note(decision_id, state=RunState.FAILED, refused=error_row(error), ended_at=now())
        return
    _keep_base(found, base, about, at=now())


@transaction.atomic
def _keep_base(found: Decision, base: Base, about: dict[str, Any], *, at: datetime) -> None:
    text = written(base)
    _note(
        found.pk,
        state=RunState.DONE,
        base=gzip.compress(text.encode(), mtime=0),
        base_digest=digest(text),
        about=about,
        code_version=__version__,
        ended_at=at,
        refused={},
    )
    ForecastUsed.objects.bulk_create(
        [ForecastUsed(rehearsal=found.rehearsal, forecast_id=each["id"]) for each in about["forecasts"]],
        ignore_conflicts=True,
    )


@transaction.atomic
def ask_rehearsal(*, decision_id: int, by: Actor, at: datetime) -> Decision:
    """Asks for a rehearsal, which a worker runs. DecisionBusyError, DecisionSettledError."""
    found = Decision.objects.select_for_update().get(pk=queries.decision(decision_id).pk)
    refuse_settled(found)
    if found.state == DecisionState.REHEARSING:
        raise DecisionBusyError(gettext("It is being rehearsed already."))
    if not found.rehearsal.base_digest:
        raise DecisionBusyError(gettext("The calls are still being read. Try again in a moment."))
    found.state = DecisionState.REHEARSING
    found.save()
    wanted = len(queries.policies_of(found)) * ALL_REPLICATIONS
    _note(found.pk, state=RunState.WAITING, wanted=wanted, done=0, cancel_asked_at=None, began_at=at, refused={})
    return found


@transaction.atomic
def cancel_rehearsal(*, decision_id: int, by: Actor, at: datetime) -> Decision:
    """Asks the worker to stop; what is done so far stays. One that no worker began is over at once."""
    found = Decision.objects.select_for_update().get(pk=queries.decision(decision_id).pk)
    if found.state == DecisionState.REHEARSING:
        _note(found.pk, cancel_asked_at=at)
        if found.rehearsal.state == RunState.WAITING:
            _end(found, state=RunState.CANCELLED, at=at)
    return found


def rehearse_decision(*, decision_id: int, now: Now, workers: int | None = None) -> None:
    """Rehearses all policies: the first few replications of each, then more; one that is over stays as it is."""
    found = queries.decision(decision_id)
    base = queries.base_of_decision(decision_id)
    if found.state != DecisionState.REHEARSING or base is None:
        return
    policies, done = queries.policies_of(found), queries.results_of(found)
    _note(decision_id, state=RunState.RUNNING)
    try:
        for step in _STEPS:
            for policy in policies:
                done = _refined(found, base, policy, done, step=step, workers=workers)
                _keep(decision_id, policies, done)
                if queries.is_cancelled(decision_id):
                    _end(found, state=RunState.CANCELLED, at=now())
                    return
    except DomainError as error:
        _end(found, state=RunState.FAILED, at=now(), refused=error_row(error))
        return
    _end(found, state=RunState.DONE, at=now())


def _refined(
    found: Decision, base: Base, policy: Policy, done: dict[str, Seen], *, step: int, workers: int | None
) -> dict[str, Seen]:
    """What is done, with as many replications of the policy as the step asks."""
    so_far = done.get(policy.key)
    first = len(so_far.replications) if so_far else 0
    if first >= step:
        return done
    more = rehearse(
        base,
        policy.changes,
        first=first,
        replications=step - first,
        target_share=found.target_share,
        seed=found.rehearsal.seed,
        workers=workers,
    )
    if more is None:
        return done
    return done | {policy.key: more if so_far is None else so_far.joined(more)}


def _keep(decision_id: int, policies: tuple[Policy, ...], done: dict[str, Seen]) -> None:
    rows = {
        key: {"replications": list(seen.replications), "rows": dict(seen.rows), "waits": seen.waits}
        for key, seen in done.items()
    }
    keys = {policy.key for policy in policies}
    count = sum(min(len(done[key].replications), ALL_REPLICATIONS) for key in keys if key in done)
    Rehearsal.objects.filter(decision_id=decision_id).update(
        results=rows, done=count, wanted=len(keys) * ALL_REPLICATIONS
    )


@transaction.atomic
def _end(found: Decision, *, state: RunState, at: datetime, refused: Row | None = None) -> None:
    """The rehearsal is over; a decision whose policies all have a first answer is rehearsed."""
    results = queries.results_of(queries.decision(found.pk))
    has_all = all(policy.key in results for policy in queries.policies_of(found))
    Decision.objects.filter(pk=found.pk, state=DecisionState.REHEARSING).update(
        state=DecisionState.REHEARSED if has_all else DecisionState.DRAFTED
    )
    _note(found.pk, state=state, ended_at=at, refused=refused or {})


def _note(decision_id: int, **values: object) -> None:
    Rehearsal.objects.filter(decision_id=decision_id).update(**values)
