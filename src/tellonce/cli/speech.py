"""What the command line says, to people and to logs."""

from rich.console import Console

out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)


def say(text: str) -> None:
    """One line about what is going on."""
    err.print(text, markup=False)


def complain(text: str) -> None:
    """One line about what went wrong."""
    err.print("[bold red]Error:[/] ", end="")
    err.print(text, markup=False)
