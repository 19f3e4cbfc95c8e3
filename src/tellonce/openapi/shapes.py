"""What the API takes: strict shapes of our own interface."""

from datetime import date, datetime
from typing import Annotated

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints, model_validator

from tellonce.modules.billing.contracts import ChargeKind
from tellonce.modules.network.contracts import OutageKind
from tellonce.modules.record.contracts import (
    Authority,
    Channel,
    CustomerKind,
    DeviceKind,
    Direction,
    ServiceKind,
    ServiceStatus,
)

Id = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Aware = Annotated[datetime, Field(description="with an offset: 2026-03-02T09:00:00-07:00")]
Text10 = Annotated[str, StringConstraints(strip_whitespace=True, max_length=10)]
Text17 = Annotated[str, StringConstraints(strip_whitespace=True, max_length=17)]
Text20 = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20)]
Text40 = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]
Text60 = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]
Text64 = Annotated[str, StringConstraints(strip_whitespace=True, max_length=64)]
Text80 = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)]
Text120 = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)]
Text200 = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Text254 = Annotated[str, StringConstraints(strip_whitespace=True, max_length=254)]
Text300 = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
Text100000 = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100_000)]


class Taken(Schema):
    """Whatever comes in: keys that are not known are refused, and so are NUL in a text and times without an offset."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="after")
    def _aware(self) -> "Taken":
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, str) and "\0" in value:
                raise ValueError(f"{name} holds a character that no text has")
            if isinstance(value, datetime) and value.tzinfo is None:
                raise ValueError(f"{name} needs an offset, such as Z or -07:00")
        return self


class WhoIn(Taken):
    """A customer by one of these: our id, the id in the key's source system, an account number."""

    id: int | None = None
    external_id: Id | None = None
    account_number: Id | None = None


class ContactIn(Taken):
    """A contact that begins, or began."""

    external_id: Id
    channel: Channel
    at: Aware | None = None
    direction: Direction = Direction.FROM
    customer: WhoIn | None = None
    reached_from: Text300 = ""
    said_name: Text200 = ""
    said: Text100000 = ""
    queue: Text200 = ""


class PersonIn(Taken):
    """Somebody who may speak for the customer."""

    name: Text200
    authority: Authority = Authority.DECIDE
    language: Text10 = ""
    since: date | None = None
    phones: list[Text40] = []
    mails: list[Text254] = []


class PremiseIn(Taken):
    """Where service is delivered."""

    line: Text200 = ""
    unit: Text60 = ""
    town: Text120 = ""
    state: Text60 = ""
    postcode: Text20 = ""
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] = "US"
    area_code: Text60 = ""
    since: date | None = None
    until: date | None = None


class AccountIn(Taken):
    """What is billed."""

    number: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    cycle_day: Annotated[int, Field(ge=1, le=31)] | None = None
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "USD"
    opened_on: date | None = None
    closed_on: date | None = None


class ServiceIn(Taken):
    """A plan; prices in the currency's smallest unit."""

    plan: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    kind: ServiceKind
    price_minor: Annotated[int, Field(ge=0)] | None = None
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "USD"
    promotion_ends_on: date | None = None
    price_after_minor: Annotated[int, Field(ge=0)] | None = None
    status: ServiceStatus = ServiceStatus.ACTIVE
    since: date | None = None
    until: date | None = None
    external_id: Text120 = ""


class DeviceIn(Taken):
    """A device at the customer's."""

    kind: DeviceKind
    maker: Text80 = ""
    model: Text120 = ""
    serial: Text80 = ""
    mac: Text17 = ""
    is_ours: bool = True
    since: date | None = None


class CustomerIn(Taken):
    """A customer as the key's source system knows it."""

    external_id: Id
    kind: CustomerKind = CustomerKind.PERSON
    name: Text200 = ""
    languages: list[Text10] = []
    time_zone: Text64 = ""
    since: date | None = None
    left_on: date | None = None
    people: list[PersonIn] = []
    phones: list[Text40] = []
    mails: list[Text254] = []
    premises: list[PremiseIn] = []
    accounts: list[AccountIn] = []
    services: list[ServiceIn] = []
    devices: list[DeviceIn] = []
    facts: dict[str, str | int | float | bool | None] = {}


class OutageIn(Taken):
    """An outage that is reported; the same id again changes it."""

    external_id: Id
    area_code: Id
    kind: OutageKind = OutageKind.LOST
    began_at: Aware
    expected_until: Aware | None = None
    cause: Text300 = ""
    services: list[ServiceKind] = []


class OutageChange(Taken):
    """What is new of an outage; what is left out stays."""

    kind: OutageKind | None = None
    expected_until: Aware | None = None
    cause: Text300 | None = None


class OutageEnd(Taken):
    """When it was over; now, where nothing is said."""

    ended_at: Aware | None = None


MOST_MINOR = 10**15
Minor = Annotated[int, Field(ge=-MOST_MINOR, le=MOST_MINOR, description="in the currency's smallest unit")]


class MissedVisitIn(Taken):
    """A visit to which nobody came, as the field system knows it; the same id again is the same visit."""

    external_id: Id
    customer: WhoIn
    window_from: Aware
    window_until: Aware
    words: Text300 = ""


class LineIn(Taken):
    """A line of a bill; amounts without tax, discounts and credits below zero. `period_until` is not included."""

    line: Annotated[int, Field(ge=1, le=1_000_000)]
    kind: ChargeKind
    code: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    amount_minor: Minor
    tax_minor: Minor = 0
    words: Text300 = ""
    product: Text120 = ""
    service_ref: Text120 = ""
    device_serial: Text80 = ""
    period_from: date | None = None
    period_until: date | None = None


class BillIn(Taken):
    """A bill that is not sent yet, with all of its lines."""

    number: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    account_number: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    issued_on: date
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "USD"
    due_on: date | None = None
    period_from: date | None = None
    period_until: date | None = None
    carried_minor: Minor | None = None
    lines: Annotated[list[LineIn], Field(min_length=1, max_length=10_000)]

    @model_validator(mode="after")
    def _total(self) -> "BillIn":
        if abs(sum(line.amount_minor + line.tax_minor for line in self.lines)) > MOST_MINOR:
            raise ValueError(f"the lines come to more than {MOST_MINOR}")
        return self


class OrdersTaken(Taken):
    """Orders that the billing system took, by their ids."""

    ids: Annotated[list[int], Field(min_length=1, max_length=1000)]
