"""One file that holds an installation: a tar of the database's dump, attachments, secret and list of erasures."""

import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection

from tellonce import __version__
from tellonce.cli.progress import bar
from tellonce.cli.work.emptying import empty_database
from tellonce.cli.work.migrate import migrate
from tellonce.config.databases import connection_string
from tellonce.config.embedded import Layout, transfer
from tellonce.config.embedded.files import ServerFiles, server_files
from tellonce.config.setup import Setup
from tellonce.kernel.errors import DomainError
from tellonce.modules.record.actions import ERASURES_FILE, listed_erasures, reapply_erasures

_FORMAT = 1


class BackupError(DomainError):
    """The backup cannot be written or read; the text says why."""

    code = "backup"


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did."""

    written_at: str
    erased_again: int


def backup(settings: Setup, target: Path, *, at: datetime) -> int:
    """Writes the file whole or not at all; returns its size in bytes.

    The database comes first: an attachment is stored before the row that names it, so every row finds its bytes.
    """
    if not _has_table("record_customer"):
        raise BackupError("The database has no tables yet: there is nothing to back up. Is the --home the right one?")
    with _unfinished(target) as path, tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as folder:
        dumped = Path(folder) / "database.dump"
        with bar("Reading the database"):
            transfer.dump(files=_programs(settings), source=connection_string(settings), target=dumped)
        manifest = {"format": _FORMAT, "version": __version__, "written_at": at.isoformat()}
        with tarfile.open(path, "w") as tar:
            _put_text(tar, "manifest.json", json.dumps(manifest), at)
            _put_text(tar, "secret_key", settings.secret_key, at)
            _put_text(tar, ERASURES_FILE, _text_of(settings.home / ERASURES_FILE), at)
            tar.add(dumped, "database.dump")
            _put_attachments(tar, settings.attachments)
    return target.stat().st_size


def restore(settings: Setup, source: Path, *, erasures: Path | None, at: datetime) -> Restored:
    """Reads the file into this installation, which must be empty or have a restore that was interrupted."""
    marker = settings.home / "restoring"
    if not marker.exists():
        _refuse_unless_empty(settings)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.home) as folder:
        manifest = _unpack(source, Path(folder))
        marker.touch()
        _join_erasures(settings, [Path(folder) / ERASURES_FILE, *([erasures] if erasures is not None else [])])
        empty_database()
        with bar("Writing the database"):
            dump, target = Path(folder) / "database.dump", connection_string(settings)
            transfer.restore(files=_programs(settings), source=dump, target=target)
        _take_over(settings, Path(folder))
        migrate()
        again = reapply_erasures(listed_erasures(settings.home / ERASURES_FILE), at=at)
    marker.unlink()
    return Restored(written_at=str(manifest["written_at"]), erased_again=again)


@contextmanager
def _unfinished(target: Path) -> Iterator[Path]:
    """A file beside the target that takes its place when all went well, on disk and readable by its owner only."""
    path = target.with_name(f".{target.name}.unfinished")
    try:
        os.close(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
        yield path
        with path.open("rb") as file:
            os.fsync(file.fileno())
        path.replace(target)
    finally:
        path.unlink(missing_ok=True)


def _programs(settings: Setup) -> ServerFiles:
    return server_files(Layout(settings.home))


def _put_text(tar: tarfile.TarFile, name: str, text: str, at: datetime) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = len(text.encode()), 0o600, int(at.timestamp())
    tar.addfile(entry, io.BytesIO(text.encode()))


def _put_attachments(tar: tarfile.TarFile, folder: Path) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.exists() else []
    with bar("Reading attachments", total=len(files)) as step:
        for number, path in enumerate(files, start=1):
            try:
                tar.add(path, f"attachments/{path.relative_to(folder)}")
            except FileNotFoundError:
                continue  # erased while we read
            finally:
                step(number)


def _refuse_unless_empty(settings: Setup) -> None:
    for table in filter(_has_table, ("staff_person", "record_customer")):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")  # noqa: S608 - our own two names
            if cursor.fetchone()[0]:
                raise BackupError(
                    f"The installation in {settings.home} is not empty; restore with a --home of its own."
                )


def _has_table(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [name])
        return bool(cursor.fetchone()[0])


def _unpack(source: Path, folder: Path) -> dict[str, object]:
    try:
        with tarfile.open(source) as tar:
            tar.extractall(folder, filter="data")
        manifest: dict[str, object] = json.loads((folder / "manifest.json").read_text())
    except (tarfile.TarError, FileNotFoundError, EOFError, ValueError) as error:
        raise BackupError(f"{source} is not a backup of Tellonce, or is damaged: name another file.") from error
    except OSError as error:
        raise BackupError(f"{source} cannot be unpacked into {folder.parent} ({error.strerror}).") from error
    if manifest.get("format") != _FORMAT:
        raise BackupError(
            f"{source} was written by Tellonce {manifest.get('version')}, whose backups this one cannot read."
        )
    return manifest


def _take_over(settings: Setup, folder: Path) -> None:
    if (folder / "attachments").exists():
        if settings.attachments.exists():
            shutil.rmtree(settings.attachments)
        (folder / "attachments").replace(settings.attachments)
    (folder / "secret_key").replace(settings.home / "secret_key")


def _join_erasures(settings: Setup, lists: list[Path]) -> None:
    """One list in the home, of everything that any list knows: the next restore needs all of it too."""
    kept = settings.home / ERASURES_FILE
    lines = [line for path in (kept, *lists) for line in _text_of(path).splitlines() if line.strip()]
    unfinished = kept.with_name(f".{kept.name}")
    unfinished.write_text("".join(f"{line}\n" for line in dict.fromkeys(lines)))
    unfinished.replace(kept)


def _text_of(path: Path) -> str:
    return path.read_text() if path.exists() else ""
