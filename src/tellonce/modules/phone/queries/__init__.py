"""Reads of queues, calls, and what is so now."""

from tellonce.modules.phone.queries.calls import arrivals_per_interval, call_spans, calls_between, calls_of_customers
from tellonce.modules.phone.queries.mine import answers_contacts, colleagues_free, my_phone
from tellonce.modules.phone.queries.queues import queue_by_code, queue_line, queues

__all__ = [
    "answers_contacts",
    "arrivals_per_interval",
    "call_spans",
    "calls_between",
    "calls_of_customers",
    "colleagues_free",
    "my_phone",
    "queue_by_code",
    "queue_line",
    "queues",
]
