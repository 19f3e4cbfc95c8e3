"""What is watched after a dispute, for whoever makes bills up."""

from datetime import date

from tellonce.modules.billing.contracts import WatchState
from tellonce.modules.billing.models import Watch


def watched_whole() -> dict[tuple[int, str], list[date]]:
    """By account and code: after which day no such line is right any more, whatever its amount."""
    rows = Watch.objects.filter(
        dispute_id__isnull=False,
        state=WatchState.WATCHING,
        amount_from_minor=None,
        amount_until_minor=None,
        allowed_lines=0,
        pattern="",
    ).values_list("account_id", "code", "since", "began_at")
    found: dict[tuple[int, str], list[date]] = {}
    for account, code, since, began_at in rows:
        found.setdefault((account, code), []).append(max(since, began_at.date()))
    return found
