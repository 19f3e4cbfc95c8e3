"""Django's database settings for the embedded server or for one's own."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tellonce.config.embedded.layout import APPLICATION_ROLE, DATABASE, Layout
from tellonce.config.setup import Setup

# A connection that cannot be made is tried again so long; whoever asks after that begins anew, without a long pause.
_GIVE_UP_S = 5

# Reads that go together are prepared by the server when they come this often; the ORM's own never are.
_PREPARED_AFTER = 3


def database_from(setup: Setup) -> dict[str, Any]:
    """PostgreSQL by psycopg with a connection pool in each process."""
    pool = {"min_size": 0, "max_size": setup.pool_size, "timeout": 10, "reconnect_timeout": _GIVE_UP_S}
    options: dict[str, Any] = {"pool": pool, "prepare_threshold": _PREPARED_AFTER}
    where = _own(setup, options) if setup.database_url else _embedded(setup)
    return {
        "ENGINE": "tellonce.config.pooled",
        **where,
        "OPTIONS": options,
        "CONN_MAX_AGE": 0,
        "DISABLE_SERVER_SIDE_CURSORS": False,
    }


def connection_string(setup: Setup) -> str:
    """The address of the database for psycopg, for the processes that do not use Django."""
    if setup.database_url:
        return setup.database_url
    return f"host='{Layout(setup.home).socket_folder()}' dbname={DATABASE} user={APPLICATION_ROLE}"


def _embedded(setup: Setup) -> dict[str, str]:
    folder = Layout(setup.home).socket_folder()
    return {"NAME": DATABASE, "USER": APPLICATION_ROLE, "PASSWORD": "", "HOST": str(folder), "PORT": ""}


def _own(setup: Setup, options: dict[str, Any]) -> dict[str, str]:
    parts = urlsplit(setup.database_url)
    options |= dict(parse_qsl(parts.query))
    return {
        "NAME": unquote(parts.path.lstrip("/")) or DATABASE,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(parts.port or options.pop("port", "")),
    }
