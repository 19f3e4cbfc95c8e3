"""Customers in bulk by COPY: the same rules as one by one, and running it again changes nothing."""

import hashlib
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.utils.translation import get_language, gettext, override
from psycopg.errors import UniqueViolation

from tellonce.modules.record.actions.bringing import bring_up_to_date
from tellonce.modules.record.actions.forgetting import forgotten_id
from tellonce.modules.record.actions.loading_rows import Batch, Came, fill, take_ids, with_kept_values, write
from tellonce.modules.record.actions.taking_over import Way
from tellonce.modules.record.contracts import BadRecordError, LoadResult, NewCustomer, TakenError
from tellonce.modules.record.copying import update_rows
from tellonce.modules.record.models import Area
from tellonce.modules.staff.contracts import Actor

_AT_ONCE = 5_000
_CAME_BEFORE = """
SELECT external_id, id, fingerprint, came_as, hidden_at IS NOT NULL, erased_at IS NOT NULL
FROM record_customer WHERE source = %s AND external_id = ANY(%s) AND external_id <> ''
"""


@transaction.atomic
def load_customers(
    customers: Sequence[NewCustomer],
    *,
    by: Actor,
    at: datetime,
    import_id: int | None = None,
    country: str = "US",
    rows: Sequence[str] = (),
) -> LoadResult:
    """Adds new customers by COPY and brings known ones, by (source, external id), up to date; all or nothing.

    Phones without a country code are read as of `country`. A known customer that comes as it came before is left
    alone; one that comes different gets what is new or changed, each with its moment, and loses nothing. `rows` are
    digests of the rows that the customers came from, kept so that whoever reads them knows one again by its row.
    """
    ids: list[int] = []
    added = changed = 0
    way = Way(by=by, at=at, import_id=import_id, country=country)
    for loaded in _in_step(customers, rows or [""] * len(customers), way):
        new_ids = iter(loaded.batch.customer_ids)
        again: list[tuple[int, Came]] = []
        other_rows: list[tuple[int, str]] = []
        for came in loaded.customers:
            known = loaded.known.get((came.new.source, came.new.external_id))
            ids.append(known.pk if known else next(new_ids))
            if known is None or known.is_erased:
                continue
            if not known.says_the_same(came):
                again.append((known.pk, came))
            elif came.row and known.row != came.row:
                other_rows.append((known.pk, came.row))
        with taken_told():
            changed += bring_up_to_date(again, way=way)
        if other_rows:
            update_rows("record_customer", ("came_as",), other_rows)
        added += len(loaded.batch.customer_ids)
    if len(set(ids)) != len(ids):
        raise BadRecordError(gettext("The same customer comes twice: each id of the source may come once."))
    return LoadResult(customer_ids=tuple(ids), added=added, changed=changed, unchanged=len(ids) - added - changed)


@dataclass(frozen=True, slots=True)
class _Known:
    pk: int
    fingerprint: str
    row: str
    is_hidden: bool
    is_erased: bool

    def says_the_same(self, came: Came) -> bool:
        """Whether it came with these values before and still stands: what people changed since is left alone."""
        return self.fingerprint == came.fingerprint and not self.is_hidden


@dataclass(frozen=True, slots=True)
class _Loaded:
    customers: list[Came]
    known: dict[tuple[str, str], _Known]
    batch: Batch


def _in_step(customers: Sequence[NewCustomer], rows: Sequence[str], way: Way) -> Iterator[_Loaded]:
    """Batch by batch: while the database takes in one, the rows of the next are made beside it."""
    areas = dict(Area.objects.values_list("code", "pk"))
    language = get_language()
    with ThreadPoolExecutor(max_workers=1) as beside:
        waiting: Future[_Loaded] | None = None
        for start in range(0, len(customers), _AT_ONCE):
            some = customers[start : start + _AT_ONCE]
            known = _known(some)
            ids = take_ids([new for new in some if (new.source, new.external_id) not in known])
            batch = Batch(by=way.by, at=way.at, import_id=way.import_id, ids=ids, areas=areas)
            marks = rows[start : start + _AT_ONCE]
            made = beside.submit(_make, some, marks, known, batch, country=way.country, language=language)
            if waiting is not None:
                yield _written(waiting.result())
            waiting = made
        if waiting is not None:
            yield _written(waiting.result())


def _make(
    some: Sequence[NewCustomer],
    rows: Sequence[str],
    known: dict[tuple[str, str], _Known],
    batch: Batch,
    *,
    country: str,
    language: str | None,
) -> _Loaded:
    """Everything that needs no database; what is refused is said in the language of who loads."""
    with override(language):
        kept = [with_kept_values(new, country=country) for new in some]
        came = [Came(new=new, fingerprint=_fingerprint(new), row=row) for new, row in zip(kept, rows, strict=True)]
        fill(batch, [one for one in came if (one.new.source, one.new.external_id) not in known])
    return _Loaded(customers=came, known=known, batch=batch)


def _written(loaded: _Loaded) -> _Loaded:
    if loaded.batch.customer_ids:
        with taken_told(), transaction.atomic():
            write(loaded.batch)
    return loaded


@contextmanager
def taken_told() -> Iterator[None]:
    """What the database refuses is told as a TakenError where somebody else has it, else as a BadRecordError."""
    try:
        yield
    except IntegrityError as error:
        if not isinstance(error.__cause__, UniqueViolation):
            name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or str(error)
            raise BadRecordError(gettext("Its values do not go together (%(rule)s).") % {"rule": name}) from error
        detail = getattr(getattr(error.__cause__, "diag", None), "message_detail", None) or str(error)
        twice = gettext("Something comes twice, or somebody else has it: %(what)s")
        raise TakenError(twice % {"what": detail}) from error


def _known(batch: Sequence[NewCustomer]) -> dict[tuple[str, str], _Known]:
    """Those that came before, by what the source calls them; erased ones too, so that they do not come back."""
    called: dict[tuple[str, str], tuple[str, str]] = {}
    by_source: dict[str, list[str]] = {}
    for new in batch:
        if new.external_id:
            forgotten = forgotten_id(source=new.source, external_id=new.external_id)
            called[new.source, forgotten] = called[new.source, new.external_id] = (new.source, new.external_id)
            by_source.setdefault(new.source, []).extend((new.external_id, forgotten))
    known: dict[tuple[str, str], _Known] = {}
    with connection.cursor() as cursor:
        for source, external_ids in by_source.items():
            cursor.execute(_CAME_BEFORE, [source, external_ids])
            known |= {called[source, row[0]]: _Known(*row[1:]) for row in cursor.fetchall()}
    return known


def _fingerprint(new: NewCustomer) -> str:
    """Of everything that came; only compared with itself, so the plain text of the dataclasses is enough."""
    return hashlib.sha256(repr(new).encode()).hexdigest() if new.external_id else ""
