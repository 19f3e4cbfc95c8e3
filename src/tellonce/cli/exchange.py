"""The commands by which things come in and go out: import and export."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from tellonce.cli.files import private_file, refuse_unless_writable
from tellonce.cli.inside import database, loaded, setup
from tellonce.cli.speech import out
from tellonce.kernel.errors import DomainError

File = Annotated[
    Path,
    typer.Argument(
        help="CSV, JSON Lines (both also packed with gzip), XLSX, Parquet, or bills as TM Forum's TMF678 has them.",
        exists=True,
        dir_okay=False,
    ),
]
Mapping = Annotated[str, typer.Option(help="A mapping file, or one of ours: see --list-mappings.")]
AsOf = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"], help="The day on which the file was written, where its mapping counts from that."
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")]


class NoReasonError(DomainError):
    """What is kept about a customer is handed out for a reason only."""

    code = "no_reason"


def add_to(app: typer.Typer) -> None:
    """Adds these commands to the command line."""
    bring = typer.Typer(invoke_without_command=True, help="Brings files in: all of a file or nothing, and once only.")
    bring.callback()(mappings)
    for name, example in _EXAMPLES.items():
        importer = _import_calls if name == "calls" else _importer(name)
        bring.command(name, help=_HELP.format(name=name, example=example))(importer)
    bring.command("undo")(undo)
    app.add_typer(bring, name="import")
    take = typer.Typer(no_args_is_help=True, help="Takes data away: one customer whole, or all of one kind.")
    take.command("customer")(customer)
    for name in _TAKEN:
        take.command(name, help=_TAKE_HELP.format(name=name))(_exporter(name))
    app.add_typer(take, name="export")


def mappings(
    context: typer.Context,
    list_mappings: Annotated[bool, typer.Option("--list-mappings", help="Say which mappings there are.")] = False,
) -> None:
    """What holds for every import."""
    if list_mappings:
        loaded("imports").show_mappings()
        raise typer.Exit
    if context.invoked_subcommand is None:
        out.print(context.get_help(), markup=False)


def undo(number: Annotated[int, typer.Argument(help="The number that the import said.")]) -> None:
    """Takes a whole import back; what people worked on since is kept, and named.

    Example: `tellonce import undo 12`
    """
    with database(setup()):
        loaded("imports").undo(number)


def customer(
    number: Annotated[int, typer.Argument(help="The customer's number, as in the address of their page.")],
    reason: Annotated[str, typer.Option(help="Why: it stands in the customer's story.")],
    to: Annotated[Path | None, typer.Option(help="The file to write; the standard output without it.")] = None,
) -> None:
    """Writes everything that is kept about one customer as JSON.

    Example: `tellonce export customer 4711 --reason "asked for by letter" --to customer-4711.json`
    """
    if not reason.strip():
        raise NoReasonError("--reason is empty: say why, as it stands in the customer's story.")
    if to is not None:
        refuse_unless_writable(to)
    with database(setup()):
        text = loaded("exports").customer_as_json(number, reason=reason)
    if to is None:
        out.print(text, markup=False)
        return
    with private_file(to) as file:
        file.write(text)
    out.print(f"Everything about customer {number} is in {to}.", markup=False)


def _importer(name: str) -> Callable[..., None]:
    def bring_in(file: File, mapping: Mapping, dry_run: DryRun = False, as_of: AsOf = None) -> None:
        _bring_in(name, file, mapping=mapping, dry_run=dry_run, as_of=as_of)

    return bring_in


def _import_calls(
    file: File,
    mapping: Mapping,
    dry_run: DryRun = False,
    as_of: AsOf = None,
    queue: Annotated[str, typer.Option(help="The code of the queue that all calls of the file waited in.")] = "",
) -> None:
    _bring_in("calls", file, mapping=mapping, dry_run=dry_run, as_of=as_of, queue=queue)


def _bring_in(name: str, file: Path, *, mapping: str, dry_run: bool, as_of: datetime | None, queue: str = "") -> None:
    with database(setup()):
        day = None if as_of is None else as_of.date()
        done = loaded("imports").bring_in(name, file, mapping=mapping, as_of=day, is_dry=dry_run, queue=queue)
    if not done:
        raise typer.Exit(1)


def _exporter(name: str) -> Callable[..., None]:
    def take_away(
        to: Annotated[Path, typer.Option(help="The file to write; only you will be able to read it.")],
        form: Annotated[str, typer.Option("--format", help="jsonl, or csv for a spreadsheet.")] = "jsonl",
    ) -> None:
        refuse_unless_writable(to)
        with database(setup()), private_file(to) as file:
            count = loaded("exports").all_of(name, file, form=form)
        out.print(f"{count:,} {name} are in {to}.", markup=False)

    return take_away


_EXAMPLES = {
    "customers": "ibm_telco.csv --mapping ibm-telco",
    "contacts": "complaints.csv --mapping fcc-complaints",
    "areas": "areas.csv --mapping areas.toml",
    "outages": "outages.csv --mapping outages.toml",
    "calls": "anonymousbank_calls.csv.gz --mapping anonymousbank",
    "bills": "bills-2026-11.csv --mapping bills.toml",
    "charges": "lines-2026-11.csv --mapping lines.toml",
    "payments": "payments.csv --mapping payments.toml",
    "prices": "prices.csv --mapping prices.toml",
    "devices": "device-events.csv --mapping device-events.toml",
    "orders": "orders.csv --mapping orders.toml",
    "traffic": "traffic-2026-11.csv --mapping traffic.toml",
}
_HELP = """Brings in {name} from a file; run again, it changes nothing that is the same.

Example: `tellonce import {name} {example} --dry-run`
"""
_TAKEN = ("customers", "contacts", "cases", "promises", "stories")
_TAKE_HELP = """Writes all {name} to a file, row by row; that it was done stands in the access log.

Example: `tellonce export {name} --to {name}.jsonl`, or `--format csv --to {name}.csv`
"""
