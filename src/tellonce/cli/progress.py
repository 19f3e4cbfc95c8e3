"""Progress bars for long work."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn

from tellonce.cli.speech import err, say


class Step(Protocol):
    """Moves a bar on: how much of its total is done, and what is being done now."""

    def __call__(self, done: float, *, what: str = "") -> None:
        """Shows it."""


@contextmanager
def bar(what: str, *, total: float | None = None) -> Iterator[Step]:
    """A bar on the terminal for the time of one piece of work; without a total it only moves.

    Where nobody watches, as in a log, it is a line for each thing that is being done.
    """
    said = ""

    def tell(now: str) -> None:
        nonlocal said
        if now != said and not err.is_terminal:
            say(f"{now} ...")
        said = now

    tell(what)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task(what, total=total)

        def step(done: float, *, what: str = what) -> None:
            progress.update(task, completed=done, description=what)
            tell(what)

        yield step
