"""Customers as other systems know them: by ids there and account numbers, in pages, and all of them to take away."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

from tellonce.modules.record.models import Account, Customer, HiddenImport, Moment
from tellonce.modules.record.queries.identity import given_to

_AT_ONCE = 1_000
_OWNERS = """
SELECT a.number, c.source, c.external_id FROM record_account a JOIN record_customer c ON c.id = a.customer_id
WHERE a.number = ANY(%s)
"""
_ACCOUNTS = """
SELECT a.number, a.id, a.customer_id, a.currency FROM record_account a JOIN record_customer c ON c.id = a.customer_id
WHERE a.number = ANY(%s) AND c.hidden_at IS NULL
"""
_SERVICES = "SELECT customer_id, external_id, id FROM record_service WHERE customer_id = ANY(%s) AND external_id <> ''"
_SERVICES_CALLED = """
SELECT s.external_id, s.customer_id, s.id FROM record_service s JOIN record_customer c ON c.id = s.customer_id
WHERE s.external_id = ANY(%s) AND s.external_id <> '' AND c.hidden_at IS NULL ORDER BY s.id
"""
_DEVICES = """
SELECT customer_id, serial, max(id) FROM record_device WHERE customer_id = ANY(%s) AND serial <> '' GROUP BY 1, 2
"""
_MOMENT = (
    *("customer_id", "id", "at", "kind", "channel", "direction", "by_kind", "by_name", "about", "about_id"),
    *("contact_id", "case_id", "matter_id", "data", "words", "corrects"),
)


def customer_ids_by_external_id(source: str, external_ids: Sequence[str]) -> dict[str, int]:
    """The customers with these ids in a source system."""
    if not external_ids:
        return {}
    found = Customer.objects.filter(source=source, external_id__in=list(external_ids), hidden_at__isnull=True)
    return dict(found.values_list("external_id", "pk"))


def customer_ids_by_account(numbers: Sequence[str]) -> dict[str, int]:
    """The customers with these account numbers; where a split gave an account away, whoever has it."""
    if not numbers:
        return {}
    found = Account.objects.filter(number__in=list(numbers), customer__hidden_at__isnull=True)
    rows = list(found.values_list("number", "pk", "customer_id"))
    given = given_to("account", [pk for _number, pk, _customer_id in rows])
    return {number: given.get(pk, customer_id) for number, pk, customer_id in rows}


def external_ids_of_accounts(numbers: Sequence[str]) -> dict[str, tuple[str, str]]:
    """The source and the id there of the customer that has each of these account numbers, hidden ones included."""
    if not numbers:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_OWNERS, [list(numbers)])  # one array: the ORM would put thousands of numbers in one by one
        return {number: (source, external_id) for number, source, external_id in cursor.fetchall()}


def accounts_by_number(numbers: Sequence[str]) -> list[tuple[str, int, int, str]]:
    """The accounts with these numbers: number, id, customer, currency; those of hidden customers left out."""
    with connection.cursor() as cursor:
        cursor.execute(_ACCOUNTS, [list(numbers)])
        return list(cursor.fetchall())


def numbers_of_accounts(account_ids: Sequence[int]) -> dict[int, str]:
    """The numbers of the accounts with these ids."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, number FROM record_account WHERE id = ANY(%s)", [list(account_ids)])
        return dict(cursor.fetchall())


def services_of(customer_ids: Sequence[int]) -> list[tuple[int, str, int]]:
    """The services of these customers that have an id in another system: customer, that id, ours."""
    with connection.cursor() as cursor:
        cursor.execute(_SERVICES, [list(customer_ids)])
        return list(cursor.fetchall())


def services_by_id(external_ids: Sequence[str]) -> list[tuple[str, int, int]]:
    """The services with these ids in other systems: that id, customer, ours; those of hidden customers left out."""
    with connection.cursor() as cursor:
        cursor.execute(_SERVICES_CALLED, [list(external_ids)])
        return list(cursor.fetchall())


def devices_of(customer_ids: Sequence[int]) -> list[tuple[int, str, int]]:
    """The devices of these customers by serial number, the latest of each: customer, serial number, id."""
    with connection.cursor() as cursor:
        cursor.execute(_DEVICES, [list(customer_ids)])
        return list(cursor.fetchall())


def customers_page(*, offset: int, limit: int, number: str = "") -> tuple[int, list[int]]:
    """How many customers there are (with this account number only, where given), and the ids of some by id."""
    rows = Customer.objects.filter(hidden_at=None, merged_into=None, erased_at=None)
    if number:
        rows = rows.filter(accounts__number=number)
    return rows.count(), list(rows.order_by("pk").values_list("pk", flat=True)[offset : offset + limit])


def exported_customers() -> Iterator[dict[str, Any]]:
    """Every customer with what it has, as plain values, a thousand at a time; hidden and erased ones left out."""
    rows = Customer.objects.filter(hidden_at=None, erased_at=None).order_by("pk")
    rows = rows.prefetch_related("accounts", "people", "contact_points", "services", "devices", "occupancies__premise")
    for customer in rows.iterator(chunk_size=_AT_ONCE):
        yield {
            "id": customer.pk,
            "source": customer.source,
            "external_id": customer.external_id,
            "kind": customer.kind,
            "name": customer.name,
            "languages": list(customer.languages),
            "time_zone": customer.time_zone,
            "since": customer.since,
            "left_on": customer.left_on,
            "merged_into": customer.merged_into_id,
            "accounts": [account.number for account in customer.accounts.all()],
            "people": [person.name for person in customer.people.all() if person.until is None],
            "phones": _points(customer, "phone"),
            "mails": _points(customer, "mail"),
            "places": [
                f"{stay.premise}, {stay.premise.state} {stay.premise.postcode}".strip(" ,")
                for stay in customer.occupancies.all()
                if stay.until is None
            ],
            "services": [
                {
                    "kind": service.kind,
                    "plan": service.plan,
                    "price_minor": service.price_minor,
                    "currency": service.currency,
                    "status": service.status,
                    "since": service.since,
                    "until": service.until,
                }
                for service in customer.services.all()
            ],
            "devices": [f"{device} {device.serial}".strip() for device in customer.devices.all() if not device.until],
            "facts": customer.facts,
        }


def exported_moments() -> Iterator[dict[str, Any]]:
    """Every moment of every story, customer by customer in order of time; undone imports are left out."""
    hidden = HiddenImport.objects.values("import_id")
    rows = Moment.objects.exclude(import_id__isnull=False, import_id__in=hidden)
    rows = rows.exclude(customer_id__in=Customer.objects.filter(hidden_at__isnull=False).values("pk"))
    yield from rows.order_by("customer_id", "at", "id").values(*_MOMENT).iterator(chunk_size=_AT_ONCE)


def _points(customer: Customer, kind: str) -> list[str]:
    return [point.value for point in customer.contact_points.all() if point.kind == kind and point.until is None]
