"""What comes in: bills with their lines, prices, and what became known of devices."""

from dataclasses import dataclass
from datetime import date

from tellonce.modules.billing.contracts.bills import BillState, ChargeKind, DeviceEventKind, PriceUnit

MOST_DAYS_AHEAD = 62
"""Bills are made up to two months before their day; one that is dated later has a wrong date."""


@dataclass(frozen=True, slots=True)
class NewCharge:
    """A line of a bill: amounts in minor units, without tax and its tax; discounts and credits below zero.

    `service_ref` is the service's id in the billing system, `service_id` ours where it is known.
    """

    kind: ChargeKind | str
    code: str
    amount_minor: int
    tax_minor: int = 0
    line: int = 0
    words: str = ""
    product: str = ""
    service_id: int | None = None
    service_ref: str = ""
    device_serial: str = ""
    period_from: date | None = None
    period_until: date | None = None


@dataclass(frozen=True, slots=True)
class NewBill:
    """A bill with all of its lines; its total is what they and their tax come to. Lines without a number are counted.

    `account_number` must be known; `source` and `number` name the bill for ever.
    """

    source: str
    number: str
    account_number: str
    issued_on: date
    currency: str
    charges: tuple[NewCharge, ...]
    due_on: date | None = None
    period_from: date | None = None
    period_until: date | None = None
    carried_minor: int | None = None
    state: BillState | str = BillState.ISSUED


@dataclass(frozen=True, slots=True)
class NewPrice:
    """A price of the price book, in minor units; without an area it holds everywhere."""

    code: str
    amount_minor: int
    currency: str
    valid_from: date
    valid_until: date | None = None
    product: str = ""
    area_id: int | None = None
    unit: PriceUnit | str = PriceUnit.MONTH


@dataclass(frozen=True, slots=True)
class NewOrder:
    """Something agreed with a customer that is charged once, by its number in a source."""

    source: str
    number: str
    customer_id: int
    account_id: int
    code: str
    on: date
    service_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewTraffic:
    """What was used of a service in the month that begins with this day."""

    source: str
    service_id: int
    month: date
    units: int


@dataclass(frozen=True, slots=True)
class NewDeviceEvent:
    """What became known of a device on a day."""

    device_serial: str
    kind: DeviceEventKind | str
    on: date
    source: str = ""
