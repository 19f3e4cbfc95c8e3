"""Reads of decisions and their rehearsals."""

import gzip
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext

from tellonce.lab.rehearsal import Base, Seen, read
from tellonce.modules.phone import queries as phone
from tellonce.modules.phone.contracts import QueueLine
from tellonce.modules.planning.contracts import RunState
from tellonce.modules.planning.contracts.decisions import (
    DecisionNotFoundError,
    DecisionState,
    DecisionTerms,
    Policy,
    policy_of,
)
from tellonce.modules.planning.models import Decision, Forecast, Rehearsal


def decisions() -> QuerySet[Decision]:
    """All of them, the latest first."""
    return Decision.objects.select_related("owner", "rehearsal").defer("rehearsal__base", "rehearsal__results")


def decision(decision_id: int) -> Decision:
    """The one of this id, with its rehearsal; DecisionNotFoundError."""
    found = (
        Decision.objects.select_related("owner", "rehearsal").defer("rehearsal__base").filter(pk=decision_id).first()
    )
    if found is None:
        raise DecisionNotFoundError(gettext("There is no decision %(id)s.") % {"id": decision_id})
    return found


def terms_of(found: Decision) -> DecisionTerms:
    """What is asked."""
    return DecisionTerms(
        question=found.question,
        queue_ids=tuple(found.queue_ids),
        weeks=found.weeks,
        arrivals=found.arrivals,
        answer_within_s=found.answer_within_s,
        target_share=found.target_share,
        hour_cost_minor=found.hour_cost_minor,
    )


def queues_of(found: Decision) -> tuple[QueueLine, ...]:
    """The queues concerned."""
    return tuple(phone.queue_line(queue_id) for queue_id in found.queue_ids)


def forecasts_used(found: Decision) -> tuple[Forecast, ...]:
    """The forecasts that it is rehearsed with; none where calls come as they came."""
    return tuple(each.forecast for each in found.rehearsal.forecasts_used.select_related("forecast__queue"))


def policies_of(found: Decision) -> tuple[Policy, ...]:
    """The policies that are compared, the one without changes first."""
    return (Policy(gettext("As it is"), ()), *(policy_of(row) for row in found.policies))


def base_of_decision(decision_id: int) -> Base | None:
    """What it is rehearsed on, None while its calls are not read yet."""
    row = Rehearsal.objects.filter(decision_id=decision_id).values_list("base", "base_digest").first()
    return _unpacked(bytes(row[0]), row[1]) if row and row[0] is not None else None


@lru_cache(maxsize=4)
def _unpacked(packed: bytes, _digest: str) -> Base:
    return read(gzip.decompress(packed).decode())


def results_of(found: Decision) -> dict[str, Seen]:
    """What came out so far, by the key of the policy."""
    return {key: seen_of(row) for key, row in found.rehearsal.results.items()}


def seen_of(row: Mapping[str, Any]) -> Seen:
    """What was kept of a rehearsed policy."""
    return Seen(tuple(row["replications"]), row["rows"], tuple(map(tuple, row["waits"])))


def is_cancelled(decision_id: int) -> bool:
    """Whether somebody asked to stop."""
    return Rehearsal.objects.filter(decision_id=decision_id, cancel_asked_at__isnull=False).exists()


def is_moving(found: Decision) -> bool:
    """Whether a worker has it, or is about to: its calls are read, or it is rehearsed."""
    reading = found.rehearsal.state in {RunState.WAITING, RunState.RUNNING}
    return found.state == DecisionState.REHEARSING or (reading and found.state == DecisionState.DRAFTED)
