"""Reads of the tree of matters."""

from collections.abc import Collection, Sequence

from django.db.models import Q

from tellonce.modules.care.contracts import MatterNode
from tellonce.modules.care.contracts.words import matter_in_words
from tellonce.modules.care.models import Matter


def matters_tree(*, with_retired: bool = False) -> list[MatterNode]:
    """The tree of matters in the reader's language, in its order; one query."""
    rows = Matter.objects.order_by("position", "id")
    if not with_retired:
        rows = rows.filter(retired_at__isnull=True)
    below: dict[int | None, list[Matter]] = {}
    for row in rows:
        below.setdefault(row.parent_id, []).append(row)
    return [_node(row, below, "") for row in below.get(None, [])]


def matters_flat(*, with_retired: bool = False) -> list[MatterNode]:
    """All matters in the order of the tree, each after the one above it."""
    flat: list[MatterNode] = []
    waiting = list(reversed(matters_tree(with_retired=with_retired)))
    while waiting:
        node = waiting.pop()
        flat.append(node)
        waiting.extend(reversed(node.children))
    return flat


def matter_id(code: str) -> int | None:
    """The id of the matter with this code."""
    return Matter.objects.filter(code=code).values_list("pk", flat=True).first()


def is_below(matter_id: int | None, code: str) -> bool:
    """Whether the matter is the one with this code or below it."""
    mine = Matter.objects.filter(pk=matter_id) if matter_id is not None else Matter.objects.none()
    return mine.filter(Q(code=code) | Q(code__startswith=f"{code}.")).exists()


def matters_in_use(codes: Sequence[str]) -> dict[str, int]:
    """The ids of those of these matters that may still be chosen, by code."""
    return dict(Matter.objects.filter(code__in=codes, retired_at__isnull=True).values_list("code", "pk"))


def matter_names(codes: Collection[str]) -> tuple[str, ...]:
    """The names of these matters in the reader's language, in the order of their codes."""
    named = Matter.objects.filter(code__in=codes).order_by("code").values_list("name", flat=True)
    return tuple(matter_in_words(name) for name in named)


def matter_ids() -> dict[str, int]:
    """The ids of all matters by code."""
    return dict(Matter.objects.values_list("code", "pk"))


def _node(row: Matter, below: dict[int | None, list[Matter]], above: str) -> MatterNode:
    name = matter_in_words(row.name)
    path = f"{above} \u203a {name}" if above else name
    return MatterNode(
        id=row.pk,
        code=row.code,
        name=name,
        level=row.level,
        path=path,
        retired=row.retired_at is not None,
        children=tuple(_node(child, below, path) for child in below.get(row.pk, [])),
    )
