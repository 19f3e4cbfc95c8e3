"""Files brought in from the command line, and what is said of them."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from django.utils import timezone

from tellonce.cli.progress import bar
from tellonce.cli.speech import err, out
from tellonce.intake import commands
from tellonce.intake.contracts import Report
from tellonce.intake.wording import in_words
from tellonce.modules.staff.contracts import SYSTEM

_SHOWN_ROWS = 3


def bring_in(kind: str, file: Path, *, mapping: str, as_of: date | None, is_dry: bool, queue: str = "") -> bool:
    """Brings the file in, or looks at it, and says what came of it; False when the file is refused."""
    with bar("Looking at the file" if is_dry else "Bringing the file in", total=100) as step:
        outcome = commands.import_file(
            kind=kind,
            path=file,
            mapping=mapping,
            by=SYSTEM,
            at=timezone.now(),
            as_of=as_of,
            only_look=is_dry,
            queue=queue,
            progress=lambda _rows, fraction: step(100 * fraction),
        )
    if is_dry:
        _show_rows(outcome.report)
    _show(outcome.report)
    if not outcome.is_good:
        err.print("Nothing was brought in." if not is_dry else "As it is, the file would be refused.", markup=False)
    elif is_dry:
        out.print("This was a dry run: nothing was brought in.")
    else:
        out.print(f"This was import {outcome.run_id}; to take it back: tellonce import undo {outcome.run_id}")
    return outcome.is_good


def show_mappings() -> None:
    """The mappings that come with the product."""
    for name, kind, title in commands.mappings():
        out.print(f"{name:<16} {kind:<10} {title}", markup=False)
    out.print("Or the path of a mapping file of your own: see docs/guide/importing.md.", markup=False)


def undo(number: int) -> None:
    """Takes an import back and says what that hid."""
    undone = commands.undo_import(run_id=number, by=SYSTEM, at=timezone.now())
    if undone.bills or undone.billing:
        out.print(f"Removed: {undone.bills:,} bills, {undone.billing:,} payments, prices or events of devices.")
    else:
        out.print(f"Taken back: {undone.customers} customers, {undone.contacts} contacts, {undone.cases} cases.")
    if undone.calls:
        out.print(f"Removed: {undone.calls:,} calls.")
    if undone.given_back:
        out.print(f"Given back as they were before: {undone.given_back:,} things that it had changed.")
    _list("Kept, because somebody worked on them since:", undone.kept)
    _list("Not given back, because somebody changed or used them since:", undone.stays)
    if undone.more:
        out.print(f"… and {undone.more:,} more.")


def _list(title: str, names: Sequence[str]) -> None:
    if names:
        out.print(title)
        for name in names:
            out.print(f"  {name}", markup=False)


def _show(report: Report) -> None:
    counts = report.counts
    if report.how:
        out.print(f"Read as {report.how}.", markup=False)
    if report.words:
        words = ", ".join(report.words)
        out.print(f"The encoding is guessed. Some words as they are read: {words}.", markup=False)
        out.print('If they look wrong, state the encoding in the mapping: [file], encoding = "…"', markup=False)
    same = f"{counts.unchanged:,} the same as before"
    out.print(f"{counts.rows:,} rows: {counts.added:,} added, {counts.changed:,} changed, {same}.")
    for note in report.notes:
        out.print(f"Note: {note}", markup=False)
    for problem in report.problems:
        where = f"line {problem.line}" if problem.line else "the file"
        where += f", {problem.column}" if problem.column else ""
        value = f" ({problem.value!r})" if problem.value else ""
        err.print(f"{where}: {problem.what}{value} {problem.do}", markup=False)
    if report.more_problems:
        err.print("… and more of the same.", markup=False)


def _show_rows(report: Report) -> None:
    """The first rows as they would come in."""
    for row in report.first_rows[:_SHOWN_ROWS]:
        words = dict(in_words(row))
        width = max((len(name) for name in words), default=0)
        out.print(f"Line {row['line']}, as it is read:")
        for name, value in words.items():
            out.print(f"  {name:<{width}}  {value}", markup=False)
