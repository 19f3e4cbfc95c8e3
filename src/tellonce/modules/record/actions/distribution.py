"""The big tables spread over many machines by customer, where the database has the Citus extension."""

from django.db import connection, transaction
from django.utils.translation import gettext

from tellonce.modules.record.contracts import DistributionError

_DISTRIBUTED = (("record_moment", ""), ("record_delivery", "record_moment"))


def distribution_sql() -> list[str]:
    """The statements that distribute the story by customer, in their order.

    Citus allows no triggers on distributed tables: the guard of the append-only story goes first. From then on only
    the product's own paths (tell, load, erase) write moments.
    """
    return [
        "DROP TRIGGER IF EXISTS moment_append_only ON record_moment",
        *(
            f"SELECT create_distributed_table('{table}', 'customer_id'"
            + (f", colocate_with => '{beside}')" if beside else ")")
            for table, beside in _DISTRIBUTED
        ),
        "SELECT create_reference_table('record_hiddenimport')",
    ]


def distribute() -> list[str]:
    """Distributes what is not distributed yet; the tables that were. DistributionError where Citus is missing."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_extension WHERE extname = 'citus'")
        row = cursor.fetchone()
        if not row or not row[0]:
            raise DistributionError(
                gettext(
                    "This database has no citus extension. Install it, add it to shared_preload_libraries, run"
                    " CREATE EXTENSION citus in this database, and start again."
                )
            )
        cursor.execute("SELECT logicalrelid::text FROM pg_dist_partition")
        there = {table for (table,) in cursor.fetchall()}
        if "record_moment" in there:
            return []
        for statement in distribution_sql():
            cursor.execute(statement)
    return [table for table, _beside in _DISTRIBUTED]
