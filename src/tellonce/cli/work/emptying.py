"""An empty database, for what is about to be written into it whole."""

from django.db import connection


def empty_database() -> None:
    """Drops every table; the schema is made again as a new database has it."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public AUTHORIZATION pg_database_owner")
        cursor.execute("GRANT USAGE ON SCHEMA public TO public")
    connection.close()
