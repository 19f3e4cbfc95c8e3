"""What is made once for all processes of a test run: a database and a home; whoever needs such takes a copy.

To migrate a database, or to fill it by real actions, takes many seconds; to copy it less than one.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tellonce.config.embedded.layout import APPLICATION_ROLE, DATABASE
from tellonce.config.embedded.server import Server
from tellonce.config.embedded.transfer import dump, restore
from tests.environment import RUN

MIGRATED, FILLED = "migrated", "filled"
Make = Callable[[str, Path], str]


def made(name: str, make: Make, *, of: str = "") -> str:
    """What `make` said, given the name of a new database and its home, in whichever process came first.

    `of` names another original, which it begins as where somebody has made that.
    """
    said = _folder(name) / "said"
    with _alone(name):
        if not said.exists():
            _begin(name, of=of)
            said.write_text(make(database(name), home(name)))
    return said.read_text()


def database(name: str) -> str:
    """The name of the original's database."""
    return f"original_{name}_{RUN.name.rpartition('-')[2]}"


def home(name: str) -> Path:
    """What the original's processes keep in files."""
    return _folder(name) / "home"


def is_made(name: str) -> bool:
    """Whether there is something to copy."""
    return (_folder(name) / "said").exists()


def copy(name: str, *, to: str) -> None:
    """A new database that is the same as the original's."""
    _on_the_server(f"CREATE DATABASE {to} TEMPLATE {database(name)}")


def url_of(name: str) -> str:
    """The address of a database on the server of the run."""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def lay(name: str, *, on: Server) -> bool:
    """Puts the original into the empty database of another server, if somebody has made it; whether that is so."""
    if not is_made(name):
        return False
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{name}.dump"
        dump(files=on.files, source=url_of(database(name)), target=file)
        restore(files=on.files, source=file, target=on.address(DATABASE, APPLICATION_ROLE))
    return True


def forget() -> None:
    """All of them, at the end of the run: a server of somebody's own keeps nothing."""
    for folder in _folder("").glob("*/"):
        _drop(folder.name)
        shutil.rmtree(folder)


def _begin(name: str, *, of: str) -> None:
    """Anew, whatever a process left that was killed while it made one."""
    _drop(name)
    home(name).mkdir(parents=True, exist_ok=True)
    copy(of, to=database(name)) if of and is_made(of) else _create(name)


def _create(name: str) -> None:
    _on_the_server(f"CREATE DATABASE {database(name)}")


def _drop(name: str) -> None:
    _on_the_server(f"DROP DATABASE IF EXISTS {database(name)} WITH (FORCE)")


def _on_the_server(statement: str) -> None:
    with psycopg.connect(url_of("postgres"), autocommit=True) as server:
        server.execute(statement.encode())


def _folder(name: str) -> Path:
    return RUN / "originals" / name


@contextmanager
def _alone(name: str) -> Iterator[None]:
    _folder(name).mkdir(parents=True, exist_ok=True)
    with (_folder(name) / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
