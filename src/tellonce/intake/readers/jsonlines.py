"""JSON Lines: one object a line; nested objects become columns such as address.town."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from tellonce.intake.contracts import Problem, UnreadableFileError
from tellonce.intake.readers.encodings import find_encoding
from tellonce.intake.readers.packed import open_bytes, share_read
from tellonce.intake.readers.tables import COLUMN_LIMIT, FIELD_LIMIT, FileSpec, Row, Table, checked_columns

_LINE_LIMIT = 8 * FIELD_LIMIT
_DEPTH = 5


@contextmanager
def open_json_lines(path: Path, spec: FileSpec) -> Iterator[Table]:
    """The JSON Lines file as a table; a first pass over it collects the columns, as any line may bring a new one."""
    encoding = find_encoding(path, stated=spec.encoding)
    if not encoding.name.startswith("utf-8"):
        raise UnreadableFileError(
            _("JSON Lines are UTF-8; this file is %(encoding)s.") % {"encoding": encoding.how},
            do=_("Save it as UTF-8."),
        )
    with open_bytes(path) as file:
        columns = checked_columns(_all_columns(file), line=1)
        file.seek(0)
        yield Table(
            columns=columns,
            rows=_rows(file, columns),
            fraction=lambda: share_read(file, path),
            how=_("JSON Lines, utf-8"),
        )


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    line = 0
    while text := file.readline(_LINE_LIMIT):
        line += 1
        if len(text) >= _LINE_LIMIT:
            raise UnreadableFileError(
                _("Line %(line)d is longer than eight million characters.") % {"line": line},
                line=line,
                do=_("Write one object on each line."),
            )
        if text.strip():
            yield line, text.removeprefix(b"\xef\xbb\xbf") if line == 1 else text


def _all_columns(file: BinaryIO) -> list[str]:
    names: dict[str, None] = {}
    for line, text in _lines(file):
        flat = _flat(text, line)
        if not isinstance(flat, Problem):
            names |= dict.fromkeys(flat)
        if len(names) > COLUMN_LIMIT:
            break
    if not names:
        raise UnreadableFileError(_("The file holds no object."), do=_("Write one JSON object on each line."))
    return list(names)


def _rows(file: BinaryIO, columns: tuple[str, ...]) -> Iterator[Row | Problem]:
    for line, text in _lines(file):
        flat = _flat(text, line)
        yield flat if isinstance(flat, Problem) else (line, [flat.get(name, "") for name in columns])


def _flat(text: bytes, line: int) -> dict[str, str] | Problem:
    try:
        value = json.loads(text, parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as error:
        return Problem(
            line=line,
            column="",
            value=text[:80].decode("utf-8", "replace"),
            what=_("The line is not JSON (%(error)s).") % {"error": error},
            do=_("Write one whole JSON object on each line."),
        )
    if not isinstance(value, dict):
        return Problem(
            line=line,
            column="",
            value=text[:80].decode("utf-8", "replace"),
            what=_("The line is JSON, but no object."),
            do=_("Write one whole JSON object on each line."),
        )
    return flattened(value)


def flattened(value: dict[str, Any]) -> dict[str, str]:
    """An object with objects inside as texts by the path to each."""
    flat: dict[str, str] = {}
    _flatten(value, "", flat, _DEPTH)
    return flat


def _flatten(value: dict[str, Any], prefix: str, into: dict[str, str], depth: int) -> None:
    for name, item in value.items():
        if isinstance(item, dict) and depth:
            _flatten(item, f"{prefix}{name}.", into, depth - 1)
        else:
            into[f"{prefix}{name}"] = _text(item)


def _text(item: Any) -> str:
    match item:
        case None:
            return ""
        case bool():
            return "yes" if item else "no"
        case str():
            return item
        case list() if all(isinstance(part, str) for part in item):
            return ", ".join(item)
        case list() | dict():
            return json.dumps(item, default=str)
        case _:
            return str(item)
