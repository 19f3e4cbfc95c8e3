"""The command line: one line for an expected error, and a non-zero exit."""

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import psycopg
import typer
from django.db import OperationalError, ProgrammingError

from tellonce import __version__
from tellonce.cli import bills, demo, exchange, keys, people, planning, rehearsing, safekeeping, serving, upkeep
from tellonce.cli.speech import complain
from tellonce.kernel.errors import DomainError

_TERMINATED = 128 + signal.SIGTERM

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="Customer care for communications providers: told once, solved once.",
)


@app.callback()
def settings(
    home: Annotated[
        Path | None,
        typer.Option(help="The folder of this installation: database, attachments, secret.", envvar="TELLONCE_HOME"),
    ] = None,
    version: Annotated[bool, typer.Option("--version", help="Say the version and leave.")] = False,
) -> None:
    """What holds for every command."""
    if version:
        typer.echo(__version__)
        raise typer.Exit
    if home is not None:
        os.environ["TELLONCE_HOME"] = str(home)


for room in (demo, serving, upkeep, people, exchange, bills, planning, rehearsing, safekeeping, keys):
    room.add_to(app)


def main() -> None:
    """Runs the command line; an expected error is one clear line and exit code 1."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tellonce.config.settings")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(_TERMINATED))  # leave in order: the database may be ours to stop
    try:
        app(args=_home_first(sys.argv[1:]), prog_name="tellonce")
    except DomainError as error:
        complain(str(error))
    except (psycopg.OperationalError, OperationalError) as error:
        complain(f"The database cannot be reached: {str(error).strip().splitlines()[0]}")
    except ProgrammingError as error:
        if not isinstance(error.__cause__, psycopg.errors.UndefinedTable):
            raise
        complain("The database has no tables yet, or not all that this version needs. Run: tellonce migrate")
    sys.exit(1)


def _home_first(words: Sequence[str]) -> list[str]:
    """Lets --home stand after the command too: it means the same wherever it stands."""
    home: list[str] = []
    rest: list[str] = []
    left = iter(words)
    for word in left:
        if word == "--home":
            home = [word, next(left, "")]
        elif word.startswith("--home="):
            home = [word]
        else:
            rest.append(word)
    return [*home, *rest]
