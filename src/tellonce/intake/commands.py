"""What the command line asks of intake: plain arguments in, plain answers out."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from tellonce.intake import actions
from tellonce.intake.actions.bringing import bring_in_file, look, plan_for, silent
from tellonce.intake.contracts import Counts, ImportKind, Problem, Progress, Report, RunState, Undone
from tellonce.intake.engine import read_file
from tellonce.intake.mapping import find_mapping, shipped_mappings
from tellonce.intake.mapping.loading import mapping_text
from tellonce.intake.models import ImportRun
from tellonce.modules.staff.contracts import Actor


@dataclass(frozen=True, slots=True)
class Outcome:
    """What importing a file did, or would do; `run_id` is 0 when it was only looked at."""

    run_id: int
    is_good: bool
    report: Report


def import_file(
    *,
    kind: str,
    path: Path,
    mapping: str,
    by: Actor,
    at: datetime,
    as_of: date | None = None,
    only_look: bool = False,
    progress: Progress = silent,
    queue: str = "",
) -> Outcome:
    """Brings a file in by a mapping's name or path, or with `only_look` says what that would do.

    `queue` is the code of the queue that all calls of the file waited in.
    Raises BadMappingError and ImportBusyError; a file with problems is no error but an outcome that is not good.
    """
    found = find_mapping(mapping, of=ImportKind(kind))
    if only_look:
        report = look(plan_for(path, found, as_of, queue=queue), by=by, at=at, progress=progress)
        return Outcome(run_id=0, is_good=report.is_good, report=report)
    text = mapping_text(mapping)
    run = bring_in_file(path=path, mapping_text=text, as_of=as_of, by=by, at=at, progress=progress, queue=queue)
    return Outcome(run_id=run.pk, is_good=run.state == RunState.DONE, report=report_of(run))


def calls_in(path: Path, *, mapping: str) -> dict[tuple[str, str], list[datetime]]:
    """When calls of the file asked for a person, by queue (its code, its time zone or ""); nothing is kept.

    Raises BadMappingError, and UnreadableFileError with the first line that is wrong.
    """
    found = find_mapping(mapping, of=ImportKind.CALLS)
    zones = {part.code: part.time_zone for part in found.queue}
    times: dict[tuple[str, str], list[datetime]] = {}
    for seen in read_file(plan_for(path, found, None)):
        if "queued_at" in seen.fields:
            times.setdefault((seen.queue, zones.get(seen.queue, "")), []).append(seen.fields["queued_at"])
    return times


def report_of(run: ImportRun) -> Report:
    """The report that is kept with an import; its first rows are kept for the page only."""
    kept = run.report
    return Report(
        counts=Counts(run.rows, run.added, run.changed, run.unchanged),
        how=kept.get("how", ""),
        problems=tuple(Problem(**problem) for problem in kept.get("problems", [])),
        more_problems=kept.get("more_problems", False),
        notes=tuple(kept.get("notes", [])),
        words=tuple(kept.get("words", [])),
    )


def undo_import(*, run_id: int, by: Actor, at: datetime) -> Undone:
    """Undoes a whole import."""
    return actions.undo(run_id=run_id, by=by, at=at)


def mappings() -> list[tuple[str, str, str]]:
    """The mappings that come with the product: name, what it brings, title."""
    return [(mapping.name, mapping.of.value, mapping.title) for mapping in shipped_mappings()]
