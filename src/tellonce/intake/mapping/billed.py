"""The parts of mappings of bills, their lines, payments, prices, and what became known of devices."""

from typing import Annotated

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tellonce.intake.mapping.cells import CellSpec, Slot, Strict
from tellonce.modules.billing.contracts import BillState, ChargeKind, DeviceEventKind, PriceUnit

Text = CellSpec | None
_DATE = Slot("date")
_MONEY = Slot("money", least=-(10**15), most=10**15)
_CURRENCY = Slot(limit=3)


class ToldState(TextChoices):
    """Where a bill stands, as a file may say it."""

    ISSUED = BillState.ISSUED.value, _("sent")
    WITHDRAWN = BillState.WITHDRAWN.value, _("withdrawn")


class BillPart(Strict):
    """A bill. `period_to` is the last day of its period, `period_until` the first after it: state one of them.

    `total` is the sum of the lines and their tax. Without it a file that has the lines too is taken at its word.
    """

    number: Annotated[CellSpec, Slot(limit=60, required=True)]
    account_number: Annotated[CellSpec, Slot(limit=60, required=True)]
    issued_on: Annotated[CellSpec, Slot("date", required=True)]
    due_on: Annotated[Text, _DATE] = None
    period_from: Annotated[Text, _DATE] = None
    period_until: Annotated[Text, _DATE] = None
    period_to: Annotated[Text, _DATE] = None
    currency: Annotated[Text, _CURRENCY] = None
    total: Annotated[Text, Slot("money", least=-(10**15), most=10**15, required=True)] = None
    carried: Annotated[Text, _MONEY] = None
    lines: Annotated[Text, Slot("whole", least=0, most=1_000_000, required=True)] = None
    state: Annotated[Text, Slot(choices=ToldState)] = None


class ChargePart(Strict):
    """A line of a bill; `bill` is the number of the bill where the lines stand in a file apart.

    Without `line` the lines of a bill are numbered as they stand in the file. With `turn_discounts` the file has
    discounts and credits above zero.
    """

    bill: Annotated[Text, Slot(limit=60, required=True)] = None
    line: Annotated[Text, Slot("whole", least=0, most=1_000_000, required=True)] = None
    kind: Annotated[CellSpec, Slot(choices=ChargeKind, required=True)]
    code: Annotated[CellSpec, Slot(limit=60, required=True)]
    words: Annotated[Text, Slot(limit=300)] = None
    product: Annotated[Text, Slot(limit=120)] = None
    service: Annotated[Text, Slot(limit=120)] = None
    device: Annotated[Text, Slot(limit=80)] = None
    period_from: Annotated[Text, _DATE] = None
    period_until: Annotated[Text, _DATE] = None
    period_to: Annotated[Text, _DATE] = None
    amount: Annotated[CellSpec, Slot("money", least=-(10**15), most=10**15, required=True)]
    tax: Annotated[Text, _MONEY] = None
    amount_with_tax: Annotated[Text, _MONEY] = None
    currency: Annotated[Text, _CURRENCY] = None
    turn_discounts: bool = False


class PaymentPart(Strict):
    """Money that came in for an account; below zero where it went back."""

    number: Annotated[CellSpec, Slot(limit=60, required=True)]
    account_number: Annotated[CellSpec, Slot(limit=60, required=True)]
    on: Annotated[CellSpec, Slot("date", required=True)]
    amount: Annotated[CellSpec, Slot("money", least=-(10**15), most=10**15, required=True)]
    method: Annotated[Text, Slot(limit=60)] = None
    currency: Annotated[Text, _CURRENCY] = None


class PricePart(Strict):
    """A price of the price book from a day on; `valid_to` is its last day, `valid_until` the first after it."""

    code: Annotated[CellSpec, Slot(limit=60, required=True)]
    product: Annotated[Text, Slot(limit=120)] = None
    area_code: Annotated[Text, Slot(limit=60)] = None
    amount: Annotated[CellSpec, Slot("money", least=-(10**15), most=10**15, required=True)]
    currency: Annotated[Text, _CURRENCY] = None
    unit: Annotated[Text, Slot(choices=PriceUnit)] = None
    valid_from: Annotated[CellSpec, Slot("date", required=True)]
    valid_until: Annotated[Text, _DATE] = None
    valid_to: Annotated[Text, _DATE] = None


class OrderPart(Strict):
    """Something agreed that is charged once, by its number; `service` is the `external_id` of a service."""

    number: Annotated[CellSpec, Slot(limit=60, required=True)]
    account_number: Annotated[CellSpec, Slot(limit=60, required=True)]
    code: Annotated[CellSpec, Slot(limit=60, required=True)]
    on: Annotated[CellSpec, Slot("date", required=True)]
    service: Annotated[Text, Slot(limit=120)] = None


class TrafficPart(Strict):
    """What was used of a service (its `external_id`) in a month, named by any day of it.

    The account is needed only where services of several customers have the same id.
    """

    service: Annotated[CellSpec, Slot(limit=120, required=True)]
    month: Annotated[CellSpec, Slot("date", required=True)]
    units: Annotated[CellSpec, Slot("whole", least=0, most=10**15, required=True)]
    account_number: Annotated[Text, Slot(limit=60)] = None


class DeviceEventPart(Strict):
    """What became known of a device, by its serial number, on a day."""

    serial: Annotated[CellSpec, Slot(limit=80, required=True)]
    kind: Annotated[CellSpec, Slot(choices=DeviceEventKind, required=True)]
    on: Annotated[CellSpec, Slot("date", required=True)]
