"""Which of the two engines loads a file: row by row with all its checks, or as whole columns."""

import importlib
from datetime import datetime

from tellonce.intake import engine
from tellonce.intake.contracts import BULK, Progress, Report
from tellonce.modules.staff.contracts import Actor


def load_file(plan: engine.Plan, *, import_id: int | None, by: Actor, at: datetime, progress: Progress) -> Report:
    """Loads the whole file in the caller's transaction, or says what is wrong with it; with problems: roll back."""
    if plan.mapping.of not in BULK:
        return engine.load_file(plan, import_id=import_id, by=by, at=at, progress=progress)
    # The column store and Arrow take 100 MB of a process: loaded where a file needs them, and never in one that serves.
    bulk = importlib.import_module("tellonce.intake.bulk.loading")
    report: Report = bulk.load_bulk(plan, import_id=import_id, by=by, at=at, progress=progress)
    return report
