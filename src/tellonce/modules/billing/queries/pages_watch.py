"""One thing that is watched, as its page shows it: what each bill said, and who changed what is looked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from tellonce.modules.billing.contracts import CheckOutcome, WatchNotFoundError, WatchRule
from tellonce.modules.billing.models import Watch, WatchChange, WatchCheck
from tellonce.modules.billing.queries.pages_fixes import Watched, watched_rows

_MOST_BILLS = 24


@dataclass(frozen=True, slots=True)
class CheckedBill:
    """What the watch said of a bill."""

    bill_id: UUID
    bill_number: str
    issued_on: date
    outcome: str
    outcome_label: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Change:
    """Who narrowed or widened it, and why; the rule before and after in words, nothing where it was forgotten."""

    at: datetime
    by: str
    reason: str
    was: str
    became: str


@dataclass(frozen=True, slots=True)
class WatchRead:
    """One watch with what belongs to it; `bills` are the latest ones first."""

    watch: Watch
    row: Watched
    bills: tuple[CheckedBill, ...]
    changes: tuple[WatchChange, ...]

    def told_changes(self, services: Mapping[int, str]) -> list[Change]:
        """Its changes in words, the latest first; `services` are the names of the customer's services."""
        return [
            Change(
                each.at, each.by_name, each.reason, self._words(each.was, services), self._words(each.became, services)
            )
            for each in self.changes
        ]

    def _words(self, kept: Mapping[str, Any], services: Mapping[int, str]) -> str:
        return WatchRule(**kept).in_words(self.watch.currency, services=services) if kept else ""


def watch_read(watch_id: int) -> WatchRead:
    """One with all that belongs to it; WatchNotFoundError."""
    found = Watch.objects.select_related("dispute").filter(pk=watch_id).first()
    if found is None:
        raise WatchNotFoundError(gettext("Nothing is watched under the number %(id)s.") % {"id": watch_id})
    checks = WatchCheck.objects.filter(watch=found).order_by("-issued_on", "-pk")[:_MOST_BILLS]
    return WatchRead(
        watch=found,
        row=watched_rows([found])[0],
        bills=tuple(_bill(check) for check in checks),
        changes=tuple(found.changes.all()),
    )


def _bill(check: WatchCheck) -> CheckedBill:
    return CheckedBill(
        bill_id=check.bill_id,
        bill_number=check.bill_number,
        issued_on=check.issued_on,
        outcome=check.outcome,
        outcome_label=str(CheckOutcome(check.outcome).label),
        amount_minor=check.amount_minor,
    )
