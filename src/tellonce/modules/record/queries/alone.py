"""Customers whose rows are theirs alone, as those of most are."""

from collections.abc import Iterable

from django.db import connection

_ALONE = """
SELECT c.id FROM record_customer c WHERE c.id = ANY(%s) AND c.merged_into_id IS NULL
  AND NOT EXISTS (SELECT 1 FROM record_customer o WHERE o.merged_into_id = c.id)
  AND NOT EXISTS (SELECT 1 FROM record_customersplit s WHERE s.customer_id = c.id AND s.undone_at IS NULL)
  AND NOT EXISTS (SELECT 1 FROM record_customersplit s WHERE s.new_customer_id = c.id AND s.undone_at IS NULL)
"""


def never_merged_or_split(customer_ids: Iterable[int]) -> set[int]:
    """Those of these customers whose rows are theirs and nobody else's, as most are: no merge or split stands."""
    with connection.cursor() as cursor:
        cursor.execute(_ALONE, [list(customer_ids)])
        return {int(row[0]) for row in cursor.fetchall()}
