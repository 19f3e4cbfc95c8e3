"""The command that makes a provider's bills, with faults at known places, to try checks on."""

from pathlib import Path
from typing import Annotated

import typer

from tellonce.cli.progress import bar
from tellonce.cli.speech import out as said
from tellonce.demo.bills.generate import MOST_MONTHS, Wanted, generate_bills


def generate(  # noqa: PLR0917 - the options of a command
    accounts: Annotated[int, typer.Option(help="How many accounts.", min=1)],
    months: Annotated[int, typer.Option(help="How many months of bills.", min=2, max=MOST_MONTHS)],
    seed: Annotated[int, typer.Option(help="Another seed is another provider; the same seed is the same one.", min=0)],
    out: Annotated[Path, typer.Option(help="A new folder for the bills and the record.", file_okay=False)],
    truth: Annotated[
        Path | None,
        typer.Option(help="A new folder for what is wrong with them; without it OUT-truth.", file_okay=False),
    ] = None,
    oddities: Annotated[float, typer.Option(help="How much of what is odd but right: 1 is usual.", min=0)] = 1.0,
    faults: Annotated[float, typer.Option(help="How much of what is wrong: 1 is usual, 0 nothing.", min=0)] = 1.0,
) -> None:
    """Makes the bills of a made-up provider as files that checks can read, and apart from them what is wrong.

    Example: `tellonce bills generate --accounts 20000 --months 14 --seed 1 --out bills`
    """
    wanted = Wanted(accounts=accounts, months=months, seed=seed, oddities=oddities, faults=faults)
    beside = truth or out.with_name(f"{out.name}-truth")
    with bar("bills", total=1.0) as step:
        made = generate_bills(wanted, out, beside, progress=step)
    said.print(f"{made.accounts} accounts, {made.bills} bills, {made.lines} lines in {out}.", markup=False)
    said.print(f"{made.faults} faults in {beside}.", markup=False)
