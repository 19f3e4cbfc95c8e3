"""Opens a file by what it is: by its mapping's word, else by its first bytes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext as _

from tellonce.intake.contracts import UnreadableFileError
from tellonce.intake.readers.customer_bills import open_customer_bills
from tellonce.intake.readers.delimited import open_delimited
from tellonce.intake.readers.jsonlines import open_json_lines
from tellonce.intake.readers.packed import open_bytes
from tellonce.intake.readers.parquet import open_parquet
from tellonce.intake.readers.sheets import open_sheet
from tellonce.intake.readers.tables import FileSpec, Table

_OPENERS = {
    "csv": open_delimited,
    "jsonl": open_json_lines,
    "xlsx": open_sheet,
    "parquet": open_parquet,
    "tmf678": open_customer_bills,
}


@contextmanager
def open_table(path: Path, spec: FileSpec | None = None) -> Iterator[Table]:
    """The file as a table of named columns; UnreadableFileError says why where it is none."""
    spec = spec or FileSpec()
    with _OPENERS[spec.format or found_format(path)](path, spec) as table:
        yield table


def found_format(path: Path) -> str:
    """'csv', 'jsonl', 'xlsx' or 'parquet', from the first bytes of the file."""
    try:
        with open_bytes(path) as file:
            head = file.read(512)
    except OSError as error:
        raise UnreadableFileError(
            _("%(path)s cannot be opened (%(error)s).") % {"path": path, "error": error.strerror}
        ) from error
    if head.startswith(b"PK\x03\x04"):
        return "xlsx"
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFileError(_("This is an old Excel file (XLS)."), do=_("Save it as XLSX or CSV."))
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"["):
        raise UnreadableFileError(
            _("This is one JSON list."), do=_("Write it as JSON Lines: one object on each line, no list around them.")
        )
    return "jsonl" if text.startswith(b"{") else "csv"
