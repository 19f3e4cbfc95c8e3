"""How long people wait, and how many people it takes: Erlang B, C and A in closed form, over arrays."""

from tellonce.lab.queueing.errors import QueueInputError, UnreachableTargetError
from tellonce.lab.queueing.queues import (
    Measures,
    Staffing,
    Waits,
    erlang_b,
    erlang_b_redialled,
    people_needed,
    queue_measures,
    waits_after,
)

__all__ = [
    "Measures",
    "QueueInputError",
    "Staffing",
    "UnreachableTargetError",
    "Waits",
    "erlang_b",
    "erlang_b_redialled",
    "people_needed",
    "queue_measures",
    "waits_after",
]
