"""The whole record as plain rows: for models that learn from all customers at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models.functions import Coalesce

from tellonce.modules.record.models import Account, Area, Customer, Device, Moment, Occupancy, Service


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer; `reads_as` is the one it was merged into, or itself."""

    id: int
    reads_as: int
    kind: str
    since: date | None
    left_on: date | None
    time_zone: str


@dataclass(frozen=True, slots=True)
class StayRow:
    """A customer at a premise, with the premise's area."""

    customer_id: int
    premise_id: int
    area_id: int | None
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """A service."""

    customer_id: int
    kind: str
    since: date | None
    until: date | None
    promotion_ends_on: date | None


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A device."""

    id: int
    customer_id: int
    kind: str
    is_ours: bool
    serial: str
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class MomentRow:
    """When something of one kind happened to a thing of a customer."""

    customer_id: int
    about_id: int | None
    at: datetime


def all_customers() -> Iterator[CustomerRow]:
    """Every customer that is not hidden."""
    rows = Customer.objects.filter(hidden_at=None).annotate(reads_as=Coalesce("merged_into_id", "id"))
    fields = ("id", "reads_as", "kind", "since", "left_on", "time_zone")
    return (CustomerRow(*row) for row in rows.values_list(*fields).iterator(chunk_size=5000))


def cycle_days() -> Iterator[tuple[int, int]]:
    """(customer, bill day) of every account that has one."""
    rows = Account.objects.filter(cycle_day__isnull=False, closed_on=None).values_list("customer_id", "cycle_day")
    return ((customer, day) for customer, day in rows.iterator(chunk_size=5000) if day is not None)


def stays() -> Iterator[StayRow]:
    """Who lived where, when."""
    rows = Occupancy.objects.values_list("customer_id", "premise_id", "premise__area_id", "since", "until")
    return (StayRow(*row) for row in rows.iterator(chunk_size=5000))


def all_services() -> Iterator[ServiceRow]:
    """Every service there is or was."""
    rows = Service.objects.values_list("customer_id", "kind", "since", "until", "promotion_ends_on")
    return (ServiceRow(*row) for row in rows.iterator(chunk_size=5000))


def all_devices() -> Iterator[DeviceRow]:
    """Every device there is or was."""
    rows = Device.objects.values_list("id", "customer_id", "kind", "is_ours", "serial", "since", "until")
    return (DeviceRow(*row) for row in rows.iterator(chunk_size=5000))


def area_parents() -> dict[int, int | None]:
    """Each area's parent."""
    return dict(Area.objects.values_list("pk", "parent_id"))


def moments_of_kinds(kinds: Sequence[str], *, since: datetime) -> Iterator[MomentRow]:
    """When moments of these kinds were told, over all customers: not for pages, it reads every story."""
    rows = Moment.objects.filter(kind__in=kinds, at__gte=since).order_by("at")
    return (MomentRow(*row) for row in rows.values_list("customer_id", "about_id", "at").iterator(chunk_size=5000))
