"""Files that were handed in through the page: kept under the home until they are brought in, and not for long."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from tellonce.intake.contracts import RunState, UnreadableFileError
from tellonce.intake.models import ImportRun

SIZE_LIMIT = 2_000_000_000
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Received:
    """A file that came in: its name as it was, its digest and size, and where it is kept ('' if it is ours to read)."""

    name: str
    sha256: str
    size: int
    stored_as: str = ""


def _folder() -> Path:
    folder: Path = settings.SETUP.home / "imports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def stored_path(stored_as: str) -> Path:
    """Where a file that was handed in is kept; the name is one of ours, never the sender's."""
    return _folder() / Path(stored_as).name


def receive(*, chunks: Iterable[bytes], name: str) -> Received:
    """Keeps a file that is handed in, under a name of our own."""
    stored_as = secrets.token_hex(16)
    digest, size = hashlib.sha256(), 0
    path = stored_path(stored_as)
    try:
        with path.open("xb") as file:
            path.chmod(0o600)
            for chunk in chunks:
                size += len(chunk)
                _refuse_larger(size)
                digest.update(chunk)
                file.write(chunk)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Received(name=Path(name).name[:255], sha256=digest.hexdigest(), size=size, stored_as=stored_as)


def _refuse_larger(size: int) -> None:
    if size > SIZE_LIMIT:
        raise UnreadableFileError(_("The file is larger than 2 GB."), do=_("Import it on the server: tellonce import."))


def read_in_place(path: Path) -> Received:
    """A file that is read where it is: its digest and size."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
        return Received(name=path.name[:255], sha256=digest.hexdigest(), size=path.stat().st_size)
    except OSError as error:
        raise UnreadableFileError(
            _("%(path)s cannot be opened (%(error)s).") % {"path": path, "error": error.strerror}
        ) from error


def forget_file(run: ImportRun) -> None:
    """Deletes the handed-in file of an import that needs it no more: it is full of personal data."""
    if run.stored_as:
        stored_path(run.stored_as).unlink(missing_ok=True)
        ImportRun.objects.filter(pk=run.pk).update(stored_as="")


@transaction.atomic
def forget_waiting_files(*, handed_in_before: datetime | None = None) -> int:
    """Deletes handed-in files that nobody brought in (those handed in before some time only); returns how many.

    Their bytes go after the commit; an import that waited for its file has stopped.
    """
    waiting = ImportRun.objects.select_for_update(no_key=True).exclude(stored_as="")
    if handed_in_before is not None:
        waiting = waiting.filter(asked_at__lt=handed_in_before)
    found = dict(waiting.values_list("pk", "stored_as"))
    ImportRun.objects.filter(pk__in=found, state=RunState.WAITING).update(state=RunState.STOPPED)
    ImportRun.objects.filter(pk__in=found).update(stored_as="")
    transaction.on_commit(lambda: _unlink(found.values()))
    return len(found)


def forget_stray_files(*, older_than: datetime) -> None:
    """Deletes files of no import at all, which a crash between handing in and noting it may leave."""
    known = set(ImportRun.objects.exclude(stored_as="").values_list("stored_as", flat=True))
    old = (path.name for path in _folder().iterdir() if path.stat().st_mtime < older_than.timestamp())
    _unlink(name for name in old if name not in known)


def _unlink(names: Iterable[str]) -> None:
    for name in names:
        stored_path(name).unlink(missing_ok=True)
