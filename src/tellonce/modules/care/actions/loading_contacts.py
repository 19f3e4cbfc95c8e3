"""Contacts in bulk, by COPY: a second run of the same rows changes nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from tellonce.kernel.cards import mask_cards
from tellonce.modules.care.actions.contact_moments import moments_of_contacts
from tellonce.modules.care.contracts import ContactCorrected, ContactState, Loaded, NewContact
from tellonce.modules.care.models import Contact, Matter
from tellonce.modules.record import story
from tellonce.modules.record.actions.import_changes import keep_changes, plain
from tellonce.modules.record.contracts import About, Change, Told
from tellonce.modules.record.copying import copy_rows, next_ids
from tellonce.modules.staff.contracts import Actor

_TABLE = "care_contact"
_AT_ONCE = 500
# What another system may send again with other values; the rest of a contact is ours once it is here.
SENT = (
    "customer_id",
    "channel",
    "direction",
    "reached_from",
    "said_name",
    "said",
    "matter_id",
    "began_at",
    "facts",
)
_COLUMNS = (
    "id",
    *SENT,
    "person_of_record_id",
    "state",
    "note",
    "answered_at",
    "ended_at",
    "taken_by_id",
    "taken_by_name",
    "team_id_then",
    "site_id_then",
    "partner_id_then",
    "told_again_at",
    "transfers",
    "source",
    "external_id",
    "import_id",
    "hidden_at",
)


@transaction.atomic
def load_contacts(contacts: Sequence[NewContact], *, by: Actor, at: datetime, import_id: int | None = None) -> Loaded:
    """Adds contacts and tells what they tell, with their own times; `ids` are in the order given.

    A (source, external_id) that is here already is compared: other values change the contact (told as a correction
    where it has a customer), the same values change nothing. One that was not matched and now names its customer is
    told. Contacts without an external id are always new.
    """
    matters = {matter.pk: matter for matter in Matter.objects.all()}
    rows = [_row(contact, matters, import_id) for contact in contacts]
    known = _known(rows)
    firsts: dict[tuple[str, str], Contact] = {}
    new: list[Contact] = []
    changed: list[tuple[Contact, bool]] = []
    changes: list[Change] = []
    kept: list[Contact] = []
    for row in rows:
        key = (row.source, row.external_id)
        there = (known.get(key) or firsts.get(key)) if row.external_id else None
        if there is None:
            new.append(row)
            firsts[key] = row
            kept.append(row)
            continue
        kept.append(there)
        if key in known and _differs(there, row):
            was, was_hidden = {name: _value(there, name) for name in SENT}, there.hidden_at is not None
            changed.append((there, _take_values(there, row)))
            changes += [] if was_hidden else _changes(was, there)
    for row, contact_id in zip(new, next_ids(_TABLE, len(new)), strict=True):
        row.pk = contact_id
    copy_rows(_TABLE, _COLUMNS, ([getattr(row, column) for column in _COLUMNS] for row in new))
    story.load(moments_of_contacts(new, by=by))
    _save_changed(changed, by=by, at=at, import_id=import_id)
    if import_id is not None:
        keep_changes(changes, import_id=import_id)
    return Loaded(
        ids=tuple(row.pk for row in kept),
        added=len(new),
        changed=len(changed),
        unchanged=len(rows) - len(new) - len(changed),
    )


def _row(new: NewContact, matters: dict[int, Matter], import_id: int | None) -> Contact:
    ended_at = max(new.ended_at, new.began_at) if new.ended_at is not None else None
    if ended_at is not None:
        state = ContactState.ENDED
    else:
        state = ContactState.IN_HAND if new.taken_by_id is not None else ContactState.WAITING
    row = Contact(
        customer_id=new.customer_id,
        person_of_record_id=new.person_of_record_id,
        channel=str(new.channel),
        direction=str(new.direction),
        state=str(state),
        reached_from=mask_cards(new.reached_from)[:300],
        said_name=mask_cards(new.said_name)[:200],
        said=mask_cards(new.said),
        note=mask_cards(new.note),
        began_at=new.began_at,
        answered_at=new.answered_at,
        ended_at=ended_at,
        taken_by_id=new.taken_by_id,
        taken_by_name=new.taken_by_name[:120],
        team_id_then=new.team_id,
        site_id_then=new.site_id,
        partner_id_then=new.partner_id,
        told_again_at=new.told_again_at,
        transfers=new.transfers,
        source=new.source,
        external_id=new.external_id,
        import_id=import_id,
        facts=dict(new.facts),
    )
    row.matter = matters[new.matter_id] if new.matter_id is not None else None
    return row


def _known(rows: Sequence[Contact]) -> dict[tuple[str, str], Contact]:
    """Contacts that are here already, locked; two loads of one source at once wait for each other."""
    keys = {(row.source, row.external_id) for row in rows if row.external_id}
    known: dict[tuple[str, str], Contact] = {}
    for source in sorted({source for source, _ in keys}):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"care_contact:{source}"])
        ids = [external_id for at_source, external_id in keys if at_source == source]
        there = Contact.objects.filter(source=source, external_id__in=ids).select_related("matter")
        known |= {(source, contact.external_id): contact for contact in there}
    return known


def _differs(there: Contact, row: Contact) -> bool:
    if "erased" in there.facts:
        return False
    return there.hidden_at is not None or any(_value(there, name) != _value(row, name) for name in _sent_by(row))


def _sent_by(row: Contact) -> tuple[str, ...]:
    """What this row says: no customer, no matter or no facts take nothing away that is known here."""
    silent = {name for name in ("customer_id", "matter_id", "facts") if not getattr(row, name)}
    return tuple(name for name in SENT if name not in silent)


def _value(contact: Contact, name: str) -> Any:
    return getattr(contact, name)


def _take_values(there: Contact, row: Contact) -> bool:
    """Gives the stored contact the values that were sent; whether it is told for the first time by that."""
    is_news = there.customer_id is None and row.customer_id is not None
    if there.hidden_at is not None:
        is_news, there.hidden_at, there.import_id = row.customer_id is not None, None, row.import_id
    for name in _sent_by(row):
        if name == "customer_id" and there.customer_id is not None:
            continue
        setattr(there, name, getattr(row, name))
    if row.matter_id is not None:
        there.matter = row.matter
    return is_news


def _changes(was: Mapping[str, Any], contact: Contact) -> Iterator[Change]:
    """What an undo of the import gives back."""
    for name, before in was.items():
        after = _value(contact, name)
        if after != before:
            yield Change(contact.customer_id, "contact", contact.pk, name, plain(before), plain(after))


def _save_changed(changed: Sequence[tuple[Contact, bool]], *, by: Actor, at: datetime, import_id: int | None) -> None:
    if not changed:
        return
    columns = [*(name.removesuffix("_id") for name in SENT), "hidden_at", "import_id"]
    Contact.objects.bulk_update([contact for contact, _ in changed], columns, batch_size=_AT_ONCE)
    news = moments_of_contacts([contact for contact, is_news in changed if is_news], by=by)
    story.load([replace(told, import_id=import_id) for told in news])
    story.load(
        Told(
            customer_id=contact.customer_id,
            what=ContactCorrected(contact.pk, contact.matter.name if contact.matter else ""),
            at=at,
            by=by,
            words=contact.said,
            channel=contact.channel,
            about=About("contact", contact.pk, contact_id=contact.pk, matter_id=contact.matter_id),
            import_id=import_id,
        )
        for contact, is_news in changed
        if contact.customer_id is not None and not is_news
    )
