"""A file of bills, lines or payments: read, shaped, checked, compared, loaded; a report as of every other import."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import duckdb
from django.utils.translation import ngettext

from tellonce.intake.bulk.bills import Bills
from tellonce.intake.bulk.filling import Filled, fill, lines_of
from tellonce.intake.bulk.payments import Payments
from tellonce.intake.bulk.rules import Broken
from tellonce.intake.bulk.shaping import Shape, first_rows, refuse_missing, shape_rows, unfit_rows
from tellonce.intake.bulk.store import opened
from tellonce.intake.bulk.told import BILL, CHARGE
from tellonce.intake.contracts import (
    PROBLEM_LIMIT,
    SHOWN_ROWS,
    Counts,
    ImportKind,
    Problem,
    Progress,
    Report,
    UnreadableFileError,
)
from tellonce.intake.engine import Plan, header_of, no_rows, stated_as_of, unused
from tellonce.intake.mapping import Mapping
from tellonce.intake.mapping.cells import Strict
from tellonce.intake.readers import FileSpec
from tellonce.modules.staff.contracts import Actor

_SHAPED, _CHECKED, _COMPARED = 0.5, 0.6, 0.7


class Bulk(Protocol):
    """One kind of thing that comes in bulk, in the store."""

    counts: Counts

    def check(self, *, is_whole: bool) -> list[Broken]:
        """What does not hold in the file itself; `is_whole`: all of its rows fit."""
        ...

    def compare(self) -> list[Broken]:
        """What does not fit what is here."""
        ...

    def load(self) -> None:
        """Brings it in."""
        ...

    def older(self) -> int:
        """How many are older than what is here."""
        ...


@dataclass(frozen=True, slots=True)
class _Found:
    """What is wrong: rows by their places, and what stands for no row of the table."""

    rows: Sequence[Broken] = ()
    others: Sequence[Problem] = ()
    more: bool = False

    def __bool__(self) -> bool:
        return bool(self.rows or self.others)


def load_bulk(plan: Plan, *, import_id: int | None, by: Actor, at: datetime, progress: Progress) -> Report:
    """Loads the whole file in the caller's transaction, or says what is wrong; with problems: roll back."""
    mapping = plan.mapping
    spec = FileSpec(**mapping.file.model_dump(), country=mapping.country or plan.country)
    as_of = stated_as_of(plan)
    with opened() as con:
        try:
            filled = fill(con, plan.path, spec, progress)
            shape = Shape(_parts(mapping), header_of(filled.columns, plan, as_of))
            refuse_missing(shape)
            return _loaded(con, shape, plan, filled, spec=spec, who=(import_id, by, at), progress=progress)
        except UnreadableFileError as error:
            return Report(counts=Counts(), how="", problems=(error.problem,))


def _loaded(
    con: duckdb.DuckDBPyConnection,
    shape: Shape,
    plan: Plan,
    filled: Filled,
    *,
    spec: FileSpec,
    who: tuple[int | None, Actor, datetime],
    progress: Progress,
) -> Report:
    import_id, by, at = who
    report = Report(
        counts=Counts(rows=filled.rows),
        how=filled.how,
        words=filled.words,
        notes=tuple(unused(filled.columns, plan.mapping)),
    )
    if not filled.rows:
        return replace(report, problems=(no_rows(),))
    shape_rows(con, shape, has_marks=filled.has_marks)
    progress(filled.rows, _SHAPED)
    rows = list(first_rows(con, shape, limit=SHOWN_ROWS))
    bulk: Bulk = (Payments if plan.mapping.of == ImportKind.PAYMENTS else Bills)(
        con, shape, plan.mapping.source, filled.has_marks, import_id, by, at
    )
    found = _checked(con, shape, bulk, filled, progress)
    if found:
        problems, report = _in_lines(found, rows, report, path=plan.path, spec=spec)
        return replace(report, problems=tuple(problems), more_problems=found.more)
    bulk.load()
    progress(filled.rows, 1.0)
    _none, report = _in_lines(_Found(), rows, report, path=plan.path, spec=spec)
    return replace(report, counts=bulk.counts, notes=(*report.notes, *_notes(bulk)))


def _checked(con: duckdb.DuckDBPyConnection, shape: Shape, bulk: Bulk, filled: Filled, progress: Progress) -> _Found:
    """What is wrong: rows that do not fit before what does not hold of the rest, and that before what is here."""
    unfit = [Broken(place, problem) for place, problem in unfit_rows(con, shape)]
    held = bulk.check(is_whole=not unfit and not filled.problems)
    progress(filled.rows, _CHECKED)
    rows = sorted((*unfit, *held), key=lambda one: one.place)
    if not rows and not filled.problems:
        rows = bulk.compare()
        progress(filled.rows, _COMPARED)
    more = filled.more_problems or len(rows) + len(filled.problems) > PROBLEM_LIMIT
    return _Found(rows[:PROBLEM_LIMIT], filled.problems, more)


def _in_lines(
    found: _Found, shown: Sequence[dict[str, Any]], report: Report, *, path: Path, spec: FileSpec
) -> tuple[list[Problem], Report]:
    """Problems and first rows with the lines of the file on which they stand."""
    places = {one.place for one in found.rows} | {one.other for one in found.rows if one.other is not None}
    lines = lines_of(path, spec, places | {row["line"] for row in shown})
    problems = [_with_line(one, lines) for one in found.rows]
    problems = sorted((*found.others, *problems), key=lambda problem: problem.line)[:PROBLEM_LIMIT]
    return problems, replace(report, first_rows=tuple(row | {"line": lines[row["line"]]} for row in shown))


def _with_line(one: Broken, lines: dict[int, int]) -> Problem:
    what = one.problem.what if one.other is None else one.problem.what % {"line": lines[one.other]}
    return replace(one.problem, line=lines[one.place], what=what)


def _parts(mapping: Mapping) -> dict[str, Strict]:
    parts: dict[str, Strict | None] = {BILL: mapping.bill or mapping.payment, CHARGE: mapping.charge}
    return {letter: part for letter, part in parts.items() if part is not None}


def _notes(bulk: Bulk) -> list[str]:
    older = bulk.older()
    if not older:
        return []
    return [
        ngettext(
            "%(number)d account has a later bill here than the newest of the file: it comes out of order.",
            "%(number)d accounts have later bills here than the newest of the file: they come out of order.",
            older,
        )
        % {"number": older}
    ]
