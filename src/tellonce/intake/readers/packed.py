"""A file's bytes as they are, or unpacked on the way where it is packed with gzip."""

import gzip
import io
import zlib
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.utils.translation import gettext as _

from tellonce.intake.contracts import UnreadableFileError
from tellonce.intake.readers.sheets import UNPACKED_LIMIT

_MAGIC = b"\x1f\x8b"
_AT_ONCE = 1 << 16


class _Unpacking(io.RawIOBase):
    """What a gzip file holds; damage, and more of it than any real file has, is refused where it is met."""

    def __init__(self, packed: BinaryIO) -> None:
        self.packed = packed
        self._gzip = gzip.GzipFile(fileobj=packed)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        try:
            chunk = self._gzip.read1(len(buffer))
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise UnreadableFileError(
                _("This packed file (gzip) is damaged, or not all of it is here."), do=_("Get it once more.")
            ) from error
        if self._gzip.tell() > UNPACKED_LIMIT:
            raise UnreadableFileError(_("The file unpacks to more than 2 GB."), do=_("Cut it into several files."))
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._gzip.seek(offset, whence)

    def tell(self) -> int:
        return self._gzip.tell()

    def close(self) -> None:
        self._gzip.close()
        self.packed.close()
        super().close()


def is_packed(path: Path) -> bool:
    """Whether the file is packed with gzip."""
    with path.open("rb") as file:
        return file.read(2) == _MAGIC


def open_bytes(path: Path) -> BinaryIO:
    """The file for reading, unpacked where it is packed."""
    file = path.open("rb")
    if file.peek(2)[:2] != _MAGIC:
        return file
    return cast("BinaryIO", io.BufferedReader(_Unpacking(file), _AT_ONCE))


def share_read(file: BinaryIO, path: Path) -> float:
    """Which share (0 to 1) of the file at `path`, as it lies on the disk, has been read through `file`."""
    raw = getattr(file, "raw", None)
    place = raw.packed.tell() if isinstance(raw, _Unpacking) else file.tell()
    return min(place / max(path.stat().st_size, 1), 1.0)
