"""Reads of the tree of matters."""

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
