"""Reads of queues, calls, and what is so now."""

from tellonce.modules.phone.queries.calls import (
    arrivals_per_interval,
    call_spans,
    calls_between,
    calls_of_customers,
    recording,
)
from tellonce.modules.phone.queries.floor import floor_now
from tellonce.modules.phone.queries.mine import colleagues_free, live_contacts, live_people, my_phone, people_who_can
from tellonce.modules.phone.queries.missed import MOST_DAYS, follow_up_of, missed_caller, missed_callers
from tellonce.modules.phone.queries.queues import numbers_of, queue_by_code, queue_line, queues

__all__ = [
    "MOST_DAYS",
    "arrivals_per_interval",
    "call_spans",
    "calls_between",
    "calls_of_customers",
    "colleagues_free",
    "floor_now",
    "follow_up_of",
    "live_contacts",
    "live_people",
    "missed_caller",
    "missed_callers",
    "my_phone",
    "numbers_of",
    "people_who_can",
    "queue_by_code",
    "queue_line",
    "queues",
    "recording",
]
