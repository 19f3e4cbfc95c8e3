"""kill -9 of whoever works, of the database, of the pages: during an import, promises coming due, a merge."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tellonce.config.embedded import running
from tellonce.config.embedded.server import Server
from tellonce.live.tests.serving import free_port
from tests import originals
from tests.architecture.trees import ROOT
from tests.faults.work import WORK

pytestmark = pytest.mark.faults
_WITHIN_S = 180
# Whatever the work may have left, half of it or twice: rows by what they are.
_LOOK = {
    "customers": "SELECT count(*), count(merged_into_id) FROM record_customer",
    "moments": "SELECT kind, count(*), count(DISTINCT customer_id) FROM record_moment GROUP BY 1 ORDER BY 1",
    "merges": "SELECT loser_id, winner_id FROM record_customermerge",
    "promises": "SELECT state, count(*) FROM care_promise GROUP BY 1 ORDER BY 1",
    "outbox": "SELECT kind, count(*) FROM record_outboxrow GROUP BY 1 ORDER BY 1",
}
Seen = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class House:
    """An embedded database of its own, prepared; each test works in a copy."""

    home: Path
    server: Server
    made: dict[str, Any]

    def environment(self, name: str) -> dict[str, str]:
        url = f"postgresql://tellonce@/{name}?host={self.server.layout.socket_folder()}"
        return os.environ | {
            "DATABASE_URL": url,
            "TELLONCE_HOME": str(self.home / "home"),
            "DJANGO_SETTINGS_MODULE": "tellonce.config.settings",
        }

    def migrate(self) -> None:
        command = [sys.executable, "-m", "tellonce.cli", "migrate"]
        subprocess.run(command, env=self.environment("tellonce"), cwd=ROOT, check=True, stdout=subprocess.DEVNULL)

    def copy(self, name: str) -> None:
        with psycopg.connect(self.server.address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE tellonce OWNER tellonce")

    def look(self, name: str) -> Seen:
        with psycopg.connect(self.server.address(name, "tellonce")) as connection:
            return {what: connection.execute(asked).fetchall() for what, asked in _LOOK.items()}

    def until_nobody_works(self, name: str) -> None:
        """The server notices a killed client after its current statement."""
        with psycopg.connect(self.server.address("postgres"), autocommit=True) as connection:
            asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
            _until(lambda: connection.execute(asked, (name,)).fetchone() == (0,))

    def work(self, name: str, what: str, *more: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "tests.faults.work", what, *more]
        return subprocess.Popen(
            command, env=self.environment(name), cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def do(self, name: str, what: str) -> str:
        """The work, without anybody killed; what it said."""
        with self.work(name, what) as process:
            said, _ = process.communicate()
        assert process.returncode == 0
        return said


def _until(holds: Any) -> None:
    end = time.monotonic() + _WITHIN_S
    while not holds():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    folder = Path(tempfile.mkdtemp(prefix="tellonce-faults-"))
    folder.chmod(0o755)
    with running(folder) as server:
        made = House(folder, server, {})
        if not originals.lay(originals.MIGRATED, on=server):
            made.migrate()
        yield House(folder, server, json.loads(made.do("tellonce", "prepare")))
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def undisturbed(house: House) -> dict[str, Seen]:
    """What each work leaves when nobody is killed."""
    seen = {}
    for what in WORK:
        house.copy(f"calm_{what}")
        house.do(f"calm_{what}", what)
        seen[what] = house.look(f"calm_{what}")
    return seen


@pytest.mark.parametrize("what", WORK)
@pytest.mark.parametrize("victim", ["worker", "database"])
def test_what_is_killed_half_way_leaves_nothing_half_and_is_done_once(
    house: House, undisturbed: dict[str, Seen], what: str, victim: str
) -> None:
    name = f"{victim}_{what}"
    house.copy(name)
    before = house.look(name)
    with house.work(name, what, "pause") as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "half way"
        if victim == "worker":
            process.send_signal(signal.SIGKILL)
        else:
            _kill_database(house.server.pid() or 0)
        process.communicate("go on\n")
    assert process.returncode != 0
    house.server.start()
    house.until_nobody_works(name)
    assert house.look(name) == before
    house.do(name, what)
    assert house.look(name) == undisturbed[what]


def _kill_database(pid: int) -> None:
    """All of its processes: one that is left alone may work on until it notices."""
    stats = [path for path in Path("/proc").glob("[0-9]*/stat") if _parent_of(path) == pid]
    for each in (pid, *(int(path.parent.name) for path in stats)):
        with suppress(ProcessLookupError):
            os.kill(each, signal.SIGKILL)


def _parent_of(stat: Path) -> int:
    try:
        return int(stat.read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError):
        return 0  # gone meanwhile


@contextmanager
def _pages(house: House, name: str) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    port = free_port()
    command = [sys.executable, "-m", "tellonce.cli", "web", "--port", str(port)]
    environment = house.environment(name) | {"TELLONCE_WEB_WORKERS": "1"}
    process = subprocess.Popen(
        command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        _until(lambda: _answers(port))
        yield port, process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _post(house: House, port: int, address: str, **values: Any) -> bool:
    """As a page's form does; whether it was answered."""
    token = "t" * 32
    asked = urllib.request.Request(
        f"http://localhost:{port}{address}",
        data=urllib.parse.urlencode(values | {"csrfmiddlewaretoken": token}).encode(),
        headers={
            "Cookie": f"sessionid={house.made['session']}; csrftoken={token}",
            "Origin": f"http://localhost:{port}",
        },
    )
    try:
        with urllib.request.urlopen(asked, timeout=_WITHIN_S) as answer:
            assert "/why" not in answer.url
            return True
    except urllib.error.HTTPError as refused:
        raise AssertionError(refused.read().decode()) from refused
    except OSError:
        return False


def _ask_to_merge(house: House, port: int) -> bool:
    """The second customer is opened for a reason, as whoever looks at both gives it, and merged into the first."""
    made = house.made
    assert _post(house, port, "/why", customer=made["loser"], next="/today", reason="The same person twice")
    address = f"/customers/{made['winner']}/merge?contact={made['contact']}"
    return _post(house, port, address, other=made["loser"])


def test_pages_killed_in_the_middle_of_a_merge_leave_two_customers_and_merge_them_when_asked_again(
    house: House, undisturbed: dict[str, Seen]
) -> None:
    house.copy("pages_merge")
    before = house.look("pages_merge")
    held = psycopg.connect(house.server.address("pages_merge", "tellonce"))
    with held, _pages(house, "pages_merge") as (port, process):
        held.execute("LOCK TABLE record_moment IN EXCLUSIVE MODE")  # the merge gets as far as its moment
        answered: list[bool] = []
        asking = threading.Thread(target=lambda: answered.append(_ask_to_merge(house, port)))
        asking.start()
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'record_moment'::regclass"
        _until(lambda: held.execute(waiting).fetchone() == (1,))
        os.killpg(process.pid, signal.SIGKILL)
        asking.join()
        assert answered == [False]
    held.close()
    house.until_nobody_works("pages_merge")
    assert house.look("pages_merge") == before
    with _pages(house, "pages_merge") as (port, _process):
        assert _ask_to_merge(house, port)
    assert house.look("pages_merge") == undisturbed["merge"]
