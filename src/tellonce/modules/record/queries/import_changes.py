"""What imports changed, as far as it is still kept."""

from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import Q

from tellonce.modules.record.models import Moment
from tellonce.modules.record.queries.identity import Identity

_WITH_CHANGES = """
SELECT pk FROM unnest(%s::bigint[]) AS wanted(pk)
WHERE EXISTS (SELECT 1 FROM record_importchange c WHERE c.import_id = wanted.pk)
"""


def import_changes_of(who: Identity) -> Q:
    """The changes of what reads as this customer's, and of what a split gave to it."""
    mine = Q(customer_id__in=who.ids)
    for about, ids in who.here.items():
        if about != "moment":
            mine |= Q(about=about, about_id__in=[int(pk) for pk in ids])
    return mine


def imports_with_changes(import_ids: Iterable[int]) -> set[int]:
    """Those of these imports of which it is still kept what they changed."""
    with connection.cursor() as cursor:
        cursor.execute(_WITH_CHANGES, [list(import_ids)])
        return {int(row[0]) for row in cursor.fetchall()}


def imports_that_told_of(customer_ids: Sequence[int]) -> set[int]:
    """The imports that brought these customers, or told of them."""
    told = Moment.objects.filter(customer_id__in=list(customer_ids), import_id__isnull=False)
    return {pk for pk in told.values_list("import_id", flat=True).distinct() if pk is not None}
