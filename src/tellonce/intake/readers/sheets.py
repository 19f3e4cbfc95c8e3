"""XLSX files, read row by row, with limits against files that unpack to far more than they are."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from tellonce.intake.contracts import Problem, UnreadableFileError
from tellonce.intake.readers.tables import FIELD_LIMIT, FileSpec, Row, Table, checked_columns, fitted
from tellonce.kernel.later import Later

_openpyxl, _errors = Later("openpyxl"), Later("openpyxl.utils.exceptions")
UNPACKED_LIMIT = 2_000_000_000
STRINGS_LIMIT = 300_000_000
RATIO_LIMIT = 200
_PARTS_LIMIT = 5_000
_SMALL = 20_000_000
_EXACT = 1e15


def refuse_bombs(path: Path) -> None:
    """Refuses a workbook that unpacks to more than the limits, before anything of it is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise UnreadableFileError(
            _("The file is not a whole XLSX workbook (%(error)s).") % {"error": error}, do=_("Save it anew.")
        ) from error
    unpacked = sum(part.file_size for part in parts)
    packed = max(sum(part.compress_size for part in parts), 1)
    strings = sum(part.file_size for part in parts if part.filename.endswith("sharedStrings.xml"))
    if (
        unpacked > UNPACKED_LIMIT
        or strings > STRINGS_LIMIT
        or len(parts) > _PARTS_LIMIT
        or (unpacked > _SMALL and unpacked > packed * RATIO_LIMIT)
    ):
        raise UnreadableFileError(
            _("The workbook unpacks to %(megabytes)d MB, which is more than a real one would.")
            % {"megabytes": unpacked // 1_000_000},
            do=_("Save it as CSV and import that."),
        )


@contextmanager
def open_sheet(path: Path, spec: FileSpec) -> Iterator[Table]:
    """One sheet of the workbook as a table: the stated one, or the first."""
    refuse_bombs(path)
    try:
        workbook = _openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except (_errors.InvalidFileException, KeyError, ValueError, SyntaxError, OSError, zipfile.BadZipFile) as error:
        raise UnreadableFileError(
            _("The file is not a whole XLSX workbook (%(error)s).") % {"error": error}, do=_("Save it anew.")
        ) from error
    try:
        yield _table(workbook, spec)
    finally:
        workbook.close()


def _table(workbook: Any, spec: FileSpec) -> Table:
    names = workbook.sheetnames
    name = spec.sheet or names[0]
    if name not in names:
        raise UnreadableFileError(
            _("The workbook has no sheet “%(name)s”.") % {"name": name},
            do=_("It has: %(names)s.") % {"names": ", ".join(names)},
        )
    sheet: Any = workbook[name]
    expected = sheet.max_row or 0
    sheet.reset_dimensions()
    rows = enumerate(sheet.iter_rows(values_only=True), start=1)
    position = [0]
    columns = _header(rows)
    return Table(
        columns=columns,
        rows=_rows(rows, columns=len(columns), position=position),
        fraction=lambda: min(position[0] / expected, 1.0) if expected else 0.0,
        how=_("XLSX, sheet “%(name)s”") % {"name": name},
    )


def _header(rows: Iterator[tuple[int, tuple[Any, ...]]]) -> tuple[str, ...]:
    for line, cells in rows:
        names = [_text(cell) for cell in cells]
        if any(name.strip() for name in names):
            return checked_columns(names, line=line)
    raise UnreadableFileError(_("The sheet is empty."), do=_("The first row must hold the names of the columns."))


def _rows(rows: Iterator[tuple[int, tuple[Any, ...]]], *, columns: int, position: list[int]) -> Iterator[Row | Problem]:
    for line, values in rows:
        position[0] = line
        if all(value is None for value in values):
            continue
        cells = [_text(value) for value in values]
        if any(len(cell) > FIELD_LIMIT for cell in cells):
            raise UnreadableFileError(
                _("A value in row %(line)d is longer than a million characters.") % {"line": line}, line=line
            )
        cells += [""] * (columns - len(cells))
        yield fitted(cells, columns=columns, line=line)


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer() and abs(value) < _EXACT:
            return str(int(value))
        case datetime() if value.time() == time(0):
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            return str(value).replace("\x00", "")
