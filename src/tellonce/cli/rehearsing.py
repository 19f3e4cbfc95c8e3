"""The command that rehearses a decision before it is taken."""

from pathlib import Path
from typing import Annotated

import typer

from tellonce.cli.inside import database, loaded, setup


def add_to(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command("rehearse")(rehearse)


def rehearse(
    file: Annotated[Path, typer.Argument(help="The decision, as TOML.", exists=True, dir_okay=False)],
    calls: Annotated[
        Path | None, typer.Option(help="A call log to rehearse on, instead of the calls kept here.", exists=True)
    ] = None,
    mapping: Annotated[str, typer.Option(help="The mapping of the call log, such as anonymousbank.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Rehearses a decision on real calls and says what each policy does to callers; nothing is kept.

    Example: `tellonce rehearse mornings.toml --calls calls.csv.gz --mapping anonymousbank`
    """
    if (calls is None) != (not mapping):
        raise typer.BadParameter("--calls and --mapping belong together.", param_hint="--mapping")
    with database(setup()):
        loaded("rehearsals").show(file, calls=calls, mapping=mapping, as_json=as_json)
