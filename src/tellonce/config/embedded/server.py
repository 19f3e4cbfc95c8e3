"""One server over one data folder: start, wait through recovery, stop."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from tellonce.config.embedded.account import Account
from tellonce.config.embedded.cluster import clean_environment, server_command, write_sign_in
from tellonce.config.embedded.errors import EmbeddedDatabaseError
from tellonce.config.embedded.files import ServerFiles
from tellonce.config.embedded.layout import OWNER_ROLE, SOCKET_NAME, Layout

Say = Callable[[str], None]
_NO_PROCESS = 2_147_483_646  # above every system's highest process number
_PAUSE_S = 0.05
_SAY_EVERY_S = 2.0
_ORPHANS_GO_WITHIN_S = 20.0
_STOP_WITHIN_S = 60.0

_CHILDREN: dict[Path, subprocess.Popen[bytes]] = {}  # the servers that this process started, by their data folder


def silent(text: str) -> None:
    """Says nothing."""


class Server:
    """The server of one data folder; several processes may each hold such an object for the same server."""

    def __init__(
        self, *, layout: Layout, files: ServerFiles, account: Account, data: Path, is_safe: bool = True
    ) -> None:
        self.layout = layout
        self.files = files
        self.account = account
        self.data = data
        self.is_safe = is_safe

    def pid(self) -> int | None:
        """The process number of the running server, or None; a number left behind by a dead one does not count."""
        if (child := _CHILDREN.get(self.data)) is not None:
            child.poll()  # a child that died must be reaped, or its number stays taken
        number = _first_number(self.data / "postmaster.pid")
        return number if number is not None and _works_in(number, self.data) else None

    def address(self, database: str = "postgres", role: str = OWNER_ROLE) -> str:
        """A connection string."""
        return f"host='{self.layout.socket_folder()}' dbname={database} user={role} connect_timeout=5"

    def start(self, say: Say = silent) -> None:
        """Starts the server if it does not run, and waits until it answers, however long recovery takes."""
        deadline = time.monotonic() + _ORPHANS_GO_WITHIN_S
        while self.pid() is None:
            self._launch()
            if self._is_up(say):
                return
            if "pre-existing shared memory" not in self._last_words() or time.monotonic() > deadline:
                raise EmbeddedDatabaseError(
                    f"The database did not start: {self._last_words()} (log: {self.layout.log})"
                )
            time.sleep(0.5)  # processes of a killed server are still on their way out
        if not self._is_up(say):
            raise EmbeddedDatabaseError(f"The database stopped while starting (log: {self.layout.log})")

    def stop(self, say: Say = silent) -> None:
        """Ends sessions, writes everything out and stops; waits until the process is gone."""
        number = self.pid()
        if number is None:
            return
        for sign, patience_s in ((signal.SIGINT, _STOP_WITHIN_S), (signal.SIGQUIT, 10.0)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, sign)
            if self._is_gone_within(patience_s, say):
                self._reap()
                return
        raise EmbeddedDatabaseError(f"The database (process {number}) does not stop; see {self.layout.log}.")

    def _reap(self) -> None:
        """Takes leave of a child that is gone, or is just going: it has left its folder, and ends any moment."""
        if (child := _CHILDREN.pop(self.data, None)) is not None:
            child.wait()

    def _launch(self) -> None:
        self._reap()
        socket = self.layout.make_socket_folder(uid=self.account.uid, gid=self.account.gid)
        self.account.make_folder(self.layout.log)
        write_sign_in(layout=self.layout, account=self.account)
        for lock in (self.data / "postmaster.pid", socket / f"{SOCKET_NAME}.lock"):
            _disown(lock)
        command = server_command(
            files=self.files, layout=self.layout, data=self.data, socket=socket, is_safe=self.is_safe
        )
        with self._start_log.open("wb") as log:
            _CHILDREN[self.data] = subprocess.Popen(  # noqa: S603 - our own program
                command,
                cwd="/",
                env=clean_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C in the terminal is for us; we stop the server last
                **self.account.as_user(),
            )

    def _is_up(self, say: Say) -> bool:
        """True when it answers; False when the process is gone before that."""
        began = said = time.monotonic()
        while not self._answers():
            if self._is_dead():
                return False
            time.sleep(_PAUSE_S)
            if time.monotonic() - said > _SAY_EVERY_S:
                said = time.monotonic()
                say(f"Waiting for the database ({said - began:.0f} s): {self._last_words()}")
        return True

    def _is_dead(self) -> bool:
        child = _CHILDREN.get(self.data)
        return child.poll() is not None if child is not None else self.pid() is None

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.address()).close()
        except psycopg.OperationalError:
            return False
        return self.pid() is not None

    def _is_gone_within(self, patience_s: float, say: Say) -> bool:
        began = said = time.monotonic()
        while self.pid() is not None:
            if time.monotonic() - began > patience_s:
                return False
            time.sleep(_PAUSE_S)
            if time.monotonic() - said > _SAY_EVERY_S:
                said = time.monotonic()
                say(f"The database writes everything out ({said - began:.0f} s) ...")
        return True

    @property
    def _start_log(self) -> Path:
        return self.layout.base / "start.log"

    def _last_words(self) -> str:
        """The newest line of the server's logs that says something."""
        logs = sorted(self.layout.log.glob("*.log"), key=lambda path: path.stat().st_mtime)
        for path in (*reversed(logs[-1:]), self._start_log):
            lines = (
                [line for line in path.read_text(errors="replace").splitlines() if line.strip()]
                if path.exists()
                else []
            )
            telling = [line for line in lines if "HINT" not in line and "logging collector" not in line]
            if telling:
                return telling[-1].split("  ", 1)[-1].strip()
        return "no word yet"


def _first_number(path: Path) -> int | None:
    try:
        return int(path.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def _works_in(pid: int, data: Path) -> bool:
    """Whether this process is a server of this folder: a server's working directory is its data folder."""
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == data.resolve()
    except OSError:
        if Path("/proc/self").exists():
            return False
    done = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], check=False, capture_output=True, text=True)  # noqa: S603, S607 - macOS
    return str(data) in done.stdout


def _disown(lock: Path) -> None:
    """Replaces the process number in a lock of a dead server by one that nobody can have.

    After a kill the number may belong to somebody else, and PostgreSQL would take that one for a running server.
    The rest of the file stays: PostgreSQL checks by it that no process still uses the old shared memory.
    """
    try:
        first, rest = lock.read_text().split("\n", 1)
    except (FileNotFoundError, ValueError):
        return
    if first.lstrip("-").isdecimal():
        with lock.open("r+") as file:
            file.write(f"{_NO_PROCESS}\n{rest}")
            file.truncate()
