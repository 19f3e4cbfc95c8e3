"""The commands that keep everything safe: backup and restore."""

import datetime
from pathlib import Path
from typing import Annotated

import typer

from tellonce.cli.files import refuse_unless_writable
from tellonce.cli.inside import database, existing_setup, loaded, setup
from tellonce.cli.speech import out


def add_to(app: typer.Typer) -> None:
    """Adds these commands to the command line."""
    app.command()(backup)
    app.command()(restore)


def backup(
    target: Annotated[
        Path | None, typer.Argument(help="The file to write; a dated one under the home by default.")
    ] = None,
) -> None:
    """Writes everything to one file while Tellonce runs: database, attachments, the installation's secret.

    The file holds personal data of customers: keep it where only you can read it.

    Example: `tellonce backup /mnt/backups/tellonce.tar`
    """
    settings = existing_setup()
    now = datetime.datetime.now(datetime.UTC)
    if target is None:
        (settings.home / "backups").mkdir(exist_ok=True)
    path = target or settings.home / "backups" / f"tellonce-{now:%Y%m%d-%H%M%S}.tar"
    refuse_unless_writable(path)
    with database(settings):
        size = loaded("backups").backup(settings, path, at=now)
    out.print(f"Everything is in {path} ({size / 1e6:,.1f} MB).", markup=False)


def restore(
    source: Annotated[Path, typer.Argument(help="A file that `tellonce backup` wrote.", exists=True, dir_okay=False)],
    erasures: Annotated[
        Path | None,
        typer.Option(help="erasures.jsonl of the old home: who is in it is erased again.", exists=True, dir_okay=False),
    ] = None,
) -> None:
    """Reads a backup into an empty installation, then erases again whoever was erased since.

    Example: `tellonce --home /var/lib/tellonce-new restore /mnt/backups/tellonce.tar`
    """
    settings = setup()
    with database(settings):
        restored = loaded("backups").restore(
            settings, source, erasures=erasures, at=datetime.datetime.now(datetime.UTC)
        )
    out.print(
        f"Restored what was written at {restored.written_at}; erased again: {restored.erased_again}.", markup=False
    )
