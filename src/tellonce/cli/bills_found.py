"""The command that takes in what a check of bills found, for people to look at."""

from typing import Annotated

import typer

from tellonce.cli.inside import database, existing_setup, loaded


def findings(
    file: Annotated[
        typer.FileText, typer.Argument(help="What `tellonce bills check --json` printed; without it what is piped in.")
    ] = "-",  # type: ignore[assignment]  # typer's own way of naming standard input
) -> None:
    """Takes in the findings of a check of this installation's bills; those that are known are left as they are.

    Example: `tellonce bills check bills/ --json | tellonce bills findings`
    """
    with database(existing_setup()):
        loaded("bill_findings").take_in(file)
