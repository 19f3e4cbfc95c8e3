"""Customers as other systems know them: by ids there and account numbers, in pages, and all of them to take away."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

from tellonce.modules.record.models import Account, Customer, HiddenImport, Moment

_AT_ONCE = 1_000
_OWNERS = """
SELECT a.number, c.source, c.external_id FROM record_account a JOIN record_customer c ON c.id = a.customer_id
WHERE a.number = ANY(%s)
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
    """The customers with these account numbers."""
    if not numbers:
        return {}
    found = Account.objects.filter(number__in=list(numbers), customer__hidden_at__isnull=True)
    return dict(found.values_list("number", "customer_id"))


def external_ids_of_accounts(numbers: Sequence[str]) -> dict[str, tuple[str, str]]:
    """The source and the id there of the customer that has each of these account numbers, hidden ones included."""
    if not numbers:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_OWNERS, [list(numbers)])  # one array: the ORM would put thousands of numbers in one by one
        return {number: (source, external_id) for number, source, external_id in cursor.fetchall()}


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
