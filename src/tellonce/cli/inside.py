"""The way from the command line into the installation: its settings, its database, and Django when it is needed."""

import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
import psycopg

from tellonce.cli.speech import say
from tellonce.config.databases import connection_string
from tellonce.config.embedded import Layout, Server, running
from tellonce.config.setup import Setup, default_home, read_setup
from tellonce.kernel.errors import NotFoundError


class NoInstallationError(NotFoundError):
    """There is no installation where one was looked for: most often a mistyped home."""

    code = "no_installation"


def setup() -> Setup:
    """The settings as they are now: after --home and the like have been read."""
    return read_setup(os.environ)


def existing_setup() -> Setup:
    """The settings of an installation that is there already; nothing is made under a home that holds none."""
    values = os.environ
    home = Path(values.get("TELLONCE_HOME") or default_home()).expanduser().absolute()
    if not values.get("DATABASE_URL") and not Layout(home).current.is_file():
        raise NoInstallationError(f"{home} holds no database: name the home of your installation with --home.")
    if not values.get("TELLONCE_SECRET_KEY") and not (home / "secret_key").is_file():
        raise NoInstallationError(f"{home} holds no secret_key: name the home of your installation with --home.")
    return read_setup(values)


@contextmanager
def database(settings: Setup) -> Iterator[Server | None]:
    """The database for the time of a command: the embedded one is started, one's own must answer (then None)."""
    if settings.database_url:
        psycopg.connect(connection_string(settings), connect_timeout=10).close()
        yield None
        return
    with running(settings.home, say=say) as server:
        yield server


def loaded(name: str) -> Any:
    """A module of `tellonce.cli.work`, which needs Django: loaded when the settings are known, and not before."""
    django.setup()
    return importlib.import_module(f"tellonce.cli.work.{name}")
