"""Rows of a file to prices of the price book and to what became known of devices, by a mapping."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from django.utils.translation import gettext as _

from tellonce.intake.mapping.compiling import Header
from tellonce.intake.mapping.model import Mapping
from tellonce.intake.mapping.parts import Unfit, compile_part
from tellonce.intake.mapping.transforms import UnfitError
from tellonce.modules.billing.contracts import NewDeviceEvent, NewPrice


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A price as the file tells it; its area is looked up by its code."""

    price: NewPrice
    area_code: str = ""

    @property
    def external_id(self) -> str:
        """What there is one of: code, product, area and first day."""
        price = self.price
        return " ".join(filter(None, (price.code, price.product, self.area_code, price.valid_from.isoformat())))


@dataclass(frozen=True, slots=True)
class DeviceEventRow:
    """What became known of a device as the file tells it."""

    event: NewDeviceEvent

    @property
    def external_id(self) -> str:
        """What there is one of: device, event and day."""
        return f"{self.event.device_serial} {self.event.kind} {self.event.on.isoformat()}"


class PriceShape:
    """Makes a price of a row."""

    def __init__(self, mapping: Mapping, header: Header) -> None:
        assert mapping.price is not None
        self._take = compile_part(mapping.price, header)
        self._currency = header.currency

    def __call__(self, row: Sequence[str], unfit: Unfit) -> PriceRow | None:
        """The price of this row."""
        fields = self._take(row, unfit) or {}
        if unfit:
            return None
        last, area_code = fields.pop("valid_to", None), fields.pop("area_code", "")
        if last is not None:
            fields.setdefault("valid_until", last + timedelta(days=1))
        currency = fields.pop("currency", self._currency).upper()
        price = NewPrice(amount_minor=fields.pop("amount"), currency=currency, **fields)
        if price.valid_until is not None and price.valid_until <= price.valid_from:
            what, do = _("The price ends before it begins."), _("Correct one of the two days.")
            unfit.append(UnfitError(what, do, column="valid_until", value=price.valid_until.isoformat()))
            return None
        return PriceRow(price, area_code)


class DeviceEventShape:
    """Makes an event of a device of a row."""

    def __init__(self, mapping: Mapping, header: Header) -> None:
        assert mapping.device_event is not None
        self._take = compile_part(mapping.device_event, header)
        self._source = mapping.source

    def __call__(self, row: Sequence[str], unfit: Unfit) -> DeviceEventRow | None:
        """The event of this row."""
        fields = self._take(row, unfit) or {}
        if unfit:
            return None
        event = NewDeviceEvent(device_serial=fields["serial"], kind=fields["kind"], on=fields["on"])
        return DeviceEventRow(replace(event, source=self._source))
