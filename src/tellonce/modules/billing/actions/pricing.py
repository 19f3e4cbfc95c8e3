"""The price book, and what became known of devices."""

from collections.abc import Sequence

from django.db import transaction

from tellonce.modules.billing.contracts import NewDeviceEvent, NewPrice
from tellonce.modules.billing.models import BookPrice, DeviceEvent

_CHANGED = ("amount_minor", "currency", "unit", "valid_until")


@transaction.atomic
def set_prices(prices: Sequence[NewPrice], *, import_id: int | None = None) -> tuple[int, int, int]:
    """Prices of the price book; how many were added, changed and the same.

    One of the same code, product, area and first day takes the new values and stays of the import that added it.
    """
    codes = {price.code for price in prices}
    there = {_key(row): row for row in BookPrice.objects.select_for_update().filter(code__in=codes)}
    new: list[BookPrice] = []
    changed: list[BookPrice] = []
    for price in prices:
        known = there.get(_key(price))
        values = {name: getattr(price, name) for name in _CHANGED}
        if known is None:
            new.append(_row(price, import_id))
        elif any(getattr(known, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(known, name, value)
            changed.append(known)
    BookPrice.objects.bulk_create(new)
    BookPrice.objects.bulk_update(changed, _CHANGED)
    return len(new), len(changed), len(prices) - len(new) - len(changed)


@transaction.atomic
def note_device_events(events: Sequence[NewDeviceEvent], *, import_id: int | None = None) -> int:
    """What became known of devices; how many of it is new. What is known already stays as it is."""
    if not events:
        return 0
    serials = {event.device_serial for event in events}
    there = set(DeviceEvent.objects.filter(device_serial__in=serials).values_list("device_serial", "kind", "on"))
    new = {(event.device_serial, event.kind, event.on): event for event in events}
    DeviceEvent.objects.bulk_create(
        [
            DeviceEvent(device_serial=serial, kind=kind, on=on, source=event.source, import_id=import_id)
            for (serial, kind, on), event in new.items()
            if (serial, kind, on) not in there
        ],
        ignore_conflicts=True,
    )
    return len(new.keys() - there)


def _row(price: NewPrice, import_id: int | None) -> BookPrice:
    return BookPrice(
        code=price.code,
        product=price.product,
        area_id=price.area_id,
        amount_minor=price.amount_minor,
        currency=price.currency,
        unit=price.unit,
        valid_from=price.valid_from,
        valid_until=price.valid_until,
        import_id=import_id,
    )


def _key(price: NewPrice | BookPrice) -> tuple[object, ...]:
    return price.code, price.product, price.area_id, price.valid_from
