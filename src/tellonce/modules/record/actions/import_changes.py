"""What imports changed is kept for a while: by it an undo gives back what was there before."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Model, Q

from tellonce.modules.record.contracts import Change
from tellonce.modules.record.copying import columns_of, copy_rows, table_of
from tellonce.modules.record.models import (
    Account,
    ContactPoint,
    Customer,
    Device,
    Flag,
    ImportChange,
    Occupancy,
    PersonOfRecord,
    Premise,
    Service,
)

ABOUT: Final[dict[type[Model], str]] = {
    Customer: "customer",
    PersonOfRecord: "person",
    ContactPoint: "contact_point",
    Premise: "premise",
    Occupancy: "stay",
    Account: "account",
    Service: "service",
    Device: "device",
    Flag: "flag",
}
"""What each table of the record is called where a change says what it is about; in the order of foreign keys."""

TAKEN_OVER: Final[dict[type[Model], tuple[str, ...]]] = {
    Customer: ("kind", "name", "languages", "time_zone", "since", "left_on", "facts"),
    PersonOfRecord: ("name",),
    Premise: ("area_id",),
    Occupancy: ("until",),
    Account: ("cycle_day", "closed_on"),
    Service: ("plan", "price_minor", "status", "promotion_ends_on", "price_after_minor", "until", "external_id"),
    Device: ("until",),
}
"""Which values of what is known an import changes."""

NOT_TOLD: Final = frozenset({"external_id"})
"""Fields that help to know a thing again, and of which no moment is told."""

FACTS = "facts"
CAME = "came"
"""The field that keeps how a customer came before: the digests of its values and of its row."""


def plain(value: Any) -> Any:
    """A value of a row as JSON holds it."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case list() | tuple():
            return [plain(one) for one in value]
        case dict():
            return {name: plain(one) for name, one in value.items()}
        case _:
            return value


def values_of(row: Model) -> dict[str, Any]:
    """Everything that a row holds, as JSON holds it."""
    return {name: plain(getattr(row, name)) for name in columns_of(type(row))}


def differences(before: dict[str, Any], row: Model) -> Iterator[tuple[str, Any, Any]]:
    """Each field that is other than before, with both values; of facts only those that are other."""
    for name, old in before.items():
        new = getattr(row, name)
        if old != new:
            parts = _other_facts(old, new) if name == FACTS else (old, new)
            yield name, plain(parts[0]), plain(parts[1])


def _other_facts(old: dict[str, Any], new: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    other = [key for key in {**old, **new} if key not in old or key not in new or old[key] != new[key]]
    return {key: old[key] for key in other if key in old}, {key: new[key] for key in other if key in new}


@transaction.atomic
def keep_changes(changes: Iterable[Change], *, import_id: int) -> int:
    """Keeps what an import changed; returns how many rows that are."""
    columns = ("import_id", "customer_id", "about", "about_id", "field", "before", "after")
    rows = (
        (import_id, one.customer_id, one.about, one.about_id, one.field, _json(one.before), _json(one.after))
        for one in changes
    )
    return copy_rows(table_of(ImportChange), columns, rows)


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def forget_changes(*, import_ids: Sequence[int]) -> int:
    """What these imports changed is kept no longer: they are undone, or too old to be; returns how many rows went."""
    return ImportChange.objects.filter(import_id__in=list(import_ids)).delete()[0]


def forget_changes_about(about: str, ids: Sequence[int]) -> None:
    """What imports changed of these things is kept no longer: whom they speak of is erased."""
    ImportChange.objects.filter(Q(about=about, about_id__in=list(ids))).delete()
