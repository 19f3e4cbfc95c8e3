"""The part of what happened that somebody looks at: a period, and an area with all below it."""

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import BooleanField, Model, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from tellonce.modules.record import queries as record

_Row = TypeVar("_Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Scope:
    """Days from `since` to `until`, both included, and customers who live or lived `there`; None is all of it."""

    since: date | None = None
    until: date | None = None
    there: tuple[int, ...] | None = None

    @property
    def is_all(self) -> bool:
        """Whether nothing is left out."""
        return self.since is None and self.until is None and self.there is None

    def of(self, rows: QuerySet[_Row], day: str) -> QuerySet[_Row]:
        """Those of the rows whose `day` (a field, 'raised_at__date' of a time) and customer are in it."""
        if self.since is not None:
            rows = rows.filter(**{f"{day}__gte": self.since})
        if self.until is not None:
            rows = rows.filter(**{f"{day}__lte": self.until})
        if self.there is None:
            return rows
        # One array: the ORM would put thousands of ids into the statement one by one.
        table = rows.model._meta.db_table  # noqa: SLF001 -- the documented way to a model's table
        return rows.filter(
            RawSQL(f'"{table}"."customer_id" = ANY(%s)', [list(self.there)], output_field=BooleanField())  # noqa: S611 -- a table's name
        )

    def values(self) -> dict[str, Any]:
        """The same for a statement: `since`, `until`, `there` and the time `zone` in which days are meant."""
        there = list(self.there) if self.there is not None else None
        zone = timezone.get_current_timezone_name()
        return {"since": self.since, "until": self.until, "there": there, "zone": zone}


ALL = Scope()


def scope_of(*, since: date | None, until: date | None, area_id: int | None) -> Scope:
    """The scope of what somebody chose."""
    return Scope(since, until, record.ever_in_area(area_id) if area_id is not None else None)
