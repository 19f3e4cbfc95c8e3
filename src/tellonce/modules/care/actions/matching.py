"""Contacts that name no customer are matched, by hand or by rule, and told then with their own time."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from tellonce.modules.care.actions.callers import identify_call_back
from tellonce.modules.care.actions.contact_moments import moments_of_contacts
from tellonce.modules.care.actions.locking import contact_to_change
from tellonce.modules.care.actions.telling import ARRIVALS, tell_of_contact, topics_for
from tellonce.modules.care.contracts import CannotDoError, ContactMatched, ContactUnmatched, HandedOver, TakenOver
from tellonce.modules.care.models import CaseContact, Contact, HandOver, Promise
from tellonce.modules.care.queries import hand_overs as hand_over_queries
from tellonce.modules.care.queries.matching import rule_match
from tellonce.modules.record import queries as record_queries
from tellonce.modules.record import story
from tellonce.modules.record.contracts import About, Told
from tellonce.modules.staff.contracts import SYSTEM, Actor, ActorKind

_RULE = "reached_from"
_BATCH = 5000


@transaction.atomic
def match_contact(*, contact_id: int, customer_id: int, by: Actor, at: datetime, rule: str = "") -> Contact:
    """The contact is this customer's. One matched to somebody else moves, unless a case or promise hangs on it."""
    contact = contact_to_change(contact_id)
    customer = record_queries.customer(customer_id)
    if contact.customer_id == customer.pk:
        return contact
    if contact.customer_id is not None:
        _refuse_in_use(contact)
        tell_of_contact(contact, ContactUnmatched(contact.pk), by=by, at=at)
    contact.customer_id, contact.person_of_record_id = customer.pk, None
    contact.save(update_fields=["customer", "person_of_record"])
    HandOver.objects.filter(contact=contact).update(customer=customer)
    story.load([*moments_of_contacts([contact], by=by), *_hand_overs(contact, customer.pk)])
    topics = (ARRIVALS, *topics_for(person_id=contact.taken_by_id))
    tell_of_contact(contact, ContactMatched(contact.pk, rule), by=by, at=at, topics=topics)
    identify_call_back(contact, by=by, at=at)
    return contact


def match_by_rule(*, at: datetime) -> int:
    """Matches contacts whose number or address is exactly one customer's, newest first; returns how many."""
    unmatched = (
        Contact.objects.filter(customer__isnull=True, hidden_at__isnull=True)
        .exclude(reached_from="")
        .order_by("-began_at")
        .values_list("pk", "reached_from")[:_BATCH]
    )
    found: dict[str, int | None] = {}
    matched = 0
    for contact_id, reached_from in unmatched:
        if reached_from not in found:
            found[reached_from] = rule_match(reached_from)
        customer_id = found[reached_from]
        if customer_id is not None:
            match_contact(contact_id=contact_id, customer_id=customer_id, by=SYSTEM, at=at, rule=_RULE)
            matched += 1
    return matched


def _refuse_in_use(contact: Contact) -> None:
    if CaseContact.objects.filter(contact=contact).exists() or Promise.objects.filter(contact=contact).exists():
        raise CannotDoError(
            gettext("A case or a promise hangs on this contact; it stays with the customer it was matched to.")
        )


def _hand_overs(contact: Contact, customer_id: int) -> Iterator[Told]:
    rows = HandOver.objects.filter(contact=contact).select_related(
        "from_person", "taken_by", "to_person", "to_team", "to_department"
    )
    for passed in rows:
        about = About("contact", contact.pk, contact_id=contact.pk)
        giver = (
            Actor(ActorKind.PERSON, passed.from_person.name, passed.from_person_id) if passed.from_person else SYSTEM
        )
        handed = HandedOver(passed.pk, hand_over_queries.to_name(passed))
        yield Told(
            customer_id=customer_id,
            what=handed,
            at=passed.at,
            by=giver,
            words=passed.line,
            channel=contact.channel,
            about=about,
        )
        if passed.taken_by is not None and passed.taken_at is not None:
            taken = TakenOver(passed.pk, passed.taken_by.name)
            by = Actor(ActorKind.PERSON, passed.taken_by.name, passed.taken_by_id)
            yield Told(
                customer_id=customer_id, what=taken, at=passed.taken_at, by=by, channel=contact.channel, about=about
            )
