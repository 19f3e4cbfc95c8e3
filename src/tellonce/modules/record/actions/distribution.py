"""The big tables spread over many machines by customer, where the database has the Citus extension."""

import itertools
from collections.abc import Collection, Sequence

from django.db import connection, transaction
from django.utils.translation import gettext

from tellonce.modules.record.contracts import DistributionError

_STORY = "record_moment"
_WITH_STORY = ("record_delivery",)
# Citus allows no triggers on distributed tables: the guard of the append-only story goes first. From then on only the
# product's own paths (tell, load, erase) write moments.
_UNGUARD = f"DROP TRIGGER IF EXISTS moment_append_only ON {_STORY}"
_HIDDEN = "record_hiddenimport"


def distribution_sql(above: Sequence[str] = (), *, there: Collection[str] = ()) -> dict[str, list[str]]:
    """For each table what distributes it by customer, in order: the story, what lies with it, and the tables `above`.

    Tables that are `there` already are left out. Tables `above` belong to modules that know this one, and have the
    primary key (customer, id).
    """
    made = {_STORY: [_UNGUARD, f"SELECT create_distributed_table('{_STORY}', 'customer_id')"]}
    for table in (*_WITH_STORY, *above):
        made[table] = [f"SELECT create_distributed_table('{table}', 'customer_id', colocate_with => '{_STORY}')"]
    made[_HIDDEN] = [f"SELECT create_reference_table('{_HIDDEN}')"]
    return {table: statements for table, statements in made.items() if table not in there}


def distribute(above: Sequence[str] = ()) -> list[str]:
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
        missing = distribution_sql(above, there={table for (table,) in cursor.fetchall()})
        for statement in itertools.chain.from_iterable(missing.values()):
            cursor.execute(statement)
    return list(missing)
