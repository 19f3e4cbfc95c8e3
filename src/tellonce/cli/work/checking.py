"""What `tellonce check` finds in the database."""

import time

from django.conf import settings
from django.core.checks import WARNING, run_checks
from django.db import connection

from tellonce.cli.checks import Finding
from tellonce.config.health import missing_migrations

_OLDEST_SERVER = 15
_CLOCKS_APART_S = 2.0
_ABOUT_TLS = frozenset({"security.W004", "security.W008", "security.W012", "security.W016"})
_NEEDED_EXTENSIONS = ("pg_trgm", "unaccent", "btree_gist")


def findings() -> list[Finding]:
    """Server, extensions, tables, clock, and Django's own checks for deployment."""
    return [_server(), _extensions(), _tables(), _clock(), *_deployment()]


def _server() -> Finding:
    major, minor = divmod(connection.cursor().connection.info.server_version, 10_000)
    found = f"PostgreSQL {major}.{minor}"
    if major < _OLDEST_SERVER:
        return Finding("Database", found, is_good=False, advice=f"Move to PostgreSQL {_OLDEST_SERVER} or newer.")
    return Finding("Database", found)


def _extensions() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_available_extensions WHERE name = ANY(%s)", [list(_NEEDED_EXTENSIONS)])
        there = {name for (name,) in cursor.fetchall()}
    missing = [name for name in _NEEDED_EXTENSIONS if name not in there]
    if missing:
        advice = "Install the server's contrib package (on Debian: postgresql-contrib)."
        return Finding("Extensions", f"missing: {', '.join(missing)}", is_good=False, advice=advice)
    return Finding("Extensions", ", ".join(_NEEDED_EXTENSIONS))


def _tables() -> Finding:
    missing = missing_migrations()
    if missing:
        found = f"{len(missing)} migrations are not applied, the first is {missing[0]}"
        return Finding("Tables", found, is_good=False, advice="Run: tellonce migrate")
    return Finding("Tables", "of this version")


def _clock() -> Finding:
    with connection.cursor() as cursor:
        began = time.time()
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        apart = float(cursor.fetchone()[0]) - (began + time.time()) / 2
    found = f"{abs(apart):.2f} s {'behind' if apart > 0 else 'ahead of'} the database's"
    if abs(apart) > _CLOCKS_APART_S:
        advice = "Let both machines follow a time server (NTP): due times are compared with both clocks."
        return Finding("Clock", found, is_good=False, advice=advice)
    return Finding("Clock", found)


def _deployment() -> list[Finding]:
    """Without TLS in front, Django's advice about TLS is one finding and no fault."""
    is_plain = not settings.SETUP.behind_tls
    serious = [message for message in run_checks(include_deployment_checks=True) if message.level >= WARNING]
    others = [message for message in serious if not (is_plain and message.id in _ABOUT_TLS)]
    found = [Finding("Django", f"{one.id}: {one.msg}", is_good=False, advice=str(one.hint or "")) for one in others]
    if is_plain:
        advice = "Put a proxy with TLS in front before others use it, and set TELLONCE_ORIGIN to https://…"
        found.append(Finding("Transport", f"{settings.SETUP.origin}, without TLS", advice=advice))
    return found or [Finding("Django", "nothing found")]
