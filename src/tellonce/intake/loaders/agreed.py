"""What becomes of rows of orders and of what was used: the accounts and services that they name must be there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from django.utils.translation import gettext as _

from tellonce.intake.contracts import Problem
from tellonce.intake.loaders.reading import Done, Read
from tellonce.intake.mapping.agreed import OrderRow, TrafficRow
from tellonce.intake.mapping.cells import columns_of
from tellonce.intake.mapping.model import Mapping
from tellonce.modules.billing import actions as billing
from tellonce.modules.billing.contracts import NewOrder, NewTraffic
from tellonce.modules.record.queries import outside


@dataclass(slots=True)
class Known:
    """Accounts by number (id, customer), and services by what other systems call them (customer, id)."""

    accounts: dict[str, tuple[int, int]] = field(default_factory=dict)
    services: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    @classmethod
    def of(cls, *, numbers: Iterable[str], services: Iterable[str]) -> "Known":
        """What the record knows of these."""
        accounts = outside.accounts_by_number(sorted({number for number in numbers if number}))
        known = cls({number: (account_id, customer_id) for number, account_id, customer_id, _currency in accounts})
        for ref, customer_id, service_id in outside.services_by_id(sorted({each for each in services if each})):
            known.services.setdefault(ref, []).append((customer_id, service_id))
        return known

    def services_called(self, ref: str, number: str) -> list[int]:
        """The services of this name: of the customer of the account where one is named, else of anybody."""
        found = self.services.get(ref, [])
        if not number:
            return [service_id for _customer, service_id in found]
        customer_id = self.accounts[number][1] if number in self.accounts else None
        return [service_id for customer, service_id in found if customer == customer_id]

    def problem(self, line: int, columns: "Columns", *, number: str, service: str) -> Problem | None:
        """What is not there, in the words of the report."""
        if number and number not in self.accounts:
            what, do = _("There is no account with this number."), _("Import the customers first.")
            return Problem(line=line, column=columns.account_number, value=number, what=what, do=do)
        called = self.services_called(service, number) if service else [0]
        if not called:
            what = _("There is no service with this id.")
            do = _("Import the customers first, with the ids of their services (external_id).")
            return Problem(line=line, column=columns.service, value=service, what=what, do=do)
        if len(called) > 1:
            what, do = _("Several services have this id."), _("Map account_number too: it says whose it is.")
            return Problem(line=line, column=columns.service, value=service, what=what, do=do)
        return None


@dataclass(frozen=True, slots=True)
class Columns:
    """What the file calls the columns of account and service."""

    account_number: str
    service: str

    @classmethod
    def of(cls, mapping: Mapping) -> "Columns":
        """Those of the part that the mapping has."""
        part = mapping.order or mapping.traffic
        cells = (getattr(part, name) for name in ("account_number", "service"))
        return cls(*(", ".join(name for names in columns_of(cell) for name in names) if cell else "" for cell in cells))


Row = TypeVar("Row", OrderRow, TrafficRow)


@dataclass(slots=True)
class _Loader(Generic[Row]):
    """What loaders of both have in common."""

    mapping: Mapping
    import_id: int | None
    known: Known = field(default_factory=Known)

    def prepare(self, batch: Sequence[Read[Row]]) -> list[Problem]:
        """The account and the service must be there where they are named."""
        rows = [read.thing for read in batch]
        self.known = Known.of(numbers=(row.account_number for row in rows), services=(row.service for row in rows))
        columns = Columns.of(self.mapping)
        found = (
            self.known.problem(read.line, columns, number=read.thing.account_number, service=read.thing.service)
            for read in batch
        )
        return [problem for problem in found if problem is not None]

    def notes(self) -> list[str]:
        """Nothing."""
        return []


class OrderLoader(_Loader[OrderRow]):
    """Loads orders; one of the same number is changed."""

    def load(self, batch: Sequence[Read[OrderRow]]) -> Done:
        """Loads the orders."""
        return billing.keep_orders([self._new(read.thing) for read in batch], import_id=self.import_id)

    def _new(self, row: OrderRow) -> NewOrder:
        account_id, customer_id = self.known.accounts[row.account_number]
        called = self.known.services_called(row.service, row.account_number) if row.service else []
        return NewOrder(
            source=self.mapping.source,
            number=row.number,
            customer_id=customer_id,
            account_id=account_id,
            code=row.code,
            on=row.on,
            service_id=called[0] if called else None,
        )


class TrafficLoader(_Loader[TrafficRow]):
    """Loads what was used; a month that was measured before takes its new value."""

    def load(self, batch: Sequence[Read[TrafficRow]]) -> Done:
        """Loads it."""
        return billing.note_traffic([self._new(read.thing) for read in batch], import_id=self.import_id)

    def _new(self, row: TrafficRow) -> NewTraffic:
        (service_id,) = self.known.services_called(row.service, row.account_number)
        return NewTraffic(source=self.mapping.source, service_id=service_id, month=row.month, units=row.units)
