"""Customers, their accounts and the people who may speak for them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from tellonce.modules.record import queries, story
from tellonce.modules.record.actions.searching import index_customer
from tellonce.modules.record.contracts import (
    About,
    AccountAdded,
    AlreadyEndedError,
    Authority,
    BadRecordError,
    CustomerAdded,
    CustomerKind,
    CustomerLeft,
    CustomerRenamed,
    CustomerReturned,
    NotOfRecordError,
    PersonAdded,
    PersonEnded,
    TakenError,
    Told,
)
from tellonce.modules.record.models import Account, Customer, PersonOfRecord
from tellonce.modules.staff.contracts import Actor

_LAST_DAY = 31


@transaction.atomic
def add_customer(
    *,
    name: str,
    by: Actor,
    at: datetime,
    kind: str = CustomerKind.PERSON,
    since: date | None = None,
    languages: Sequence[str] = (),
    time_zone: str = "",
    source: str = "",
    external_id: str = "",
    facts: Mapping[str, Any] | None = None,
) -> Customer:
    """A new customer, `since` the day of `at` when nothing else is said; a person of record with the name is added."""
    name = name.strip()
    if not name and not external_id:
        raise BadRecordError(gettext("A customer needs a name, or an id in the source system."))
    customer = Customer(
        kind=kind,
        name=name,
        languages=list(languages),
        time_zone=time_zone,
        since=since or at.date(),
        source=source,
        external_id=external_id,
        created_at=at,
        facts=dict(facts or {}),
    )
    try:
        with transaction.atomic():
            customer.save(force_insert=True)
    except IntegrityError as error:
        raise TakenError(
            gettext("%(source)s already has a customer %(id)s.") % {"source": source, "id": external_id}
        ) from error
    if name and kind == CustomerKind.PERSON:
        PersonOfRecord.objects.create(customer=customer, name=name, since=since or at.date())
    index_customer(customer.pk)
    story.tell(Told(customer_id=customer.pk, what=CustomerAdded(name=name, source=source), at=at, by=by))
    return customer


@transaction.atomic
def rename_customer(*, customer_id: int, name: str, by: Actor, at: datetime) -> Customer:
    """Another name for the customer, and for the person of record who had the old one."""
    customer = customer_to_change(customer_id)
    if name.strip() == customer.name:
        return customer
    what = renamed(customer, name=name)
    customer.save(update_fields=["name"])
    PersonOfRecord.objects.filter(customer=customer, name=what.before, until=None).update(name=what.after)
    index_customer(customer.pk)
    story.tell(Told(customer_id=customer.pk, what=what, at=at, by=by))
    return customer


def renamed(customer: Customer, *, name: str) -> CustomerRenamed:
    """The customer under another name; so is the person of record who had the old one, which the caller sees to."""
    before, customer.name = customer.name, name.strip()
    if not customer.name:
        raise BadRecordError(gettext("A name cannot be empty."))
    return CustomerRenamed(before=before, after=customer.name)


@transaction.atomic
def customer_left(*, customer_id: int, on: date, by: Actor, at: datetime, words: str = "") -> Customer:
    """The customer is none any more from `on`; found after those who are."""
    customer = customer_to_change(customer_id)
    what = left(customer, on=on)
    customer.save(update_fields=["left_on"])
    index_customer(customer.pk)
    story.tell(Told(customer_id=customer.pk, what=what, at=at, by=by, words=words))
    return customer


def left(customer: Customer, *, on: date) -> CustomerLeft:
    """The customer who left."""
    if customer.left_on is not None:
        raise AlreadyEndedError(gettext("This customer has left already."))
    customer.left_on = on
    return CustomerLeft(on=on)


@transaction.atomic
def customer_returned(*, customer_id: int, by: Actor, at: datetime, words: str = "") -> Customer:
    """The customer is back."""
    customer = customer_to_change(customer_id)
    what = returned(customer)
    customer.save(update_fields=["left_on"])
    index_customer(customer.pk)
    story.tell(Told(customer_id=customer.pk, what=what, at=at, by=by, words=words))
    return customer


def returned(customer: Customer) -> CustomerReturned:
    """The customer who is back."""
    left_on, customer.left_on = customer.left_on, None
    if left_on is None:
        raise AlreadyEndedError(gettext("This customer has not left."))
    return CustomerReturned(left_on=left_on)


@transaction.atomic
def add_account(
    *,
    customer_id: int,
    number: str,
    by: Actor,
    at: datetime,
    cycle_day: int | None = None,
    currency: str = "USD",
    opened_on: date | None = None,
) -> Account:
    """An account by its number, which nobody else may have."""
    customer = customer_to_change(customer_id)
    account = new_account(
        customer_id=customer.pk, number=number, cycle_day=cycle_day, currency=currency, opened_on=opened_on or at.date()
    )
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError as error:
        raise TakenError(gettext("Account %(number)s exists already.") % {"number": account.number}) from error
    index_customer(customer.pk)
    story.tell(account_added(account, by=by, at=at))
    return account


def new_account(
    *,
    customer_id: int,
    number: str,
    cycle_day: int | None,
    currency: str,
    opened_on: date,
    closed_on: date | None = None,
) -> Account:
    """An account that is not saved yet."""
    if not number.strip():
        raise BadRecordError(gettext("An account needs a number."))
    if cycle_day is not None and not 1 <= cycle_day <= _LAST_DAY:
        raise BadRecordError(gettext("A bill day is from 1 to 31, not %(day)s.") % {"day": cycle_day})
    return Account(
        customer_id=customer_id,
        number=number.strip(),
        cycle_day=cycle_day,
        currency=currency,
        opened_on=opened_on,
        closed_on=closed_on,
    )


def account_added(account: Account, *, by: Actor, at: datetime) -> Told:
    """What is told of a new account."""
    what = AccountAdded(account_id=account.pk, number=account.number)
    return Told(customer_id=account.customer_id, what=what, at=at, by=by, about=About("account", account.pk))


@transaction.atomic
def add_person_of_record(
    *,
    customer_id: int,
    name: str,
    by: Actor,
    at: datetime,
    authority: str = Authority.DECIDE,
    language: str = "",
    since: date | None = None,
) -> PersonOfRecord:
    """Somebody who may speak for the customer from `since` (today when not given)."""
    customer = customer_to_change(customer_id)
    person = new_person(
        customer_id=customer.pk, name=name, authority=authority, language=language, since=since or at.date()
    )
    person.save(force_insert=True)
    index_customer(customer.pk)
    story.tell(person_added(person, by=by, at=at))
    return person


def new_person(*, customer_id: int, name: str, authority: str, language: str, since: date) -> PersonOfRecord:
    """A person of record who is not saved yet."""
    if not name.strip():
        raise BadRecordError(gettext("A person needs a name."))
    return PersonOfRecord(
        customer_id=customer_id, name=name.strip(), authority=authority, language=language, since=since
    )


def person_added(person: PersonOfRecord, *, by: Actor, at: datetime) -> Told:
    """What is told of a new person of record."""
    what = PersonAdded(person_id=person.pk, name=person.name, authority=person.authority)
    return Told(customer_id=person.customer_id, what=what, at=at, by=by, about=About("person", person.pk))


@transaction.atomic
def end_person_of_record(*, person_id: int, by: Actor, at: datetime, until: date | None = None) -> PersonOfRecord:
    """Somebody may no longer speak for the customer."""
    person = PersonOfRecord.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise NotOfRecordError(gettext("There is no such person of record."))
    if person.until is not None:
        raise AlreadyEndedError(gettext("%(name)s is no longer of record already.") % {"name": person.name})
    person.until = until or at.date()
    person.save(update_fields=["until"])
    index_customer(person.customer_id)
    what = PersonEnded(person_id=person.pk, name=person.name)
    story.tell(Told(customer_id=person.customer_id, what=what, at=at, by=by, about=About("person", person.pk)))
    return person


def customer_to_change(customer_id: int) -> Customer:
    """The customer that `customer_id` reads as, locked against other changes until the transaction ends."""
    found = queries.customer(customer_id)
    return Customer.objects.select_for_update(of=("self",)).get(pk=found.pk)
