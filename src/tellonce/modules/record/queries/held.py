"""What many customers hold, as plain rows in the order of their ids: what their bills are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tellonce.modules.record.models import Account, Device, Service


@dataclass(frozen=True, slots=True)
class AccountHeld:
    """An account."""

    customer_id: int
    id: int
    number: str
    cycle_day: int | None
    opened_on: date | None
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class ServiceHeld:
    """A service; prices are in minor units."""

    customer_id: int
    id: int
    plan: str
    price_minor: int | None
    price_after_minor: int | None
    promotion_ends_on: date | None
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class DeviceHeld:
    """A device."""

    customer_id: int
    id: int
    kind: str
    is_ours: bool
    serial: str
    since: date
    until: date | None


def accounts_from(first_customer: int) -> list[AccountHeld]:
    """Accounts of the customers from this id on, in the order of customers."""
    rows = Account.objects.filter(customer_id__gte=first_customer).order_by("customer_id", "pk")
    fields = ("customer_id", "pk", "number", "cycle_day", "opened_on", "closed_on")
    return [AccountHeld(*row) for row in rows.values_list(*fields)]


def services_from(first_customer: int) -> list[ServiceHeld]:
    """Services whose beginning is known."""
    rows = Service.objects.filter(customer_id__gte=first_customer, since__isnull=False).order_by("pk")
    fields = ("customer_id", "pk", "plan", "price_minor", "price_after_minor", "promotion_ends_on", "since", "until")
    return [ServiceHeld(*row) for row in rows.values_list(*fields)]


def devices_from(first_customer: int, *, kinds: Sequence[str]) -> list[DeviceHeld]:
    """Devices of these kinds whose beginning is known."""
    rows = Device.objects.filter(customer_id__gte=first_customer, since__isnull=False, kind__in=kinds)
    fields = ("customer_id", "pk", "kind", "is_ours", "serial", "since", "until")
    return [DeviceHeld(*row) for row in rows.order_by("pk").values_list(*fields)]
