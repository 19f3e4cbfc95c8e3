"""The rows of new customers, table by table."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import Any

from django.db import connection
from django.utils.translation import gettext

from tellonce.kernel.errors import DomainError
from tellonce.modules.record import story
from tellonce.modules.record.actions.reached import kept_value
from tellonce.modules.record.actions.searching import count_words
from tellonce.modules.record.contracts import (
    About,
    BadRecordError,
    ContactPointKind,
    CustomerAdded,
    CustomerKind,
    CustomerLeft,
    NewCustomer,
    NewPerson,
    SearchKind,
    ServiceAdded,
    ServiceEnded,
    ServiceStatus,
    Told,
    mac_address,
)
from tellonce.modules.record.copying import copy_lines, escaped, line_of, next_ids
from tellonce.modules.record.folding import (
    Entry,
    address_entry,
    code_entry,
    document_of,
    each_once,
    mail_entry,
    name_entries,
    phone_entry,
)
from tellonce.modules.staff.contracts import Actor

_Rows = list[tuple[Any, ...]]
_COLUMNS: dict[str, tuple[str, ...]] = {
    "record_customer": (
        *("id", "kind", "name", "languages", "time_zone", "since", "left_on", "source", "external_id"),
        *("import_id", "created_at", "facts", "fingerprint", "came_as"),
    ),
    "record_account": ("id", "customer_id", "number", "cycle_day", "currency", "opened_on", "closed_on"),
    "record_personofrecord": ("id", "customer_id", "name", "authority", "language", "since"),
    "record_contactpoint": ("customer_id", "person_id", "kind", "value", "since"),
    "record_premise": (*("id", "area_id", "line", "unit", "town", "state", "postcode", "country", "import_id"),),
    "record_occupancy": ("customer_id", "premise_id", "since", "until"),
    "record_service": (
        *("id", "customer_id", "account_id", "premise_id", "kind", "plan", "price_minor", "currency"),
        *("promotion_ends_on", "price_after_minor", "status", "since", "until", "external_id", "import_id"),
    ),
    "record_device": (
        *("customer_id", "service_id", "kind", "maker", "model", "serial", "mac", "is_ours", "since", "until"),
        "import_id",
    ),
    "record_flag": ("customer_id", "kind", "reason", "since", "until", "set_by_id", "set_by_name"),
    "record_searchdocument": ("customer_id", "words", "is_left"),
}


@dataclass(frozen=True, slots=True)
class Came:
    """A customer as it came: with the values that the record keeps, their digest, and that of the row it came from."""

    new: NewCustomer
    fingerprint: str
    row: str


@dataclass(slots=True)
class Ids:
    """Ids taken from the sequences beforehand, handed out one by one."""

    customers: Iterator[int]
    people: Iterator[int]
    premises: Iterator[int]
    accounts: Iterator[int]
    services: Iterator[int]


@dataclass(slots=True)
class Batch:
    """The rows of some new customers, table by table, ready to be written."""

    by: Actor
    at: datetime
    import_id: int | None
    ids: Ids
    areas: dict[str, int]
    rows: dict[str, _Rows] = field(default_factory=lambda: {table: [] for table in _COLUMNS})
    found_by: list[str] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    words: dict[str, int] = field(default_factory=dict)
    lines: dict[str, list[str]] = field(default_factory=dict)
    customer_ids: list[int] = field(default_factory=list)


def with_kept_values(new: NewCustomer, *, country: str) -> NewCustomer:
    """The customer with phones, mails and MACs as the record keeps them; a DomainError says whose is bad and why."""
    if not new.name.strip() and not new.external_id:
        raise BadRecordError(gettext("A customer needs a name, or an id in the source system."))
    try:
        return replace(
            new,
            name=new.name.strip(),
            phones=_kept(ContactPointKind.PHONE, new.phones, country),
            mails=_kept(ContactPointKind.MAIL, new.mails, country),
            people=tuple(_kept_person(person, country) for person in new.people),
            devices=tuple(
                replace(device, mac=mac_address(device.mac)) if device.mac else device for device in new.devices
            ),
        )
    except DomainError as error:
        who = new.external_id or new.name
        raise type(error)(gettext("Customer %(who)s: %(why)s") % {"who": who, "why": error}) from error


def _kept_person(person: NewPerson, country: str) -> NewPerson:
    phones = _kept(ContactPointKind.PHONE, person.phones, country)
    return replace(person, phones=phones, mails=_kept(ContactPointKind.MAIL, person.mails, country))


def _kept(kind: str, values: Sequence[str], country: str) -> tuple[str, ...]:
    return tuple(kept_value(kind=kind, value=value, country=country) for value in values)


def take_ids(customers: Sequence[NewCustomer]) -> Ids:
    """As many ids as these customers need."""
    return Ids(
        customers=iter(next_ids("record_customer", len(customers))),
        people=iter(next_ids("record_personofrecord", sum(max(1, len(new.people)) for new in customers))),
        premises=iter(next_ids("record_premise", sum(len(new.premises) for new in customers))),
        accounts=iter(next_ids("record_account", sum(len(new.accounts) for new in customers))),
        services=iter(next_ids("record_service", sum(len(new.services) for new in customers))),
    )


def fill(batch: Batch, customers: Sequence[Came]) -> None:
    """Makes the rows of new customers with everything they have; asks the database nothing."""
    for came in customers:
        batch.customer_ids.append(_add(batch, came))
    batch.lines = {table: [line_of(row) for row in rows] for table, rows in batch.rows.items()}


def write(batch: Batch) -> None:
    """Writes the rows, what the customers are found by, and the moments."""
    with checked_at_once():
        for table, columns in _COLUMNS.items():
            if batch.lines[table]:
                copy_lines(table, columns, batch.lines[table])
    copy_lines("record_searchentry", ("customer_id", "kind", "folded", "shown", "is_left"), batch.found_by)
    count_words(batch.words)
    story.load(batch.told)


@contextmanager
def checked_at_once() -> Iterator[None]:
    """Foreign keys are checked on the way.

    Left to the end of the transaction, the checks would be half of the database's work, and nothing beside them.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _add(batch: Batch, came: Came) -> int:
    new, pk = came.new, next(batch.ids.customers)
    since = new.since or batch.at.date()
    batch.rows["record_customer"].append(
        (
            *(pk, new.kind, new.name, list(new.languages), new.time_zone, since, new.left_on, new.source),
            *(new.external_id, batch.import_id, batch.at, dict(new.facts), came.fingerprint, came.row),
        )
    )
    entries = name_entries(new.name, kind=new.kind)
    entries += code_entry(SearchKind.ACCOUNT, new.external_id)
    entries += _add_people(batch, pk, new, since)
    first_premise = _add_premises(batch, pk, new, entries)
    first_account = _add_accounts(batch, pk, new, entries)
    services = _add_services(batch, pk, new, first_account, first_premise)
    _add_devices(batch, pk, new, services, entries)
    _add_flags(batch, pk, new)
    _tell(batch, pk, new, since)
    is_left = new.left_on is not None
    found_by = each_once(entries)
    flag = "t" if is_left else "f"
    batch.found_by += [f"{pk}\t{e.kind.value}\t{escaped(e.folded)}\t{escaped(e.shown)}\t{flag}" for e in found_by]
    document = document_of(found_by)
    batch.rows["record_searchdocument"].append((pk, document, is_left))
    for word in document.split():
        batch.words[word] = batch.words.get(word, 0) + 1
    return pk


def _add_people(batch: Batch, pk: int, new: NewCustomer, since: date) -> list[Entry]:
    people = new.people
    if not people and new.kind == CustomerKind.PERSON and new.name:
        people = (NewPerson(name=new.name),)
    entries: list[Entry] = []
    seen: set[str] = set()
    for person in people:
        person_id = next(batch.ids.people)
        started = person.since or since
        batch.rows["record_personofrecord"].append(
            (person_id, pk, person.name, person.authority, person.language, started)
        )
        if person.name != new.name:
            entries += name_entries(person.name, kind=CustomerKind.PERSON)
        entries += _reached(batch, (pk, person_id, started), person.phones, person.mails, seen)
    entries += _reached(batch, (pk, None, since), new.phones, new.mails, seen)
    return entries


def _reached(
    batch: Batch, whose: tuple[int, int | None, date], phones: Sequence[str], mails: Sequence[str], seen: set[str]
) -> list[Entry]:
    pk, person_id, since = whose
    entries: list[Entry] = []
    for kind, value in [*((ContactPointKind.PHONE, v) for v in phones), *((ContactPointKind.MAIL, v) for v in mails)]:
        if value not in seen:
            seen.add(value)
            batch.rows["record_contactpoint"].append((pk, person_id, kind.value, value, since))
            entries.append(phone_entry(value) if kind is ContactPointKind.PHONE else mail_entry(value))
    return entries


def _add_premises(batch: Batch, pk: int, new: NewCustomer, entries: list[Entry]) -> int | None:
    first: int | None = None
    for place in new.premises:
        premise_id = next(batch.ids.premises)
        first = first or premise_id
        area_id = place.area_id
        if area_id is None and place.area_code:
            area_id = batch.areas.get(place.area_code)
            if area_id is None:
                raise BadRecordError(gettext("There is no area with the code %(code)s.") % {"code": place.area_code})
        batch.rows["record_premise"].append(
            (
                *(premise_id, area_id, place.line, place.unit, place.town, place.state, place.postcode),
                *(place.country, batch.import_id),
            )
        )
        batch.rows["record_occupancy"].append((pk, premise_id, place.since or new.since, place.until))
        if place.until is None:
            entries += address_entry(place.line, place.unit, place.town, place.postcode)
    return first


def _add_accounts(batch: Batch, pk: int, new: NewCustomer, entries: list[Entry]) -> int | None:
    first: int | None = None
    for account in new.accounts:
        account_id = next(batch.ids.accounts)
        first = first or account_id
        batch.rows["record_account"].append(
            (account_id, pk, account.number, account.cycle_day, account.currency, account.opened_on, account.closed_on)
        )
        entries += code_entry(SearchKind.ACCOUNT, account.number)
    return first


def _add_services(batch: Batch, pk: int, new: NewCustomer, account_id: int | None, premise_id: int | None) -> list[int]:
    ids: list[int] = []
    for service in new.services:
        service_id = next(batch.ids.services)
        ids.append(service_id)
        batch.rows["record_service"].append(
            (
                *(service_id, pk, account_id, premise_id, service.kind, service.plan, service.price_minor),
                *(
                    service.currency,
                    service.promotion_ends_on,
                    service.price_after_minor,
                    service.status or ServiceStatus.ACTIVE,
                ),
                *(service.since, service.until, service.external_id, batch.import_id),
            )
        )
        about = About("service", service_id)
        if service.since is not None:
            what = ServiceAdded(
                service_id=service_id,
                plan=service.plan,
                price_minor=service.price_minor,
                currency=service.currency,
                since=service.since,
            )
            _told(batch, pk, what, service.since, about)
        if service.until is not None and service.until <= batch.at.date():
            ended = ServiceEnded(service_id=service_id, plan=service.plan, until=service.until)
            _told(batch, pk, ended, service.until, about)
    return ids


def _add_devices(batch: Batch, pk: int, new: NewCustomer, services: list[int], entries: list[Entry]) -> None:
    for device in new.devices:
        service_id = services[device.service] if device.service is not None else None
        batch.rows["record_device"].append(
            (
                *(pk, service_id, device.kind, device.maker, device.model, device.serial, device.mac),
                *(device.is_ours, device.since, device.until, batch.import_id),
            )
        )
        if device.until is None:
            entries += code_entry(SearchKind.SERIAL, device.serial)
            entries += code_entry(SearchKind.MAC, device.mac)


def _add_flags(batch: Batch, pk: int, new: NewCustomer) -> None:
    for flag in new.flags:
        batch.rows["record_flag"].append(
            (pk, flag.kind, flag.reason, flag.since or batch.at, flag.until, batch.by.id, batch.by.name)
        )


def _tell(batch: Batch, pk: int, new: NewCustomer, since: date) -> None:
    _told(batch, pk, CustomerAdded(name=new.name, source=new.source), since, About())
    if new.left_on is not None:
        _told(batch, pk, CustomerLeft(on=new.left_on), new.left_on, About())


def _told(
    batch: Batch,
    pk: int,
    what: CustomerAdded | CustomerLeft | ServiceAdded | ServiceEnded,
    on: date,
    about: About,
) -> None:
    """A moment at noon of its day, and never later than the load itself."""
    at = min(datetime.combine(on, time(12), tzinfo=UTC), batch.at)
    batch.told.append(Told(customer_id=pk, what=what, at=at, by=batch.by, about=about, import_id=batch.import_id))
