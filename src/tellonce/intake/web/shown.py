"""What a page shows of an import."""

from dataclasses import dataclass
from typing import Any

from tellonce.intake import queries
from tellonce.intake.contracts import UNDOABLE, RunState, Undone
from tellonce.intake.models import ImportRun
from tellonce.intake.wording import undone_in_words
from tellonce.modules.record.queries.import_changes import imports_with_changes

_TONES = {
    RunState.DONE: "good",
    RunState.REFUSED: "bad",
    RunState.STOPPED: "warn",
    RunState.LOOKED_AT: "accent",
    RunState.UNDONE: "warn",
}


@dataclass(frozen=True, slots=True)
class ShownRun:
    """An import as a page shows it: its state in words, and what may be done with it."""

    run: ImportRun
    state: str
    state_words: Any
    tone: str
    percent: int
    is_moving: bool
    may_start: bool
    may_undo: bool
    file_is_gone: bool = False
    gives_back: bool = False
    undone: Undone | None = None
    first_rows: tuple[tuple[int, tuple[tuple[str, ...], ...]], ...] = ()


def shown(run: ImportRun, *, with_rows: bool = True) -> ShownRun:
    """The import; one whose process was killed is shown as stopped."""
    is_dead = run.state == RunState.RUNNING and run.began_at is not None and not queries.is_alive(run)
    state = RunState(RunState.STOPPED if is_dead else run.state)
    rows = run.report.get("first_rows", []) if with_rows else []
    return ShownRun(
        run=run,
        state=state.value,
        state_words=state.label,
        tone=_TONES.get(state, ""),
        percent=round(run.fraction * 100),
        is_moving=state in {RunState.WAITING, RunState.RUNNING},
        may_start=bool(run.stored_as) and state in {RunState.LOOKED_AT, RunState.STOPPED},
        may_undo=state == RunState.DONE and run.kind in UNDOABLE,
        file_is_gone=not run.stored_as and state in {RunState.LOOKED_AT, RunState.STOPPED},
        gives_back=with_rows and run.pk in imports_with_changes([run.pk]),
        undone=undone_in_words(run.undo_report) if with_rows and run.undo_report else None,
        first_rows=tuple((row["line"], tuple(map(tuple, row["words"]))) for row in rows),
    )
