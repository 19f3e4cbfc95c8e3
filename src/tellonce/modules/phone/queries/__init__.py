"""Reads of queues, calls, and what is so now."""

from tellonce.modules.phone.queries.calls import (
    arrivals_per_interval,
    call_spans,
    calls_between,
    calls_of_customers,
    recording,
    routed_by_us,
)
from tellonce.modules.phone.queries.figures import line_figures
from tellonce.modules.phone.queries.floor import floor_now
from tellonce.modules.phone.queries.mine import (
    colleagues_free,
    is_answered_on_page,
    live_contacts,
    live_people,
    my_phone,
    people_who_can,
    people_with_phones,
)
from tellonce.modules.phone.queries.missed import MOST_DAYS, follow_up_of, missed_caller, missed_callers
from tellonce.modules.phone.queries.queues import (
    closed_queues,
    levels_of,
    menus_of,
    numbers_of,
    places,
    queue_by_code,
    queue_line,
    queues,
)
from tellonce.modules.phone.queries.rules import routing_rules
from tellonce.modules.phone.queries.told_waits import told_in_hour, told_waits

__all__ = [
    "MOST_DAYS",
    "arrivals_per_interval",
    "call_spans",
    "calls_between",
    "calls_of_customers",
    "closed_queues",
    "colleagues_free",
    "floor_now",
    "follow_up_of",
    "is_answered_on_page",
    "levels_of",
    "line_figures",
    "live_contacts",
    "live_people",
    "menus_of",
    "missed_caller",
    "missed_callers",
    "my_phone",
    "numbers_of",
    "people_who_can",
    "people_with_phones",
    "places",
    "queue_by_code",
    "queue_line",
    "queues",
    "recording",
    "routed_by_us",
    "routing_rules",
    "told_in_hour",
    "told_waits",
]
