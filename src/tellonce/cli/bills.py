"""The commands about bills on files: checking them against the record, made-up ones, and those of an installation."""

import importlib
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from tellonce.cli import bills_exported, bills_found, bills_made

app = typer.Typer(no_args_is_help=True, help="Bills on files: what is wrong with them, and made-up ones to try it on.")
app.command("generate")(bills_made.generate)
app.command("export")(bills_exported.export)
app.command("findings")(bills_found.findings)


def add_to(whole: typer.Typer) -> None:
    """Adds these commands to the command line."""
    whole.add_typer(app, name="bills")


@app.command("check")
def check(  # noqa: PLR0917 - the options of a command
    folder: Annotated[Path, typer.Argument(help="The folder with the files.", exists=True, file_okay=False)],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object a line, one for each finding.")
    ] = False,
    on: Annotated[str, typer.Option(help="What reckons: duckdb, spark, spark://host:port, or an address.")] = "duckdb",
    kinds: Annotated[str, typer.Option(help="Only these kinds of findings, with commas between.")] = "",
    since: Annotated[
        datetime | None, typer.Option(help="Only bills issued on this day or later.", formats=["%Y-%m-%d"])
    ] = None,
    memory: Annotated[str, typer.Option(help="How much memory it may take, such as 6GB.")] = "6GB",
    threads: Annotated[int | None, typer.Option(help="On how many cores it runs; without it on all.", min=1)] = None,
    causes: Annotated[bool, typer.Option("--causes", help="Print what the findings have in common instead.")] = False,
) -> None:
    """Finds every line of bills that the record does not explain, with its evidence and its money.

    Example: `tellonce bills check bills/ --since 2026-11-01`
    """
    importlib.import_module("tellonce.cli.work.bill_checks").show(
        folder,
        as_json=as_json,
        on=on,
        kinds=[kind.strip() for kind in kinds.split(",") if kind.strip()],
        since=None if since is None else since.date(),
        memory=memory,
        threads=threads,
        causes=causes,
    )
