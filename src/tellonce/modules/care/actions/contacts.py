"""Contacts begin, are taken by one person, get a matter, and end."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from tellonce.modules.care.actions.callers import identify_call_back
from tellonce.modules.care.actions.locking import contact_to_change, matter_or_refuse
from tellonce.modules.care.actions.telling import ARRIVALS, tell_of_contact, topics_for, typed
from tellonce.modules.care.contracts import (
    CannotDoError,
    ContactBegan,
    ContactCorrected,
    ContactEnded,
    ContactEndedError,
    ContactState,
    ContactTakenError,
    ToldAgain,
)
from tellonce.modules.care.contracts.words import spoken_time
from tellonce.modules.care.models import Contact
from tellonce.modules.care.queries.matching import rule_match
from tellonce.modules.record import story
from tellonce.modules.record.contracts import Direction
from tellonce.modules.staff.contracts import Actor


@transaction.atomic
def begin_contact(
    *,
    channel: str,
    at: datetime,
    by: Actor,
    customer_id: int | None = None,
    direction: str = Direction.FROM,
    reached_from: str = "",
    said_name: str = "",
    said: str = "",
    person_of_record_id: int | None = None,
    source: str = "",
    external_id: str = "",
    announce: bool = True,
) -> Contact:
    """A conversation begins and waits to be taken; the same (source, external_id) twice gives the same contact.

    Without a customer it is matched at once where its number or address is exactly one customer's.
    """
    if external_id and (known := Contact.objects.filter(source=source, external_id=external_id).first()):
        return known
    if customer_id is None and reached_from and direction == Direction.FROM:
        customer_id = rule_match(reached_from)
    contact = Contact(
        customer_id=customer_id,
        person_of_record_id=person_of_record_id,
        channel=channel,
        direction=direction,
        state=ContactState.WAITING,
        reached_from=typed(reached_from)[:300],
        said_name=typed(said_name)[:200],
        said=typed(said),
        began_at=at,
        source=source,
        external_id=external_id,
    )
    try:
        with transaction.atomic():
            contact.save(force_insert=True)
    except IntegrityError:
        known = Contact.objects.filter(source=source, external_id=external_id).exclude(external_id="").first()
        if known is None:
            raise
        return known  # the same contact came in twice at once
    tell_of_contact(
        contact,
        contact_began(contact),
        by=by,
        at=at,
        words=contact.said,
        direction=direction,
        topics=(ARRIVALS,) if announce else (),
    )
    return contact


@transaction.atomic
def take_contact(*, contact_id: int, by: Actor, at: datetime) -> Contact:
    """The person takes the waiting contact; of two who try at once one wins and the other learns who."""
    contact = contact_to_change(contact_id)
    if by.id is None:
        raise CannotDoError(gettext("Only a person can take a contact."))
    if contact.state == ContactState.IN_HAND and contact.taken_by_id == by.id:
        return contact
    refuse_ended(contact)
    if contact.state == ContactState.IN_HAND:
        raise ContactTakenError(gettext("%(name)s took this contact first.") % {"name": contact.taken_by_name})
    give_to(contact, by=by)
    contact.state, contact.answered_at = ContactState.IN_HAND, max(at, contact.began_at)
    contact.save()
    identify_call_back(contact, by=by, at=contact.answered_at)
    announce_contact(contact, kind="care.contact_taken", at=at)
    return contact


@transaction.atomic
def set_matter(*, contact_id: int, matter_id: int, by: Actor, at: datetime) -> Contact:
    """What the contact is about; said of one that is over already, it is told as a correction."""
    contact, matter = contact_to_change(contact_id), matter_or_refuse(matter_id)
    if contact.matter_id == matter.pk:
        return contact
    contact.matter = matter
    contact.save(update_fields=["matter"])
    if contact.state == ContactState.ENDED:
        tell_of_contact(contact, ContactCorrected(contact.pk, matter.name), by=by, at=at)
    return contact


@transaction.atomic
def end_contact(*, contact_id: int, by: Actor, at: datetime, matter_id: int | None = None, note: str = "") -> Contact:
    """The conversation is over, answered or not."""
    contact = contact_to_change(contact_id)
    refuse_ended(contact)
    if matter_id is not None:
        contact.matter = matter_or_refuse(matter_id)
    contact.state, contact.ended_at = ContactState.ENDED, max(at, contact.began_at)
    contact.note = typed(note)
    contact.save()
    named = (ARRIVALS, *topics_for(person_id=contact.taken_by_id))
    tell_of_contact(contact, contact_ended(contact), by=by, at=contact.ended_at, words=contact.note, topics=named)
    return contact


@transaction.atomic
def note_told_wait(*, contact_id: int, low_min: int, high_min: int | None, was_kept: bool | None) -> None:
    """What was said of the wait of a contact, for the moment of its end; see ContactEnded."""
    contact = contact_to_change(contact_id)
    contact.facts = contact.facts | {"told": {"low_min": low_min, "high_min": high_min, "kept": was_kept}}
    contact.save(update_fields=["facts"])


@transaction.atomic
def tell_again(*, contact_id: int, by: Actor, at: datetime) -> Contact:
    """The customer had to repeat what the story already held; counted once a contact."""
    contact = contact_to_change(contact_id)
    if contact.told_again_at is None:
        contact.told_again_at = at
        contact.save(update_fields=["told_again_at"])
        tell_of_contact(contact, ToldAgain(contact.pk), by=by, at=at, topics=topics_for(person_id=contact.taken_by_id))
    return contact


def give_to(contact: Contact, *, by: Actor) -> None:
    """Puts the contact into the hands of `by`, with team, site and partner as they are now."""
    contact.taken_by_id, contact.taken_by_name = by.id, by.name
    contact.team_id_then, contact.site_id_then, contact.partner_id_then = by.team_id, by.site_id, by.partner_id


def refuse_ended(contact: Contact) -> None:
    """Raises ContactEndedError, naming who had it, when the contact is over."""
    if contact.ended_at is not None:
        who = contact.taken_by_name or gettext("nobody")
        raise ContactEndedError(
            gettext("This contact ended at %(time)s; it was with %(name)s.")
            % {"time": spoken_time(contact.ended_at), "name": who}
        )


def announce_contact(contact: Contact, *, kind: str, at: datetime, person_id: int | None = None) -> None:
    """Lets open pages know that a contact changed hands."""
    topics = [ARRIVALS, *topics_for(person_id=contact.taken_by_id)]
    if person_id is not None and person_id != contact.taken_by_id:
        topics += topics_for(person_id=person_id)
    if contact.customer_id is not None:
        topics.append(f"customer:{contact.customer_id}")
    story.announce(topics=topics, kind=kind, at=at, body={"contact_id": contact.pk})


def contact_began(contact: Contact) -> ContactBegan:
    """The moment of a contact's beginning."""
    return ContactBegan(
        contact_id=contact.pk, channel=contact.channel, direction=contact.direction, said_name=contact.said_name
    )


def contact_ended(contact: Contact) -> ContactEnded:
    """The moment of a contact's end; a contact that we began waited for nobody."""
    assert contact.ended_at is not None
    told = contact.facts.get("told", {})
    answered = contact.answered_at or contact.ended_at
    waited = int((answered - contact.began_at).total_seconds()) if contact.direction == Direction.FROM else None
    return ContactEnded(
        contact_id=contact.pk,
        channel=contact.channel,
        matter=contact.matter.name if contact.matter else "",
        taken_by=contact.taken_by_name,
        waited_s=waited,
        lasted_s=int((contact.ended_at - answered).total_seconds()) if contact.answered_at else None,
        told_low_min=told.get("low_min"),
        told_high_min=told.get("high_min"),
        told_kept=told.get("kept"),
    )
