"""What becomes of rows of areas and outages."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tellonce.intake.contracts import Problem
from tellonce.intake.loaders.places import Areas, no_area
from tellonce.intake.loaders.reading import Done, Read
from tellonce.intake.mapping.network import AreaRow, OutageRow
from tellonce.modules.network import actions as network
from tellonce.modules.network.contracts import NewOutage, OutageLine, OutageNotFoundError
from tellonce.modules.network.queries import outage_by_external_id
from tellonce.modules.staff.contracts import Actor


@dataclass(slots=True)
class AreaLoader:
    """Loads areas; one that is known by its code stays as it is."""

    areas: Areas = field(default_factory=Areas)

    def prepare(self, batch: Sequence[Read[AreaRow]]) -> list[Problem]:
        """The area above must be there, or stand earlier in the file."""
        known = set(self.areas.ids)
        problems = []
        for read in batch:
            seen = read.thing.seen
            if seen.parent_code and seen.parent_code not in known:
                problems.append(no_area(read.line, seen.parent_code))
            known.add(seen.code)
        return problems

    def load(self, batch: Sequence[Read[AreaRow]]) -> Done:
        """Makes the areas in the order of the file."""
        made = sum(self.areas.make(read.thing.seen) for read in batch)
        return made, 0, len(batch) - made

    def notes(self) -> list[str]:
        """Nothing."""
        return []


@dataclass(slots=True)
class OutageLoader:
    """Loads outages; one that is known by its id stays as it is."""

    by: Actor
    at: datetime
    areas: Areas = field(default_factory=Areas)

    def prepare(self, batch: Sequence[Read[OutageRow]]) -> list[Problem]:
        """The area must be there."""
        return [
            no_area(read.line, read.thing.area_code) for read in batch if read.thing.area_code not in self.areas.ids
        ]

    def load(self, batch: Sequence[Read[OutageRow]]) -> Done:
        """Past ones in bulk; one that lasts is reported; one that is known and now over is ended."""
        known = {read.thing.external_id: _known(read.thing.external_id) for read in batch}
        fresh = [read.thing for read in batch if known[read.thing.external_id] is None]
        network.load_outages([self._past(row, row.ended_at) for row in fresh if row.ended_at], by=self.by, at=self.at)
        for row in fresh:
            if row.ended_at is None:
                network.report_outage(
                    area_id=self.areas.ids[row.area_code],
                    kind=row.kind,
                    began_at=row.began_at,
                    expected_until=row.expected_until,
                    cause=row.cause,
                    by=self.by,
                    at=self.at,
                    external_id=row.external_id,
                )
        over = [
            (outage.id, read.thing.ended_at)
            for read in batch
            if (outage := known[read.thing.external_id]) and read.thing.ended_at and outage.ended_at is None
        ]
        for outage_id, ended_at in over:
            network.end_outage(outage_id=outage_id, ended_at=ended_at, by=self.by, at=self.at)
        return len(fresh), len(over), len(batch) - len(fresh) - len(over)

    def _past(self, row: OutageRow, ended_at: datetime) -> NewOutage:
        return NewOutage(
            area_id=self.areas.ids[row.area_code],
            kind=row.kind,
            began_at=row.began_at,
            ended_at=ended_at,
            expected_until=row.expected_until,
            cause=row.cause,
            external_id=row.external_id,
        )

    def notes(self) -> list[str]:
        """Nothing."""
        return []


def _known(external_id: str) -> OutageLine | None:
    try:
        return outage_by_external_id(external_id)
    except OutageNotFoundError:
        return None
