"""What becomes of a batch of rows: checked against the record, then loaded in bulk."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from tellonce.intake.contracts import ImportKind
from tellonce.intake.loaders.agreed import OrderLoader, TrafficLoader
from tellonce.intake.loaders.calls import CallLoader
from tellonce.intake.loaders.contacts import ContactLoader
from tellonce.intake.loaders.customers import CustomerLoader
from tellonce.intake.loaders.network import AreaLoader, OutageLoader
from tellonce.intake.loaders.pricing import DeviceEventLoader, PriceLoader
from tellonce.intake.loaders.reading import Loader, Read
from tellonce.intake.mapping import Mapping
from tellonce.modules.staff.contracts import Actor

__all__ = ["Loader", "Read", "loader_for"]


def loader_for(
    mapping: Mapping, shape: Any, *, import_id: int | None, by: Actor, at: datetime, queue: str = ""
) -> Loader[Any]:
    """The loader of what the mapping brings."""
    when: dict[str, Any] = {"import_id": import_id, "by": by, "at": at}
    makers: dict[ImportKind, Callable[[], Loader[Any]]] = {
        ImportKind.CUSTOMERS: lambda: CustomerLoader(shape=shape, source=mapping.source, **when),
        ImportKind.CONTACTS: lambda: ContactLoader(mapping=mapping, **when),
        ImportKind.AREAS: AreaLoader,
        ImportKind.OUTAGES: lambda: OutageLoader(by=by, at=at),
        ImportKind.CALLS: lambda: CallLoader(mapping=mapping, queue=queue, **when),
        ImportKind.PRICES: lambda: PriceLoader(import_id=import_id),
        ImportKind.DEVICES: lambda: DeviceEventLoader(import_id=import_id),
        ImportKind.ORDERS: lambda: OrderLoader(mapping=mapping, import_id=import_id),
        ImportKind.TRAFFIC: lambda: TrafficLoader(mapping=mapping, import_id=import_id),
    }
    return makers[mapping.of]()
