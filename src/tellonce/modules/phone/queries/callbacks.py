"""Callbacks that were promised for a time."""

from tellonce.modules.care import queries as care
from tellonce.modules.phone.models import PromisedCallback


def settled_callbacks() -> frozenset[str]:
    """Those that are still to be dialled for the first time, and whose promise somebody has settled: not needed."""
    waiting = dict(
        PromisedCallback.objects.filter(over_at__isnull=True, dialled_at__isnull=True).values_list(
            "promise_id", "contact"
        )
    )
    return frozenset(waiting[promise] for promise in care.settled_promises(waiting))
