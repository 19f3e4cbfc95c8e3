"""Reads of queues and calls."""

from tellonce.modules.phone.queries.calls import arrivals_per_interval, call_spans, calls_between, calls_of_customers
from tellonce.modules.phone.queries.floor import floor_now
from tellonce.modules.phone.queries.queues import queue_by_code, queue_line, queues

__all__ = [
    "arrivals_per_interval",
    "call_spans",
    "calls_between",
    "calls_of_customers",
    "floor_now",
    "queue_by_code",
    "queue_line",
    "queues",
]
