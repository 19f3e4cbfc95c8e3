"""The rows of a file as typed columns, by the parts of a mapping; rows that do not fit, with the words for them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from tellonce.intake.bulk.cells import Column, Columns
from tellonce.intake.contracts import PROBLEM_LIMIT, Problem
from tellonce.intake.engine import plainly, problem_of
from tellonce.intake.mapping.cells import Cell, Slot, Strict, columns_of
from tellonce.intake.mapping.compiling import Header
from tellonce.intake.mapping.model import slot_of
from tellonce.intake.mapping.parts import compile_part
from tellonce.intake.mapping.transforms import UnfitError

Place = tuple[int, Problem]
"""A problem and the place of its row (0 is the first row of the file); its line is found later."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The parts of the mapping by the letter that begins the names of their columns in `shaped`."""

    parts: Mapping[str, Strict]
    header: Header

    def shown(self, letter: str, field: str) -> str:
        """The column of the file that a field comes from, as a problem names it; empty where no part has it.

        The end of a period comes from whichever of its two fields the mapping has.
        """
        for name in (field, field.replace("_until", "_to")):
            cell = getattr(self.parts.get(letter), name, None)
            names = next(iter(columns_of(cell)), ()) if isinstance(cell, Cell) else ()
            if shown := next((each for each in names if each in self.header.columns), ""):
                return shown
        return ""


def shape_rows(con: duckdb.DuckDBPyConnection, shape: Shape, *, has_marks: bool) -> None:
    """Makes the table `shaped`: n, whether the row is bad, and each field as b_number, c_amount and so on."""
    columns = Columns(con, shape.header, has_marks)
    made: dict[str, Column] = {}
    for letter, part in shape.parts.items():
        for name, slot in _slots(part):
            made[f"{letter}_{name}"] = columns.column(getattr(part, name), slot)
    values = ", ".join(f"{column.value} AS {name}" for name, column in made.items())
    bad = " OR ".join(column.bad for column in made.values() if column.bad != "false") or "false"
    con.execute(f"CREATE TABLE shaped AS SELECT t.n, ({bad}) AS bad, {values} FROM texts t {' '.join(columns.joins)}")


def unfit_rows(con: duckdb.DuckDBPyConnection, shape: Shape) -> list[Place]:
    """What is wrong with the first rows that do not fit."""
    takes = [compile_part(part, shape.header) for part in shape.parts.values()]
    found: list[Place] = []
    for place, row in _rows(con, shape, f"n IN (SELECT n FROM shaped WHERE bad ORDER BY n LIMIT {PROBLEM_LIMIT + 1})"):
        unfit: list[UnfitError] = []
        for take in takes:
            take(row, unfit)
        found += [(place, problem) for problem in dict.fromkeys(problem_of(0, error) for error in unfit)]
    return found


def first_rows(con: duckdb.DuckDBPyConnection, shape: Shape, *, limit: int) -> Iterator[dict[str, object]]:
    """The first rows as they are read, with their places."""
    takes = [compile_part(part, shape.header) for part in shape.parts.values()]
    for place, row in _rows(con, shape, f"n < {limit}"):
        fields: dict[str, object] = {}
        for take in takes:
            fields |= take(row, []) or {}
        yield {"line": place, **plainly(fields)}


def refuse_missing(shape: Shape) -> None:
    """UnreadableFileError where the file lacks a column of the mapping, before anything is read."""
    for part in shape.parts.values():
        compile_part(part, shape.header)


def _rows(con: duckdb.DuckDBPyConnection, shape: Shape, which: str) -> Iterator[tuple[int, Sequence[str]]]:
    cells = ", ".join(f"c{at}" for at in range(len(shape.header.columns)))
    for place, *row in con.execute(f"SELECT n, {cells} FROM texts WHERE {which} ORDER BY n").fetchall():
        yield place, row


def _slots(part: Strict) -> Iterator[tuple[str, Slot]]:
    for name, field in type(part).model_fields.items():
        if any(isinstance(extra, Slot) for extra in field.metadata):
            yield name, slot_of(part, name)
