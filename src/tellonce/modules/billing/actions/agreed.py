"""What was agreed to be charged once, and what was used of services."""

from collections.abc import Sequence

from django.db import transaction

from tellonce.modules.billing.contracts import NewOrder, NewTraffic
from tellonce.modules.billing.contracts.identity import order_id
from tellonce.modules.billing.models import Order, Traffic

_ORDERED = ("customer_id", "account_id", "code", "on", "service_id")


@transaction.atomic
def keep_orders(orders: Sequence[NewOrder], *, import_id: int | None = None) -> tuple[int, int, int]:
    """Orders by their numbers; how many were added, changed and the same.

    One with the same number takes the new values and stays of the import that added it.
    """
    by_id = {order_id(source=each.source, number=each.number): each for each in orders}
    there = Order.objects.select_for_update().in_bulk(list(by_id))
    new = [
        Order(
            id=pk,
            source=each.source,
            number=each.number,
            import_id=import_id,
            **{name: getattr(each, name) for name in _ORDERED},
        )
        for pk, each in by_id.items()
        if pk not in there
    ]
    changed = [row for pk, row in there.items() if _changes(row, by_id[pk])]
    Order.objects.bulk_create(new)
    Order.objects.bulk_update(changed, _ORDERED)
    return len(new), len(changed), len(orders) - len(new) - len(changed)


@transaction.atomic
def note_traffic(measured: Sequence[NewTraffic], *, import_id: int | None = None) -> tuple[int, int, int]:
    """What was used, by service and month of a source; how many were added, changed (measured anew) and the same."""
    services = {each.service_id for each in measured}
    rows = Traffic.objects.select_for_update().filter(service_id__in=services)
    there = {(row.source, row.service_id, row.month): row for row in rows}
    new, changed = [], []
    for each in measured:
        row = there.get((each.source, each.service_id, each.month))
        if row is None:
            new.append(
                Traffic(
                    source=each.source,
                    service_id=each.service_id,
                    month=each.month,
                    units=each.units,
                    import_id=import_id,
                )
            )
        elif row.units != each.units:
            row.units = each.units
            changed.append(row)
    Traffic.objects.bulk_create(new)
    Traffic.objects.bulk_update(changed, ["units"])
    return len(new), len(changed), len(measured) - len(new) - len(changed)


def _changes(row: Order, told: NewOrder) -> bool:
    values = {name: getattr(told, name) for name in _ORDERED}
    is_other = any(getattr(row, name) != value for name, value in values.items())
    for name, value in values.items():
        setattr(row, name, value)
    return is_other
