"""The database backend by the name under which Django looks for it."""

from typing import Any

from django.db.backends.postgresql import base
from psycopg import Connection, OperationalError
from psycopg_pool import ConnectionPool


class DatabaseWrapper(base.DatabaseWrapper):
    """Looks at a pooled connection before it is used, when one is dead at all of them; plans what is prepared once.

    After a restart of the database every idle connection is dead. The pool's own check finds them out one by one with
    a pause after each that doubles, and a page then fails after ten seconds.

    What is prepared here are `datakit`'s reads, each made for one way through its indexes. Planning those joins anew
    for every page took the database five times as long as running them; left alone it mostly does, as it takes any
    list of customers for one of ten.
    """

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection that answered just now; raises OperationalError when the database does not answer."""
        connection = super().get_new_connection(conn_params)
        if self.pool is None or _answers(connection):
            return connection
        self.pool.putconn(connection)
        self.pool.check()
        return super().get_new_connection(conn_params)

    def _configure_connection(self, connection: Connection[Any]) -> bool:
        connection.execute("SET plan_cache_mode = force_generic_plan")
        super()._configure_connection(connection)  # type: ignore[misc]
        return True


def _answers(connection: Connection[Any]) -> bool:
    try:
        ConnectionPool.check_connection(connection)
    except OperationalError:
        return False
    return True
