"""The tree of matters: laid once, then edited; ids and codes never change."""

import re
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext

from tellonce.modules.care.actions.locking import matter_or_refuse
from tellonce.modules.care.actions.telling import typed
from tellonce.modules.care.contracts import MatterTreeError
from tellonce.modules.care.contracts.first_matters import FIRST_MATTERS, FirstMatter
from tellonce.modules.care.models import Matter
from tellonce.modules.record import story
from tellonce.modules.staff import actions as staff
from tellonce.modules.staff.contracts import Actor

LEVELS = 3


@transaction.atomic
def lay_first_matters() -> int:
    """Lays the first tree where there is none; a tree that exists, however edited, is left alone."""
    if Matter.objects.exists():
        return 0
    return _lay(FIRST_MATTERS, parent=None)


@transaction.atomic
def add_matter(*, name: str, by: Actor, at: datetime, parent_id: int | None = None) -> Matter:
    """A new matter at the end of its siblings."""
    words = _named(name)
    parent = _parent(parent_id)
    _refuse_same_name(words, parent)
    matter = Matter.objects.create(
        code=_free_code(words, parent),
        name=words,
        parent=parent,
        level=parent.level + 1 if parent else 1,
        position=_end_of(parent),
    )
    staff.note_change(what="added", about=matter, by=by, at=at, after=_place_of(matter))
    _announce(at)
    return matter


@transaction.atomic
def rename_matter(*, matter_id: int, name: str, by: Actor, at: datetime) -> Matter:
    """Another name for the same matter; what was told under the old one stays."""
    matter, words = matter_or_refuse(matter_id), _named(name)
    _refuse_same_name(words, matter.parent, but=matter)
    before = {"name": matter.name}
    matter.name = words
    matter.save(update_fields=["name"])
    staff.note_change(what="changed", about=matter, by=by, at=at, before=before, after={"name": words})
    _announce(at)
    return matter


@transaction.atomic
def move_matter(
    *, matter_id: int, by: Actor, at: datetime, parent_id: int | None = None, before_id: int | None = None
) -> Matter:
    """Puts the matter below another (None: at the top), before the sibling `before_id` or at the end."""
    _lock_tree()
    matter, parent = matter_or_refuse(matter_id), _parent(parent_id)
    _refuse_below_itself(matter, parent)
    level = parent.level + 1 if parent else 1
    if level + _height(matter) - 1 > LEVELS:
        raise MatterTreeError(gettext("The tree has at most three levels; this would need more."))
    before = _place_of(matter)
    matter.parent, matter.level = parent, level
    matter.save(update_fields=["parent", "level"])
    _set_levels_below(matter)
    _put_in_order(matter, before_id=before_id)
    staff.note_change(what="moved", about=matter, by=by, at=at, before=before, after=_place_of(matter))
    _announce(at)
    return matter


@transaction.atomic
def retire_matter(*, matter_id: int, by: Actor, at: datetime) -> Matter:
    """Not offered any more, nor anything below it; what was about it stays about it."""
    matter = matter_or_refuse(matter_id)
    _with_all_below(matter).filter(retired_at__isnull=True).update(retired_at=at)
    matter.refresh_from_db()
    staff.note_change(what="retired", about=matter, by=by, at=at)
    _announce(at)
    return matter


@transaction.atomic
def bring_back_matter(*, matter_id: int, by: Actor, at: datetime) -> Matter:
    """Offered again, with everything above it."""
    matter = matter_or_refuse(matter_id)
    above: Matter | None = matter
    while above is not None:
        Matter.objects.filter(pk=above.pk).update(retired_at=None)
        above = above.parent
    matter.refresh_from_db()
    staff.note_change(what="brought back", about=matter, by=by, at=at)
    _announce(at)
    return matter


def _lay(matters: Sequence[FirstMatter], *, parent: Matter | None) -> int:
    laid = 0
    for position, first in enumerate(matters):
        matter = Matter.objects.create(
            code=f"{parent.code}.{first.word}" if parent else first.word,
            name=first.name,
            parent=parent,
            level=parent.level + 1 if parent else 1,
            position=position,
        )
        laid += 1 + _lay(first.below, parent=matter)
    return laid


def _place_of(matter: Matter) -> dict[str, str | int | bool | list[str]]:
    """What an audit says of where it stands; the place counts from one."""
    return {"name": matter.name, "below": matter.parent.name if matter.parent else "", "place": matter.position + 1}


def _lock_tree() -> None:
    list(Matter.objects.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))


def _named(name: str) -> str:
    words = re.sub(r"\s+", " ", typed(name))[:120]
    if not words:
        raise MatterTreeError(gettext("A matter needs a name."))
    return words


def _parent(parent_id: int | None) -> Matter | None:
    if parent_id is None:
        return None
    parent = matter_or_refuse(parent_id)
    if parent.level >= LEVELS:
        raise MatterTreeError(gettext("The tree has at most three levels."))
    if parent.retired_at is not None:
        raise MatterTreeError(gettext("That matter is retired; bring it back first."))
    return parent


def _refuse_same_name(name: str, parent: Matter | None, *, but: Matter | None = None) -> None:
    same = Matter.objects.filter(parent=parent, name__iexact=name)
    if (same.exclude(pk=but.pk) if but else same).exists():
        raise MatterTreeError(gettext("There is a matter with this name here already."))


def _refuse_below_itself(matter: Matter, parent: Matter | None) -> None:
    above = parent
    while above is not None:
        if above.pk == matter.pk:
            raise MatterTreeError(gettext("A matter cannot stand below itself."))
        above = above.parent


def _free_code(name: str, parent: Matter | None) -> str:
    stem = slugify(name).replace("-", "_")[:24] or "matter"
    base = f"{parent.code}.{stem}"[:72] if parent else stem
    code, number = base, 2
    while Matter.objects.filter(code=code).exists():
        code, number = f"{base}_{number}", number + 1
    return code


def _end_of(parent: Matter | None) -> int:
    last = Matter.objects.filter(parent=parent).aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def _height(matter: Matter) -> int:
    below = [_height(child) for child in matter.children.all()]
    return 1 + max(below, default=0)


def _set_levels_below(matter: Matter) -> None:
    for child in matter.children.all():
        child.level = matter.level + 1
        child.save(update_fields=["level"])
        _set_levels_below(child)


def _put_in_order(matter: Matter, *, before_id: int | None) -> None:
    siblings = list(Matter.objects.filter(parent=matter.parent).exclude(pk=matter.pk).order_by("position", "pk"))
    index = next((place for place, each in enumerate(siblings) if each.pk == before_id), len(siblings))
    siblings.insert(index, matter)
    for position, each in enumerate(siblings):
        if each.position != position or each.pk == matter.pk:
            each.position = position
            each.save(update_fields=["position"])


def _with_all_below(matter: Matter) -> QuerySet[Matter]:
    ids = [matter.pk]
    for _level in range(LEVELS):
        ids += Matter.objects.filter(parent_id__in=ids).exclude(pk__in=ids).values_list("pk", flat=True)
    return Matter.objects.filter(pk__in=ids)


def _announce(at: datetime) -> None:
    story.announce(topics=["matters"], kind="care.matters_changed", at=at)
