"""Several processes, one server: the first starts it, the last to leave stops it.

Each process that uses the server holds a shared lock on one file for as long as it lives; the system lets go of it
when the process dies, however it dies. Whoever leaves and can get the lock for itself alone was the last.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from tellonce.config.embedded.account import account_for, open_home
from tellonce.config.embedded.cluster import make_data
from tellonce.config.embedded.errors import EmbeddedDatabaseError
from tellonce.config.embedded.files import ServerFiles, forget_other_minors, server_files
from tellonce.config.embedded.layout import APPLICATION_ROLE, DATABASE, Layout
from tellonce.config.embedded.server import Say, Server, silent

_PATIENCE_S = 1.0


@contextmanager
def running(home: Path, *, say: Say = silent, is_safe: bool = True, keep: bool = False) -> Iterator[Server]:
    """The server of this home, started if need be; stopped at the end by the last process that uses it.

    `keep` leaves it running at the end. Waits while another process starts or stops it.
    """
    layout = Layout(home)
    users = _join(layout, say)
    try:
        with held(layout.start_lock, say=say):
            server = _server(layout, is_safe=is_safe, say=say)
            if server.pid() is None:
                forget_other_minors(layout, server.files)
            server.start(say)
            make_database(server)
        yield server
    finally:
        with held(layout.start_lock, say=say):
            if _is_last(users) and not keep and layout.data() is not None:
                server_of(layout, is_safe=is_safe).stop(say)
            os.close(users)


@contextmanager
def held(lock: Path, *, say: Say = silent) -> Iterator[None]:
    """Holds a lock file for this process alone; says so when it has to wait."""
    handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if not _got_within(_PATIENCE_S, handle):
            say("Another tellonce is starting or stopping the database; waiting for it.")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def keep_up(server: Server, *, say: Say = silent) -> None:
    """Starts the server again when it is gone; asked often, it costs next to nothing while it is there."""
    if server.pid() is None:
        say("The database is gone; starting it again.")
        with held(server.layout.start_lock, say=say):
            server.start(say)


@contextmanager
def alone(layout: Layout, *, say: Say = silent) -> Iterator[None]:
    """The data for this process alone: nobody uses the server, it is stopped, and nobody may start it meanwhile."""
    users = _join(layout, say)
    try:
        with held(layout.start_lock, say=say):
            if not _is_last(users):
                raise EmbeddedDatabaseError("Tellonce runs over this home; stop it first (all of its processes).")
            server_of(layout).stop(say)  # a server that outlived whoever started it
            yield
    finally:
        os.close(users)


def server_of(layout: Layout, *, is_safe: bool = True) -> Server:
    """The server over the data that this home has."""
    data = layout.data()
    if data is None:
        raise EmbeddedDatabaseError(f"{layout.home} holds no database yet; start with: tellonce serve")
    return Server(layout=layout, files=server_files(layout), account=account_for(data), data=data, is_safe=is_safe)


def major_of(data: Path) -> int:
    """The major version that wrote this data folder."""
    try:
        return int((data / "PG_VERSION").read_text().strip())
    except (FileNotFoundError, ValueError) as error:
        raise EmbeddedDatabaseError(
            f"{data} is not a data folder of PostgreSQL (its PG_VERSION is missing)."
        ) from error


def _join(layout: Layout, say: Say) -> int:
    account = account_for(layout.data())
    open_home(layout.home, account)
    try:
        layout.base.mkdir(mode=0o755, exist_ok=True)
        layout.base.chmod(0o755)
        users = os.open(layout.users_lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except PermissionError as error:
        raise EmbeddedDatabaseError(f"{layout.base} belongs to somebody else; use your own --home.") from error
    with held(layout.start_lock, say=say):
        fcntl.flock(users, fcntl.LOCK_SH)
    return users


def _got_within(patience_s: float, handle: int) -> bool:
    end = time.monotonic() + patience_s
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                return False
            time.sleep(0.02)
        else:
            return True


def _is_last(users: int) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _server(layout: Layout, *, is_safe: bool, say: Say) -> Server:
    files = server_files(layout)
    data = layout.data()
    if data is None:
        say("Making a new database ...")
        data = _first_data(layout, files, is_safe=is_safe)
    major = major_of(data)
    if major != files.major:
        raise EmbeddedDatabaseError(
            f"The data is of PostgreSQL {major} and this is PostgreSQL {files.major}. Move it with: tellonce upgrade"
            if major < files.major
            else f"The data is of PostgreSQL {major}, newer than this one ({files.major}); install the newer Tellonce."
        )
    return Server(layout=layout, files=files, account=account_for(data), data=data, is_safe=is_safe)


def _first_data(layout: Layout, files: ServerFiles, *, is_safe: bool) -> Path:
    data = layout.data_of(files.major)
    if not data.exists():
        make_data(files=files, account=account_for(None), data=data, is_safe=is_safe)
    point_to(layout, data)
    return data


def point_to(layout: Layout, data: Path) -> None:
    """Makes this the data folder in use, in one step."""
    unfinished = layout.current.with_name(f".current.{os.getpid()}")
    unfinished.write_text(data.name)
    unfinished.replace(layout.current)


def make_database(server: Server) -> None:
    """The application's role (no superuser) and its database, when they are not there yet."""
    with psycopg.connect(server.address(), autocommit=True) as connection:
        if not connection.execute("select 1 from pg_roles where rolname = %s", [APPLICATION_ROLE]).fetchone():
            connection.execute(sql.SQL("create role {} login createdb").format(sql.Identifier(APPLICATION_ROLE)))
        if not connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
            connection.execute(
                sql.SQL("create database {} owner {}").format(
                    sql.Identifier(DATABASE), sql.Identifier(APPLICATION_ROLE)
                )
            )
