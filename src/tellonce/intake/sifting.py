"""Rows of customers that say what they said last time are left alone before anything is made of them."""

from collections.abc import Sequence
from typing import NamedTuple

from tellonce.intake.contracts import ImportKind, Problem
from tellonce.intake.mapping import Mapping
from tellonce.intake.mapping.compiling import Header
from tellonce.intake.mapping.marks import RowMarks
from tellonce.intake.readers.tables import Row
from tellonce.modules.record.queries.came import rows_they_came_as


class Sifted(NamedTuple):
    """One row with the digest that it is known by; `same_as` is the customer's id where nothing is other."""

    item: Row | Problem
    mark: str = ""
    same_as: str = ""


class Sieve:
    """Tells rows that came just so before from all others; every row is other where things are not known by rows."""

    def __init__(self, mapping: Mapping, header: Header) -> None:
        self._source = mapping.source
        self._marks = RowMarks(mapping, header) if mapping.of == ImportKind.CUSTOMERS else None

    def sift(self, items: Sequence[Row | Problem]) -> list[Sifted]:
        """Some rows in their order; one look into the database for all of them."""
        of = self._marks.of if self._marks else lambda _row: None
        marks = [None if isinstance(item, Problem) else of(item[1]) for item in items]
        ids = [mark[0] for mark in marks if mark is not None]
        before = rows_they_came_as(self._source, ids) if ids else {}
        return [
            Sifted(item) if mark is None else Sifted(item, mark[1], mark[0] if before.get(mark[0]) == mark[1] else "")
            for item, mark in zip(items, marks, strict=True)
        ]
