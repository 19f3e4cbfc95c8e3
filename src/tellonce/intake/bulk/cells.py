"""A cell of a mapping as an expression of SQL over the texts of the file.

Plain texts and plain amounts are made by SQL. Everything else is made by the same functions as in any other import,
once for each text that a column holds and not once for each row, and joined. What a cell cannot take is only marked
here: the words come from those functions too.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from tellonce.intake.bulk.store import append, batches, quoted
from tellonce.intake.mapping.cells import Cell, Slot, columns_of, template_parts
from tellonce.intake.mapping.compiling import Header, Take, compile_cell
from tellonce.intake.mapping.transforms import UnfitError
from tellonce.kernel.money import exponent

_TYPES = {
    "text": ("VARCHAR", pa.string()),
    "date": ("DATE", pa.date32()),
    "money": ("BIGINT", pa.int64()),
    "whole": ("BIGINT", pa.int64()),
    "yes_no": ("BOOLEAN", pa.bool_()),
}
_SPACE = "chr(9)||chr(10)||chr(11)||chr(12)||chr(13)||chr(32)||chr(133)||chr(160)"


@dataclass(frozen=True, slots=True)
class Column:
    """A field as SQL: its value (NULL where the file holds nothing), and whether the row's text does not fit."""

    value: str
    bad: str = "false"


@dataclass(slots=True)
class Columns:
    """Makes expressions over the view `texts` (columns n, c0, c1 ...), and the joins that they need."""

    con: duckdb.DuckDBPyConnection
    header: Header
    has_marks: bool
    joins: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        trim = f"trim({{}}, {_SPACE})" if self.has_marks else "trim({})"
        cells = ", ".join(f"{trim.format(f'c{at}')} AS c{at}" for at in range(len(self.header.columns)))
        self.con.execute(f"CREATE OR REPLACE VIEW texts AS SELECT rowid AS n, {cells} FROM file_rows")

    def column(self, cell: Cell | None, slot: Slot) -> Column:
        """The expression of a field; UnreadableFileError where the file lacks a column that it needs."""
        type_, _arrow = _TYPES[slot.kind]
        if cell is None:
            return Column(f"CAST(NULL AS {type_})")
        take = compile_cell(cell, slot, self.header)
        is_plain = cell.when is None and cell.values is None and cell.prefixes is None and cell.first_of is None
        if is_plain and cell.constant is None and cell.as_ in {None, slot.kind}:
            text = self._text(cell)
            if text and slot.kind == "text" and slot.choices is None:
                return self._plain_text(text, slot, is_required=slot.required or cell.required)
            if text and slot.kind == "money":
                return self._money(text, cell, slot, take)
        return self._dictionary(cell, slot, take)

    def _text(self, cell: Cell) -> str:
        """The text of a plain cell; empty where the file has no such column and need not have it."""
        if cell.template is not None:
            return self._template(cell)
        position = self.header.position(cell.column or ())
        if position is None:
            return ""
        if not cell.empty:
            return f"t.c{position}"
        nothing = ", ".join(quoted(text) for text in cell.empty)
        return f"CASE WHEN t.c{position} IN ({nothing}) THEN '' ELSE t.c{position} END"

    def _template(self, cell: Cell) -> str:
        parts = template_parts(cell.template or "")
        places = [self.header.position(names) for _text, names in parts if names]
        if any(place is None for place in places):
            return ""
        left = iter(places)
        whole = " || ".join(quoted(text) + (f" || t.c{next(left)}" if names else "") for text, names in parts)
        return f"CASE WHEN {' || '.join(f't.c{place}' for place in places)} = '' THEN '' ELSE {whole} END"

    def _plain_text(self, text: str, slot: Slot, *, is_required: bool) -> Column:
        empty = f"({text}) = ''" if is_required else "false"
        long = f"length({text}) > {slot.limit}" if slot.limit else "false"
        return Column(f"nullif({text}, '')", f"({empty} OR {long})")

    def _money(self, text: str, cell: Cell, slot: Slot, take: Take) -> Column:
        """Amounts such as 1234.50 by SQL (six places and twelve digits at most), others by their text."""
        plain = f"replace(CASE WHEN contains({text}, '.') THEN '' ELSE {text} END, ',', '.')"
        number = f"TRY_CAST({plain if cell.decimal == ',' else text} AS DECIMAL(18, 6))"
        units = f"({number} * {10 ** exponent(self.header.currency)})"
        whole = f"{units} = round({units}, 0)"
        if cell.negative != "keep" or (slot.least is not None and slot.least >= 0):
            whole += f" AND {number} >= 0"
        quick = f"CASE WHEN {whole} THEN CAST({units} AS BIGINT) END"
        others = self._dictionary(cell, slot, take, but=f"({quick}) IS NOT NULL")
        return Column(f"coalesce({quick}, {others.value})", f"(({quick}) IS NULL AND {others.bad})")

    def _dictionary(self, cell: Cell, slot: Slot, take: Take, *, but: str = "false") -> Column:
        """Every text, or combination of texts, that the field is made of, turned once."""
        type_, arrow = _TYPES[slot.kind]
        places = self._places(cell)
        if not places:
            return _constant(take, type_)
        name = f"d{len(self.joins)}"
        keys = ", ".join(f"k{place} VARCHAR" for place in places)
        self.con.execute(f"CREATE TABLE {name} ({keys}, v {type_}, bad BOOLEAN)")
        cells = ", ".join(f"t.c{place}" for place in places)
        for batch in batches(self.con, f"SELECT DISTINCT {cells} FROM texts t WHERE NOT ({but})"):
            texts = [batch.column(at).to_pylist() for at in range(len(places))]
            values, bad = _turned(take, places, texts, width=len(self.header.columns))
            columns = [pa.array(each, pa.string()) for each in texts]
            append(self.con, name, [*columns, pa.array(values, arrow), pa.array(bad, pa.bool_())])
        same = " AND ".join(f"{name}.k{place} = t.c{place}" for place in places)
        self.joins.append(f"LEFT JOIN {name} ON {same}")
        return Column(f"{name}.v", f"coalesce({name}.bad, false)")

    def _places(self, cell: Cell) -> list[int]:
        found = {self.header.position(names) for names in columns_of(cell)}
        return sorted(place for place in found if place is not None)


def _turned(
    take: Callable[[Sequence[str]], Any], places: Sequence[int], texts: Sequence[list[str]], *, width: int
) -> tuple[list[Any], list[bool]]:
    row = [""] * width
    values: list[Any] = []
    bad: list[bool] = []
    for cells in zip(*texts, strict=True):
        for place, text in zip(places, cells, strict=True):
            row[place] = text
        try:
            values.append(take(row))
            bad.append(False)
        except UnfitError:
            values.append(None)
            bad.append(True)
    return values, bad


def _constant(take: Take, type_: str) -> Column:
    """A field that is the same in every row; one that does not fit is wrong in every row."""
    try:
        value = take(())
    except UnfitError:
        return Column(f"CAST(NULL AS {type_})", "true")
    return Column(f"CAST({_literal(value)} AS {type_})")


def _literal(value: Any) -> str:
    match value:
        case None:
            return "NULL"
        case date() | str():
            return quoted(str(value))
        case _:
            return str(value)
