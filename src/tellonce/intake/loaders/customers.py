"""What becomes of rows of customers."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tellonce.intake.contracts import Problem
from tellonce.intake.loaders.places import Areas, no_area
from tellonce.intake.loaders.reading import Done, Read
from tellonce.intake.mapping.customers import CustomerShape
from tellonce.modules.record import actions as record
from tellonce.modules.record.contracts import NewCustomer
from tellonce.modules.record.queries import outside
from tellonce.modules.staff.contracts import Actor


@dataclass(slots=True)
class CustomerLoader:
    """Loads customers, and makes the areas that they name."""

    shape: CustomerShape
    source: str
    import_id: int | None
    by: Actor
    at: datetime
    areas: Areas = field(default_factory=Areas)

    def prepare(self, batch: Sequence[Read[NewCustomer]]) -> list[Problem]:
        """Makes missing areas; account numbers are unique over all customers; areas only named must be there."""
        for seen in self.shape.areas.values():
            self.areas.make(seen)
        self.shape.areas.clear()
        numbers = {account.number: read for read in batch for account in read.thing.accounts}
        owners = outside.external_ids_of_accounts(tuple(numbers))
        problems = []
        for number, read in numbers.items():
            owner = owners.get(number)
            if owner is not None and owner != (self.source, read.thing.external_id):
                problems.append(_taken(read.line, number))
        problems += [
            no_area(read.line, premise.area_code)
            for read in batch
            for premise in read.thing.premises
            if premise.area_code and premise.area_code not in self.areas.ids
        ]
        return problems

    def load(self, batch: Sequence[Read[NewCustomer]]) -> Done:
        """Loads the customers."""
        customers = [self._with_areas(read.thing) for read in batch]
        rows = [read.mark for read in batch]
        done = record.load_customers(customers, by=self.by, at=self.at, import_id=self.import_id, rows=rows)
        return done.added, done.changed, done.unchanged

    def _with_areas(self, new: NewCustomer) -> NewCustomer:
        if not any(premise.area_code for premise in new.premises):
            return new
        premises = (
            replace(premise, area_id=self.areas.ids[premise.area_code]) if premise.area_code else premise
            for premise in new.premises
        )
        return replace(new, premises=tuple(premises))

    def notes(self) -> list[str]:
        """How many areas were made."""
        if not self.areas.made:
            return []
        return [
            ngettext("%(number)d area is new.", "%(number)d areas are new.", self.areas.made)
            % {"number": self.areas.made}
        ]


def _taken(line: int, number: str) -> Problem:
    return Problem(
        line=line,
        column="",
        value=number,
        what=_("This account number belongs to another customer."),
        do=_("Correct it, or give the numbers of this file a beginning of their own (template)."),
    )
