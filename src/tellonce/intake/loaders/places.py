"""Areas by their codes, made on the way where they are new."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from tellonce.intake.contracts import Problem
from tellonce.intake.mapping.customers import AreaSeen
from tellonce.modules.record import actions as record
from tellonce.modules.record import queries as record_queries


@dataclass(slots=True)
class Areas:
    """Areas by code: those that are there, and those that are made on the way."""

    ids: dict[str, int] = field(default_factory=lambda: {area.code: area.pk for area in record_queries.areas()})
    made: int = 0

    def make(self, seen: AreaSeen) -> bool:
        """Makes the area unless its code is known; the one above it must be known by then."""
        if seen.code in self.ids:
            return False
        parent = self.ids[seen.parent_code] if seen.parent_code else None
        self.ids[seen.code] = record.add_area(kind=seen.kind, name=seen.name, code=seen.code, parent_id=parent).pk
        self.made += 1
        return True


def no_area(line: int, code: str) -> Problem:
    """What to say of a row whose area is not there."""
    return Problem(
        line=line,
        column="",
        value=code,
        what=_("There is no area with this code."),
        do=_("Import the areas first, or name them in the mapping (premise.areas)."),
    )
