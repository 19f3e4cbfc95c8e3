"""What a file of known customers changes, gathered row by row and written in one go."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model
from django.utils.translation import gettext

from tellonce.modules.record import story
from tellonce.modules.record.actions.hiding import unhide_things
from tellonce.modules.record.actions.import_changes import (
    ABOUT,
    CAME,
    TAKEN_OVER,
    differences,
    keep_changes,
    values_of,
)
from tellonce.modules.record.actions.loading_rows import Came, checked_at_once
from tellonce.modules.record.actions.searching import index_customers
from tellonce.modules.record.contracts import BadRecordError, Change, Told
from tellonce.modules.record.copying import copy_models, next_ids, table_of, update_rows
from tellonce.modules.record.models import Area, Customer
from tellonce.modules.staff.contracts import Actor

Row = TypeVar("Row", bound=Model)
_IDS_AT_ONCE = 100
_MARKS = ("fingerprint", "came_as")
_SHOWN = ("hidden_at", "import_id")


@dataclass(frozen=True, slots=True)
class Way:
    """By whom, when and with which import; phones without a country code are of `country`."""

    by: Actor
    at: datetime
    import_id: int | None
    country: str


@dataclass(slots=True)
class _Touched:
    """A known row that may come out other than it was."""

    row: Model
    of: int
    before: dict[str, Any]


@dataclass(slots=True)
class Taken:
    """Everything that is taken over from one batch: `write` writes it, and nothing before."""

    way: Way
    _touched: dict[tuple[type[Model], int], _Touched] = field(default_factory=dict)
    _added: list[tuple[int, Model]] = field(default_factory=list)
    _new: set[tuple[type[Model], int]] = field(default_factory=set)
    _told: list[Told] = field(default_factory=list)
    _came: dict[int, tuple[Customer, list[str]]] = field(default_factory=dict)
    _back: dict[int, int | None] = field(default_factory=dict)
    _found_otherwise: set[int] = field(default_factory=set)
    _ids: dict[type[Model], Iterator[int]] = field(default_factory=dict)
    _areas: dict[str, int] | None = None

    def begin(self, customer: Customer, came: Came) -> None:
        """The next customer, who stands again if an undone import had brought it."""
        self._came[customer.pk] = (customer, [customer.fingerprint, customer.came_as])
        customer.fingerprint, customer.came_as = came.fingerprint, came.row
        if customer.hidden_at is not None:
            self._back[customer.pk] = customer.import_id
            customer.hidden_at, customer.import_id = None, self.way.import_id
            self.is_found_otherwise(customer.pk)

    def touch(self, row: Row, *, of: int) -> Row:
        """The row of customer `of`, which may be changed from now on; an added one is written as it ends up."""
        key = (type(row), row.pk)
        if key not in self._touched and key not in self._new:
            before = {name: getattr(row, name) for name in TAKEN_OVER[type(row)]}
            self._touched[key] = _Touched(row, of, before)
        return row

    def add(self, row: Row, *, of: int) -> Row:
        """A new row of customer `of`, with its id."""
        row.pk = self._next_id(type(row))
        self._new.add((type(row), row.pk))
        self._added.append((of, row))
        return row

    def tell(self, told: Told) -> None:
        """A moment, as of this import."""
        self._told.append(replace(told, import_id=self.way.import_id))

    def is_found_otherwise(self, customer_id: int) -> None:
        """Search must be told of this customer."""
        self._found_otherwise.add(customer_id)

    def area_id(self, code: str) -> int | None:
        """The area with this code; None without a code."""
        if not code:
            return None
        if self._areas is None:
            self._areas = dict(Area.objects.values_list("code", "pk"))
        if code not in self._areas:
            raise BadRecordError(gettext("There is no area with the code %(code)s.") % {"code": code})
        return self._areas[code]

    def write(self) -> int:
        """Writes it all; how many customers are other than before."""
        changes = list(self._changes())
        others = {change.customer_id for change in changes if change.customer_id is not None} | self._back.keys()
        with checked_at_once():
            self._write_customers({one.about_id for one in changes if one.about == "customer" and one.field != CAME})
            for model in TAKEN_OVER:
                self._write_touched(model)
            for model in ABOUT:
                copy_models([row for _of, row in self._added if type(row) is model])
        story.tell_each(self._told)
        if self._back:
            unhide_things(self._back, import_id=self.way.import_id)
        index_customers(self._found_otherwise)
        if self.way.import_id is not None:
            keep_changes((one for one in changes if one.customer_id not in self._back), import_id=self.way.import_id)
        return len(others)

    def _changes(self) -> Iterator[Change]:
        seen = set()
        for (model, pk), touched in self._touched.items():
            for name, before, after in differences(touched.before, touched.row):
                seen.add(touched.of)
                yield Change(touched.of, ABOUT[model], pk, name, before, after)
        for of, row in self._added:
            seen.add(of)
            yield Change(of, ABOUT[type(row)], row.pk, "", None, values_of(row))
        for pk in sorted(seen):
            customer, before = self._came[pk]
            yield Change(pk, "customer", pk, CAME, before, [customer.fingerprint, customer.came_as])

    def _write_customers(self, others: set[int]) -> None:
        """How each came, and the values of those that have other ones."""
        customers = [customer for customer, _before in self._came.values()]
        for columns, some in (
            (_MARKS, customers),
            (_SHOWN, [one for one in customers if one.pk in self._back]),
            (TAKEN_OVER[Customer], [one for one in customers if one.pk in others]),
        ):
            rows = [(one.pk, *(getattr(one, name) for name in columns)) for one in some]
            if rows:
                update_rows(table_of(Customer), columns, rows)

    def _write_touched(self, model: type[Model]) -> None:
        if model is Customer:
            return
        columns = TAKEN_OVER[model]
        mine = (touched for (one, _pk), touched in self._touched.items() if one is model)
        changed = [one.row for one in mine if any(getattr(one.row, name) != old for name, old in one.before.items())]
        if changed:
            rows = [(row.pk, *(getattr(row, name) for name in columns)) for row in changed]
            update_rows(table_of(model), columns, rows)

    def _next_id(self, model: type[Model]) -> int:
        pk = next(self._ids.get(model, iter(())), None)
        if pk is None:
            self._ids[model] = iter(next_ids(table_of(model), _IDS_AT_ONCE))
            pk = next(self._ids[model])
        return pk
