"""The bills of this installation written as files, and what is said of it."""

import getpass
from pathlib import Path

from django.utils import timezone

from tellonce.cli.progress import bar
from tellonce.cli.speech import out
from tellonce.intake.bulk.bill_files import bill_folder, write_bills


def export(folder: Path | None) -> None:
    """Brings the files of a folder (that of the installation without one) up to date."""
    to = folder or bill_folder()
    with bar("Writing bills", total=1.0) as step:
        written = write_bills(
            to,
            at=timezone.now(),
            by_name=f"tellonce bills export, {getpass.getuser()}",
            progress=lambda done, what: step(done, what=f"Writing {what}"),
        )
    out.print(f"{written.months} months written, {written.same} as they were; {written.lines:,} lines in {to}.")
