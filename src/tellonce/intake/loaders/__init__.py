"""What becomes of a batch of rows: checked against the record, then loaded in bulk."""

from datetime import datetime
from typing import Any

from tellonce.intake.contracts import ImportKind
from tellonce.intake.loaders.calls import CallLoader
from tellonce.intake.loaders.contacts import ContactLoader
from tellonce.intake.loaders.customers import CustomerLoader
from tellonce.intake.loaders.network import AreaLoader, OutageLoader
from tellonce.intake.loaders.reading import Loader, Read
from tellonce.intake.mapping import Mapping
from tellonce.modules.staff.contracts import Actor

__all__ = ["Loader", "Read", "loader_for"]


def loader_for(
    mapping: Mapping, shape: Any, *, import_id: int | None, by: Actor, at: datetime, queue: str = ""
) -> Loader[Any]:
    """The loader of what the mapping brings."""
    match mapping.of:
        case ImportKind.CUSTOMERS:
            return CustomerLoader(shape=shape, source=mapping.source, import_id=import_id, by=by, at=at)
        case ImportKind.CONTACTS:
            return ContactLoader(mapping=mapping, import_id=import_id, by=by, at=at)
        case ImportKind.AREAS:
            return AreaLoader()
        case ImportKind.OUTAGES:
            return OutageLoader(by=by, at=at)
        case ImportKind.CALLS:
            return CallLoader(mapping=mapping, queue=queue, import_id=import_id, by=by, at=at)
