"""Customers by the rows that they came as."""

from collections.abc import Sequence

from django.db import connection

_STANDING = """
SELECT external_id, came_as FROM record_customer
WHERE source = %s AND external_id = ANY(%s) AND external_id <> '' AND hidden_at IS NULL AND erased_at IS NULL
"""


def rows_they_came_as(source: str, external_ids: Sequence[str]) -> dict[str, str]:
    """The digest of the row that each of these customers came from last; hidden and erased ones are left out."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [source, list(external_ids)])
        return dict(cursor.fetchall())
