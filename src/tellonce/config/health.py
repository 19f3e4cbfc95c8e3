"""Whether this process can serve: the database answers and its tables are of this version."""

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

_known_good: set[str] = set()


def missing_migrations() -> list[str]:
    """The migrations that this version has and the database has not, as `app.name`."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def healthz(request: HttpRequest) -> JsonResponse:
    """200 when all is well, otherwise 503 with what is wrong. Asks the database one thing once it was well."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _known_good:
            if missing := missing_migrations():
                return JsonResponse({"ok": False, "wrong": "migrations", "missing": len(missing)}, status=503)
            cache.get("healthz")  # the cache's table is made by `tellonce migrate` too
            _known_good.add("migrations")
    except DatabaseError:
        return JsonResponse({"ok": False, "wrong": "database"}, status=503)
    return JsonResponse({"ok": True})
