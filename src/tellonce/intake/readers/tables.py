"""A file as rows of text under named columns."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from unicodedata import category

from django.utils.translation import gettext as _

from tellonce.intake.contracts import Problem, UnreadableFileError

FIELD_LIMIT = 1_000_000
"""Characters that one value may have; longer ones are a forgotten quote, or an attack."""

COLUMN_LIMIT = 2_000

Row = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class FileSpec:
    """How to read a file, where its mapping says so; empty is found out by looking."""

    format: str = ""
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of a file and its rows, each with the line it begins on; a bad row comes as its problem.

    `how` says in words how the file was read; `fraction` the share of it that has been read so far; `words` are some
    of the file as they are read, where its encoding is only guessed. A file of delimited text says its `delimiter` and
    `encoding` (Python's name).
    """

    columns: tuple[str, ...]
    rows: Iterator[Row | Problem]
    fraction: Callable[[], float]
    how: str
    words: tuple[str, ...] = ()
    delimiter: str = ""
    encoding: str = ""


def checked_columns(names: Sequence[str], *, line: int) -> tuple[str, ...]:
    """The names of the header row, trimmed; refused where one is missing or double."""
    columns = [name.strip() for name in names]
    while columns and not columns[-1]:
        columns.pop()
    if not columns:
        raise UnreadableFileError(
            _("The first row holds no column names."), line=line, do=_("Put the names of the columns there.")
        )
    if any(category(character) == "Cc" and not character.isspace() for name in columns for character in name):
        raise UnreadableFileError(
            _("The first row is no text: it holds control characters."),
            line=line,
            do=_("Choose a CSV, JSON Lines or XLSX file."),
        )
    if len(columns) > COLUMN_LIMIT:
        raise UnreadableFileError(
            _("The file has %(number)d columns; %(limit)d are possible.")
            % {"number": len(columns), "limit": COLUMN_LIMIT},
            line=line,
        )
    for at, name in enumerate(columns, start=1):
        if not name:
            raise UnreadableFileError(
                _("Column %(number)d has no name.") % {"number": at}, line=line, do=_("Name it in the first row.")
            )
        if name in columns[: at - 1]:
            raise UnreadableFileError(
                _("Two columns are named “%(name)s”.") % {"name": name}, line=line, do=_("Rename one of them.")
            )
    return tuple(columns)


def fitted(cells: list[str], *, columns: int, line: int) -> Row | Problem:
    """The row with exactly as many cells as there are columns, or what is wrong with it."""
    found = len(cells)
    while len(cells) > columns and not cells[-1].strip():
        cells.pop()
    if len(cells) == columns:
        return line, cells
    return Problem(
        line=line,
        column="",
        value=_("%(number)d values") % {"number": found},
        what=_("The row has %(found)d values, the header %(wanted)d.") % {"found": found, "wanted": columns},
        do=_("Look for a missing value, or for a delimiter inside a value without quotes."),
    )
