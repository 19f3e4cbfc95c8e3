"""What becomes of rows of contacts."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tellonce.intake.contracts import BadMappingError, Problem
from tellonce.intake.loaders.reading import Done, Read
from tellonce.intake.mapping import Mapping
from tellonce.intake.mapping.contacts import ContactSeen
from tellonce.modules.care import actions as care
from tellonce.modules.care import queries as care_queries
from tellonce.modules.record.queries import outside
from tellonce.modules.staff.contracts import Actor


@dataclass(slots=True)
class ContactLoader:
    """Loads contacts: finds the customer by its id in the source system or by account number, the matter by code."""

    mapping: Mapping
    import_id: int | None
    by: Actor
    at: datetime
    matters: dict[str, int] = field(default_factory=care_queries.matter_ids)
    unmatched: int = 0
    without_matter: int = 0

    def __post_init__(self) -> None:
        unknown = sorted({rule.matter for rule in self.mapping.rule} - self.matters.keys())
        if unknown:
            raise BadMappingError(
                _("The mapping names matters that are not in the tree: %(codes)s.") % {"codes": ", ".join(unknown)}
            )

    def prepare(self, batch: Sequence[Read[ContactSeen]]) -> list[Problem]:
        """A matter that a column names must be in the tree."""
        return [
            Problem(
                line=read.line,
                column="",
                value=read.thing.matter,
                what=_("There is no matter with this code."),
                do=_('Map it with "values" to a code of the tree, or leave it empty.'),
            )
            for read in batch
            if read.thing.matter and read.thing.matter not in self.matters
        ]

    def load(self, batch: Sequence[Read[ContactSeen]]) -> Done:
        """Loads the contacts; one whose customer is not found stays unmatched."""
        source = self.mapping.contact.customer_source if self.mapping.contact else ""
        seen = [read.thing for read in batch]
        by_id = outside.customer_ids_by_external_id(
            source or self.mapping.source, tuple({one.customer_external_id for one in seen} - {""})
        )
        by_account = outside.customer_ids_by_account(tuple({one.account_number for one in seen} - {""}))
        contacts = [
            replace(
                one.contact,
                customer_id=by_id.get(one.customer_external_id) or by_account.get(one.account_number),
                matter_id=self.matters.get(one.matter),
            )
            for one in seen
        ]
        done = care.load_contacts(contacts, by=self.by, at=self.at, import_id=self.import_id)
        self.unmatched += sum(contact.customer_id is None for contact in contacts)
        self.without_matter += sum(contact.matter_id is None for contact in contacts)
        return done.added, done.changed, done.unchanged

    def notes(self) -> list[str]:
        """How many stay without a customer, and without a matter."""
        notes = []
        if self.unmatched:
            notes.append(
                ngettext(
                    "%(number)d contact is of nobody we know: it is listed as not matched yet.",
                    "%(number)d contacts are of nobody we know: they are listed as not matched yet.",
                    self.unmatched,
                )
                % {"number": self.unmatched}
            )
        if self.without_matter:
            notes.append(
                ngettext(
                    "%(number)d contact has no matter.", "%(number)d contacts have no matter.", self.without_matter
                )
                % {"number": self.without_matter}
            )
        return notes
