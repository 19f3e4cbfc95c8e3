"""Files that belong to a contact or case: checked, their bytes kept outside the database, swept when orphaned."""

import hashlib
import os
import re
import unicodedata
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath

import filetype
from django.db import transaction
from django.utils.translation import gettext

from tellonce.modules.care.actions.telling import typed
from tellonce.modules.care.contracts import FileAttached, FileRefusedError
from tellonce.modules.care.models import Attachment, Case, Contact
from tellonce.modules.record import story
from tellonce.modules.record.contracts import About, Told
from tellonce.modules.staff.contracts import Actor

MOST_BYTES = 20 * 1024 * 1024
_ORPHAN_AFTER = timedelta(days=1)
_NAME_LENGTH = 120
# What may come in, by the ending of its name: the type it is given out as, and what its bytes must say (or None for
# plain text, which has no signature and must decode).
_TYPES: dict[str, tuple[str, frozenset[str] | None]] = {
    "pdf": ("application/pdf", frozenset({"pdf"})),
    "png": ("image/png", frozenset({"png"})),
    "jpg": ("image/jpeg", frozenset({"jpg"})),
    "jpeg": ("image/jpeg", frozenset({"jpg"})),
    "gif": ("image/gif", frozenset({"gif"})),
    "webp": ("image/webp", frozenset({"webp"})),
    "heic": ("image/heic", frozenset({"heic"})),
    "mp3": ("audio/mpeg", frozenset({"mp3"})),
    "wav": ("audio/wav", frozenset({"wav"})),
    "ogg": ("audio/ogg", frozenset({"ogg", "opus"})),
    "m4a": ("audio/mp4", frozenset({"m4a", "mp4"})),
    "mp4": ("video/mp4", frozenset({"mp4", "m4v"})),
    "mov": ("video/quicktime", frozenset({"mov"})),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", frozenset({"docx", "zip"})),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", frozenset({"xlsx", "zip"})),
    "odt": ("application/vnd.oasis.opendocument.text", frozenset({"odt", "zip"})),
    "txt": ("text/plain", None),
    "csv": ("text/csv", None),
    "log": ("text/plain", None),
    "eml": ("message/rfc822", None),
}


def attach(
    *,
    folder: Path,
    name: str,
    content: bytes,
    by: Actor,
    at: datetime,
    contact_id: int | None = None,
    case_id: int | None = None,
    customer_id: int | None = None,
) -> Attachment:
    """Keeps the file under `folder` and its row in the database: bytes first, so that no row lacks its bytes."""
    shown = safe_name(name)
    content_type = checked_type(shown, content)
    digest = hashlib.sha256(content).hexdigest()
    stored_as = f"{digest[:2]}/{digest}-{os.urandom(6).hex()}"
    _write(folder / stored_as, content)
    return _add_row(
        Attachment(
            customer_id=customer_id,
            contact_id=contact_id,
            case_id=case_id,
            name=shown,
            content_type=content_type,
            size=len(content),
            sha256=digest,
            stored_as=stored_as,
            added_at=at,
            added_by_name=by.name,
        ),
        by=by,
        at=at,
    )


def sweep_attachments(*, folder: Path, at: datetime) -> int:
    """Deletes files that no row knows and that are older than a day; returns how many."""
    if not folder.is_dir():
        return 0
    kept = set(Attachment.objects.values_list("stored_as", flat=True))
    oldest = (at - _ORPHAN_AFTER).timestamp()
    swept = 0
    for path in folder.glob("*/*"):
        if path.is_file() and f"{path.parent.name}/{path.name}" not in kept and path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
            swept += 1
    return swept


def safe_name(name: str) -> str:
    """The name without folders, control and direction marks, its ending kept; card numbers masked."""
    plain = unicodedata.normalize("NFC", name.replace("\\", "/"))
    last = PurePosixPath(plain).name
    last = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C" and letter not in '<>:"/\\|?*')
    last = re.sub(r"\s+", " ", last).strip(" .")
    stem, dot, ending = typed(last).rpartition(".")
    if not dot or not stem:
        raise FileRefusedError(gettext("The file's name needs an ending such as .pdf, so that we know what it is."))
    return f"{stem[: _NAME_LENGTH - len(ending) - 1]}.{ending}"


def refuse_too_large(size: int) -> None:
    """FileRefusedError for more bytes than a file may have; asked before they are read into memory."""
    if size > MOST_BYTES:
        raise FileRefusedError(gettext("The file is larger than %(n)d MB.") % {"n": MOST_BYTES // 1024 // 1024})


def checked_type(name: str, content: bytes) -> str:
    """The type that the file is given out as; FileRefusedError when it is empty, too large or not what it says."""
    if not content:
        raise FileRefusedError(gettext("The file is empty."))
    refuse_too_large(len(content))
    ending = name.rpartition(".")[2].lower()
    if ending not in _TYPES:
        raise FileRefusedError(gettext("Files of the kind .%(ending)s are not taken.") % {"ending": ending[:12]})
    content_type, signatures = _TYPES[ending]
    guess = filetype.guess(content[:8192])
    found = guess.extension if guess is not None else None
    fits = found in signatures if signatures is not None else found is None and _is_text(content)
    if not fits:
        raise FileRefusedError(gettext("The file is not what its name says (.%(ending)s).") % {"ending": ending})
    return content_type


def _is_text(content: bytes) -> bool:
    if b"\x00" in content:
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return all(byte >= 0x20 or byte in b"\t\n\r\f" for byte in content)  # noqa: PLR2004 - the first printable byte
    return True


def _write(path: Path, content: bytes) -> None:
    """The whole file or none of it, also when the machine stops in between."""
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.chmod(0o640)
    part.rename(path)


@transaction.atomic
def _add_row(row: Attachment, *, by: Actor, at: datetime) -> Attachment:
    if row.customer_id is None and row.case_id is not None:
        row.customer_id = Case.objects.filter(pk=row.case_id).values_list("customer_id", flat=True).first()
    if row.customer_id is None and row.contact_id is not None:
        row.customer_id = Contact.objects.filter(pk=row.contact_id).values_list("customer_id", flat=True).first()
    row.save(force_insert=True)
    if row.customer_id is not None:
        story.tell(
            Told(
                customer_id=row.customer_id,
                what=FileAttached(row.pk, row.name),
                at=at,
                by=by,
                about=About("attachment", row.pk, contact_id=row.contact_id, case_id=row.case_id),
                topics=(f"case:{row.case_id}",) if row.case_id is not None else (),
            )
        )
    return row
