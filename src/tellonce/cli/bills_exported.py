"""The command that writes the bills of an installation as files for the checks."""

from pathlib import Path
from typing import Annotated

import typer

from tellonce.cli.inside import database, loaded, setup


def export(
    folder: Annotated[
        Path | None,
        typer.Argument(help="The folder; without it the one of this installation.", file_okay=False),
    ] = None,
) -> None:
    """Writes bills, and what the record knows of them, as Parquet files: only the months that changed since last time.

    Example: `tellonce bills export bills/`, then `tellonce bills check bills/`
    """
    with database(setup()):
        loaded("bill_files").export(folder)
