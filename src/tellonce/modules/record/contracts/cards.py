"""A customer as pages read it: frozen, with everything that is asked for at once."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tellonce.modules.record.contracts.words import ADDRESS_OF_RECORD_DAYS, FlagKind, ServiceStatus


def is_of_record(*, since: date, until: date | None, on: date) -> bool:
    """Whether something has been on the account for at least 30 days on `on`, and still is."""
    return (until is None or until > on) and since + timedelta(days=ADDRESS_OF_RECORD_DAYS) <= on


@dataclass(frozen=True, slots=True)
class FlagOnCard:
    """A flag that holds now."""

    id: int
    kind: str
    label: str
    reason: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class PersonOnCard:
    """A person of record."""

    id: int
    name: str
    authority: str
    authority_label: str
    language: str
    since: date


@dataclass(frozen=True, slots=True)
class ReachedAt:
    """A phone number (E.164), mail or postal address; `is_of_record` when on the account at least 30 days."""

    id: int
    kind: str
    value: str
    shown: str
    person_id: int | None
    since: date
    is_of_record: bool


@dataclass(frozen=True, slots=True)
class AreaStep:
    """One step of an area path, region first."""

    id: int
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class PremiseOnCard:
    """Where service is delivered now, with its areas from the region down."""

    id: int
    line: str
    unit: str
    town: str
    state: str
    postcode: str
    country: str
    areas: tuple[AreaStep, ...]
    since: date | None
    is_of_record: bool

    @property
    def place(self) -> str:
        """The place in one line."""
        return ", ".join(part for part in (self.line, self.unit, self.town, self.state, self.postcode) if part)


@dataclass(frozen=True, slots=True)
class ServiceOnCard:
    """A service; ended ones come last."""

    id: int
    kind: str
    kind_label: str
    plan: str
    price_minor: int | None
    currency: str
    promotion_ends_on: date | None
    price_after_minor: int | None
    status: str
    status_label: str
    since: date | None
    until: date | None
    premise_id: int | None
    account_id: int | None

    @property
    def is_ended(self) -> bool:
        """Whether it is over."""
        return self.status == ServiceStatus.ENDED


@dataclass(frozen=True, slots=True)
class DeviceOnCard:
    """A device that the customer has now."""

    id: int
    kind: str
    kind_label: str
    maker: str
    model: str
    serial: str
    mac: str
    is_ours: bool
    service_id: int | None
    since: date | None


@dataclass(frozen=True, slots=True)
class AccountOnCard:
    """An account."""

    id: int
    number: str
    cycle_day: int | None
    currency: str
    opened_on: date | None
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class CustomerCard:
    """Who it is and what they have. `id` is the customer that remains after merges, `ids` all that read as it."""

    id: int
    ids: tuple[int, ...]
    name: str
    number: str
    kind: str
    kind_label: str
    since: date | None
    left_on: date | None
    languages: tuple[str, ...]
    time_zone: str
    source: str
    external_id: str
    facts: dict[str, Any]
    erased: bool
    flags: tuple[FlagOnCard, ...]
    people: tuple[PersonOnCard, ...]
    phones: tuple[ReachedAt, ...]
    mails: tuple[ReachedAt, ...]
    posts: tuple[ReachedAt, ...]
    premises: tuple[PremiseOnCard, ...]
    services: tuple[ServiceOnCard, ...]
    devices: tuple[DeviceOnCard, ...]
    accounts: tuple[AccountOnCard, ...]

    @property
    def shown_name(self) -> str:
        """The name, or the account number of a customer without one, or the id in the source system."""
        return self.name or self.number or self.external_id or str(self.id)

    @property
    def is_restricted(self) -> bool:
        """Whether the card opens only with a reason."""
        return any(flag.kind == FlagKind.RESTRICTED for flag in self.flags)

    @property
    def area_ids(self) -> tuple[int, ...]:
        """Every area that one of the premises lies in, without repeats."""
        return tuple(dict.fromkeys(step.id for premise in self.premises for step in premise.areas))


@dataclass(frozen=True, slots=True)
class AreaNode:
    """An area with those below it."""

    id: int
    kind: str
    name: str
    code: str
    parent_id: int | None
    children: tuple["AreaNode", ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One customer that a search found: `kind` and `shown` say what matched; `left` when they are no customer now."""

    customer_id: int
    name: str
    number: str
    place: str
    kind: str
    shown: str
    left: bool = False


@dataclass(frozen=True, slots=True)
class Away:
    """Ids of one type that splits gave away from a set of customers, and that splits gave to it."""

    away: frozenset[int]
    here: frozenset[int]


@dataclass(frozen=True, slots=True)
class Accounts:
    """Which accounts read as one customer's: those of `ids` that are not `away`, and those `here`, which splits gave.

    What is told of the latter lies under the ids of `keepers`.
    """

    ids: tuple[int, ...]
    away: frozenset[int] = frozenset()
    here: frozenset[int] = frozenset()
    keepers: frozenset[int] = frozenset()
