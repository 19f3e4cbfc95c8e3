"""Rows of a file to areas and outages, by a mapping."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tellonce.intake.mapping.compiling import Header
from tellonce.intake.mapping.customers import AreaSeen
from tellonce.intake.mapping.model import Mapping
from tellonce.intake.mapping.parts import Unfit, compile_part
from tellonce.modules.network.contracts import OutageKind


@dataclass(frozen=True, slots=True)
class AreaRow:
    """An area as the file tells it."""

    seen: AreaSeen

    @property
    def external_id(self) -> str:
        """Its code, which is unique."""
        return self.seen.code


@dataclass(frozen=True, slots=True)
class OutageRow:
    """An outage as the file tells it."""

    external_id: str
    area_code: str
    began_at: datetime
    kind: str = OutageKind.LOST
    expected_until: datetime | None = None
    ended_at: datetime | None = None
    cause: str = ""


class AreaShape:
    """Makes an area of a row."""

    def __init__(self, mapping: Mapping, header: Header) -> None:
        assert mapping.area is not None
        self._take = compile_part(mapping.area, header)

    def __call__(self, row: Sequence[str], unfit: Unfit) -> AreaRow | None:
        """The area of this row."""
        fields = self._take(row, unfit) or {}
        parent = fields.pop("parent", "")
        return None if unfit else AreaRow(AreaSeen(parent_code=parent, **fields))


class OutageShape:
    """Makes an outage of a row."""

    def __init__(self, mapping: Mapping, header: Header) -> None:
        assert mapping.outage is not None
        self._take = compile_part(mapping.outage, header)

    def __call__(self, row: Sequence[str], unfit: Unfit) -> OutageRow | None:
        """The outage of this row."""
        fields = self._take(row, unfit) or {}
        return None if unfit else OutageRow(**fields)
