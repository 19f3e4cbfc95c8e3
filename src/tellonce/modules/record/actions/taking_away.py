"""What an undone import added to known customers is taken away again, unless something else has come to hang on it."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model, Q

from tellonce.modules.record.actions.import_changes import ABOUT
from tellonce.modules.record.models import Moment, Occupancy, SplitRow

Thing = tuple[str, int]


def take_away(rows: Mapping[Thing, Model], *, but: set[Thing], import_id: int) -> set[Thing]:
    """Deletes these rows (`but` some), what hangs on others first; returns those that are gone.

    One stays that anything refers to: a contact, a case, a split, or a moment that did not come with the import. What
    stays counts as of no import from then on, so that it is not hidden with it.
    """
    used = but | _told_of(rows, import_id) | _given_by_splits(rows)
    gone: set[Thing] = set()
    for model, about in reversed(ABOUT.items()):
        ids = {pk for kind, pk in rows if kind == about and (kind, pk) not in used}
        ids -= _referred_to(model, ids)
        manager = model._default_manager  # noqa: SLF001 -- Django's documented way to a model's manager
        manager.filter(pk__in=ids).delete()
        gone |= {(about, pk) for pk in ids}
        stay = [pk for kind, pk in rows if kind == about and (kind, pk) not in gone]
        if stay and hasattr(model, "import_id"):
            manager.filter(pk__in=stay, import_id=import_id).update(import_id=None)
    return gone


def _told_of(rows: Mapping[Thing, Model], import_id: int) -> set[Thing]:
    """Those of which a moment tells that did not come with this import."""
    by_moment = {_as_told(thing, row): thing for thing, row in rows.items()}
    owners = {row.customer_id for row in rows.values() if hasattr(row, "customer_id")}
    told = Moment.objects.filter(customer_id__in=owners).exclude(about="").exclude(import_id=import_id)
    return {by_moment[key] for key in told.values_list("about", "about_id") if key in by_moment}


def _as_told(thing: Thing, row: Model) -> Thing:
    return ("premise", row.premise_id) if isinstance(row, Occupancy) else thing


def _given_by_splits(rows: Mapping[Thing, Model]) -> set[Thing]:
    wanted = Q(pk__in=())
    for about in {kind for kind, _pk in rows}:
        wanted |= Q(about=about, about_id__in=[str(pk) for kind, pk in rows if kind == about])
    return {(about, int(pk)) for about, pk in SplitRow.objects.filter(wanted).values_list("about", "about_id")}


def _referred_to(model: type[Model], ids: set[int]) -> set[int]:
    """Those that some row of any table refers to by a foreign key."""
    if not ids:
        return set()
    found: set[Any] = set()
    for relation in model._meta.get_fields(include_hidden=True):  # noqa: SLF001 -- Django's documented way
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one):
            column = relation.field.attname  # type: ignore[union-attr]  # a reverse relation has its field
            rows = relation.related_model._base_manager.filter(**{f"{column}__in": ids})  # type: ignore[union-attr]  # noqa: SLF001 -- as above
            found |= set(rows.values_list(column, flat=True))
    return found
