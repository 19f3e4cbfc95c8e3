"""The commands about keys of the API."""

from typing import Annotated

import typer

from tellonce.cli.inside import database, loaded, setup
from tellonce.cli.speech import out


def add_to(app: typer.Typer) -> None:
    """Adds these commands to the command line."""
    key = typer.Typer(no_args_is_help=True, help="Keys by which other systems use the API.")
    key.command("add")(add)
    app.add_typer(key, name="key")


def add(
    name: Annotated[str, typer.Argument(help="The system that will use it.")],
    scope: Annotated[list[str], typer.Option(help="What it may do, such as contacts:write; give it several times.")],
    source: Annotated[str, typer.Option(help="Ids that it sends are ids of this source; the name without it.")] = "",
    per_minute: Annotated[int, typer.Option(help="Requests a minute, at most.")] = 600,
) -> None:
    """Makes a key, which is shown this once. Keys are listed and ended at /admin/keys.

    Example: `tellonce key add "Phone system" --scope contacts:write --scope outages:write`
    """
    with database(setup()):
        text = loaded("keys").add(name=name, scopes=scope, source=source, per_minute=per_minute)
    out.print("The key, shown this once:")
    out.print(text, markup=False)
