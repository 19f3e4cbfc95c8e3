"""Customers as they come in by the bulk path: what `actions.load_customers` takes and gives back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tellonce.modules.record.contracts.words import (
    Authority,
    CustomerKind,
    DeviceKind,
    FlagKind,
    ServiceKind,
)


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person of record with phones (any format) and mails of their own; `since` is the customer's when missing."""

    name: str
    authority: str = Authority.DECIDE
    language: str = ""
    since: date | None = None
    phones: tuple[str, ...] = ()
    mails: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewPremise:
    """A place and how long the customer is there; the area by `area_id` or by its stable `area_code`."""

    line: str = ""
    unit: str = ""
    town: str = ""
    state: str = ""
    postcode: str = ""
    country: str = "US"
    area_id: int | None = None
    area_code: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account; its number is unique over all customers."""

    number: str
    cycle_day: int | None = None
    currency: str = "USD"
    opened_on: date | None = None
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class NewService:
    """A plan; prices in minor units. It hangs on the customer's first account and first premise.

    Without a `status` a new one is active, and one that is known stays as it is.
    """

    plan: str
    kind: str = ServiceKind.INTERNET
    price_minor: int | None = None
    currency: str = "USD"
    promotion_ends_on: date | None = None
    price_after_minor: int | None = None
    status: str = ""
    since: date | None = None
    until: date | None = None
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class NewDevice:
    """A device; `service` is the place (from 0) of its service among the customer's services, or None."""

    kind: str = DeviceKind.MODEM
    maker: str = ""
    model: str = ""
    serial: str = ""
    mac: str = ""
    is_ours: bool = True
    since: date | None = None
    until: date | None = None
    service: int | None = None


@dataclass(frozen=True, slots=True)
class NewFlag:
    """A flag with its reason and perhaps its end."""

    kind: str = FlagKind.LIFE_LINE
    reason: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewCustomer:
    """A customer as another system knows it, by (`source`, `external_id`); both empty for one without an id.

    `phones` (any format) and `mails` belong to no person in particular. `facts` are further values of the source
    system, kept as they came (text, numbers, None). No `left_on` says that the customer is with us, unless the source
    does not know who left (`knows_left` False).
    """

    source: str = ""
    external_id: str = ""
    kind: str = CustomerKind.PERSON
    name: str = ""
    languages: tuple[str, ...] = ()
    time_zone: str = ""
    since: date | None = None
    left_on: date | None = None
    knows_left: bool = True
    facts: Mapping[str, Any] = field(default_factory=dict)
    people: tuple[NewPerson, ...] = ()
    phones: tuple[str, ...] = ()
    mails: tuple[str, ...] = ()
    premises: tuple[NewPremise, ...] = ()
    accounts: tuple[NewAccount, ...] = ()
    services: tuple[NewService, ...] = ()
    devices: tuple[NewDevice, ...] = ()
    flags: tuple[NewFlag, ...] = ()


@dataclass(frozen=True, slots=True)
class LoadResult:
    """Ids in the order of what came in (a known customer keeps its id), and how many were new, changed, as before."""

    customer_ids: tuple[int, ...]
    added: int
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Change:
    """What an import changed of something that was there: the type and id of it, one field, before and after.

    An empty `field` says that the import added the thing itself, to a customer who was known: `after` holds it whole.
    Values are such that JSON can hold them. `customer_id` is None for what belongs to nobody yet.
    """

    customer_id: int | None
    about: str
    about_id: int
    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Stays:
    """What undoing an import leaves as it is, because it was changed or used since: whose, of what, which field.

    `name` is what another system calls it, where that is no person's name.
    """

    customer_id: int | None
    about: str
    about_id: int
    field: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class GivenBack:
    """How many things are as they were before the import, and what stays as it is."""

    things: int
    stays: tuple[Stays, ...] = ()
