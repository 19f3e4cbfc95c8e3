"""Everything taken away again: customers, contacts, cases, promises, stories, as JSON Lines or CSV, row by row."""

import csv
import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Protocol

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tellonce.modules.care.queries import outside as care
from tellonce.modules.record.queries import outside as record
from tellonce.modules.staff.actions.programs import log_program_export

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_TOLD_EVERY = 1_000


class ExportKind(TextChoices):
    """What can be taken away."""

    CUSTOMERS = "customers", _("Customers")
    CONTACTS = "contacts", _("Contacts")
    CASES = "cases", _("Cases")
    PROMISES = "promises", _("Promises")
    STORIES = "stories", _("Stories")


class ExportFormat(TextChoices):
    """How it is written."""

    JSONL = "jsonl", _("JSON Lines")
    CSV = "csv", _("CSV")


class Writable(Protocol):
    """Something that text is written to."""

    def write(self, text: str, /) -> Any:
        """Writes some text."""
        ...


_ROWS: dict[ExportKind, Callable[[], Iterator[dict[str, Any]]]] = {
    ExportKind.CUSTOMERS: record.exported_customers,
    ExportKind.CONTACTS: care.exported_contacts,
    ExportKind.CASES: care.exported_cases,
    ExportKind.PROMISES: care.exported_promises,
    ExportKind.STORIES: record.exported_moments,
}


@transaction.atomic
def export(
    *,
    kind: ExportKind,
    to: Writable,
    at: datetime,
    by_name: str,
    form: ExportFormat = ExportFormat.JSONL,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Writes every row of one kind; returns how many. That somebody did so stands in the access log."""
    log_program_export(name=by_name, what=kind.value, at=at)
    write = _csv_writer(to) if form == ExportFormat.CSV else _json_writer(to)
    count = 0
    for row in _ROWS[kind]():
        write(row)
        count += 1
        if progress and count % _TOLD_EVERY == 0:
            progress(count)
    return count


def _json_writer(to: Writable) -> Callable[[dict[str, Any]], None]:
    def write(row: dict[str, Any]) -> None:
        to.write(json.dumps(row, ensure_ascii=False, default=_plain) + "\n")

    return write


def _csv_writer(to: Writable) -> Callable[[dict[str, Any]], None]:
    writer = csv.writer(to, lineterminator="\r\n")
    begun: list[bool] = []

    def write(row: dict[str, Any]) -> None:
        if not begun:
            writer.writerow(row)
            begun.append(True)
        writer.writerow([_cell(value) for value in row.values()])

    return write


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return str(value)
        case list() if all(isinstance(part, str) for part in value):
            return _harmless("; ".join(value))
        case list() | dict():
            return _harmless(json.dumps(value, ensure_ascii=False, default=_plain)) if value else ""
        case _:
            return _harmless(_plain(value))


def _harmless(text: str) -> str:
    """A spreadsheet runs what begins like a formula: an apostrophe before it makes it text again."""
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
