"""Undoing an import gives back what it changed of contacts that were known, where nobody changed it since."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby, islice
from operator import attrgetter
from typing import Any

from django.db import connection, transaction

from tellonce.modules.care.actions.loading_contacts import SENT
from tellonce.modules.care.contracts import ContactUnmatched
from tellonce.modules.care.models import CaseContact, Contact, HandOver, Promise
from tellonce.modules.record import story
from tellonce.modules.record.actions.giving_back import changed_elsewhere
from tellonce.modules.record.actions.import_changes import plain
from tellonce.modules.record.contracts import About, Change, GivenBack, ImportUndone, Stays, Told
from tellonce.modules.staff.contracts import Actor

_AT_ONCE = 1_000
_CORRECTIONS = """
SELECT customer_id, contact_id, id FROM record_moment WHERE import_id = %s AND kind = 'care.contact_corrected'
AND customer_id = ANY(%s) AND contact_id = ANY(%s)
"""


@transaction.atomic
def give_back_contacts(*, import_id: int, by: Actor, at: datetime) -> GivenBack:
    """Gives back what the import changed of known contacts; each story that tells it says that it was given back.

    A value that is other than the import left it stays and is named, and so does the customer whom the file named
    when a case, a promise or a hand-over hangs on the contact by now.
    """
    things = 0
    stays: list[Stays] = []
    of_contacts = groupby(changed_elsewhere(import_id, about="contact"), key=attrgetter("about_id"))
    each = ((contact_id, list(changes)) for contact_id, changes in of_contacts)
    while batch := dict(islice(each, _AT_ONCE)):
        some = _Some(import_id=import_id, by=by, at=at)
        some.give_back(batch)
        things += len(some.given)
        stays += some.stays
    return GivenBack(things=things, stays=tuple(stays))


@dataclass(slots=True)
class _Some:
    """Some contacts, and what becomes of each."""

    import_id: int
    by: Actor
    at: datetime
    given: dict[int, Contact] = field(default_factory=dict)
    stays: list[Stays] = field(default_factory=list)
    _was_of: dict[int, int] = field(default_factory=dict)

    def give_back(self, changes: dict[int, list[Change]]) -> None:
        """All of it, for these contacts."""
        contacts = Contact.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=changes, hidden_at=None)
        rows = {contact.pk: contact for contact in contacts.select_related("matter").order_by("pk")}
        used = _used(list(rows))
        for pk, contact in rows.items():
            if "erased" in contact.facts:
                continue
            for change in changes[pk]:
                self._give_back_value(contact, change, is_used=pk in used)
        columns = [*(name.removesuffix("_id") for name in SENT), "person_of_record"]
        Contact.objects.bulk_update(self.given.values(), columns, batch_size=_AT_ONCE // 2)
        self._tell()

    def _give_back_value(self, contact: Contact, change: Change, *, is_used: bool) -> None:
        now = plain(getattr(contact, change.field))
        if now == change.before:
            return
        if now != change.after or (change.field == "customer_id" and is_used):
            name = contact.external_id or str(contact.pk)
            self.stays.append(Stays(contact.customer_id, "contact", contact.pk, change.field, name))
            return
        if change.field == "customer_id":
            assert contact.customer_id is not None
            self._was_of[contact.pk] = contact.customer_id
            contact.person_of_record_id = None
        column: Any = Contact._meta.get_field(change.field.removesuffix("_id"))  # noqa: SLF001 -- Django's way
        setattr(contact, change.field, column.to_python(change.before))
        self.given[contact.pk] = contact

    def _tell(self) -> None:
        corrected = self._corrections()
        told = []
        for pk, contact in self.given.items():
            if pk in self._was_of:
                told.append(self._told(contact, self._was_of[pk], ContactUnmatched(pk), words=""))
            elif contact.customer_id is not None:
                one = self._told(contact, contact.customer_id, ImportUndone(), words=contact.said)
                told.append(replace(one, corrects=corrected.get(pk)))
        story.tell_each(told)

    def _told(self, contact: Contact, customer_id: int, what: ImportUndone | ContactUnmatched, *, words: str) -> Told:
        return Told(
            customer_id=customer_id,
            what=what,
            at=self.at,
            by=self.by,
            words=words,
            channel=contact.channel,
            about=About("contact", contact.pk, contact_id=contact.pk, matter_id=contact.matter_id),
            import_id=contact.import_id,  # should the import that brought the contact be undone, this goes with it
        )

    def _corrections(self) -> dict[int, Any]:
        customers = [one.customer_id for one in self.given.values() if one.customer_id is not None]
        with connection.cursor() as cursor:
            cursor.execute(_CORRECTIONS, [self.import_id, customers, list(self.given)])
            return {contact_id: moment_id for _customer, contact_id, moment_id in cursor.fetchall()}


def _used(contact_ids: Sequence[int]) -> set[int]:
    """Contacts on which something hangs that names their customer."""
    return {pk for model in (CaseContact, Promise, HandOver) for pk in _hanging(model, contact_ids)}


def _hanging(model: type[CaseContact | Promise | HandOver], contact_ids: Sequence[int]) -> Iterator[int]:
    rows = model.objects.filter(contact_id__in=contact_ids).values_list("contact_id", flat=True)
    yield from (pk for pk in rows if pk is not None)
