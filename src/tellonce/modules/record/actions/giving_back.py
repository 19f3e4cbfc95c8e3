"""Undoing an import gives back what it changed of customers who were known, where nobody changed it since."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model

from tellonce.kernel.money import Money
from tellonce.modules.record import story
from tellonce.modules.record.actions.import_changes import (
    ABOUT,
    CAME,
    FACTS,
    NOT_TOLD,
    TAKEN_OVER,
    plain,
    values_of,
)
from tellonce.modules.record.actions.known import rows_of_many
from tellonce.modules.record.actions.searching import index_customers
from tellonce.modules.record.actions.taking_away import take_away
from tellonce.modules.record.contracts import About, Change, GivenBack, ImportUndone, Stays, Told
from tellonce.modules.record.copying import table_of, update_rows
from tellonce.modules.record.models import Customer, ImportChange, Moment, Occupancy, Service
from tellonce.modules.staff.contracts import Actor

_AT_ONCE = 1_000
_MODELS = {about: model for model, about in ABOUT.items()}
_OF_OTHERS = "contact"
_MARKS = ("fingerprint", "came_as")
_CUSTOMER, _ABOUT, _ABOUT_ID, _ID = (story.COLUMNS.index(name) for name in ("customer_id", "about", "about_id", "id"))

Key = tuple[int, str, int | None]
"""What a moment is told of: the customer, and the type and id of the thing (or nothing, for the customer itself)."""


@transaction.atomic
def give_back(*, import_id: int, by: Actor, at: datetime) -> GivenBack:
    """Gives back what the import changed of known customers, and takes away what it added to them.

    A value that is other than the import left it, and a thing that somebody used since, stay and are named. What
    holds no longer is said by a moment that corrects the import's own, which is hidden with the import; the moments
    of what stays are told anew. Hidden and erased customers are left alone.
    """
    changes = ImportChange.objects.filter(import_id=import_id, customer_id__isnull=False).exclude(about=_OF_OTHERS)
    ids = sorted({pk for pk in changes.values_list("customer_id", flat=True) if pk is not None})
    things = 0
    stays: list[Stays] = []
    for start in range(0, len(ids), _AT_ONCE):
        some = _Some(import_id=import_id, by=by, at=at)
        some.give_back(ids[start : start + _AT_ONCE])
        things += len(some.given)
        stays += some.stays
    return GivenBack(things=things, stays=tuple(stays))


@dataclass(slots=True)
class _Some:
    """Some customers of the import, and what becomes of each thing that it changed or added."""

    import_id: int
    by: Actor
    at: datetime
    given: dict[Key, list[str]] = field(default_factory=dict)
    stays: list[Stays] = field(default_factory=list)
    _staying: set[Key] = field(default_factory=set)
    _rows: dict[tuple[str, int], Model] = field(default_factory=dict)
    _other: dict[type[Model], dict[int, Model]] = field(default_factory=dict)

    def give_back(self, customer_ids: list[int]) -> None:
        """All of it, for these customers."""
        customers = rows_of_many(Customer, customer_ids, whose="id", is_locked=True)
        standing = [one.pk for one in customers if one.hidden_at is None and one.erased_at is None]
        changes = list(
            ImportChange.objects.filter(import_id=self.import_id, customer_id__in=standing)
            .exclude(about=_OF_OTHERS)
            .order_by("id")
        )
        self._rows = {("customer", one.pk): one for one in customers}
        self._read(changes)
        for change in changes:
            if change.field and (row := self._rows.get((change.about, change.about_id))) is not None:
                self._give_back_value(change, row)
        self._write()
        self._take_away([change for change in changes if not change.field])
        self._tell(standing)
        index_customers({key[0] for key in (*self.given, *self._staying) if key[1] != "service"})

    def _read(self, changes: Sequence[ImportChange]) -> None:
        for about, model in _MODELS.items():
            ids = sorted({one.about_id for one in changes if one.about == about})
            if ids and model is not Customer:
                rows = rows_of_many(model, ids, whose="id", is_locked=model is Service)
                self._rows |= {(about, row.pk): row for row in rows}

    def _give_back_value(self, change: ImportChange, row: Model) -> None:
        before: Any = change.before
        if change.field == CAME:
            if [getattr(row, name) for name in _MARKS] == change.after:
                self._set(row, dict(zip(_MARKS, before, strict=True)))
        elif change.field == FACTS:
            self._give_back_facts(change, row, before, after=change.after)
        else:
            now = plain(getattr(row, change.field))
            if now == change.after:
                self._set(row, {change.field: _typed(row, change.field, before)})
                self._note_given(change, row)
            elif now != before:
                self._note_stays(change, row, change.field)

    def _give_back_facts(self, change: ImportChange, row: Model, before: dict[str, Any], *, after: Any) -> None:
        facts = dict(getattr(row, FACTS))
        for name in {**before, **after}:
            if facts.get(name) == before.get(name) and (name in facts) == (name in before):
                continue
            if facts.get(name) != after.get(name):
                self._note_stays(change, row, f"{FACTS}.{name}")
            elif name in before:
                facts[name] = before[name]
            else:
                facts.pop(name, None)
        if facts != getattr(row, FACTS):
            self._set(row, {FACTS: facts})
            self._note_given(change, row)

    def _set(self, row: Model, values: dict[str, Any]) -> None:
        for name, value in values.items():
            setattr(row, name, value)
        self._other.setdefault(type(row), {})[row.pk] = row

    def _note_given(self, change: ImportChange, row: Model) -> None:
        self.given.setdefault(_key(change, row), []).append(change.field)

    def _note_stays(self, change: ImportChange, row: Model | None, name: str) -> None:
        self._staying.add(_key(change, row))
        self.stays.append(Stays(change.customer_id, change.about, change.about_id, name))

    def _write(self) -> None:
        for model, rows in self._other.items():
            columns = (*TAKEN_OVER[model], *(_MARKS if model is Customer else ()))
            values = [(row.pk, *(getattr(row, name) for name in columns)) for row in rows.values()]
            update_rows(table_of(model), columns, values)

    def _take_away(self, added: Sequence[ImportChange]) -> None:
        there = [one for one in added if (one.about, one.about_id) in self._rows]
        rows = {(one.about, one.about_id): self._rows[one.about, one.about_id] for one in there}
        changed = {(one.about, one.about_id) for one in there if one.after != values_of(rows[one.about, one.about_id])}
        gone = take_away(rows, but=changed, import_id=self.import_id)
        for one in there:
            row = self._rows[one.about, one.about_id]
            if (one.about, one.about_id) in gone:
                self.given.setdefault(_key(one, row), [])
            elif one.about != "premise":  # a place that stays is named by whoever lives there
                self._note_stays(one, row, "")

    def _tell(self, customer_ids: list[int]) -> None:
        """Tells anew what stays, and of all that was given back that it was."""
        moments = Moment.objects.filter(import_id=self.import_id, customer_id__in=customer_ids, contact_id=None)
        rows = list(moments.filter(erased_at=None).order_by("customer_id", "id").values_list(*story.COLUMNS))
        of_key: dict[Key, list[tuple[Any, ...]]] = {}
        for row in rows:
            of_key.setdefault((row[_CUSTOMER], row[_ABOUT], row[_ABOUT_ID]), []).append(row)
        stay = [row for key, some in of_key.items() if key in self._staying or key not in self.given for row in some]
        news = story.tell_anew(stay, import_id=None)
        story.tell_each([told for key in self.given if (told := self._told(key, of_key.get(key, []), news))])

    def _told(self, key: Key, moments: list[tuple[Any, ...]], news: dict[Any, Any]) -> Told | None:
        names = [name for name in self.given[key] if name not in NOT_TOLD]
        if self.given[key] and not names:
            return None
        customer_id, about, about_id = key
        first = moments[0][_ID] if moments else None
        return Told(
            customer_id=customer_id,
            what=ImportUndone(now=self._now(key, names)),
            at=self.at,
            by=self.by,
            about=About(about, about_id),
            corrects=news.get(first, first),
        )

    def _now(self, key: Key, names: Sequence[str]) -> str:
        """What holds again, in few words: a service by its plan and price, a name as it is, else the fields."""
        row = self._rows.get((key[1], key[2] or 0))
        if isinstance(row, Service) and names:
            price = "" if row.price_minor is None else f"{Money(row.price_minor, row.currency)} {row.currency}"
            return " · ".join(part for part in (row.plan, price) if part)
        customer = self._rows["customer", key[0]]
        name = getattr(customer, "name", "")
        return ", ".join(dict.fromkeys(name if one == "name" and name else one for one in names))


def _key(change: ImportChange, row: Model | None) -> Key:
    """Whose moment told of the change: what has no moment of its own is told with the customer's other values."""
    assert change.customer_id is not None
    if isinstance(row, Occupancy):
        return change.customer_id, "premise", row.premise_id
    has_own = change.about == "service" or not change.field or change.about == "device"
    return (change.customer_id, change.about, change.about_id) if has_own else (change.customer_id, "", None)


def _typed(row: Model, name: str, value: Any) -> Any:
    column: Any = type(row)._meta.get_field(name)  # noqa: SLF001 -- Django's documented way to a model's fields
    return column.to_python(value)


def changed_elsewhere(import_id: int, *, about: str) -> Iterator[Change]:
    """What the import changed of things of this type, which another module keeps; thing by thing."""
    rows = ImportChange.objects.filter(import_id=import_id, about=about).order_by("about_id", "id")
    for row in list(rows):
        yield Change(row.customer_id, row.about, row.about_id, row.field, row.before, row.after)
