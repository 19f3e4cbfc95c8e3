"""A mapping: which columns of a file become which fields, as its TOML file says it."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from tellonce.intake.contracts import ImportKind
from tellonce.intake.mapping.billed import (
    BillPart,
    ChargePart,
    DeviceEventPart,
    OrderPart,
    PaymentPart,
    PricePart,
    TrafficPart,
)
from tellonce.intake.mapping.cells import Cell, CellSpec, Names, Slot, Strict, When, columns_of
from tellonce.modules.network.contracts import OutageKind
from tellonce.modules.phone.contracts import CallOutcome
from tellonce.modules.record.contracts import (
    AreaKind,
    Authority,
    Channel,
    CustomerKind,
    DeviceKind,
    Direction,
    FlagKind,
    ServiceKind,
    ServiceStatus,
)

Text = CellSpec | None
_PRICE = Slot("money", least=0, most=10**15)
_DATE = Slot("date")
_TIME = Slot("time")
_SECONDS = Slot("whole", least=0, most=604_800)


class FileShape(Strict):
    """How to read the file, where looking at it is not enough."""

    format: Literal["", "csv", "jsonl", "xlsx", "parquet", "tmf678"] = ""
    encoding: str = ""
    delimiter: Annotated[str, Field(max_length=1)] = ""
    sheet: str = ""


class CustomerPart(Strict):
    """The customer itself."""

    external_id: Annotated[CellSpec, Slot(limit=120, required=True)]
    kind: Annotated[Text, Slot(choices=CustomerKind)] = None
    name: Annotated[Text, Slot(limit=200)] = None
    language: Annotated[Text, Slot(limit=10)] = None
    time_zone: Annotated[Text, Slot(limit=64)] = None
    since: Annotated[Text, _DATE] = None
    left_on: Annotated[Text, _DATE] = None


class AccountPart(Strict):
    """What the customer is billed on."""

    number: Annotated[CellSpec, Slot(limit=60)]
    cycle_day: Annotated[Text, Slot("whole", least=1, most=31)] = None
    opened_on: Annotated[Text, _DATE] = None
    closed_on: Annotated[Text, _DATE] = None
    when: When | None = None


class PersonPart(Strict):
    """Somebody who may speak for the customer; left out on rows where the name is empty."""

    name: Annotated[CellSpec, Slot(limit=200)]
    authority: Annotated[Text, Slot(choices=Authority)] = None
    language: Annotated[Text, Slot(limit=10)] = None
    since: Annotated[Text, _DATE] = None
    phone: Annotated[Text, Slot("phone")] = None
    second_phone: Annotated[Text, Slot("phone")] = None
    mail: Annotated[Text, Slot("mail", limit=254)] = None
    when: When | None = None


class PointPart(Strict):
    """A phone number or mail address that belongs to no person in particular."""

    phone: Annotated[Text, Slot("phone")] = None
    mail: Annotated[Text, Slot("mail", limit=254)] = None
    when: When | None = None


class AreaStep(Strict):
    """One step of the area that a premise lies in, from the region down; made where its code is not known yet."""

    kind: AreaKind
    name: Annotated[CellSpec, Slot(limit=120)]
    code: Annotated[CellSpec, Slot(limit=60)]


class PremisePart(Strict):
    """Where service is delivered; left out on rows where every part of the place is empty."""

    line: Annotated[Text, Slot(limit=200)] = None
    unit: Annotated[Text, Slot(limit=60)] = None
    town: Annotated[Text, Slot(limit=120)] = None
    state: Annotated[Text, Slot(limit=60)] = None
    postcode: Annotated[Text, Slot(limit=20)] = None
    country: Annotated[Text, Slot(limit=2)] = None
    area_code: Annotated[Text, Slot(limit=60)] = None
    since: Annotated[Text, _DATE] = None
    until: Annotated[Text, _DATE] = None
    areas: tuple[AreaStep, ...] = ()
    when: When | None = None

    @model_validator(mode="after")
    def _region_first(self) -> "PremisePart":
        if self.areas and (self.areas[0].kind != AreaKind.REGION or self.area_code is not None):
            raise ValueError('"areas" begins with a region, and stands instead of "area_code"')
        return self


class ServicePart(Strict):
    """A plan of the customer; left out on rows where its plan is empty or its `when` does not hold."""

    kind: Annotated[CellSpec, Slot(choices=ServiceKind)]
    plan: Annotated[CellSpec, Slot(limit=120)]
    price: Annotated[Text, _PRICE] = None
    promotion_ends_on: Annotated[Text, _DATE] = None
    price_after: Annotated[Text, _PRICE] = None
    status: Annotated[Text, Slot(choices=ServiceStatus)] = None
    since: Annotated[Text, _DATE] = None
    until: Annotated[Text, _DATE] = None
    external_id: Annotated[Text, Slot(limit=120)] = None
    when: When | None = None


class EveryService(Strict):
    """What holds for all services of a row, unless a service says otherwise."""

    status: Annotated[Text, Slot(choices=ServiceStatus)] = None
    since: Annotated[Text, _DATE] = None
    until: Annotated[Text, _DATE] = None


class DevicePart(Strict):
    """A device at the customer's; left out on rows where model, serial and MAC are all empty."""

    kind: Annotated[CellSpec, Slot(choices=DeviceKind)]
    maker: Annotated[Text, Slot(limit=80)] = None
    model: Annotated[Text, Slot(limit=120)] = None
    serial: Annotated[Text, Slot(limit=80)] = None
    mac: Annotated[Text, Slot("mac")] = None
    is_ours: Annotated[Text, Slot("yes_no")] = None
    since: Annotated[Text, _DATE] = None
    when: When | None = None


class FlagPart(Strict):
    """Something everyone must know; left out on rows where its reason is empty."""

    kind: Annotated[CellSpec, Slot(choices=FlagKind)]
    reason: Annotated[CellSpec, Slot(limit=300)]
    since: Annotated[Text, _TIME] = None
    until: Annotated[Text, _TIME] = None
    when: When | None = None


class ContactPart(Strict):
    """One contact; who the customer is stands by id in the source system, by account number, or not at all."""

    external_id: Annotated[CellSpec, Slot(limit=120, required=True)]
    channel: Annotated[CellSpec, Slot(choices=Channel, required=True)]
    began_at: Annotated[CellSpec, Slot("time", required=True)]
    direction: Annotated[Text, Slot(choices=Direction)] = None
    answered_at: Annotated[Text, _TIME] = None
    ended_at: Annotated[Text, _TIME] = None
    is_waiting: Annotated[Text, Slot("yes_no")] = None
    reached_from: Annotated[Text, Slot(limit=300)] = None
    said_name: Annotated[Text, Slot(limit=200)] = None
    said: Annotated[Text, Slot(limit=100_000)] = None
    note: Annotated[Text, Slot(limit=100_000)] = None
    matter: Annotated[Text, Slot(limit=80)] = None
    transfers: Annotated[Text, Slot("whole", least=0, most=1000)] = None
    customer_external_id: Annotated[Text, Slot(limit=120)] = None
    customer_source: Annotated[str, Field(max_length=60)] = ""
    account_number: Annotated[Text, Slot(limit=60)] = None


class MatterRule(Strict):
    """The matter of a contact whose words hold any of these and none of those; the first rule that fits counts."""

    matter: str
    any: Names
    none: Names | None = None


class AreaPart(Strict):
    """An area of the tree: a region, or one below the area whose code is `parent`."""

    kind: Annotated[CellSpec, Slot(choices=AreaKind, required=True)]
    name: Annotated[CellSpec, Slot(limit=120, required=True)]
    code: Annotated[CellSpec, Slot(limit=60, required=True)]
    parent: Annotated[Text, Slot(limit=60)] = None


class OutagePart(Strict):
    """An outage in an area, named by the area's code."""

    external_id: Annotated[CellSpec, Slot(limit=120, required=True)]
    area_code: Annotated[CellSpec, Slot(limit=60, required=True)]
    kind: Annotated[Text, Slot(choices=OutageKind)] = None
    began_at: Annotated[CellSpec, Slot("time", required=True)]
    expected_until: Annotated[Text, _TIME] = None
    ended_at: Annotated[Text, _TIME] = None
    cause: Annotated[Text, Slot(limit=300)] = None


class QueuePart(Strict):
    """A queue that calls of the file waited in; made where its code is not known yet."""

    code: Annotated[str, Field(min_length=1, max_length=40)]
    name: Annotated[str, Field(min_length=1, max_length=120)]
    skill: Annotated[str, Field(max_length=40)] = ""
    answer_within_s: Annotated[int, Field(ge=0, le=86_400)] = 60
    share: Annotated[float, Field(gt=0, le=1)] = 0.8
    time_zone: Annotated[str, Field(max_length=64)] = ""


class CallPart(Strict):
    """One call that is over. Who called stands as for contacts, or only as the code that the file gives the caller."""

    external_id: Annotated[CellSpec, Slot(limit=120, required=True)]
    queue: Annotated[Text, Slot(limit=40)] = None
    arrived_at: Annotated[CellSpec, Slot("time", required=True)]
    outcome: Annotated[CellSpec, Slot(choices=CallOutcome, required=True)]
    queued_at: Annotated[Text, _TIME] = None
    answered_at: Annotated[Text, _TIME] = None
    ended_at: Annotated[Text, _TIME] = None
    menu_s: Annotated[Text, _SECONDS] = None
    wait_s: Annotated[Text, _SECONDS] = None
    handle_s: Annotated[Text, _SECONDS] = None
    person_code: Annotated[Text, Slot(limit=40)] = None
    service_code: Annotated[Text, Slot(limit=40)] = None
    priority: Annotated[Text, Slot("whole", least=-32_000, most=32_000)] = None
    transfers: Annotated[Text, Slot("whole", least=0, most=1000)] = None
    matter: Annotated[Text, Slot(limit=80)] = None
    caller_code: Annotated[Text, Slot("any", limit=60)] = None
    customer_external_id: Annotated[Text, Slot(limit=120)] = None
    customer_source: Annotated[str, Field(max_length=60)] = ""
    account_number: Annotated[Text, Slot(limit=60)] = None


class Mapping(Strict):
    """A whole mapping. `source` names the system that the file comes from: with the id there, a row is known again."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
    title: str
    of: ImportKind
    source: Annotated[str, Field(min_length=1, max_length=60)]
    as_of: date | None = None
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    ignored: tuple[str, ...] = ()
    matches_by_rule: bool = False
    file: FileShape = FileShape()
    customer: CustomerPart | None = None
    account: tuple[AccountPart, ...] = ()
    person: tuple[PersonPart, ...] = ()
    point: tuple[PointPart, ...] = ()
    premise: tuple[PremisePart, ...] = ()
    every_service: EveryService | None = None
    service: tuple[ServicePart, ...] = ()
    device: tuple[DevicePart, ...] = ()
    flag: tuple[FlagPart, ...] = ()
    facts: dict[str, CellSpec] = Field(default_factory=dict)
    contact: ContactPart | None = None
    rule: tuple[MatterRule, ...] = ()
    area: AreaPart | None = None
    outage: OutagePart | None = None
    call: CallPart | None = None
    queue: tuple[QueuePart, ...] = ()
    bill: BillPart | None = None
    charge: ChargePart | None = None
    payment: PaymentPart | None = None
    price: PricePart | None = None
    device_event: DeviceEventPart | None = None
    order: OrderPart | None = None
    traffic: TrafficPart | None = None

    @field_validator("of", mode="before")
    @classmethod
    def _known_kind(cls, value: object) -> object:
        if value not in ImportKind.values:
            raise ValueError(f"it is one of: {', '.join(ImportKind.values)}")
        return value

    @model_validator(mode="after")
    def _right_parts(self) -> "Mapping":
        wanted = _NEEDED.get(self.of, self.of.value.removesuffix("s"))
        if getattr(self, wanted) is None:
            raise ValueError(f"a mapping of {self.of.value} needs the part [{wanted}]")
        allowed = _PARTS_OF[self.of]
        foreign = sorted(part for part in _ALL_PARTS - allowed if getattr(self, part))
        if foreign:
            raise ValueError(f"a mapping of {self.of.value} has no part [{foreign[0]}]")
        if self.of == ImportKind.CHARGES and self.charge is not None and self.charge.bill is None:
            raise ValueError('a mapping of charges needs "bill" in [charge]: the number of the bill that a line is of')
        return self

    @property
    def needs_as_of(self) -> bool:
        """Whether a value is relative to a date that must be stated."""
        return any(cell.as_ in {"months_before", "as_of"} for cell in self.cells())

    def cells(self) -> Iterator[Cell]:
        """Every cell of the mapping."""
        yield from _cells_in(self)

    def used_columns(self) -> set[str]:
        """Every column that the mapping reads."""
        named = {name for cell in self.cells() for names in columns_of(cell) for name in names}
        return named | {name for part in _parts_in(self) if isinstance(part, When) for name in part.column}

    def columns(self) -> set[str]:
        """Every column that the mapping names, or says it leaves out."""
        return self.used_columns() | set(self.ignored)


_CUSTOMER_PARTS = frozenset(
    {"customer", "account", "person", "point", "premise", "every_service", "service", "device", "flag", "facts"}
)
_PARTS_OF = {
    ImportKind.CUSTOMERS: _CUSTOMER_PARTS,
    ImportKind.CONTACTS: frozenset({"contact", "rule", "facts"}),
    ImportKind.AREAS: frozenset({"area"}),
    ImportKind.OUTAGES: frozenset({"outage"}),
    ImportKind.CALLS: frozenset({"call", "queue"}),
    ImportKind.BILLS: frozenset({"bill", "charge"}),
    ImportKind.CHARGES: frozenset({"charge"}),
    ImportKind.PAYMENTS: frozenset({"payment"}),
    ImportKind.PRICES: frozenset({"price"}),
    ImportKind.DEVICES: frozenset({"device_event"}),
    ImportKind.ORDERS: frozenset({"order"}),
    ImportKind.TRAFFIC: frozenset({"traffic"}),
}
_NEEDED = {ImportKind.DEVICES: "device_event"}
_ALL_PARTS = frozenset().union(*_PARTS_OF.values())


def _parts_in(part: Strict) -> Iterator[Strict]:
    yield part
    for name in type(part).model_fields:
        value = getattr(part, name)
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else (value,)
        for item in inner:
            if isinstance(item, Strict):
                yield from _parts_in(item)


def _cells_in(part: Strict) -> Iterator[Cell]:
    return (item for item in _parts_in(part) if isinstance(item, Cell))


def slot_of(part: Strict, field: str) -> Slot:
    """What a field of a part takes."""
    return next(extra for extra in type(part).model_fields[field].metadata if isinstance(extra, Slot))
