"""CSV files: any delimiter, quoted newlines, bounded lines and fields."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tellonce.intake.contracts import Problem, UnreadableFileError
from tellonce.intake.readers.encodings import find_encoding
from tellonce.intake.readers.packed import open_bytes, share_read
from tellonce.intake.readers.tables import FIELD_LIMIT, FileSpec, Row, Table, checked_columns, fitted

DELIMITERS = {
    ",": gettext_lazy("comma"),
    ";": gettext_lazy("semicolon"),
    "\t": gettext_lazy("tab"),
    "|": gettext_lazy("bar"),
    ":": gettext_lazy("colon"),
    "^": gettext_lazy("caret"),
}
_Reader = Any
"""What csv.reader gives, whose type has no public name."""
_SNIFFED_ROWS = 25
_SNIFFED_CHARACTERS = 1 << 17


class _Lines:
    """Physical lines of text, each of bounded length; counts the lines, refuses NUL characters."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self.line = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._text.readline(FIELD_LIMIT)
        if not line:
            raise StopIteration
        self.line += 1
        if len(line) >= FIELD_LIMIT:
            raise too_long(self.line)
        if "\x00" in line:
            raise UnreadableFileError(
                _("Line %(line)d holds a NUL character.") % {"line": self.line},
                line=self.line,
                do=_("The file may be UTF-16 or damaged: state its encoding, or save it as UTF-8."),
            )
        return line


def too_long(line: int) -> UnreadableFileError:
    """What to say of a value that is longer than any real one."""
    return UnreadableFileError(
        _("A value that begins on line %(line)d is longer than a million characters.") % {"line": line},
        line=line,
        do=_("Look for a quote that is opened there and never closed."),
    )


@contextmanager
def open_delimited(path: Path, spec: FileSpec) -> Iterator[Table]:
    """The CSV file as a table; the delimiter is found from the first rows unless it is stated."""
    encoding = find_encoding(path, stated=spec.encoding, country=spec.country)
    with open_bytes(path) as raw, io.TextIOWrapper(raw, encoding=encoding.name, newline="") as text:
        delimiter = spec.delimiter or sniff_delimiter(path, encoding.name)
        lines = _Lines(text)
        # The module-wide limit is csv's only one; the same value is set wherever we read, so order does not matter.
        csv.field_size_limit(FIELD_LIMIT)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        columns = _header(reader)
        yield Table(
            columns=columns,
            rows=_rows(reader, columns=len(columns)),
            fraction=lambda: share_read(raw, path),
            how=_("CSV, %(encoding)s, delimiter %(delimiter)s")
            % {"encoding": encoding.how, "delimiter": DELIMITERS.get(delimiter, delimiter)},
            words=encoding.words,
            delimiter=delimiter,
            encoding=encoding.name,
        )


def sniff_delimiter(path: Path, encoding: str) -> str:
    """The delimiter that cuts the first rows into the most columns, equally many in nearly every row."""
    with open_bytes(path) as raw, io.TextIOWrapper(raw, encoding=encoding, newline="") as file:
        sample = file.read(_SNIFFED_CHARACTERS)
    best, best_columns = ",", 1
    for delimiter in DELIMITERS:
        columns = _even_columns(sample, delimiter)
        if columns > best_columns:
            best, best_columns = delimiter, columns
    return best


def _even_columns(sample: str, delimiter: str) -> int:
    csv.field_size_limit(FIELD_LIMIT)
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    lengths = []
    try:
        for row in reader:
            if row:
                lengths.append(len(row))
            if len(lengths) == _SNIFFED_ROWS:
                break
    except csv.Error:
        return 0
    if len(lengths) > 1 and len(sample) == _SNIFFED_CHARACTERS and len(lengths) < _SNIFFED_ROWS:
        lengths.pop()
    if not lengths:
        return 0
    columns, times = Counter(lengths).most_common(1)[0]
    return columns if times * 4 >= len(lengths) * 3 else 0


def _header(reader: _Reader) -> tuple[str, ...]:
    for names in _guarded(reader):
        if any(name.strip() for name in names[1]):
            return checked_columns(names[1], line=names[0])
    raise UnreadableFileError(_("The file is empty."), do=_("The first row must hold the names of the columns."))


def _guarded(reader: _Reader) -> Iterator[Row]:
    """Rows with the line each begins on; what csv cannot read stops the file, as what follows is no longer sure."""
    while True:
        began = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "field limit" in str(error) or "unexpected end" in str(error):
                raise too_long(began) if "limit" in str(error) else _unclosed(began) from error
            raise UnreadableFileError(
                _("Line %(line)d cannot be read as CSV (%(error)s).") % {"line": began, "error": error},
                line=began,
                do=_("A quote inside a quoted value must be doubled."),
            ) from error
        yield began, cells


def _unclosed(line: int) -> UnreadableFileError:
    return UnreadableFileError(
        _("A quote that is opened on line %(line)d is never closed.") % {"line": line},
        line=line,
        do=_("Close it, or double it if it is part of the value."),
    )


def _rows(reader: _Reader, *, columns: int) -> Iterator[Row | Problem]:
    for line, cells in _guarded(reader):
        if cells:
            yield (line, cells) if len(cells) == columns else fitted(cells, columns=columns, line=line)
