"""The commands that keep an installation well: migrate, check, upgrade."""

from pathlib import Path
from typing import Annotated

import typer

from tellonce.cli.checks import Finding, before_django
from tellonce.cli.inside import database, existing_setup, loaded, setup
from tellonce.cli.speech import out, say
from tellonce.config.embedded.upgrade import upgrade as upgrade_database
from tellonce.kernel.errors import DomainError


class NothingToUpgradeError(DomainError):
    """The database is not ours to upgrade."""

    code = "nothing_to_upgrade"


def add_to(app: typer.Typer) -> None:
    """Adds these commands to the command line."""
    app.command()(migrate)
    app.command()(check)
    app.command()(upgrade)


def migrate(
    distribute: Annotated[
        bool, typer.Option("--distribute", help="Also spread the big tables over a Citus cluster, by customer.")
    ] = False,
) -> None:
    """Brings the database's tables to this version; safe to run again, and by two at once.

    Example: `tellonce migrate`
    """
    with database(setup()):
        work = loaded("migrate")
        work.migrate()
        if distribute:
            work.distribute(say)


def check() -> None:
    """Looks at settings, database, migrations, clock and disk, and says what to do about what is wrong.

    Example: `tellonce check`
    """
    settings = existing_setup()
    findings = before_django(settings)
    if all(finding.is_good for finding in findings):
        with database(settings):
            findings += loaded("checking").findings()
    for finding in findings:
        _show(finding)
    if not all(finding.is_good for finding in findings):
        raise typer.Exit(1)


def upgrade(
    old_programs: Annotated[
        Path | None, typer.Option(help="The folder of the older PostgreSQL's programs, when none are kept here.")
    ] = None,
) -> None:
    """Moves the embedded database to the PostgreSQL that this version brings, and its tables to this version.

    Example: `tellonce upgrade`, or `tellonce upgrade --old-programs /usr/lib/postgresql/17/bin`
    """
    settings = setup()
    if settings.database_url:
        raise NothingToUpgradeError("DATABASE_URL names a server of your own: upgrade it by its own means.")
    upgraded = upgrade_database(settings.home, old_programs=old_programs, say=say)
    with database(settings):
        loaded("migrate").migrate()
    if upgraded is None:
        out.print("The database is of this version's PostgreSQL already; its tables are up to date.")
    else:
        out.print(f"Moved from PostgreSQL {upgraded.was} to {upgraded.now}. The old data is kept in", end=" ")
        out.print(f"{upgraded.old_data}; delete it when all is well.", markup=False)


def _show(finding: Finding) -> None:
    out.print("[green]✓[/]" if finding.is_good else "[bold red]✗[/]", end=" ")
    out.print(f"{finding.what}: {finding.found}", markup=False)
    if finding.advice:
        out.print(f"  → {finding.advice}", markup=False)
