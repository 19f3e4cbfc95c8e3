"""Known customers with everything that what comes is compared with, locked against other changes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model

from tellonce.modules.record.copying import columns_of, table_of
from tellonce.modules.record.models import (
    Account,
    ContactPoint,
    Customer,
    Device,
    Flag,
    Occupancy,
    PersonOfRecord,
    Premise,
    Service,
)

Row = TypeVar("Row", bound=Model)
PlaceKey = tuple[str, ...]

_NOW = "AND until IS NULL"
_STAYS = """
SELECT o.customer_id, o.id, o.premise_id, o.until, p.area_id, p.line, p.unit, p.town, p.postcode
FROM record_occupancy o JOIN record_premise p ON p.id = o.premise_id WHERE o.customer_id = ANY(%s) ORDER BY o.id
"""


class Stay(NamedTuple):
    """Who lives where, as it is read: most of them only tell that a place is known."""

    customer_id: int
    pk: int
    premise_id: int
    until: date | None
    area_id: int | None
    line: str
    unit: str
    town: str
    postcode: str

    def as_row(self) -> Occupancy:
        """The stay with its place, as rows to be changed."""
        place = {"line": self.line, "unit": self.unit, "town": self.town, "postcode": self.postcode}
        premise = Premise(pk=self.premise_id, area_id=self.area_id, **place)
        return Occupancy(pk=self.pk, customer_id=self.customer_id, premise=premise, until=self.until)


@dataclass(slots=True)
class Had:
    """What one customer has; ended services and stays are there too, since they are not begun anew."""

    customer: Customer
    people: dict[str, int] = field(default_factory=dict)
    points: set[tuple[str, str]] = field(default_factory=set)
    stays: dict[PlaceKey, Stay] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    services: list[Service] = field(default_factory=list)
    devices: dict[str, Device] = field(default_factory=dict)
    flags: set[tuple[str, str]] = field(default_factory=set)

    @property
    def first_account_id(self) -> int | None:
        """The account that a new service hangs on."""
        return next((account.pk for account in self.accounts.values()), None)

    @property
    def first_premise_id(self) -> int | None:
        """The place that a new service hangs on."""
        return next((stay.premise_id for stay in self.stays.values() if stay.until is None), None)


def place_key(*, line: str, unit: str, town: str, postcode: str) -> PlaceKey:
    """By what a place is known again: street, unit and postcode; the town where there is neither street nor code."""
    line, unit, postcode = line.strip(), unit.strip(), postcode.strip()
    return (line, unit, postcode) if line or postcode else (town.strip(),)


def had_by(customer_ids: Sequence[int]) -> dict[int, Had]:
    """What these customers have.

    The rows that may change are locked, in one order, but not against contacts and cases that come to the customer
    meanwhile: an import may last, and the phone may ring.
    """
    ids = list(customer_ids)
    had = {customer.pk: Had(customer) for customer in rows_of_many(Customer, ids, whose="id", is_locked=True)}
    for pk, person_id, name in reversed(_values(PersonOfRecord, ids, "id", "name", more=_NOW)):
        had[pk].people[name] = person_id
    for pk, kind, value in _values(ContactPoint, ids, "kind", "value", more=_NOW):
        had[pk].points.add((kind, value))
    for stay in map(Stay._make, _fetched(_STAYS, ids)):
        key = place_key(line=stay.line, unit=stay.unit, town=stay.town, postcode=stay.postcode)
        had[stay.customer_id].stays[key] = stay
    for account in rows_of_many(Account, ids):
        had[account.customer_id].accounts[account.number] = account
    for service in rows_of_many(Service, ids, is_locked=True):
        had[service.customer_id].services.append(service)
    for device in rows_of_many(Device, ids, more=_NOW):
        had[device.customer_id].devices[device.serial or device.mac] = device
    for pk, kind, reason in _values(Flag, ids, "kind", "reason"):
        had[pk].flags.add((kind, reason))
    return had


def rows_of_many(
    model: type[Row], ids: list[int], *, whose: str = "customer_id", more: str = "", is_locked: bool = False
) -> list[Row]:
    """Rows by their customers, in the order of their ids.

    Not by the ORM: it would put thousands of ids into the statement one by one, and cost more than the rows.
    """
    names = columns_of(model)
    found = _fetched(_selected(model, names, whose=whose, more=more, is_locked=is_locked), ids)
    if model is Customer:
        place = names.index("facts")
        found = [(*row[:place], json.loads(row[place]), *row[place + 1 :]) for row in found]
    return [model.from_db(DEFAULT_DB_ALIAS, names, row) for row in found]


def _values(model: type[Model], ids: list[int], *names: str, more: str = "") -> list[tuple[Any, ...]]:
    """A few values of the rows of these customers, each with whose it is."""
    return _fetched(_selected(model, ("customer_id", *names), more=more), ids)


def _selected(
    model: type[Model], names: Sequence[str], *, whose: str = "customer_id", more: str = "", is_locked: bool = False
) -> str:
    columns = ", ".join(f'"{name}"' for name in names)
    lock = "FOR NO KEY UPDATE" if is_locked else ""
    # Names and constants only; the ids are a parameter.
    return f'SELECT {columns} FROM "{table_of(model)}" WHERE {whose} = ANY(%s) {more} ORDER BY id {lock}'  # noqa: S608


def _fetched(statement: str, ids: list[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [ids])
        return list(cursor.fetchall())
