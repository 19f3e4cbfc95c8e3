"""Everything kept about one customer, what was erased, and how long things are kept."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from tellonce.modules.record.contracts import Erased, RetentionKind
from tellonce.modules.record.models import (
    Account,
    ContactPoint,
    Customer,
    CustomerMerge,
    CustomerSplit,
    Delivery,
    Device,
    Erasure,
    Flag,
    ImportChange,
    Moment,
    Occupancy,
    PersonOfRecord,
    RetentionPeriod,
    Service,
)
from tellonce.modules.record.queries.identity import Identity, identity
from tellonce.modules.record.queries.import_changes import import_changes_of

DEFAULT_DAYS = {
    RetentionKind.RECORDINGS: 90,
    RetentionKind.BODIES: 3 * 365,
    RetentionKind.ATTACHMENTS: 3 * 365,
    RetentionKind.ACCESS_LOG: 2 * 365,
    RetentionKind.IMPORT_FILES: 2,
    RetentionKind.JOURNAL: 90,
    RetentionKind.BILLS: 7 * 365,
    RetentionKind.IMPORTS: 60,
}
_PLACE = ("premise__line", "premise__unit", "premise__town", "premise__state", "premise__postcode", "premise__country")
_SECTIONS: tuple[tuple[str, str, type[Model], tuple[str, ...]], ...] = (
    ("accounts", "account", Account, ("number", "cycle_day", "currency", "opened_on", "closed_on")),
    ("people", "person", PersonOfRecord, ("name", "authority", "language", "since", "until")),
    ("reached_at", "contact_point", ContactPoint, ("kind", "value", "person_id", "since", "until")),
    ("premises", "premise", Occupancy, (*_PLACE, "premise__area__name", "since", "until")),
    (
        "services",
        "service",
        Service,
        ("kind", "plan", "price_minor", "currency", "promotion_ends_on", "status", "since", "until", "external_id"),
    ),
    ("devices", "device", Device, ("kind", "maker", "model", "serial", "mac", "is_ours", "since", "until")),
    ("flags", "flag", Flag, ("kind", "reason", "since", "until", "set_by_name")),
)
_CUSTOMER = (
    *("id", "kind", "name", "languages", "time_zone", "since", "left_on", "source", "external_id", "facts"),
    *("created_at", "erased_at"),
)
_MOMENT = ("id", "at", "kind", "channel", "direction", "by_kind", "by_name", "data", "words", "corrects")


def everything_of(customer_ids: Sequence[int]) -> dict[str, Any]:
    """All that the record keeps about the customer that these ids read as, as values that JSON can hold."""
    who = identity(customer_ids[0])
    kept: dict[str, Any] = {"customers": plain_rows(Customer.objects.filter(pk__in=who.ids), _CUSTOMER)}
    for section, about, model, columns in _SECTIONS:
        kept[section] = plain_rows(rows_of(model, about, who), columns)
    kept["story"] = plain_rows(moments_of(who).order_by("at", "id"), _MOMENT)
    deliveries = Delivery.objects.filter(customer_id__in=who.ids)
    kept["deliveries"] = plain_rows(deliveries, ("moment_id", "state", "at", "detail"))
    merges = CustomerMerge.objects.filter(Q(loser_id__in=who.ids) | Q(winner_id__in=who.ids))
    kept["merges"] = plain_rows(merges, ("loser_id", "winner_id", "at", "undone_at"))
    splits = CustomerSplit.objects.filter(Q(customer_id__in=who.ids) | Q(new_customer_id__in=who.ids))
    changes = ImportChange.objects.filter(import_changes_of(who)).order_by("id")
    kept["changed_by_imports"] = plain_rows(changes, ("import_id", "about", "about_id", "field", "before", "after"))
    kept["splits"] = plain_rows(splits, ("customer_id", "new_customer_id", "at", "undone_at"))
    return kept


def rows_of(model: type[Model], about: str, who: Identity) -> QuerySet[Any]:
    """The rows of one type that read as this customer's, merges and splits applied."""
    column = "premise_id" if about == "premise" else "pk"
    rows = Q(customer_id__in=who.ids)
    if about in who.away:
        rows &= ~Q(**{f"{column}__in": [int(pk) for pk in who.away[about]]})
    if about in who.here:
        rows |= Q(**{f"{column}__in": [int(pk) for pk in who.here[about]]})
    return model._default_manager.filter(rows)  # noqa: SLF001 -- the documented way to a model's manager


def moments_of(who: Identity) -> QuerySet[Moment]:
    """Every moment that reads as this customer's, those of undone imports included."""
    mine = Q(customer_id__in=who.ids)
    if "moment" in who.away:
        mine &= ~Q(id__in=[UUID(key.split("/")[1]) for key in who.away["moment"]])
    for key in who.here.get("moment", ()):
        customer_id, moment_id = key.split("/")
        mine |= Q(customer_id=int(customer_id), id=UUID(moment_id))
    return Moment.objects.filter(mine)


def erasures() -> list[Erased]:
    """Every erasure, oldest first: what a restore must do again."""
    columns = ("customer_id", "customer_created_at", "at", "by_id", "by_name")
    return [Erased(*row) for row in Erasure.objects.order_by("at", "id").values_list(*columns)]


def retention_days() -> dict[str, int]:
    """How many days each kind is kept."""
    return {**{kind.value: days for kind, days in DEFAULT_DAYS.items()}, **dict(_set_days())}


def _set_days() -> list[tuple[str, int]]:
    return list(RetentionPeriod.objects.values_list("kind", "days"))


def plain_rows(rows: QuerySet[Any], columns: Sequence[str]) -> list[dict[str, Any]]:
    """Rows as values that JSON can hold."""
    return [{name: _plain(value) for name, value in row.items()} for row in rows.values(*columns)]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
