"""What becomes of rows of the price book, and of what became known of devices."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tellonce.intake.contracts import Problem
from tellonce.intake.loaders.places import Areas, no_area
from tellonce.intake.loaders.reading import Done, Read
from tellonce.intake.mapping.pricing import DeviceEventRow, PriceRow
from tellonce.modules.billing import actions as billing


@dataclass(slots=True)
class PriceLoader:
    """Loads prices; one of the same code, product, area and first day is changed."""

    import_id: int | None
    areas: Areas = field(default_factory=Areas)

    def prepare(self, batch: Sequence[Read[PriceRow]]) -> list[Problem]:
        """The area must be there."""
        named = ((read.line, read.thing.area_code) for read in batch)
        return [no_area(line, code) for line, code in named if code and code not in self.areas.ids]

    def load(self, batch: Sequence[Read[PriceRow]]) -> Done:
        """Loads the prices."""
        rows = [read.thing for read in batch]
        return billing.set_prices(
            [replace(row.price, area_id=self.areas.ids[row.area_code] if row.area_code else None) for row in rows],
            import_id=self.import_id,
        )

    def notes(self) -> list[str]:
        """Nothing."""
        return []


@dataclass(slots=True)
class DeviceEventLoader:
    """Loads what became known of devices; the device itself may come later."""

    import_id: int | None

    def prepare(self, batch: Sequence[Read[DeviceEventRow]]) -> list[Problem]:
        """Nothing needs to be there."""
        return []

    def load(self, batch: Sequence[Read[DeviceEventRow]]) -> Done:
        """Loads the events."""
        added = billing.note_device_events([read.thing.event for read in batch], import_id=self.import_id)
        return added, 0, len(batch) - added

    def notes(self) -> list[str]:
        """Nothing."""
        return []
