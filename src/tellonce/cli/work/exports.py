"""What is kept about one customer, for the customer; and all of one kind, for whoever runs the installation."""

import getpass
import json
from typing import IO

from django.utils import timezone

from tellonce.cli.progress import bar
from tellonce.intake.exporting import ExportFormat, ExportKind, export
from tellonce.kernel.errors import DomainError
from tellonce.modules.record.actions import export_customer
from tellonce.modules.staff.contracts import SYSTEM


def customer_as_json(customer_id: int, *, reason: str) -> str:
    """Everything that any module keeps about this customer; their story says that it was handed out, and why."""
    kept = export_customer(customer_id=customer_id, by=SYSTEM, at=timezone.now(), reason=reason)
    return json.dumps(kept, ensure_ascii=False, indent=2, default=str)


class UnknownFormatError(DomainError):
    """There is no such format to write."""

    code = "unknown_format"


def all_of(name: str, to: IO[str], *, form: str) -> int:
    """Writes every row of one kind; returns how many."""
    if form not in ExportFormat.values:
        raise UnknownFormatError(f"--format {form} is none of: {', '.join(ExportFormat.values)}.")
    by = f"tellonce export, {getpass.getuser()}"
    with bar(f"Writing {name}") as step:
        return export(
            kind=ExportKind(name), to=to, at=timezone.now(), by_name=by, form=ExportFormat(form), progress=step
        )
