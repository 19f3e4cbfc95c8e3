"""Finding customers: by what somebody types, by where a contact came from."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from tellonce.desk.access import readable_customers, visible_customers
from tellonce.kernel.errors import DomainError
from tellonce.modules.care import queries as care
from tellonce.modules.care.contracts import ContactLine
from tellonce.modules.record import queries as record
from tellonce.modules.record.actions import kept_value
from tellonce.modules.record.contracts import ContactPointKind, Found, ToldMoment
from tellonce.modules.staff import actions as staff
from tellonce.modules.staff import queries as staff_queries
from tellonce.modules.staff.models import Person

MOST_FOUND = 8
LEAST_LETTERS = 2
_AMONG = 10


@dataclass(frozen=True, slots=True)
class Recent:
    """A customer whom somebody looked at."""

    customer_id: int
    name: str
    at: datetime


def looked_at_lately(person: Person) -> list[Recent]:
    """The customers whom the person looked at last and may still see, the latest first."""
    seen = staff_queries.seen_lately(person.pk)
    names = record.names_of([customer_id for customer_id, _at in seen])
    visible = visible_customers(person=person, customer_ids=names)
    return [Recent(pk, names[pk], at) for pk, at in seen if pk in visible]


def find(person: Person, words: str, *, at: datetime, limit: int = MOST_FOUND) -> list[Found]:
    """What a search finds; it is logged once, as a search."""
    if len(words.strip()) < LEAST_LETTERS:
        return []
    staff.log_search(person=person, at=at, words=words)
    return _shown_to(person, words, limit=limit)


@dataclass(frozen=True, slots=True)
class FoundMoment:
    """A moment of somebody's story, with whose it is."""

    name: str
    told: ToldMoment


def find_in_stories(person: Person, words: str, *, at: datetime, limit: int) -> list[FoundMoment]:
    """Moments of all stories that the person may read here; logged once, as a search."""
    if not words:
        return []
    staff.log_search(person=person, at=at, words=words)
    only = None if person.partner_id is None else sorted(care.customers_of_partner(person.partner_id))
    moments = record.search_stories(words, limit=limit, customer_ids=only)
    readable = readable_customers(person=person, customer_ids={each.customer_id for each in moments}, at=at)
    names = record.names_of(list(readable))
    return [FoundMoment(names[each.customer_id], each) for each in moments if each.customer_id in names]


def _shown_to(person: Person, words: str, *, limit: int) -> list[Found]:
    """A partner's people are shown customers of theirs only, out of the best that fit."""
    found = list(record.search(words, limit=limit if person.partner_id is None else limit * _AMONG))
    visible = visible_customers(person=person, customer_ids=[each.customer_id for each in found])
    return [each for each in found if each.customer_id in visible][:limit]


def customers_for(reached_from: str) -> list[int]:
    """The customers who have this number, mail address or account; none for what names nobody."""
    value = reached_from.strip()
    if not value:
        return []
    if "@" in value:
        return list(record.find_by_mail(value))
    by_phone = _by_phone(value)
    if by_phone:
        return by_phone
    exact = [found for found in record.search(value, limit=2) if found.number.lower() == value.lower()]
    return [found.customer_id for found in exact]


def _by_phone(value: str) -> list[int]:
    try:
        kept = kept_value(kind=ContactPointKind.PHONE, value=value, country=settings.SETUP.country)
    except DomainError:  # it is no phone number, so it matches nobody by phone
        return []
    return list(record.find_by_phone(kept))


def matches_of(person: Person, contact: ContactLine, words: str, *, at: datetime) -> list[Found]:
    """Customers who may be the contact's: by the words typed, else by where it came from and the name given."""
    if words:
        return find(person, words, at=at)
    found: dict[int, Found] = {}
    for clue in (contact.reached_from, contact.said_name):
        if len(clue.strip()) >= LEAST_LETTERS:
            found |= {each.customer_id: each for each in _shown_to(person, clue, limit=MOST_FOUND)}
    return list(found.values())[:MOST_FOUND]
