"""Areas, and who lives in them."""

from collections.abc import Sequence

from django.db import connection

from tellonce.modules.record.contracts import AreaNode, AreaStep
from tellonce.modules.record.models import Area
from tellonce.modules.record.queries.identity import roots

_BELOW = """
WITH RECURSIVE below AS (
    SELECT id FROM record_area WHERE id = %(id)s
    UNION SELECT a.id FROM record_area a JOIN below ON a.parent_id = below.id
)
"""


def areas() -> list[Area]:
    """Every area by name."""
    return list(Area.objects.all())


def area_tree() -> tuple[AreaNode, ...]:
    """The regions, each with its areas, each with its nodes, by name; one query."""
    below: dict[int | None, list[Area]] = {}
    for area in Area.objects.all():
        below.setdefault(area.parent_id, []).append(area)

    def node(area: Area) -> AreaNode:
        children = tuple(node(child) for child in below.get(area.pk, ()))
        return AreaNode(
            id=area.pk, kind=area.kind, name=area.name, code=area.code, parent_id=area.parent_id, children=children
        )

    return tuple(node(region) for region in below.get(None, ()))


def area_path(area_id: int) -> tuple[AreaStep, ...]:
    """The area with those above it, region first; empty for an unknown area."""
    area = Area.objects.select_related("parent__parent").filter(pk=area_id).first()
    steps: list[AreaStep] = []
    while area is not None:
        steps.append(AreaStep(id=area.pk, kind=area.kind, name=area.name))
        area = area.parent
    return tuple(reversed(steps))


def areas_below(area_id: int) -> tuple[int, ...]:
    """The ids of an area and everything below it."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_BELOW} SELECT id FROM below", {"id": area_id})
        return tuple(row[0] for row in cursor.fetchall())


def customers_in_area(area_id: int, service_kinds: Sequence[str] = ()) -> tuple[int, ...]:
    """The customers who live in an area or below it now, merged ones by the one that remains, in order of id.

    With `service_kinds` those alone who have a service of one of these kinds that has not ended.
    """
    now_there = """
    SELECT DISTINCT c.id FROM record_premise p
    JOIN record_occupancy o ON o.premise_id = p.id AND o.until IS NULL
    JOIN record_customer c ON c.id = o.customer_id AND c.hidden_at IS NULL AND c.left_on IS NULL
    WHERE p.area_id IN (SELECT id FROM below)
    """
    with_service = """
    AND EXISTS (SELECT FROM record_service s
                WHERE s.customer_id = c.id AND s.kind = ANY(%(kinds)s) AND s.status <> 'ended')
    """
    with connection.cursor() as cursor:
        kinds = [str(kind) for kind in service_kinds]
        cursor.execute(_BELOW + now_there + (with_service if kinds else ""), {"id": area_id, "kinds": kinds})
        there = [row[0] for row in cursor.fetchall()]
    return tuple(sorted(set(roots(there).values())))


def ever_in_area(area_id: int) -> tuple[int, ...]:
    """Everybody who lives or lived in an area or below it, each under the id of that time."""
    there = "SELECT DISTINCT o.customer_id FROM record_premise p JOIN record_occupancy o ON o.premise_id = p.id"
    with connection.cursor() as cursor:
        cursor.execute(f"{_BELOW} {there} WHERE p.area_id IN (SELECT id FROM below)", {"id": area_id})
        return tuple(row[0] for row in cursor.fetchall())
