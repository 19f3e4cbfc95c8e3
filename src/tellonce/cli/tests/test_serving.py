"""`tellonce serve` as people run it: whatever is killed comes back, and nothing stays behind."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tellonce.cli.processes import PortTakenError, refuse_taken
from tellonce.config.embedded import Layout, running
from tellonce.config.embedded.sharing import server_of

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(not Path("/proc/self").exists(), reason="reads processes from /proc"),
]


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="tellonce-serve-"))
    yield folder
    if Layout(folder).data() is not None:
        with running(folder):
            pass  # stops what a failed test left running
    shutil.rmtree(folder)


def two_free_ports() -> int:
    """A port that is free, and so is the one above it."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            try:
                second.bind(("127.0.0.1", first.getsockname()[1] + 1))
            except OSError:
                continue
            return int(first.getsockname()[1])


class Serve:
    """One `tellonce serve`."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.log = home / "serve.log"
        self.port = two_free_ports()
        self.process = self.start()

    def start(self) -> "subprocess.Popen[bytes]":
        unset = {"DATABASE_URL", "TELLONCE_LIVE_ORIGIN", "TELLONCE_SECRET_KEY"}
        environment = {name: value for name, value in os.environ.items() if name not in unset}
        environment |= {"TELLONCE_HOME": str(self.home), "TELLONCE_WEB_WORKERS": "1"}
        command = [sys.executable, "-m", "tellonce.cli", "serve", "--port", str(self.port)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        return self.process

    def is_well(self, port: int | None = None) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def all_is_well(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        return self.is_well() and self.is_well(self.port + 1)

    def has(self, name: str) -> bool:
        return bool(self.children(name))

    def child(self, name: str) -> int:
        """The process number of one of the children."""
        return self.children(name)[0]

    def children(self, name: str) -> list[int]:
        return [pid for pid in children_of(self.process.pid) if name in words_of(pid)]

    def database(self) -> int | None:
        return server_of(Layout(self.home)).pid()


def children_of(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(stat.read_text().rsplit(") ", 1)[1].split()[1]) == parent:
                found.append(int(stat.parent.name))
        except (OSError, IndexError):
            continue
    return found


def words_of(pid: int) -> list[str]:
    """The command line of a process; nothing when it has ended just now."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:
        return []


def everything_below(parent: int) -> list[int]:
    return [pid for child in children_of(parent) for pid in (child, *everything_below(child))]


def until(claim: Callable[[], bool], within_s: float = 120) -> None:
    end = time.monotonic() + within_s
    while not claim():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.1)


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].startswith("Z")
    except OSError:
        return True


def test_what_is_killed_comes_back_and_a_stop_stops_everything(home: Path) -> None:
    serve = Serve(home)
    try:
        until(serve.all_is_well)
        for name in ("web", "live", "worker"):
            until(lambda name=name: serve.has(name))  # type: ignore[misc]  # bound now, called now
            killed = serve.child(name)
            os.kill(killed, signal.SIGKILL)
            until(lambda killed=killed: is_gone(killed))  # type: ignore[misc]  # bound now, called now
        database = serve.database()
        assert database is not None
        os.kill(database, signal.SIGKILL)
        until(lambda: serve.database() not in {None, database})
        until(serve.all_is_well)
        until(lambda: serve.has("worker"))
        below = everything_below(serve.process.pid)
        serve.process.send_signal(signal.SIGTERM)
        assert serve.process.wait(60) == 0
        assert [pid for pid in below if not is_gone(pid)] == []
        assert serve.database() is None
    finally:
        serve.process.kill()
        serve.process.wait()


def test_a_killed_supervisor_takes_everything_with_it_and_may_be_started_again(home: Path) -> None:
    serve = Serve(home)
    try:
        until(serve.all_is_well)
        below = everything_below(serve.process.pid)
        serve.process.kill()
        serve.process.wait()
        until(lambda: all(is_gone(pid) for pid in below))
        until(lambda: serve.database() is None)
        serve.start()
        until(serve.all_is_well)
        serve.process.send_signal(signal.SIGINT)
        assert serve.process.wait(60) == 0
    finally:
        serve.process.kill()
        serve.process.wait()


def test_a_port_that_is_taken_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortTakenError, match=f"Port {port} "):
            refuse_taken("127.0.0.1", port)
