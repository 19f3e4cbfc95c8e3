"""Which user of the system runs the server: ourselves, or an unprivileged one when we are root."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tellonce.config.embedded.errors import EmbeddedDatabaseError

_CANDIDATES = ("tellonce", "postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the system; `drops` says that we are root and must become this user first."""

    uid: int
    gid: int
    name: str
    drops: bool

    def as_user(self) -> dict[str, Any]:
        """What `subprocess` needs to run a program as this user, and as nobody more."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.drops else {}

    def own(self, path: Path) -> None:
        """Hands a path under the home to this user."""
        if self.drops:
            os.chown(path, self.uid, self.gid)

    def make_folder(self, path: Path, mode: int = 0o700) -> Path:
        """A folder that belongs to this user."""
        path.mkdir(mode=mode, parents=True, exist_ok=True)
        self.own(path)
        return path


def account_for(data: Path | None) -> Account:
    """The owner of the data, or of what is to be made: never root."""
    uid = os.geteuid()
    if uid != 0:
        return Account(uid=uid, gid=os.getegid(), name=_name_of(uid), drops=False)
    if data is not None and data.exists() and (owner := data.stat().st_uid) != 0:
        return Account(uid=owner, gid=data.stat().st_gid, name=_name_of(owner), drops=True)
    for name in _CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(uid=entry.pw_uid, gid=entry.pw_gid, name=name, drops=True)
    raise EmbeddedDatabaseError(
        "PostgreSQL does not run as root, and this system has none of the users it could run as: "
        f"{', '.join(_CANDIDATES)}. Add one, for example: useradd --system tellonce"
    )


def open_home(home: Path, account: Account) -> None:
    """Lets the server's user through the home itself; refuses a home whose parents do not let it through."""
    home.mkdir(parents=True, exist_ok=True)
    if not account.drops:
        return
    for parent in reversed(home.resolve().parents):
        if not _can_enter(parent, account):
            raise EmbeddedDatabaseError(
                f"The database runs as the user {account.name}, who may not enter {parent}. "
                "Choose a home elsewhere with --home, for example /var/lib/tellonce."
            )
    if not _can_enter(home, account):
        home.chmod(home.stat().st_mode | 0o011)


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        raise EmbeddedDatabaseError(
            f"The user number {uid} has no name on this system, and PostgreSQL needs one. "
            "Run as a user with a name, or set DATABASE_URL to a server of your own."
        ) from None


def _can_enter(folder: Path, account: Account) -> bool:
    """Asked of the system itself, as that user: access lists count too."""
    command = ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)]
    done = subprocess.run(command, cwd="/", check=False, capture_output=True, **account.as_user())  # noqa: S603 - fixed words
    return done.returncode == 0
