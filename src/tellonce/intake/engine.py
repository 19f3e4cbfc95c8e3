"""Reads a file by its mapping and loads it, batch by batch, in the caller's transaction."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, is_dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from tellonce.intake.contracts import (
    PROBLEM_LIMIT,
    SHOWN_ROWS,
    BadMappingError,
    Counts,
    ImportKind,
    Problem,
    Progress,
    Report,
    UnreadableFileError,
    in_short,
)
from tellonce.intake.loaders import Loader, Read, loader_for
from tellonce.intake.mapping import Mapping
from tellonce.intake.mapping.agreed import OrderShape, TrafficShape
from tellonce.intake.mapping.calls import CallShape
from tellonce.intake.mapping.compiling import Header
from tellonce.intake.mapping.contacts import ContactShape
from tellonce.intake.mapping.customers import CustomerShape
from tellonce.intake.mapping.network import AreaShape, OutageShape
from tellonce.intake.mapping.pricing import DeviceEventShape, PriceShape
from tellonce.intake.mapping.transforms import UnfitError
from tellonce.intake.readers import FileSpec, Table, open_table
from tellonce.intake.sifting import Sieve, Sifted
from tellonce.kernel.errors import DomainError
from tellonce.modules.staff.contracts import Actor

BATCH = 2_000
_VALUE_SHOWN = 80
# What says how a row was read, and what is looked up later: not what the file tells.
_NOT_SHOWN = frozenset({"knows_left", "put_right"})
_SHAPES: dict[ImportKind, Callable[[Mapping, Header], Any]] = {
    ImportKind.CUSTOMERS: CustomerShape,
    ImportKind.CONTACTS: ContactShape,
    ImportKind.AREAS: AreaShape,
    ImportKind.OUTAGES: OutageShape,
    ImportKind.CALLS: CallShape,
    ImportKind.PRICES: PriceShape,
    ImportKind.DEVICES: DeviceEventShape,
    ImportKind.ORDERS: OrderShape,
    ImportKind.TRAFFIC: TrafficShape,
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What to read and how: values count back from `as_of`; `currency` and `country` are this installation's.

    `queue` is the code of the queue that all calls of the file waited in, where it is stated.
    """

    path: Path
    mapping: Mapping
    as_of: date | None
    currency: str
    country: str
    queue: str = ""


@dataclass(slots=True)
class _Tally:
    """What has been read and found so far."""

    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)
    more: bool = False
    first_rows: list[dict[str, Any]] = field(default_factory=list)
    lines: dict[int, int] = field(default_factory=dict)

    def add(self, problems: Sequence[Problem]) -> None:
        """Keeps problems up to the limit."""
        room = PROBLEM_LIMIT - len(self.problems)
        self.problems.extend(problems[:room])
        self.more = self.more or len(problems) > room


def load_file(plan: Plan, *, import_id: int | None, by: Actor, at: datetime, progress: Progress) -> Report:
    """Loads the whole file, or says what is wrong with it; a report with problems means: roll back.

    Once a problem is found nothing more is loaded, and the rest is read only to find further problems.
    """
    header_as_of = stated_as_of(plan)
    tally = _Tally()
    how, notes = "", []
    words: tuple[str, ...] = ()
    spec = FileSpec(**plan.mapping.file.model_dump(), country=plan.mapping.country or plan.country)
    try:
        with open_table(plan.path, spec) as table:
            how, words = table.how, table.words
            notes = unused(table.columns, plan.mapping)
            header = header_of(table.columns, plan, header_as_of)
            shape = _SHAPES[plan.mapping.of](plan.mapping, header)
            loader = loader_for(plan.mapping, shape, import_id=import_id, by=by, at=at, queue=plan.queue)
            sieve = Sieve(plan.mapping, header)
            _run(table, sieve=sieve, shape=shape, loader=loader, tally=tally, progress=progress)
            notes += loader.notes()
    except UnreadableFileError as error:
        tally.add([error.problem])
    return Report(
        counts=Counts(tally.rows, tally.added, tally.changed, tally.unchanged),
        how=how,
        problems=tuple(tally.problems),
        more_problems=tally.more,
        notes=tuple(notes),
        words=words,
        first_rows=tuple(tally.first_rows),
    )


def read_file(plan: Plan) -> list[Any]:
    """What the rows of the whole file say, and nothing loaded; UnreadableFileError with the first that is wrong."""
    tally = _Tally()
    spec = FileSpec(**plan.mapping.file.model_dump(), country=plan.mapping.country or plan.country)
    with open_table(plan.path, spec) as table:
        header = header_of(table.columns, plan, stated_as_of(plan))
        shape, sieve = _SHAPES[plan.mapping.of](plan.mapping, header), Sieve(plan.mapping, header)
        things: list[Any] = []
        while items := list(islice(table.rows, BATCH)):
            things += [read.thing for read in _readings(sieve.sift(items), shape, tally)]
            if tally.problems:
                first = tally.problems[0]
                what = _("Line %(line)d: %(what)s") % {"line": first.line, "what": first.what}
                raise UnreadableFileError(what, line=first.line, value=first.value, do=first.do)
    return things


def stated_as_of(plan: Plan) -> date | None:
    """The date that values are relative to; refused where the mapping needs one and nobody stated it."""
    as_of = plan.as_of or plan.mapping.as_of
    if as_of is None and plan.mapping.needs_as_of:
        raise BadMappingError(
            _("The mapping %(name)s counts from a date: state it (--as-of 2024-12-31).") % {"name": plan.mapping.name}
        )
    return as_of


def header_of(columns: tuple[str, ...], plan: Plan, as_of: date | None) -> Header:
    """The columns of the file, and what its values are relative to."""
    return Header(
        columns=columns,
        as_of=as_of,
        currency=plan.mapping.currency or plan.currency,
        country=plan.mapping.country or plan.country,
    )


def unused(columns: Sequence[str], mapping: Mapping) -> list[str]:
    """A note of the columns that the mapping does not use, where there are some."""
    known = mapping.columns()
    names = [column for column in columns if column not in known]
    if not names:
        return []
    return [_("Columns of the file that the mapping does not use: %(names)s.") % {"names": in_short(names)}]


def _run(table: Table, *, sieve: Sieve, shape: Any, loader: Loader[Any], tally: _Tally, progress: Progress) -> None:
    batch: list[Read[Any]] = []
    while items := list(islice(table.rows, BATCH)):
        batch.extend(_readings(sieve.sift(items), shape, tally))
        if len(batch) >= BATCH:
            _load(loader, batch, tally)
            batch = []
        progress(tally.rows, table.fraction())
        if tally.more:
            break
    _load(loader, batch, tally)
    progress(tally.rows, table.fraction())
    if not tally.rows and not tally.problems:
        tally.add([no_rows()])


def no_rows() -> Problem:
    """What to say of a file that holds nothing."""
    return Problem(
        line=2, column="", value="", what=_("The file has a header and no rows."), do=_("Choose another file.")
    )


def _readings(items: Iterable[Sifted], shape: Any, tally: _Tally) -> Iterator[Read[Any]]:
    for sifted in items:
        tally.rows += 1
        if isinstance(sifted.item, Problem):
            tally.add([sifted.item])
            continue
        line, row = sifted.item
        if sifted.same_as and len(tally.first_rows) == SHOWN_ROWS:
            if _stands_once(line, sifted.same_as, tally):
                tally.unchanged += 1
            continue
        unfit: list[UnfitError] = []
        thing = shape(row, unfit)
        if unfit:
            tally.add(list(dict.fromkeys(problem_of(line, error) for error in unfit)))
            continue
        if not _stands_once(line, thing.external_id, tally):
            continue
        if len(tally.first_rows) < SHOWN_ROWS:
            tally.first_rows.append({"line": line, **plainly(thing)})
        yield Read(line, thing, sifted.mark)


def problem_of(line: int, unfit: UnfitError) -> Problem:
    """A value that its field cannot take, as the report says it."""
    shown = unfit.value if len(unfit.value) <= _VALUE_SHOWN else f"{unfit.value[:_VALUE_SHOWN]}…"
    return Problem(line=line, column=unfit.column, value=shown, what=unfit.what, do=unfit.do)


def _stands_once(line: int, external_id: str, tally: _Tally) -> bool:
    """Whether no line before had this id, else a problem.

    Ids seen so far are kept as Python's 64-bit hashes: a million of them fit into a hundred megabytes.
    """
    before = tally.lines.setdefault(hash(external_id), line)
    if before == line:
        return True
    double = Problem(
        line=line,
        column="",
        value=external_id,
        what=_("This id stands on line %(line)d already.") % {"line": before},
        do=_("Keep one of the two rows."),
    )
    tally.add([double])
    return False


def _load(loader: Loader[Any], batch: list[Read[Any]], tally: _Tally) -> None:
    if not batch or tally.problems:
        return
    problems = loader.prepare(batch)
    if problems:
        tally.add(problems)
        return
    try:
        with transaction.atomic():
            added, changed, unchanged = loader.load(batch)
    except (DomainError, DatabaseError) as error:
        tally.add([_culprit(loader, batch, error)])
        return
    tally.added += added
    tally.changed += changed
    tally.unchanged += unchanged


def _culprit(loader: Loader[Any], batch: list[Read[Any]], error: Exception) -> Problem:
    """The row that the record refuses, found by halving: each half is tried and taken back."""
    while len(batch) > 1:
        half = batch[: len(batch) // 2]
        try:
            with transaction.atomic():
                loader.load(half)
        except (DomainError, DatabaseError) as first:
            batch, error = half, first
        else:
            batch = batch[len(half) :]
    return Problem(
        line=batch[0].line,
        column="",
        value=f"{batch[0].thing.external_id}: {_first_line(error)}",
        what=_("The record refuses this row."),
        do=_("Correct it."),
    )


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


def plainly(thing: Any) -> dict[str, Any]:
    """A thing as it was read, as JSON values without what is empty."""
    values = asdict(thing) if is_dataclass(thing) and not isinstance(thing, type) else dict(thing)
    kept = {name: _plain(value) for name, value in values.items() if name not in _NOT_SHOWN}
    return {name: value for name, value in kept.items() if value not in ("", None, [], {}, ())}


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return plainly(value)
        case list() | tuple():
            return [_plain(item) for item in value]
        case date():
            return value.isoformat()
        case _:
            return value
