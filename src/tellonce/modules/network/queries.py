"""Reads of outages: current and past, and those that concern an address."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from tellonce.datakit import OneOf, Slot, Statement, Together, alone
from tellonce.modules.network.contracts import OutageKind, OutageLine, OutageNotFoundError
from tellonce.modules.network.models import Outage

_FIELDS = (
    "id",
    "area_id",
    "area__name",
    "kind",
    "began_at",
    "expected_until",
    "ended_at",
    "cause",
    "service_kinds",
    "customers",
    "external_id",
    "reported_by_name",
)


def outage(outage_id: int) -> OutageLine:
    """One outage; OutageNotFoundError."""
    found = _lines(Outage.objects.filter(pk=outage_id))
    if not found:
        raise OutageNotFoundError(gettext("There is no outage %(id)s.") % {"id": outage_id})
    return found[0]


def outages_at(area_ids: Sequence[int], since: datetime, *, until: datetime | None = None) -> list[OutageLine]:
    """Outages that lasted at any time from `since` (to `until`) in one of these areas, the latest first; one query.

    `area_ids` is the whole path of a premise (region, area and node): an outage of an area is one of all below it.
    """
    found = alone(lambda ask: ask_outages_at(ask, area_ids, since=since))
    return [line for line in found if until is None or line.began_at < until]


def ask_outages_at(ask: Together, area_ids: Sequence[int], *, since: datetime) -> Callable[[], list[OutageLine]]:
    """`outages_at`, read together with other things."""
    return _AT.ask(ask, _lines_of, areas=list(area_ids), since=since)


def current_outages(at: datetime | None = None) -> list[OutageLine]:
    """Outages that are not over, the latest first; planned work that begins after `at` is left out."""
    rows = _seen().filter(ended_at__isnull=True)
    if at is not None:
        rows = rows.filter(began_at__lte=at)
    return _lines(rows.order_by("-began_at"))


def past_outages(*, limit: int = 50, before: datetime | None = None) -> list[OutageLine]:
    """Outages that are over, the latest first; `before` continues a list by its last beginning."""
    rows = _seen().filter(ended_at__isnull=False)
    if before is not None:
        rows = rows.filter(began_at__lt=before)
    return _lines(rows.order_by("-began_at")[:limit])


def outages_ended_since(since: datetime) -> list[OutageLine]:
    """Outages that ended at that time or later, the latest first."""
    return _lines(_seen().filter(ended_at__gte=since).order_by("-ended_at"))


def outage_by_external_id(external_id: str) -> OutageLine:
    """The outage that another system calls this; OutageNotFoundError."""
    found = _lines(_seen().filter(external_id=external_id)) if external_id else []
    if not found:
        raise OutageNotFoundError(gettext("There is no outage %(id)s.") % {"id": external_id})
    return found[0]


def outage_count() -> int:
    """How many outages were reported, those that last and those that are over."""
    return _seen().count()


def _seen() -> QuerySet[Outage]:
    return Outage.objects.filter(withdrawn_at__isnull=True)


def _lines(rows: QuerySet[Outage]) -> list[OutageLine]:
    return _lines_of(rows.values(*_FIELDS))


_AT = Statement(
    lambda: (
        _seen()
        .filter(Q(ended_at__isnull=True) | Q(ended_at__gte=Slot("since")), OneOf("area_id", "areas"))
        .order_by("-began_at")
        .values(*_FIELDS)
    )
)


def _lines_of(rows: Iterable[dict[str, Any]]) -> list[OutageLine]:
    return [_line(row) for row in rows]


def _line(row: dict[str, Any]) -> OutageLine:
    area, services = row.pop("area__name"), tuple(row.pop("service_kinds"))
    label = str(OutageKind(row["kind"]).label) if row["kind"] in OutageKind.values else row["kind"]
    return OutageLine(area=area, service_kinds=services, kind_label=label, **row)
