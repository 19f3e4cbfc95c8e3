"""Where everything of the embedded database lies under the home."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

DATABASE = "tellonce"
APPLICATION_ROLE = "tellonce"
OWNER_ROLE = "postgres"
SOCKET_NAME = ".s.PGSQL.5432"
_LONGEST_SOCKET_PATH = 100  # the system's limit is 107 bytes; the lock beside the socket is 5 longer


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths of one home. `database/` holds data, logs and the server's files; `run/` holds the socket."""

    home: Path

    @property
    def base(self) -> Path:
        """Everything of the database server but its socket."""
        return self.home / "database"

    @property
    def servers(self) -> Path:
        """Copies of the server's files, one folder a version."""
        return self.base / "servers"

    @property
    def log(self) -> Path:
        """The server's own logs."""
        return self.base / "log"

    @property
    def start_lock(self) -> Path:
        """Held by whoever starts, stops or upgrades."""
        return self.base / "start.lock"

    @property
    def users_lock(self) -> Path:
        """Held, shared, by every process that uses the server."""
        return self.base / "users.lock"

    @property
    def current(self) -> Path:
        """A file that names the data folder in use; replaced in one step by an upgrade."""
        return self.base / "current"

    def data(self) -> Path | None:
        """The data folder in use, or None before the first start."""
        try:
            return self.base / self.current.read_text().strip()
        except FileNotFoundError:
            return None

    def data_of(self, major: int) -> Path:
        """The data folder that a server of this major version uses."""
        return self.base / f"data-{major}"

    def socket_folder(self) -> Path:
        """Where the socket is: `run/` under the home, or the short folder remembered there when that is too long."""
        run = self.home / "run"
        if _fits(run):
            return run
        remembered = run / "socket_folder"
        return Path(remembered.read_text().strip()) if remembered.exists() else run

    def make_socket_folder(self, *, uid: int, gid: int) -> Path:
        """The socket's folder, made private to the user that runs the server."""
        run = self.home / "run"
        run.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = self.socket_folder()
        if not _fits(folder) or not _is_ours(folder, uid):
            folder = _short_folder()
            (run / "socket_folder").write_text(str(folder))
        if os.geteuid() == 0:
            os.chown(folder, uid, gid)
        return folder


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder / SOCKET_NAME)) <= _LONGEST_SOCKET_PATH


def _is_ours(folder: Path, uid: int) -> bool:
    """A remembered folder in a public place may have been cleared and made anew by somebody else."""
    return folder.is_dir() and not folder.is_symlink() and folder.stat().st_uid in {os.geteuid(), uid}


def _short_folder() -> Path:
    private = os.environ.get("XDG_RUNTIME_DIR", "")
    usable = private if private and Path(private).is_dir() and os.geteuid() != 0 else None
    folder = Path(tempfile.mkdtemp(prefix="tellonce-", dir=usable))
    return folder if _fits(folder) else Path(tempfile.mkdtemp(prefix="tellonce-", dir="/tmp"))
